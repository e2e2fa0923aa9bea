"""Slots of each object by how much alike their sharers are to a member: drawn in the time of a binary search.

A slot of score s' weighs exp(-|s - s'| / WIDTH) for a member of score s, and SAME_HOURS times that where both keep the
same hours. Sorted by score, the weights below s are exp(-s / WIDTH) times a running sum that is the same for every
member, and so are those above it; what a table for each member would hold is there once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from unisono.maths.types import F64, I8, I64
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import Flags, starts

WIDTH = 0.15
"""Of the kernel, in units of the score (mean log relative rank)."""
SAME_HOURS = 3.0


class Alike(NamedTuple):
    """A tuple, which compiled code takes as it is. Rows sorted by (object, clock class, score).

    order: (n,) rows; runs: (n_runs + 1,) where each object's rows of one clock class begin; of: (n_objects + 1,) where
    each object's runs begin; clock: (n_runs,) class of each; score: (n,) in this order; below: (n,) sum of
    exp(score / WIDTH) over the run up to and with this row; above: of exp(-score / WIDTH) from this row on.
    """

    order: I64
    runs: I64
    of: I64
    clock: I8
    score: F64
    below: F64
    above: F64


def by_likeness(first: FirstTouches, score: F64, clocks: I8, objects: I64) -> Alike:
    """Sort the rows of some objects (sorted numbers). score: (n,) of each row; clocks: (n_accounts,)."""
    size = first.slots[objects + 1] - first.slots[objects]
    start = np.concatenate([[0], np.cumsum(size)])[:-1]
    rows = np.arange(size.sum()) + np.repeat(first.slots[objects] - start, size)
    clock = clocks[first.account[rows]]
    order = rows[np.lexsort((score[rows], clock, first.object[rows]))]
    obj, clock, own = first.object[order], clocks[first.account[order]], score[order]
    new = np.ones(len(order) + 1, np.bool_)
    new[1:-1] = (np.diff(obj) != 0) | (np.diff(clock) != 0)
    runs = np.flatnonzero(new).astype(np.int64)
    of = starts(obj[runs[:-1]], len(first.slots) - 1)
    below, above = np.empty(len(order)), np.empty(len(order))
    _running(runs, own, below, above)
    return Alike(order.astype(np.int64), runs, of, clock[runs[:-1]], own, below, above)


@njit(cache=True, nogil=True)
def _running(runs: I64, score: F64, below: F64, above: F64) -> None:
    for r in range(runs.size - 1):
        total = 0.0
        for i in range(runs[r], runs[r + 1]):
            total += np.exp(score[i] / WIDTH)
            below[i] = total
        total = 0.0
        for i in range(runs[r + 1] - 1, runs[r] - 1, -1):
            total += np.exp(-score[i] / WIDTH)
            above[i] = total


@njit(cache=True, nogil=True)
def weigh(alike: Alike, o: int, s: float, hours: int, cumulated: F64, cut: I64) -> None:
    """Fill, for one member on object o: per run where its own score would stand, and the cumulated weight of what is
    below and above it. cumulated: (2 n_runs,); cut: (n_runs,)."""
    total, first_run = 0.0, alike.of[o]
    for k in range(cut.size):
        begin, end = alike.runs[first_run + k], alike.runs[first_run + k + 1]
        at = begin + np.searchsorted(alike.score[begin:end], s, side="right")
        factor = SAME_HOURS if alike.clock[first_run + k] == hours else 1.0
        cut[k] = at
        total += factor * np.exp(-s / WIDTH) * alike.below[at - 1] if at > begin else 0.0
        cumulated[2 * k] = total
        total += factor * np.exp(s / WIDTH) * alike.above[at] if at < end else 0.0
        cumulated[2 * k + 1] = total


@njit(cache=True, nogil=True)
def draw(alike: Alike, o: int, cumulated: F64, cut: I64) -> int:
    """A place in the order, by its weight."""
    goal, k = np.random.random() * cumulated[-1], 0
    while cumulated[k] <= goal and k < cumulated.size - 1:
        k += 1
    before = cumulated[k - 1] if k else 0.0
    share = (goal - before) / (cumulated[k] - before) if cumulated[k] > before else 0.0
    run = alike.of[o] + k // 2
    if k % 2 == 0:
        low, high = alike.runs[run], max(cut[k // 2] - 1, alike.runs[run])
        goal = share * alike.below[high]
        while low < high:  # the first whose sum is above the goal; np.searchsorted costs several times as much
            middle = (low + high) // 2
            if alike.below[middle] > goal:
                high = middle
            else:
                low = middle + 1
        return int(low)
    low, high = min(cut[k // 2], alike.runs[run + 1] - 1), alike.runs[run + 1] - 1
    goal = share * alike.above[low]
    while low < high:  # the last whose sum is above the goal
        middle = (low + high + 1) // 2
        if alike.above[middle] > goal:
            low = middle
        else:
            high = middle - 1
    return int(low)


@njit(cache=True, nogil=True)
def free_slot(alike: Alike, o: int, s: float, hours: int, cumulated: F64, cut: I64, used: Flags) -> int:
    """A place that is not used, by its weight: try, and where nearly all the weight is used, walk over what is free.

    used: by place, from the object's first.
    """
    for _ in range(4 + used.size // 32):
        at = draw(alike, o, cumulated, cut)
        if not used[at - alike.runs[alike.of[o]]]:
            return at
    return _walk(alike, o, s, hours, used)


@njit(cache=True, nogil=True)
def _walk(alike: Alike, o: int, s: float, hours: int, used: Flags) -> int:
    begin, total = alike.runs[alike.of[o]], 0.0
    weight = np.zeros(used.size)
    for r in range(alike.of[o], alike.of[o + 1]):
        factor = SAME_HOURS if alike.clock[r] == hours else 1.0
        for i in range(alike.runs[r], alike.runs[r + 1]):
            if not used[i - begin]:  # a weight too small to show in a sum still is one: the slot remains possible
                weight[i - begin] = max(factor * np.exp(-abs(s - alike.score[i]) / WIDTH), 1e-300)
                total += weight[i - begin]
    left, last = np.random.random() * total, 0
    for i in range(used.size):
        left -= weight[i]
        if weight[i] > 0:
            last = i
        if left < 0:
            break
    return int(begin + last)
