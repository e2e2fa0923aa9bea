"""The tail of a sum of chances of unknown strength, given the sum over all: conditional logistic regression, exact.

X_i are independent with odds theta_h q_i / (1 - q_i), theta_h unknown in each stratum h. Given the sums t_h over all
of a stratum, the sum over some of them no longer depends on theta (Cox, "The analysis of binary data", 1970, ch. 4;
stratified: Breslow and Day, "Statistical methods in cancer research", vol. 1, 1980, ch. 7).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.maths.types import F64, I64
from unisono.pairs.arrays import Flags

LEAST = 1e-300
"""No p-value is smaller."""


@njit(cache=True, nogil=True)
def stratified_tail(q: F64, x: Flags, chosen: Flags, stratum: I64) -> float:
    """P(sum of X over `chosen` >= what was seen | sum of X in each stratum).

    q: (n,) chances at theta = 1; x: (n,) what was seen; chosen: (n,); stratum: (n,) numbers from 0. Chances of 0 and
    of 1 cannot vary and are left out. At least LEAST; 1 where nothing can vary. O(n t).
    """
    live = (q > 0) & (q < 1)
    q, x, chosen, stratum = q[live], x[live], chosen[live], stratum[live]
    seen = (x & chosen).sum()
    law = np.ones(1)  # of the sum over chosen, stratum after stratum
    for h in range(stratum.max() + 1 if q.size else 0):
        here = stratum == h
        if here.any():
            law = np.convolve(law, conditional_law(q[here & chosen], q[here & ~chosen], x[here].sum()))
    return float(min(1.0, max(law[seen:].sum() / law.sum(), LEAST)))


@njit(cache=True, nogil=True)
def stretch_tail(q: F64, x: Flags, chosen: Flags, part: I64, n_parts: int) -> float:
    """The largest `stratified_tail` over all ways to tell one stretch of the day from the rest of it, or none.

    part: (n,) parts of the day, 0 .. n_parts - 1, a stretch being parts that follow each other around the clock.
    Valid where theta has one value in some stretch, whichever, and one in the rest: of all that the stretch may be,
    the least favourable is taken. A stretch and the rest are one and the same way: n (n - 1) / 2 + 1 tails.
    """
    worst = stratified_tail(q, x, chosen, np.zeros(part.size, np.int64))
    for begin in range(n_parts):
        for end in range(begin + 1, n_parts):
            inside = (part >= begin) & (part < end)
            worst = max(worst, stratified_tail(q, x, chosen, inside.astype(np.int64)))
    return worst


@njit(cache=True, nogil=True)
def conditional_law(q_a: F64, q_b: F64, t: int) -> F64:
    """P(sum X_a = k | sum X_a + sum X_b = t) for k = 0 .. len(q_a), one stratum, chances within (0, 1)."""
    theta = _tilt(np.concatenate((q_a, q_b)), t)  # any theta gives the same answer; this one keeps digits
    f, g = _counts(q_a, theta), _counts(q_b, theta)
    law: F64 = np.zeros(q_a.size + 1)
    for k in range(max(0, t - q_b.size), min(t, q_a.size) + 1):
        law[k] = f[k] * g[t - k]
    law /= law.sum()
    return law


@njit(cache=True, nogil=True)
def _tilt(q: F64, t: int) -> float:
    """theta at which the expected sum is t (clipped): bisection of its logarithm."""
    low, high = -30.0, 30.0
    for _ in range(50):
        middle = (low + high) / 2
        odds = np.exp(middle) * q / (1 - q)
        if (odds / (1 + odds)).sum() < t:
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
