"""The first run compiles kernels, which takes longer than the work itself on a small study: so it is said and shown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from numba.core import event

from unisono.cli.screen import Bars

KERNELS = 80
"""About how many a whole run compiles; they are kept beside the package (or in NUMBA_CACHE_DIR) for the next run."""
_ENOUGH = 3
"""Kernels from which on it is worth a word: a later run may still need one that no run needed before."""


_ONCE = "This is the first run here: it compiles what it needs, once, which takes a minute or so."
_EACH_TIME = (
    "Nothing that is compiled can be kept here, so each run compiles what it needs, which takes a minute or so; "
    "NUMBA_CACHE_DIR=FOLDER names a place where it is kept."
)


def _kept() -> bool:
    """Whether the next run finds what this one compiles: else `unisono/__init__.py` has made a folder for this one."""
    return not os.path.basename(os.environ.get("NUMBA_CACHE_DIR", "")).startswith("unisono-kernels-")


class _Watch(event.Listener):
    """Counts kernels of ours as their compilation ends; one that calls others ends after them."""

    def __init__(self, bars: Bars) -> None:
        self._bars, self._n = bars, 0

    def on_start(self, event: event.Event) -> None:
        """Nothing to tell yet."""

    def on_end(self, event: event.Event) -> None:
        """One more."""
        if not event.data["dispatcher"].py_func.__module__.startswith("unisono."):
            return
        self._n += 1
        if self._n == _ENOUGH:
            self._bars.say(_ONCE if _kept() else _EACH_TIME)
        if self._n >= _ENOUGH:
            self._bars.compiled(self._n, max(KERNELS, self._n))


@contextmanager
def shown(bars: Bars) -> Iterator[None]:
    """Tell of kernels that are compiled while the block runs."""
    watch = _Watch(bars)
    event.register("numba:compile", watch)  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        event.unregister("numba:compile", watch)  # type: ignore[no-untyped-call]
