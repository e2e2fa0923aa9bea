"""Resolutions: clocks of different steps on the same objects."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.checks.row import Question, Row, percent
from unisono.checks.view import View, codes, ints
from unisono.clean.time import format_duration

MIXED = Question(
    "resolutions", "mixed_resolutions",
    "acts whose clock steps by more than half a window take no part at that window, so an object loses them there; "
    "order and lag between clocks of different steps mean little",
    "choose a window of two of the coarsest steps or more, or study the sources one by one",
)  # fmt: skip
_COARSE_US = 1_000_000
"""Steps below a second are no difference: no window is that narrow."""


def resolutions(view: View) -> Iterator[Row]:
    """Mixed steps inside a trace and inside its objects."""
    for trace, rows in view.by_trace():
        known = rows.filter(pc.is_valid(rows["t_resolution_us"]))
        if not known.num_rows:
            yield MIXED.unknown("the step of the clock is not known", rows.num_rows, trace)
        else:
            yield _of(trace, known)


def _of(trace: str, rows: pa.Table) -> Row:
    step, thing = np.maximum(ints(rows["t_resolution_us"]), _COARSE_US), codes(rows["object_id"])
    steps, n = np.unique(step, return_counts=True)
    seen = ", ".join(f"{format_duration(int(s))} {c:,}" for s, c in zip(steps, n, strict=True))
    seen = f"{trace}: steps of the clock, with their acts: {seen}"
    if len(steps) == 1:
        return MIXED.absent(seen, 0, rows.num_rows, trace)
    low, high = np.full(thing.max() + 1, step.max()), np.zeros(thing.max() + 1, np.int64)
    np.minimum.at(low, thing, step)
    np.maximum.at(high, thing, step)
    share = float(np.mean((high > low)[thing]))
    seen += f"; {percent(share)} of the acts are on objects with more than one step"
    return MIXED.found("warning" if share >= 0.05 else "note", seen, share, rows.num_rows, trace)
