"""Upper tails of counts where the exact one would take too long, never below the truth.

Chernoff's bound of the Poisson-binomial: P(X >= s) <= exp(-theta s) prod(1 - q + q exp(theta)) for every theta >= 0,
so however theta was found the bound holds. Chernoff, Annals of Mathematical Statistics 23 (1952).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.maths.tails import log_poisson_binomial_tail, poisson_binomial_tail
from unisono.maths.types import F64

_STEPS = 2_000_000
"""Most steps of an exact tail, some milliseconds."""
_FAR = -500.0
"""Log p beyond which only the order of two tails can matter."""
_NEAR = np.exp(_FAR + 1.0)
"""p above which no bound is beyond _FAR, whatever was rounded."""


@njit(cache=True, nogil=True)
def log_tail_or_bound(q: F64, s: int) -> float:
    """log P(X >= s) for X the sum of independent Bernoulli(q[i]), or a bound that is not below it.

    q: (n,) in [0, 1]. The bound stands in where n s steps are too many and where it is below _FAR: O(n) in time. It is
    found by bisection, which costs more than most tails; being no smaller, it need not be where the tail is not far.
    """
    if s <= 0:
        return 0.0
    if q.size * min(s, q.size - s) > _STEPS:
        return float(log_chernoff(q, s))
    tail = poisson_binomial_tail(q, s)
    if tail > _NEAR:
        return float(min(0.0, np.log(tail)))
    bound = log_chernoff(q, s)
    return float(bound if bound < _FAR else log_poisson_binomial_tail(q, s))


@njit(cache=True, nogil=True)
def log_chernoff(q: F64, s: int) -> float:
    """Chernoff's bound of log P(X >= s); exact where s is all of the q above 0."""
    mean, possible = 0.0, 0
    for p in q:
        mean += p
        possible += p > 0.0
    if s > possible:
        return -np.inf
    if s == possible:
        every = 0.0
        for p in q:
            every += np.log(p) if p > 0.0 else 0.0
        return float(every)
    if s <= mean:
        return 0.0
    low, high = 0.0, 1.0
    while high < 600.0 and _tilted_mean(q, high) < s:
        low, high = high, 2.0 * high
    for _ in range(40):
        middle = (low + high) / 2
        if _tilted_mean(q, middle) < s:
            low = middle
        else:
            high = middle
    total = 0.0
    for p in q:
        total += np.log1p(p * np.expm1(low))
    slack = 1e-12 * (total + low * s)  # both are large and cancel: round upwards
    return float(min(0.0, total - low * s + slack))


@njit(cache=True, nogil=True)
def _tilted_mean(q: F64, theta: float) -> float:
    z, total = np.exp(theta), 0.0
    for p in q:
        total += p * z / (1.0 - p + p * z)
    return total
