"""Sums whose terms could as well have had the other sign: the exact tail, no draws.

Fisher, "The design of experiments" (1935), section 21: under the null each of n independent scores is symmetric
around 0, so given their sizes all 2^n choices of signs are equally likely. Scores are first rounded to a grid, sign
and size alike; the test of the rounded scores is exact, whatever the rounding.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.maths.types import F64, I64

GRID, COARSE_GRID = 120, 24
"""Steps from 0 to 1, up to MANY scores and beyond: halves, thirds, quarters, sixths and eighths are exact on both."""
MANY = 100
LARGE = 1_000
"""With more scores the tail is bounded from above instead."""
LEAST = 1e-300
"""No p-value is smaller."""


def sign_flip_tail(scores: F64) -> float:
    """P(sum >= what was seen) when every score keeps or flips its sign by a fair coin.

    scores: (n,) in [-1, 1]. 1 for no scores. At least LEAST. For n > LARGE: Hoeffding's bound exp(-S^2 / 2 sum a^2),
    never below the exact tail. Raises ValueError for scores outside [-1, 1].
    """
    scores = np.asarray(scores, np.float64)
    if not np.all(np.abs(scores) <= 1):
        raise ValueError("scores must lie in [-1, 1]")
    steps = np.round(scores * (GRID if len(scores) <= MANY else COARSE_GRID)).astype(np.int64)
    total = int(steps.sum())
    if len(steps) > LARGE:
        bound = np.exp(-(total**2) / (2 * np.sum(steps.astype(np.float64) ** 2))) if total > 0 else 1.0
        return float(max(bound, LEAST))
    size = np.abs(steps)
    tail = _subset_sum_tail(size, (total + int(size.sum())) // 2)  # sum of signs = 2 x sum of the positive - all
    return float(min(1.0, max(tail, LEAST)))


@njit(cache=True, nogil=True)
def _subset_sum_tail(size: I64, least: int) -> float:
    """P(sum of a random subset of `size` >= least), each element in or out by a fair coin."""
    law = np.zeros(size.sum() + 1)
    law[0] = 1.0
    top = 0
    for a in size:
        if a == 0:
            continue
        for k in range(top + a, -1, -1):
            law[k] = 0.5 * law[k] + (0.5 * law[k - a] if k >= a else 0.0)
        top += a
    tail = 0.0
    for k in range(law.size - 1, least - 1, -1):  # smallest terms first
        tail += law[k]
    return float(tail)
