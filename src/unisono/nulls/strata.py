"""Strata of interest: accounts that touch the same objects, estimated from who touched what, blind to time.

Recursive spectral bisection of the account-object graph: Dhillon, "Co-clustering documents and words using
bipartite spectral graph partitioning", KDD 2001. The second singular vector of D_u^-1/2 A D_o^-1/2 orders accounts
by interest; parts are bisected again until a stratum has at most so many accounts. Every level refines the one before,
so strata of 500 to 50 accounts are one tree.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.maths.threads import in_turn
from unisono.maths.types import F64, I32, I64
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import starts

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
    return starts(account, int(first.tested.sum())), first.object[use][order]


def _refine(
    start: I64, objects: I32, order: I64, borders: I64, most: int, noise: F64, n_objects: int
) -> tuple[I64, I64]:
    """Bisect every part with more than `most` accounts until none is left."""
    order = order.copy()

    def sort(thread: int, n_threads: int) -> None:
        """Order the accounts of each part by its second vector; parts are dealt to threads in turn."""
        number = np.full(n_objects, -1, np.int32)
        for begin, end in zip(begins[thread::n_threads], ends[thread::n_threads], strict=True):
            part = order[begin:end].copy()
            value = _second_vector(start, objects, part, noise[part], number)
            order[begin:end] = part[np.argsort(value, kind="stable")]

    borders = borders[np.r_[True, np.diff(borders) > 0]]
    while (large := np.flatnonzero(np.diff(borders) > most)).size:
        begins, ends = borders[large], borders[large + 1]
        in_turn(sort, len(begins))
        borders = np.sort(np.concatenate([borders, (begins + ends) // 2]))
    return order, borders


@njit(cache=True, nogil=True)
def _second_vector(start: I64, objects: I32, part: I64, x: F64, number: I32) -> F64:
    """Second left singular vector of the part's normalised matrix, divided by sqrt(degree), by power iteration from x.

    number: room of one per object, all -1, and left so. Objects that one account of the part touched link it to
    nobody: they are a term of its own, and are not walked over.
    """
    first, near, degree, alone, n_near = _compact(start, objects, part, number)
    root, trivial, sums, norm = np.empty(part.size), np.empty(part.size), np.empty(n_near), 0.0
    for i in range(part.size):
        root[i] = np.sqrt(max(start[part[i] + 1] - start[part[i]], 1))
        norm += root[i] * root[i]
    norm = np.sqrt(norm)
    for i in range(part.size):
        trivial[i] = root[i] / norm
    for _ in range(_ITERATIONS):
        along, square = 0.0, 0.0
        for i in range(part.size):
            along += x[i] * trivial[i]
        for i in range(part.size):
            x[i] -= trivial[i] * along
            square += x[i] * x[i]
        norm = max(np.sqrt(square), 1e-300)
        for k in range(n_near):
            sums[k] = 0.0
        for i in range(part.size):
            x[i] /= norm
            share = x[i] / root[i]
            for e in range(first[i], first[i + 1]):
                sums[near[e]] += share
        for k in range(n_near):
            sums[k] /= degree[k]
        for i in range(part.size):
            total = alone[i] * x[i] / root[i]
            for e in range(first[i], first[i + 1]):
                total += sums[near[e]]
            x[i] = total / root[i]
    for i in range(part.size):
        x[i] /= root[i]
    return x


@njit(cache=True, nogil=True)
def _compact(start: I64, objects: I32, part: I64, number: I32) -> tuple[I64, I32, F64, F64, int]:
    """CSR of the part's accounts over objects that two of them touched, numbered from 0; the degree of these objects;
    how many others each account touched; and how many these objects are."""
    n, size = 0, 0
    for u in part:
        size += start[u + 1] - start[u]
    seen, degree = np.empty(size, np.int32), np.zeros(size)
    for u in part:
        for e in range(start[u], start[u + 1]):
            o = objects[e]
            if number[o] < 0:
                number[o], seen[n] = n, o
                n += 1
            degree[number[o]] += 1
    kept = 0
    for k in range(n):
        number[seen[k]] = kept if degree[k] >= 2 else -1
        degree[kept] = degree[k]
        kept += degree[k] >= 2
    first, near, alone = np.zeros(part.size + 1, np.int64), np.empty(size, np.int32), np.zeros(part.size)
    at = 0
    for i in range(part.size):
        for e in range(start[part[i]], start[part[i] + 1]):
            if number[objects[e]] < 0:
                alone[i] += 1
            else:
                near[at] = number[objects[e]]
                at += 1
        first[i + 1] = at
    for k in range(n):
        number[seen[k]] = -1
    return first, near, degree, alone, kept
