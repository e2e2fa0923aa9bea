"""Upper tails of counts, exact and never below the truth, in logarithms so that far tails stay ordered.

Poisson-binomial: P(X >= s) for X a sum of independent Bernoulli(q_i), by the convolution of Chen, Dempster and
Liu, "Weighted finite population sampling to maximize entropy", Biometrika 81 (1994), with all counts of s and
more in one absorbing state: O(n s) steps, all terms positive, so nothing cancels.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from scipy import special

from unisono.maths.types import F64, I64

_TINY = 1e-280
"""Below this, doubles begin to lose digits: the recursion is repeated in logarithms."""
_SLACK = 2e-14
"""Relative error of far logarithms of SciPy's gammainc, measured against 60 digits: rounded upwards by it."""


@njit(cache=True, nogil=True)
def log_poisson_binomial_tail(q: F64, s: int) -> float:
    """log P(X >= s) for X the sum of independent Bernoulli(q[i]). q: (n,) in [0, 1]."""
    if s <= 0:
        return 0.0
    if s > q.size:
        return -np.inf
    tail = poisson_binomial_tail(q, s)
    if tail > _TINY:
        return float(min(0.0, np.log(tail)))
    return _log_tail_in_logarithms(q, s)


@njit(cache=True, nogil=True)
def poisson_binomial_tail(q: F64, s: int) -> float:
    """P(X >= s) itself, s >= 1: good above _TINY, and perhaps 0 below; rounding may leave it just above 1."""
    if s == 2:  # most pairs: the same steps without the table
        none, one, more = 1.0, 0.0, 0.0
        for p in q:
            more += one * p
            one = one * (1.0 - p) + none * p
            none *= 1.0 - p
        return more
    if 2 * s > q.size:
        return _few_missing(q, q.size - s)
    state = np.zeros(s + 1)  # probabilities of counts 0 .. s - 1, and of s or more
    state[0] = 1.0
    for p in q:
        state[s] += state[s - 1] * p
        for k in range(s - 1, 0, -1):
            state[k] = state[k] * (1.0 - p) + state[k - 1] * p
        state[0] *= 1.0 - p
    return float(state[s])


@njit(cache=True, nogil=True)
def _few_missing(q: F64, most: int) -> float:
    """P(n - X <= most): the same tail by counting what does not come, where that is less."""
    if most < 0:
        return 0.0
    state = np.zeros(most + 1)  # probabilities of 0 .. most that do not come; beyond, they do not come back
    state[0] = 1.0
    for p in q:
        for k in range(most, 0, -1):
            state[k] = state[k] * p + state[k - 1] * (1.0 - p)
        state[0] *= p
    return float(state.sum())


@njit(cache=True, nogil=True)
def _log_tail_in_logarithms(q: F64, s: int) -> float:
    state = np.full(s + 1, -np.inf)
    state[0] = 0.0
    for p in q:
        if p <= 0.0:
            continue
        yes = np.log(p)
        no = np.log1p(-p) if p < 1.0 else -np.inf
        state[s] = np.logaddexp(state[s], state[s - 1] + yes)
        for k in range(s - 1, 0, -1):
            state[k] = np.logaddexp(state[k] + no, state[k - 1] + yes)
        state[0] += no
    return float(min(0.0, state[s]))


def log_poisson_tail(expected: F64, s: I64) -> F64:
    """log P(X >= s) for X Poisson with mean `expected`; an upper bound of the Poisson-binomial's of the same mean
    where s >= expected + 1 (Hoeffding, Ann. Math. Stat. 27 (1956)).

    From the regularised incomplete gamma function; far in the tail, where that is 0, from the series
    P(X >= s) = e^-m m^s / s! (1 + m / (s + 1) + ...), bounded from above by its geometric majorant.
    """
    m, k = np.asarray(expected, np.float64), np.asarray(s, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        near = np.log(special.gammainc(np.maximum(k, 1), m)) * (1 - _SLACK)
        terms = k * np.log(m), m, special.gammaln(k + 1)
        far = terms[0] - terms[1] - terms[2] - np.log1p(-np.where(m < k, m / (k + 1), 0.0))
        far += 4 * np.finfo(np.float64).eps * sum(np.abs(x) for x in terms)  # large terms cancel: round upwards
    tail = np.where(near > np.log(_TINY), near, np.minimum(far, np.log(_TINY)))
    return np.where(k <= 0, 0.0, np.where(m <= 0, -np.inf, np.minimum(tail, 0.0)))


def log_chi2_tail(x: F64, df: I64) -> F64:
    """log P(X >= x) for X chi-squared with df degrees of freedom, by Fisher's sums. x >= 0; -inf where it underflows.

    (scipy.stats says the same, and takes a second to import.)
    """
    with np.errstate(divide="ignore"):
        tail: F64 = np.log(special.chdtrc(df, x))
    return tail
