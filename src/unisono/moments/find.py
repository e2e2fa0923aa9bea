"""From scans to the table `moments`: one false discovery rate over the objects of all traces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.types import F64
from unisono.moments.circumstances import Circumstances, circumstances
from unisono.moments.explanations import other_explanations
from unisono.moments.scan import Scan, scan_trace
from unisono.pairs.arrays import TraceArrays
from unisono.tables import MOMENTS, TEXTS


def find_moments(arrays: TraceArrays, trace: str, window_us: int, resolution_us: int | None, fdr: float) -> pa.Table:
    """Moments of one trace as a table of schema MOMENTS, sorted by its key: those with q <= fdr.

    First touches only. window_us: how long a moment lasts, both ends inclusive; resolution_us: smallest step of the
    clock, None where nobody declared it. Raises UserError where that is more than half the window. Nothing is
    random, and the order of rows does not matter. Several traces: `moments_of` over their scans, one FDR.
    """
    return moments_of([scan_trace(arrays, trace, window_us, resolution_us)], fdr)


def moments_of(scans: Sequence[Scan], fdr: float) -> pa.Table:
    """As `find_moments`, for several traces (or windows): Benjamini-Hochberg over objects x traces.

    A false discovery is an object in which no window is a moment. Every object stands with its smallest p, which is
    corrected for all windows scanned in it; further moments of it have to pass the same threshold.
    """
    n_tests = sum(scan.n_tests for scan in scans)
    best = np.sort(np.concatenate([scan.best for scan in scans])) if scans else np.empty(0)
    adjusted = benjamini_hochberg(best, n_tests)
    parts = [_rows(scan, q_at(scan.p, best, adjusted, n_tests), fdr, n_tests) for scan in scans]
    table = pa.concat_tables([MOMENTS.schema.empty_table(), *parts])
    return table.sort_by([(column, "ascending") for column in MOMENTS.key])


def q_at(p: F64, best: F64, adjusted: F64, n_tests: int) -> F64:
    """q of any p, in the family whose objects have the p-values `best` (sorted) with q-values `adjusted`.

    The smallest n P / #{best <= P} over thresholds P >= p: the step-up function of Benjamini and Hochberg.
    """
    rank = np.searchsorted(best, p, "right")
    with np.errstate(divide="ignore"):
        here = np.where(rank > 0, n_tests * p / rank, np.inf)
    later = np.append(adjusted, np.inf)[np.searchsorted(best, p, "left")]
    q: F64 = np.minimum(np.minimum(here, later), 1.0)
    return q


def _rows(scan: Scan, q: F64, fdr: float, n_tests: int) -> pa.Table:
    found = np.flatnonzero(q <= fdr)
    about: list[Circumstances] = circumstances(scan, found)
    columns = {
        "object_id": scan.touches.object_ids.take(pa.array(scan.object[found])),
        "trace": pa.repeat(scan.trace, len(found)),
        "t0_us": scan.t0_us[found],
        "width_us": np.full(len(found), scan.window_us),
        "n": scan.n[found],
        "expected": scan.expected[found],
        "q": q[found],
        "p": scan.p[found],
        "n_tests": np.full(len(found), n_tests),
        "n_only_here": pa.array([c.n_only_here for c in about], pa.int64()),
        "p_only_here": pa.array([c.p_only_here for c in about], pa.float64()),
        "n_same_time": pa.array([c.n_same_time for c in about], pa.int64()),
        "status": pa.array(["times_filled_in" if c.filled_in else "tested" for c in about], pa.string()),
        "alternatives": pa.array([other_explanations(c) for c in about], TEXTS),
    }
    return pa.table(columns, schema=MOMENTS.schema)
