"""Who touches what: activity, popularity and interests, no clocks."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from unisono.maths.types import F64, I32, I64

FLOOR, WIDTH = 0.1, 0.122
"""An account's propensity for an object at distance d on the torus of side 1 is FLOOR + (1 - FLOOR) x the
Gaussian density of standard deviation WIDTH per axis. Where objects are evenly popular, 75 % of the acts then
go to the nearest twelfth of the space, as in a world of 12 topics with 75 % homophily, but without borders."""
PEAK = FLOOR + (1 - FLOOR) / math.sqrt(2 * math.pi * WIDTH**2) ** 3
PATIENCE = 20_000
"""Draws per act wanted before an account gives up (it has touched all it could like)."""


def select(n_acts: I64, weight: F64, place: F64, spot: F64 | None, rng: np.random.Generator) -> tuple[I32, I32]:
    """Draw the objects of each account, none twice: rejection sampling, exact up to PATIENCE.

    n_acts: (m,) acts wanted; weight: (k,) popularity; place: (m, 3) and spot: (k, 3) points of accounts and
    objects, spot None where interests are off. Returns account and object, (n,) each, by account.
    """
    likes = np.ones((len(weight), 0)) if spot is None else spot
    mine = np.ones((len(n_acts), 0)) if spot is None else place
    accept, other = alias_table(weight)
    return _draw(n_acts, accept, other, mine, likes, rng)


def alias_table(weight: F64) -> tuple[F64, I32]:
    """Walker's alias table (Walker 1977, Vose 1991): column i keeps i with probability accept[i], else other[i]."""
    return _alias(weight / weight.sum() * len(weight))


@njit(cache=True, nogil=True)
def _alias(share: F64) -> tuple[F64, I32]:
    k = share.size
    accept, other = np.ones(k), np.arange(k).astype(np.int32)
    left = share.copy()
    small = [i for i in range(k) if share[i] < 1]
    large = [i for i in range(k) if share[i] >= 1]
    while len(small) > 0 and len(large) > 0:
        s, big = small.pop(), large[-1]
        accept[s], other[s] = left[s], big
        left[big] -= 1 - left[s]
        if left[big] < 1:
            small.append(large.pop())
    return accept, other


@njit(cache=True, nogil=True)
def liking(a: F64, b: F64) -> float:
    """Propensity between two points over its largest value, 0 to 1; points without axes like each other fully."""
    if a.size == 0:
        return 1.0
    squared = 0.0
    for axis in range(a.size):
        d = abs(a[axis] - b[axis])
        d = min(d, 1 - d)
        squared += d * d
    near = math.exp(-squared / (2 * WIDTH * WIDTH))
    return (FLOOR + (PEAK - FLOOR) * near) / PEAK


@njit(cache=True, nogil=True)
def _draw(n_acts: I64, accept: F64, other: I32, place: F64, spot: F64, rng: np.random.Generator) -> tuple[I32, I32]:
    account, obj = np.empty(n_acts.sum(), np.int32), np.empty(n_acts.sum(), np.int32)
    seen = np.full(accept.size, -1, np.int32)  # the account that touched the object last
    n = 0
    for a in range(n_acts.size):
        wanted, tries = n_acts[a], n_acts[a] * PATIENCE
        while wanted > 0 and tries > 0:
            tries -= 1
            x = rng.random() * accept.size
            o = np.int32(x)
            if x - o >= accept[o]:
                o = other[o]
            if seen[o] != a and rng.random() < liking(place[a], spot[o]):
                seen[o] = a
                account[n], obj[n] = a, o
                n += 1
                wanted -= 1
    return account[:n], obj[:n]
