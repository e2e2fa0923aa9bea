"""How long work says where it is; the terminal draws it, everything else keeps quiet."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """What a stage tells whoever watches."""

    def start(self, what: str, total: int | None, unit: str) -> None:
        """A new piece of work begins; `total` is None where it is unknown."""

    def advance(self, n: int) -> None:
        """`n` more units are done."""


class Quiet:
    """Nobody watches."""

    def start(self, what: str, total: int | None, unit: str) -> None:
        """Say nothing."""

    def advance(self, n: int) -> None:
        """Say nothing."""
