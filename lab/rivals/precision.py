"""How well a score ranks what was planted."""

from __future__ import annotations

import numpy as np

from unisono.maths.types import F64
from unisono.pairs.arrays import Flags


def average_precision(score: F64, is_planted: Flags) -> float:
    """Mean over the planted of the precision at their rank, 0 to 1; among ties exactly its expected value.

    score, is_planted: (n,); larger scores come first. Ties are taken in uniformly random order and the expectation
    has a closed form (McSherry and Najork, ECIR 2008): at place j of m tied places of which r are planted, with n
    places and p planted before, r / m times (p + 1 + (j - 1)(r - 1) / (m - 1)) / (n + j). So a score that says
    nothing gets what chance gets, whatever the order of the rows. Raises ValueError for NaN or nothing planted.
    """
    score = np.asarray(score, np.float64)
    if np.isnan(score).any() or not np.any(is_planted):
        raise ValueError("scores must be numbers, and something must be planted")
    _, tie, size = np.unique(-score, return_inverse=True, return_counts=True)
    planted = np.bincount(tie, weights=is_planted, minlength=len(size))
    n_before, p_before = np.cumsum(size) - size, np.cumsum(planted) - planted
    of = np.repeat(np.arange(len(size)), size)
    j = np.arange(1, len(score) + 1) - n_before[of]
    m, r = size[of], planted[of]
    others = (j - 1) * (r - 1) / np.maximum(m - 1, 1)
    expected = r / m * (p_before[of] + 1 + others) / (n_before[of] + j)
    return float(expected.sum() / planted.sum())
