"""Strata of interest: accounts that touch the same objects, estimated from who touched what, blind to time.

Recursive spectral bisection of the account-object graph: Dhillon, "Co-clustering documents and words using
bipartite spectral graph partitioning", KDD 2001. The second singular vector of D_u^-1/2 A D_o^-1/2 orders accounts
by interest; halves are cut again until a stratum has at most so many accounts. Every level refines the one before,
so strata of 500 to 50 accounts are one tree.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from unisono.edges.touches import FirstTouches
from unisono.pairs.arrays import I32, I64

F64 = npt.NDArray[np.float64]

LEVELS = (500, 250, 125, 60)
"""Most accounts in a stratum, from coarse to fine."""
_ITERATIONS = 20


def strata(first: FirstTouches, levels: tuple[int, ...] = LEVELS, seed: int = 0) -> list[I32]:
    """Per level the stratum of every account (-1 for accounts that are not tested)."""
    start, objects = tested_rows(first)
    order: I64 = np.arange(len(start) - 1)
    members = np.flatnonzero(first.tested)
    noise = np.random.default_rng(seed).standard_normal(len(order))
    borders = np.array([0, len(order)], np.int64)
    out = []
    for most in levels:
        order, borders = _refine(start, objects, order, borders, most, noise, len(first.slots) - 1)
        stratum = np.full(first.n_accounts, -1, np.int32)
        stratum[members[order]] = np.repeat(np.arange(len(borders) - 1, dtype=np.int32), np.diff(borders))
        out.append(stratum)
    return out


def tested_rows(first: FirstTouches) -> tuple[I64, I32]:
    """CSR over the tested accounts: the objects of each that somebody else touched too."""
    use = first.tested[first.account] & (first.n_sharers >= 2)[first.object]
    number = np.cumsum(first.tested) - 1
    account = number[first.account[use]]
    order = np.argsort(account, kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(account, minlength=int(first.tested.sum())))])
    return start.astype(np.int64), first.object[use][order]


@njit(cache=True, nogil=True)
def _refine(
    start: I64, objects: I32, order: I64, borders: I64, most: int, noise: F64, n_objects: int
) -> tuple[I64, I64]:
    """Cut every part with more than `most` accounts in halves until none is left."""
    order = order.copy()
    left, right = np.empty(n_objects), np.zeros(n_objects)
    found = [0]
    todo = [(borders[i], borders[i + 1]) for i in range(borders.size - 1)][::-1]
    while len(todo):
        a, b = todo.pop()
        if b - a <= most:
            if b > a:
                found.append(b)
            continue
        value = _second_vector(start, objects, order[a:b], noise, left, right)
        order[a:b] = order[a:b][np.argsort(value, kind="mergesort")]
        middle = (a + b) // 2
        todo.append((middle, b))
        todo.append((a, middle))
    return order, np.array(found)


@njit(cache=True, nogil=True)
def _second_vector(start: I64, objects: I32, part: I64, noise: F64, sums: F64, degree: F64) -> F64:
    """Second left singular vector of the part's normalised matrix, divided by sqrt(degree), by power iteration.

    sums, degree: room of one number per object; degree is all 0 and is left so.
    """
    root = np.empty(part.size)
    for i in range(part.size):
        u = part[i]
        root[i] = np.sqrt(max(start[u + 1] - start[u], 1))
        for e in range(start[u], start[u + 1]):
            degree[objects[e]] += 1
    trivial = root / np.sqrt((root * root).sum())
    x = noise[part].copy()
    for _ in range(_ITERATIONS):
        x -= trivial * (x * trivial).sum()
        x /= max(np.sqrt((x * x).sum()), 1e-300)
        for i in range(part.size):
            for e in range(start[part[i]], start[part[i] + 1]):
                sums[objects[e]] = 0.0
        for i in range(part.size):
            for e in range(start[part[i]], start[part[i] + 1]):
                sums[objects[e]] += x[i] / root[i]
        for i in range(part.size):
            total = 0.0
            for e in range(start[part[i]], start[part[i] + 1]):
                total += sums[objects[e]] / degree[objects[e]]
            x[i] = total / root[i]
    for i in range(part.size):
        for e in range(start[part[i]], start[part[i] + 1]):
            degree[objects[e]] = 0.0
    return x / root
