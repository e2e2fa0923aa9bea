"""Progress of long work in a notebook: one line that is drawn over, and gone in the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape

from unisono.study import Progress, Quiet

_PAUSE = 0.2
"""Seconds between two drawings."""


class Bar:
    """Tells `draw` (HTML) where the work is, a few times a second."""

    def __init__(self, draw: Callable[[str], None]) -> None:
        self._draw = draw
        self._what, self._unit, self._said = "", "", ""
        self._total: int | None = None
        self._done, self._began, self._drawn = 0, 0.0, 0.0

    def start(self, what: str, total: int | None, unit: str) -> None:
        """A new piece of work begins."""
        self._what, self._total, self._unit = what, total, unit
        self._done, self._began = 0, time.monotonic()
        self._tell()

    def advance(self, n: int) -> None:
        """`n` more units are done."""
        self._done += n
        if time.monotonic() - self._drawn >= _PAUSE:
            self._tell()

    def say(self, text: str) -> None:
        """Something that a person should know before the work goes on: it stays above the bar."""
        self._said += f"{escape(text)}<br>"
        self._tell()

    def _tell(self) -> None:
        self._drawn = now = time.monotonic()
        size = f' value="{min(self._done, self._total)}" max="{self._total}"' if self._total else ""
        seconds = now - self._began
        speed = f" {self._done / seconds:,.0f} {self._unit}/s" if self._done and seconds > 0 else ""
        self._draw(f"{self._said}<progress{size}></progress> {escape(self._what + speed)}")


@contextmanager
def watching(progress: bool | Progress | None) -> Iterator[Progress]:
    """Who watches while the block runs: the one given, a bar in a notebook, or nobody.

    progress: None and True are a bar where this is a notebook; False is nobody.
    """
    if progress is not None and not isinstance(progress, bool):
        yield progress
        return
    draw = None if progress is False else _place()
    if draw is None:
        yield Quiet()
        return
    try:
        yield Bar(draw)
    finally:
        draw("")


def _place() -> Callable[[str], None] | None:
    """A place in the output of the notebook's cell that can be drawn over; None where this is no notebook."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if getattr(shell, "kernel", None) is None:
        return None
    from IPython import display as screen

    handle = screen.display(screen.HTML(""), display_id=True)  # type: ignore[no-untyped-call]
    return lambda html: handle.update(screen.HTML(html))  # type: ignore[no-untyped-call]
