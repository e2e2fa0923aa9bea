"""Orders of things: in how many the things stand so far from a given order (Kendall's distance)."""

from __future__ import annotations

from functools import cache

import numpy as np
from numba import njit

from unisono.maths.types import F64, I64

MOST = 100
"""Things that an order may have here; 1 / MOST! is far from the smallest float."""


@cache
def share_at(n: int) -> F64:
    """(n (n - 1) / 2 + 1,) share of all orders of n things that have 0, 1, 2 ... discordant pairs with a given one.

    The Mahonian numbers over n!: a Lehmer code is a sum of independent uniform numbers on 0 to 0, 0 to 1 ... 0 to
    n - 1 (Knuth, The Art of Computer Programming 3, 5.1.1). Sums of positive terms only: no digits are lost. Raises
    ValueError above MOST.
    """
    if not 1 <= n <= MOST:
        raise ValueError(f"{n} things: orders are counted for 1 to {MOST}")
    return np.ones(1) if n == 1 else np.convolve(share_at(n - 1), np.full(n, 1 / n))


@cache
def share_within(n: int) -> F64:
    """The same of orders with at most 0, 1, 2 ... discordant pairs."""
    within: F64 = np.minimum(np.cumsum(share_at(n)), 1.0)
    return within


def chance_within(n: int, discordant: int, from_habit: int) -> float:
    """At most this share of the orders of n things with `from_habit` discordant pairs against a first order have no
    more than `discordant` against a second, whatever the second is; at most 1.

    All orders so near the second are counted, also those that are not so far from the first: a bound, and exact for
    discordant = 0.
    """
    return min(float(share_within(n)[discordant] / share_at(n)[from_habit]), 1.0)


@njit(cache=True, nogil=True)
def discordant(a: I64, b: I64) -> int:
    """Pairs of things that stand the other way round in b than in a. a, b: (n,) place of each thing, no two alike."""
    count = 0
    for i in range(a.size):
        for j in range(i):
            count += (a[i] < a[j]) != (b[i] < b[j])
    return count
