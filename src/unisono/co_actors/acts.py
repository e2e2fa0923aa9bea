"""How crowded each act was, against two accounts of what is usual for its object at that time.

An act is the first touch of an object by an account; its company are the other accounts that touch the object within
the window, before or after it. Two things say how much company is usual, and the larger p is taken:

curve   objects come and go alike: pooled over all objects, ages (time since birth, on a log scale) about each object's
        median. An object with N accounts should have (N - 1) x the curve's mass in the window. Crowds vary more than a
        Poisson does, so the tail is that of a negative binomial of size SIZE.
flanks  the FLANK windows before the window, or those after it, whichever are busier: given the sum of both, the number
        in the window is binomial.

Both are told how busy the study as a whole was then: where other objects burst at that very moment too (a full hour, an
outage that ends), as much more company is usual.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy import special

from unisono.maths.types import F64, I64
from unisono.nulls.touches import FirstTouches

SIZE = 30.0
"""Of the negative binomial: a crowd of mean m has variance m + m^2 / SIZE."""
FLANK = 5
LEAST_TOUCHES = 5
"""Fewest touches of an object whose ages make the pooled curve."""


@dataclass(frozen=True)
class Crowd:
    """Of every first touch. company: (n,) other accounts on its object within the window; expected: (n,) by the curve,
    burst of the study included; p: (n,) the larger of the two, 1 without company."""

    company: I64
    expected: F64
    p: F64


def crowd(first: FirstTouches, window_us: int, step_us: int = 1) -> Crowd:
    """Company of every first touch and its p. window_us: inclusive; step_us: one tick of the clock."""
    company, before, after = around(first.object, first.t, window_us)
    busy = study_burst(first.t, window_us, company, before, after)
    expected = by_curve(first, window_us) * busy
    some = np.flatnonzero((company > 0) & np.isfinite(expected))
    p = np.ones(len(first))
    mean = np.maximum(expected[some], 1e-9)
    seen = company[some].astype(np.float64)  # P(X >= c) of both laws are incomplete beta functions
    p_curve = special.betainc(seen, SIZE, mean / (SIZE + mean))
    inside = busy[some] * (2 * window_us + step_us)
    flank = np.maximum(before[some], after[some])
    p_flanks = special.betainc(seen, flank + 1.0, inside / (inside + FLANK * window_us))
    p[some] = np.maximum(p_curve, p_flanks)
    return Crowd(company, expected, p)


def by_curve(first: FirstTouches, window_us: int) -> F64:
    """(n,) company that the pooled curve of log ages puts around each touch; infinite where no object makes a curve."""
    n = first.n_sharers
    age = first.t - first.born[first.object]
    log_age = np.log(np.maximum(age, 1))
    middle = _medians(log_age, first.slots)[first.object]
    curve = np.sort((log_age - middle)[n[first.object] >= LEAST_TOUCHES])
    if not len(curve):
        return np.full(len(first), np.inf)
    end = np.searchsorted(curve, np.log(np.maximum(age + window_us, 1)) - middle, side="right")
    begin = np.searchsorted(curve, np.log(np.maximum(age - window_us, 1)) - middle, side="left")
    begin = np.where(age <= window_us, 0, begin)
    expected: F64 = (n[first.object] - 1) * (end - begin) / len(curve)
    return expected


def study_burst(t: I64, window_us: int, company: I64, before: I64, after: I64) -> F64:
    """(n,) acts on other objects in the window over what the flanks make expect there, at least 1."""
    times = np.sort(t)
    inside = _within(times, t, window_us) - 1 - company
    around_it = _within(times, t, (1 + FLANK) * window_us) - 1 - company - before - after
    return np.maximum(1.0, (inside + 1.0) / (around_it / (1 + FLANK) + 1.0))


def _within(times: I64, t: I64, reach: int) -> I64:
    return np.searchsorted(times, t + reach, side="right") - np.searchsorted(times, t - reach, side="left")


@njit(cache=True, nogil=True)
def around(obj: np.ndarray, t: I64, window: int) -> tuple[I64, I64, I64]:
    """Per row, of its object: other rows within the window; rows in the FLANK windows before it, and in those after it.

    obj, t: (n,) sorted by (object, time). O(n): four pointers that only advance.
    """
    n = obj.size
    company, before, after = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    far = near = end = last = begin = 0
    for i in range(n):
        if obj[i] != obj[begin]:
            begin = far = near = i
        while t[far] < t[i] - (1 + FLANK) * window:
            far += 1
        while t[near] < t[i] - window:
            near += 1
        end, last = max(end, i), max(last, i)
        while end < n and obj[end] == obj[i] and t[end] <= t[i] + window:
            end += 1
        while last < n and obj[last] == obj[i] and t[last] <= t[i] + (1 + FLANK) * window:
            last += 1
        company[i], before[i], after[i] = end - near - 1, near - far, last - end
    return company, before, after


@njit(cache=True, nogil=True)
def _medians(value: F64, slots: I64) -> F64:
    out = np.zeros(slots.size - 1)
    for o in range(slots.size - 1):  # ages grow inside an object: its rows are in order
        begin, n = slots[o], slots[o + 1] - slots[o]
        if n:
            out[o] = (value[begin + (n - 1) // 2] + value[begin + n // 2]) / 2
    return out
