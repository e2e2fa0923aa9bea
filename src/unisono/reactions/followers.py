"""Is an account faster with an author than the author's other followers?

Null: on each object the delays of its reactors are exchangeable between them. Then the account is among the fast
ones of object o with probability P_o = (slots within the window) / (slots), its own slot left in, independently
from object to object; the number of objects on which it is fast is Poisson-binomial, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from unisono.maths.multiplicity import smallest_of
from unisono.maths.tails import log_poisson_binomial_tail
from unisono.maths.types import F64, I64
from unisono.pairs.arrays import Flags
from unisono.reactions.slots import Followers, Slots

_LEAST = -690.0  # log of about 1e-300: a p-value is never 0


@dataclass(frozen=True)
class AgainstFollowers:
    """Per pair: window (index) that says most, objects on which it was fast, how many were expected, combined p."""

    window: I64
    n_fast: I64
    expected: F64
    p: F64


def against_followers(slots: Slots, pairs: Followers, windows_us: list[int]) -> AgainstFollowers:
    """Test each pair at each window (at least one), and combine: number of windows x smallest p."""
    n_fast, expected, log_p = (np.empty((len(pairs.author), len(windows_us))) for _ in range(3))
    for k, window in enumerate(windows_us):
        fast = slots.delay <= window
        share = np.bincount(slots.object, weights=fast)[slots.object] / slots.size
        n_fast[:, k], expected[:, k], log_p[:, k] = _tails(pairs.start, pairs.rows, fast, share)
    best = np.argmin(log_p, axis=1) if len(log_p) else np.zeros(0, np.int64)
    row = np.arange(len(best))
    p = smallest_of(np.exp(np.maximum(log_p, _LEAST)), len(windows_us))
    return AgainstFollowers(best, n_fast[row, best].astype(np.int64), expected[row, best], p)


@njit(cache=True, nogil=True)
def _tails(start: I64, rows: I64, fast: Flags, share: F64) -> tuple[F64, F64, F64]:
    m = start.size - 1
    n_fast, expected, log_p = np.zeros(m), np.zeros(m), np.zeros(m)
    for i in range(m):
        chances = np.empty(start[i + 1] - start[i])
        for k in range(chances.size):
            row = rows[start[i] + k]
            chances[k] = share[row]
            n_fast[i] += fast[row]
            expected[i] += share[row]
        if n_fast[i] > expected[i]:  # else the tail is about a half or more, and no finding
            log_p[i] = log_poisson_binomial_tail(chances, int(n_fast[i]))
    return n_fast, expected, log_p
