"""Two runs beside each other: what both touched one by one, how far their orders differ, and how far from habit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from unisono.maths.orders import MOST
from unisono.maths.types import I32, I64, U64, Bools
from unisono.sequences.runs import LEAST, Candidates, Runs


class Side(NamedTuple):
    """One run of each pair, tested against the other: what of the shared had been there before its run began.

    run, other: (n,) numbers of the runs
    n: (n,) objects; 0 where fewer than LEAST are left
    discordant: (n,) pairs of them that stand the other way round in the other run
    from_habit: (n,) pairs of them that stand the other way round than by the first touch of others
    objects, order: (n,) what tells apart sets of objects, and orders of the other run over one set
    """

    run: I64
    other: I64
    n: I64
    discordant: I64
    from_habit: I64
    objects: U64
    order: U64


def compare(found: Candidates) -> tuple[Side, Side]:
    """Both runs of each pair as the one that is tested. Pairs that overlap in time have n = 0: what happened while
    both were at it may have told them the order."""
    r = found.runs
    one = _compare(r.start, r.begin, r.object, r.post, r.t, r.born, found.a, found.b)
    two = _compare(r.start, r.begin, r.object, r.post, r.t, r.born, found.b, found.a)
    return Side(found.a, found.b, *one), Side(found.b, found.a, *two)


def shared(runs: Runs, a: int, b: int) -> tuple[I64, I64]:
    """Acts of the two runs on what both touched one by one, in the order of object numbers."""
    mine, theirs = np.empty(MOST, np.int64), np.empty(MOST, np.int64)
    every = np.ones(len(runs.t), np.bool_)
    n, _ = _one_by_one(runs.start, runs.object, runs.post, runs.t, every, a, b, mine, theirs)
    return mine[:n], theirs[:n]


@njit(cache=True, nogil=True)
def _compare(
    start: I64, begin: I64, obj: I32, post: I32, t: I64, born: I64, run: I64, other: I64
) -> tuple[I64, I64, I64, U64, U64]:
    n_pairs = run.size
    size, discordant, from_habit = np.zeros(n_pairs, np.int64), np.zeros(n_pairs, np.int64), np.zeros(n_pairs, np.int64)
    objects, order = np.zeros(n_pairs, np.uint64), np.zeros(n_pairs, np.uint64)
    there = np.empty(t.size, np.bool_)
    for r in range(begin.size):
        for k in range(start[r], start[r + 1]):
            there[k] = born[k] < begin[r]
    mine, theirs = np.empty(MOST, np.int64), np.empty(MOST, np.int64)
    for p in range(n_pairs):
        n, apart = _one_by_one(start, obj, post, t, there, run[p], other[p], mine, theirs)
        if n < LEAST or not apart:
            continue
        size[p] = n
        for i in range(n):
            x, y, place = mine[i], theirs[i], 0
            for j in range(n):
                u, v = mine[j], theirs[j]
                place += t[v] < t[y]
                if j < i:
                    discordant[p] += (t[x] < t[u]) != (t[y] < t[v])
                    older = born[x] < born[u] or (born[x] == born[u] and obj[x] < obj[u])
                    from_habit[p] += (t[x] < t[u]) != older
            objects[p] = _mixed(objects[p], obj[x])
            order[p] = _mixed(order[p], place)
    return size, discordant, from_habit, objects, order


@njit(cache=True, nogil=True)
def _one_by_one(
    start: I64, obj: I32, post: I32, t: I64, there: Bools, a: int, b: int, mine: I64, theirs: I64
) -> tuple[int, bool]:
    """Shared objects, the first MOST of them, into `mine` and `theirs`; how many, and whether one run had ended when
    the other began. Of what either touched in one act or at one time, the first by number: they have no order."""
    n, i, j = 0, start[a], start[b]
    a_first, a_last, b_first, b_last = t[i], t[i], t[j], t[j]
    some = False
    while i < start[a + 1] and j < start[b + 1]:
        x, y = obj[i], obj[j]
        if x == y and there[i]:
            a_first, a_last = (min(a_first, t[i]), max(a_last, t[i])) if some else (t[i], t[i])
            b_first, b_last = (min(b_first, t[j]), max(b_last, t[j])) if some else (t[j], t[j])
            some = True
            if n < MOST and _stands_alone(post, t, i, j, mine, theirs, n):
                mine[n], theirs[n] = i, j
                n += 1
        i += x <= y
        j += y <= x
    return n, a_last < b_first or b_last < a_first


@njit(cache=True, nogil=True)
def _stands_alone(post: I32, t: I64, i: int, j: int, mine: I64, theirs: I64, n: int) -> bool:
    for k in range(n):
        x, y = mine[k], theirs[k]
        if t[x] == t[i] or t[y] == t[j] or post[x] == post[i] or post[y] == post[j]:
            return False
    return True


@njit(cache=True, nogil=True)
def _mixed(h: np.uint64, part: int) -> np.uint64:
    mixed = (h ^ np.uint64(part + 1)) * np.uint64(0x9E3779B97F4A7C15)  # odd, so that nothing is lost
    return np.uint64(mixed ^ (mixed >> np.uint64(29)))
