"""Slots of objects by how similar their sharers are to a member: drawn in the time of a binary search.

A slot of score s' weighs exp(-|s - s'| / WIDTH) for a member of score s, and SAME_HOURS times that where both keep the
same hours. Sorted by score, the weights below s are exp(-s / WIDTH) times a running sum that is the same for every
member, and so are those above it; what a table for each member would hold is there once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from unisono.maths.sequential import uniform
from unisono.maths.types import F64, I8, I64, U64
from unisono.nulls.latency import ON_SCHEDULE
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import Flags

WIDTH = 0.15
"""Of the kernel, in units of the score (mean log relative rank)."""
SAME_HOURS = 3.0
SAME_SCHEDULE = 300.0
"""In place of SAME_HOURS between accounts on a schedule: their slots are the schedule's, whoever they are."""


class SlotSampler(NamedTuple):
    """Slots of some objects, sorted by (object, clock class, score). A tuple, which compiled code takes as it is.

    objects: (k,) numbers of the objects, sorted; of: (k + 1,) where each object's runs begin; runs: (n_runs + 1,) where
    each object's slots of one clock class begin; clock: (n_runs,) class of each; t: (n,) times of the slots; score:
    (n,) of their owners; below: (n,) sum of exp(score / WIDTH) over the run up to and with this slot; above: of
    exp(-score / WIDTH) from this slot on.
    """

    objects: I64
    of: I64
    runs: I64
    clock: I8
    t: I64
    score: F64
    below: F64
    above: F64


def slot_sampler(first: FirstTouches, score: F64, clocks: I8, objects: I64) -> SlotSampler:
    """Of some objects (sorted numbers). score: (n,) of each touch; clocks: (n_accounts,)."""
    rows = _ranges(first.slots[objects], first.slots[objects + 1])
    order = rows[np.lexsort((score[rows], clocks[first.account[rows]], first.object[rows]))]
    obj, clock, own = first.object[order], clocks[first.account[order]], score[order]
    new = np.ones(len(order) + 1, np.bool_)
    new[1:-1] = (np.diff(obj) != 0) | (np.diff(clock) != 0)
    runs = np.flatnonzero(new).astype(np.int64)
    of = np.searchsorted(obj[runs[:-1]], np.append(objects, len(first.slots))).astype(np.int64)
    below, above = np.empty(len(order)), np.empty(len(order))
    _running(runs, own, below, above)
    return SlotSampler(objects, of, runs, clock[runs[:-1]], first.t[order], own, below, above)


def narrowed(slots: SlotSampler, objects: I64) -> SlotSampler:
    """The same of fewer objects (sorted numbers)."""
    at = np.searchsorted(slots.objects, objects)
    run = _ranges(slots.of[at], slots.of[at + 1])
    rows = _ranges(slots.runs[run], slots.runs[run + 1])
    of, runs = (_begins(x[at + 1] - x[at]) for x, at in ((slots.of, at), (slots.runs, run)))
    score, below, above = (x[rows] for x in (slots.score, slots.below, slots.above))
    return SlotSampler(objects, of, runs, slots.clock[run], slots.t[rows], score, below, above)


def _ranges(begin: I64, end: I64) -> I64:
    """begin[0] .. end[0] - 1, begin[1] .. end[1] - 1, ..."""
    starts = _begins(end - begin)
    return np.arange(starts[-1]) + np.repeat(begin - starts[:-1], end - begin)


def _begins(sizes: I64) -> I64:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


@njit(cache=True, nogil=True)
def _factor(clock: int, hours: int) -> float:
    """How much a slot of one clock class weighs for a member of another."""
    if clock != hours:
        return 1.0
    return SAME_SCHEDULE if clock >= ON_SCHEDULE else SAME_HOURS


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
def weigh(slots: SlotSampler, k: int, s: float, hours: int, cumulated: F64, cut: I64) -> None:
    """Fill, for one member on the k-th object: per run where its own score would stand, and the cumulated weight of
    what is below and above it. cumulated: (2 n_runs,) or longer; cut: (n_runs,) or longer."""
    total, first_run = 0.0, slots.of[k]
    for r in range(slots.of[k + 1] - first_run):
        begin, end = slots.runs[first_run + r], slots.runs[first_run + r + 1]
        at = begin + np.searchsorted(slots.score[begin:end], s, side="right")
        factor = _factor(slots.clock[first_run + r], hours)
        cut[r] = at
        total += factor * np.exp(-s / WIDTH) * slots.below[at - 1] if at > begin else 0.0
        cumulated[2 * r] = total
        total += factor * np.exp(s / WIDTH) * slots.above[at] if at < end else 0.0
        cumulated[2 * r + 1] = total


@njit(cache=True, nogil=True)
def _draw(slots: SlotSampler, k: int, cumulated: F64, cut: I64, state: U64) -> int:
    """A slot of the k-th object, by its weight."""
    first_run, last = slots.of[k], 2 * (slots.of[k + 1] - slots.of[k]) - 1
    goal, j = uniform(state) * cumulated[last], 0
    while j < last and cumulated[j] <= goal:
        j += 1
    before = cumulated[j - 1] if j else 0.0
    share = (goal - before) / (cumulated[j] - before) if cumulated[j] > before else 0.0
    run = first_run + j // 2
    if j % 2 == 0:
        low, high = slots.runs[run], max(cut[j // 2] - 1, slots.runs[run])
        goal = share * slots.below[high]
        while low < high:  # the first whose sum is above the goal; np.searchsorted costs several times as much
            middle = (low + high) // 2
            if slots.below[middle] > goal:
                high = middle
            else:
                low = middle + 1
        return int(low)
    low, high = min(cut[j // 2], slots.runs[run + 1] - 1), slots.runs[run + 1] - 1
    goal = share * slots.above[low]
    while low < high:  # the last whose sum is above the goal
        middle = (low + high + 1) // 2
        if slots.above[middle] > goal:
            low = middle
        else:
            high = middle - 1
    return int(low)


@njit(cache=True, nogil=True)
def free_slot(
    slots: SlotSampler, k: int, s: float, hours: int, cumulated: F64, cut: I64, used: Flags, state: U64
) -> int:  # fmt: skip
    """A slot of the k-th object that is not used, by its weight: try, and where nearly all the weight is used, walk
    over what is free.

    used: by slot, from the object's first; may be longer.
    """
    begin = slots.runs[slots.of[k]]
    for _ in range(4 + (slots.runs[slots.of[k + 1]] - begin) // 32):
        at = _draw(slots, k, cumulated, cut, state)
        if not used[at - begin]:
            return at
    return _walk(slots, k, s, hours, used, state)


@njit(cache=True, nogil=True)
def _walk(slots: SlotSampler, k: int, s: float, hours: int, used: Flags, state: U64) -> int:
    begin, total = slots.runs[slots.of[k]], 0.0
    weight = np.zeros(slots.runs[slots.of[k + 1]] - begin)
    for r in range(slots.of[k], slots.of[k + 1]):
        factor = _factor(slots.clock[r], hours)
        for i in range(slots.runs[r], slots.runs[r + 1]):
            if not used[i - begin]:  # a weight too small to show in a sum still is one: the slot remains possible
                weight[i - begin] = max(factor * np.exp(-abs(s - slots.score[i]) / WIDTH), 1e-300)
                total += weight[i - begin]
    left, last = uniform(state) * total, 0
    for i in range(weight.size):
        left -= weight[i]
        if weight[i] > 0:
            last = i
        if left < 0:
            break
    return int(begin + last)
