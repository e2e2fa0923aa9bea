"""Scan every object of one trace for windows that its own curve does not explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from unisono.clean.time import format_duration
from unisono.maths.types import F64, I32, I64
from unisono.moments.chance import log_p
from unisono.moments.curve import FLANK, starts
from unisono.pairs.arrays import Flags, TraceArrays
from unisono.pairs.ranges import touches
from unisono.pairs.windows import clock_step
from unisono.study import UserError

SCANS = 2
"""Each object is scanned twice: all its accounts, and those that touch nothing else."""


@dataclass(frozen=True)
class Scan:
    """Candidate moments of one trace: disjoint windows, best first inside an object; m candidates.

    object, t0_us, n: (m,) number of the object; begin; accounts in [t0, t0 + window]
    expected: (m,) accounts that the busier flank would put there
    p: (m,) corrected for every start scanned in the object, both scans
    best: (objects with a candidate,) the smallest p of each
    n_tests: objects with at least one start that was tested; touches: first touches only, as scanned
    """

    trace: str
    window_us: int
    touches: TraceArrays
    object: I32
    t0_us: I64
    n: I64
    expected: F64
    p: F64
    best: F64
    n_tests: int


def scan_trace(arrays: TraceArrays, trace: str, window_us: int, resolution_us: int | None) -> Scan:
    """Candidates of one trace. resolution_us: the clock's smallest step; None where nobody declared it.

    Raises UserError where the clock is declared with steps longer than half the window. O(n).
    """
    if window_us <= 0:
        raise UserError("a window for moments is longer than nothing")
    if resolution_us is not None and 2 * resolution_us > window_us:
        smallest = format_duration(2 * resolution_us)
        raise UserError(f"{trace}: the times are too coarse for moments of {format_duration(window_us)}",
                        f"use a window of {smallest} or more")  # fmt: skip
    first, _ = touches(arrays.account, arrays.object, len(arrays.account_ids))
    firsts = arrays if first.all() else arrays.take(first)
    step = clock_step(firsts.t) if resolution_us is None else resolution_us
    born = births(firsts)
    everyone = _scan(firsts, np.arange(len(firsts), dtype=np.int32), born, window_us, step)
    rows = np.flatnonzero(only_here(firsts)).astype(np.int32)
    once = _scan(firsts.take(rows), rows, born, window_us, step)
    tested = everyone[2] | once[2]
    found = np.concatenate([everyone[0], once[0]])
    log_ps = np.concatenate([everyone[1], once[1]])
    return _describe(firsts, trace, window_us, step, found, log_ps, int(np.count_nonzero(tested)))


def births(firsts: TraceArrays) -> I64:
    """(objects,) time of each object's first touch; 0 where it has none."""
    begins = np.flatnonzero(np.diff(firsts.object, prepend=-1))
    born = np.zeros(len(firsts.object_ids), np.int64)
    born[firsts.object[begins]] = firsts.t[begins]
    return born


def only_here(firsts: TraceArrays) -> Flags:
    """(n,) rows whose account touches no other object of the trace."""
    alone: Flags = (np.bincount(firsts.account, minlength=len(firsts.account_ids)) == 1)[firsts.account]
    return alone


def _scan(firsts: TraceArrays, rows: I32, born: I64, window_us: int, step: int) -> tuple[I32, F64, Flags]:
    """Rows that may open a moment with the log of their p corrected for the object, and which objects were tested."""
    found = starts(firsts.object, firsts.t, born, window_us)
    obj = firsts.object[found.row]
    n_starts = np.bincount(obj, minlength=len(firsts.object_ids))
    corrected = log_p(found, window_us, step) + np.log(SCANS * np.maximum(n_starts, 1))[obj]
    candidate = corrected < 0
    return rows[found.row[candidate]], corrected[candidate], n_starts > 0


def _describe(firsts: TraceArrays, trace: str, window_us: int, step: int, rows: I32, log_ps: F64, n: int) -> Scan:
    order = np.lexsort((rows, log_ps, firsts.object[rows]))
    rows, log_ps = rows[order], log_ps[order]
    keep = _disjoint(firsts.object[rows], firsts.t[rows], window_us)
    rows, log_ps = rows[keep], log_ps[keep]
    obj, t0 = firsts.object[rows], firsts.t[rows]
    # Counts of all accounts, also where those that touch nothing else gave the moment away. The window may open
    # on one of several touches of the same time: all of them are in it.
    begin = rows_before(firsts.object, firsts.t, obj, t0)
    end = rows_before(firsts.object, firsts.t, obj, t0 + window_us + 1)
    left = rows_before(firsts.object, firsts.t, obj, t0 - FLANK * window_us)
    right = rows_before(firsts.object, firsts.t, obj, t0 + (1 + FLANK) * window_us + 1)
    expected = np.maximum(begin - left, right - end) * ((window_us + step) / (FLANK * window_us))
    is_best = np.r_[True, obj[1:] != obj[:-1]] if len(obj) else np.zeros(0, bool)
    p = np.exp(log_ps)
    return Scan(trace, window_us, firsts, obj, t0, end - begin, expected, p, p[is_best], n)


@njit(cache=True, nogil=True)
def _disjoint(obj: I32, t: I64, window: int) -> Flags:
    """Greedy: a candidate stays unless its window meets that of a better one of the same object. Rows best first.

    Candidates kept per object are few: a window needs LEAST_TOUCHES in it and after it.
    """
    keep = np.zeros(obj.size, np.bool_)
    begin = 0
    kept = np.empty(obj.size, np.int64)
    n = 0
    for i in range(obj.size):
        if obj[i] != obj[begin]:
            begin, n = i, 0
        free = True
        for k in range(n):
            if abs(t[kept[k]] - t[i]) <= window:
                free = False
                break
        if free:
            keep[i] = True
            kept[n] = i
            n += 1
    return keep


@njit(cache=True, nogil=True)
def rows_before(obj: I32, t: I64, wanted: I32, limit: I64) -> I64:
    """Per query: rows in (object, time) order before (wanted, limit), by bisection."""
    out = np.empty(wanted.size, np.int64)
    for q in range(wanted.size):
        low, high = 0, obj.size
        while low < high:
            middle = (low + high) // 2
            if obj[middle] < wanted[q] or (obj[middle] == wanted[q] and t[middle] < limit[q]):
                low = middle + 1
            else:
                high = middle
        out[q] = low
    return out
