"""The moment stage: bursts on single objects, in every trace that is paired, at several lengths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from unisono.clean.time import format_duration
from unisono.maths.types import I64
from unisono.moments.curve import BIRTH, LEAST_TOUCHES
from unisono.moments.find import moments_of
from unisono.moments.scan import Scan, scan_trace
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.ranges import touches
from unisono.pairs.stage import load_traces
from unisono.pairs.windows import clock_of, usable
from unisono.study import Progress, Settings, StageOutput, Study
from unisono.tables import MOMENTS

LONGER = (3, 10)
"""Bursts of a minute are seldom over in sixty seconds: multiples of the smallest window that are scanned too. Found
by 60, 180 and 600 s together: 30 of 30 bursts that 60 s alone misses (docs/methods/moments.md)."""


def write_moments(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Fill `moments` from `traces`, at the windows of the pair stage and longer ones; one rate of false findings.

    Facts: `fdr`; `tested`, rows [trace, window_us, objects tested]. Notes say what could not be tested, and why.
    """
    scans: list[Scan] = []
    for trace, windows in sorted(study.manifest.stages["pair"].facts["windows"].items()):
        arrays, resolution = load_traces(study, trace)
        lengths = scan_windows(windows)
        progress.start(f"moments: {trace}", len(arrays) * len(lengths), "traces")
        for scan in scan_lengths(arrays, resolution, trace, lengths):
            scans.append(scan)
            progress.advance(len(arrays))
    for note in untested(scans):
        out.note(note)
    with out.table(MOMENTS) as writer:
        writer.write(moments_of(scans, settings.fdr))
    out.facts["fdr"] = settings.fdr
    out.facts["tested"] = [[s.trace, s.window_us, s.n_tests] for s in scans]


def scan_windows(windows: Sequence[int]) -> list[int]:
    """Lengths to scan, microseconds, sorted: the windows that are paired, and LONGER times the smallest. A window of
    nothing, in which only the very same instant counts, is no length."""
    some = [w for w in windows if w > 0]
    return sorted({*some, *(k * min(some) for k in LONGER)}) if some else []


def scan_lengths(arrays: TraceArrays, resolution: I64, trace: str, windows: Sequence[int]) -> Iterator[Scan]:
    """One scan per length that some clock can tell apart; rows with a coarser clock take no part in it.

    resolution: (n,) microseconds, UNKNOWN where nobody declared it.
    """
    whole = _first_touches(arrays, resolution)
    for window in windows:
        fits = usable(resolution, window)
        if not fits.any():
            continue
        part, steps = whole if fits.all() else _first_touches(arrays.take(fits), resolution[fits])
        clock = clock_of(part.t, steps)
        if clock is None or 2 * clock <= window:
            yield scan_trace(part, trace, window, clock)


def untested(scans: Sequence[Scan]) -> list[str]:
    """A sentence for each trace of which no object could be tested at any length, or for all where nothing was."""
    if not scans:
        return ["moments: insufficient data; no trace is paired at any window"]
    notes = []
    for trace in sorted({s.trace for s in scans}):
        mine = [s for s in scans if s.trace == trace]
        if not any(s.n_tests for s in mine):
            lengths = ", ".join(format_duration(s.window_us) for s in mine)
            notes.append(
                f"moments of {trace}: insufficient data; no object has {LEAST_TOUCHES + 1} accounts close together "
                f"after the first {BIRTH} windows of its life (windows: {lengths})"
            )
    return notes


def _first_touches(arrays: TraceArrays, resolution: I64) -> tuple[TraceArrays, I64]:
    """Once for all lengths: scans that share their touches share the memory."""
    first, _ = touches(arrays.account, arrays.object, len(arrays.account_ids))
    return (arrays, resolution) if first.all() else (arrays.take(first), resolution[np.flatnonzero(first)])
