"""How long work says where it is; the terminal draws it, everything else keeps quiet."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a stage tells whoever watches."""

    def start(self, what: str, total: int | None, unit: str) -> None:
        """A new piece of work begins; `total` is None where it is unknown."""

    def advance(self, n: int) -> None:
        """`n` more units are done."""

    def say(self, text: str) -> None:
        """Something that a person should know before the work goes on, such as how long it will take."""


class Quiet:
    """Nobody watches."""

    def start(self, what: str, total: int | None, unit: str) -> None:
        """Say nothing."""

    def advance(self, n: int) -> None:
        """Say nothing."""

    def say(self, text: str) -> None:
        """Say nothing."""
