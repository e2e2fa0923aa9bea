"""Which windows a trace is paired at, given what its clock can tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unisono.clean.time import format_duration
from unisono.maths.types import I64
from unisono.pairs.arrays import UNKNOWN, Flags

_S = 1_000_000
DEFAULT_WINDOWS_US = {
    "repost": 60 * _S, "quote": 60 * _S, "reply": 60 * _S, "url": 60 * _S, "media": 60 * _S,
    "text": 600 * _S, "hashtag_sequence": 600 * _S,
    "domain": 60 * _S, "hashtag": 60 * _S, "mention": 60 * _S,
}  # fmt: skip
OTHER_WINDOW_US = 60 * _S
"""For a trace that a user named."""
STEPS_US = (60_000_000, 1_000_000, 1_000, 1)
"""Steps of clocks, coarse to fine, that an undeclared clock may have."""


@dataclass(frozen=True)
class WindowPlan:
    """Windows to pair at, and what had to be said about them."""

    windows: list[tuple[int, Flags | None]]
    notes: list[str]


def usable(resolution: I64, window_us: int) -> Flags:
    """Events whose clock can tell apart what the window asks for: resolution at most half of it."""
    fits: Flags = (resolution == UNKNOWN) | (2 * resolution <= window_us)
    return fits


def plan_windows(trace: str, resolution: I64, asked: Sequence[int] | None) -> WindowPlan:
    """Windows for one trace, each with the rows that take part (None is all).

    resolution: (n,) microseconds, UNKNOWN where nobody declared it. asked: windows that the user named;
    a default window that no event fits becomes the smallest usable one, an asked one is refused.
    """
    windows: list[tuple[int, Flags | None]] = []
    notes: list[str] = []
    if not len(resolution):
        return WindowPlan(windows, notes)
    smallest = 2 * int(resolution.min())
    for window in sorted(set(asked)) if asked is not None else [DEFAULT_WINDOWS_US.get(trace, OTHER_WINDOW_US)]:
        fits = usable(resolution, window)
        if not fits.any() and asked is not None:
            notes.append(
                f"{trace} at {format_duration(window)} was refused: the times are too coarse; "
                f"the smallest window they allow is {format_duration(smallest)}"
            )
            continue
        if not fits.any():
            notes.append(
                f"{trace} is paired at {format_duration(smallest)} instead of the default "
                f"{format_duration(window)}: the times are too coarse for less"
            )
            window, fits = smallest, usable(resolution, smallest)
        if left_out := len(fits) - int(np.count_nonzero(fits)):
            notes.append(
                f"{trace} at {format_duration(window)}: {left_out:,} of {len(fits):,} traces take no part, "
                "their times are too coarse for it"
            )
        windows.append((window, None if not left_out else fits))
    return WindowPlan(windows, notes)


def clock_of(t: I64, resolution: I64) -> int | None:
    """Coarsest step of the clocks, microseconds; None where nobody declared any.

    t, resolution: (n,) microseconds, UNKNOWN where nobody declared it. Undeclared clocks beside declared ones have
    the step that their times show.
    """
    unknown = resolution == UNKNOWN
    if unknown.all():
        return None
    shown = clock_step(t[unknown]) if unknown.any() else 0
    return max(int(resolution.max()), shown)


def clock_step(t: I64) -> int:
    """The coarsest of minute, second, millisecond and microsecond in which all times are whole numbers."""
    return next((step for step in STEPS_US if not (t % step).any()), 1)
