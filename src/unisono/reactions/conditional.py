"""The tail of a sum of chances of unknown strength, given the sum over all: conditional logistic regression, exact.

X_i are independent with odds theta_h q_i / (1 - q_i), theta_h unknown in each stratum h. Given the sums t_h over all
of a stratum, the sum over some of them no longer depends on theta (Cox, "The analysis of binary data", 1970, ch. 4;
stratified: Breslow and Day, "Statistical methods in cancer research", vol. 1, 1980, ch. 7).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.maths.types import F64, I64, int64
from unisono.pairs.arrays import Flags

LEAST = 1e-300
"""No p-value is smaller."""


@njit(cache=True, nogil=True)
def stratified_tail(q: F64, x: Flags, chosen: Flags, stratum: I64) -> float:
    """P(sum of X over `chosen` >= what was seen | sum of X in each stratum).

    q: (n,) chances at theta = 1; x: (n,) what was seen; chosen: (n,); stratum: (n,) numbers from 0. Chances of 0 and
    of 1 cannot vary and are left out. At least LEAST; 1 where nothing can vary. O(n t).
    """
    last, seen = int64(-1), 0
    for i in range(q.size):
        if 0.0 < q[i] < 1.0:
            last = max(last, stratum[i])
            seen += x[i] and chosen[i]
    law, size = np.zeros(q.size + 1), 1  # of the sum over chosen, stratum after stratum
    law[0] = 1.0
    q_a, q_b = np.empty(q.size), np.empty(q.size)
    for h in range(last + 1):
        n_a, n_b, t = 0, 0, int64(0)
        for i in range(q.size):
            if stratum[i] == h and 0.0 < q[i] < 1.0:
                t += x[i]
                if chosen[i]:
                    q_a[n_a] = q[i]
                    n_a += 1
                else:
                    q_b[n_b] = q[i]
                    n_b += 1
        if n_a + n_b:
            own, before = conditional_law(q_a[:n_a], q_b[:n_b], t), law.copy()
            for k in range(size + n_a):
                law[k] = 0.0
                for j in range(max(0, k - n_a), min(k + 1, size)):
                    law[k] += before[j] * own[k - j]
            size += n_a
    all_of_it, tail = 0.0, 0.0
    for k in range(size):
        all_of_it += law[k]
        tail += law[k] if k >= seen else 0.0
    return float(min(1.0, max(tail / all_of_it, LEAST)))


@njit(cache=True, nogil=True)
def stretch_tail(q: F64, x: Flags, chosen: Flags, part: I64, n_parts: int) -> float:
    """The largest `stratified_tail` over all ways to tell one stretch of the day from the rest of it, or none.

    part: (n,) parts of the day, 0 .. n_parts - 1, a stretch being parts that follow each other around the clock.
    Valid where theta has one value in some stretch, whichever, and one in the rest: of all that the stretch may be,
    the least favourable is taken. A stretch and the rest are one and the same way: n (n - 1) / 2 + 1 tails.
    """
    inside = np.zeros(part.size, np.int64)
    worst = stratified_tail(q, x, chosen, inside)
    for begin in range(n_parts):
        for end in range(begin + 1, n_parts):
            for i in range(part.size):
                inside[i] = begin <= part[i] < end
            worst = max(worst, stratified_tail(q, x, chosen, inside))
    return worst


@njit(cache=True, nogil=True)
def conditional_law(q_a: F64, q_b: F64, t: int) -> F64:
    """P(sum X_a = k | sum X_a + sum X_b = t) for k = 0 .. len(q_a), one stratum, chances within (0, 1)."""
    theta = _tilt(q_a, q_b, t)  # any theta gives the same answer; this one keeps digits
    f, g = _counts(q_a, theta), _counts(q_b, theta)
    law, total = np.zeros(q_a.size + 1), 0.0
    for k in range(max(0, t - q_b.size), min(t, q_a.size) + 1):
        law[k] = f[k] * g[t - k]
        total += law[k]
    for k in range(law.size):
        law[k] /= total
    return law


@njit(cache=True, nogil=True)
def _tilt(q_a: F64, q_b: F64, t: int) -> float:
    """theta at which the expected sum is t (clipped): bisection of its logarithm."""
    low, high = -30.0, 30.0
    for _ in range(50):
        middle, mean = (low + high) / 2, 0.0
        theta = np.exp(middle)
        for q in (q_a, q_b):
            for p in q:
                mean += theta * p / (1 - p) / (1 + theta * p / (1 - p))
        if mean < t:
            low = middle
        else:
            high = middle
    return float(np.exp(low))


@njit(cache=True, nogil=True)
def _counts(q: F64, theta: float) -> F64:
    """P(sum X = k) for k = 0 .. n."""
    out = np.zeros(q.size + 1)
    out[0] = 1.0
    for n in range(q.size):
        odds = theta * q[n] / (1 - q[n])
        p = odds / (1 + odds)
        for k in range(n + 1, 0, -1):
            out[k] = out[k] * (1 - p) + out[k - 1] * p
        out[0] *= 1 - p
    return out
