"""The null of a group on held-out objects: each member takes the slot of a sharer similar to itself.

Similar in speed and in hours of activity, both learnt from other objects (see `slot_sampler`). Members keep apart: no
two take one slot.

On each object the largest number of members within the window, less one, times -log q_o is what it shows, at the time
of that number. What is shown within BLOCK_US may come of one sitting or one evening, however many objects it is on: of
each such block the most that one object shows counts, once. The statistic is the sum over blocks; of two ways to cut
time into blocks, half a block apart, the smaller. Draws are independent over objects, where people in one sitting are
not: what depends shows in one block, where it counts once, so the statistic is no larger for it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from unisono.certify.slot_sampler import SlotSampler, free_slot, weigh
from unisono.maths.sequential import ENOUGH, stream
from unisono.maths.sorting import sort_first
from unisono.maths.types import F64, I8, I32, I64, int64
from unisono.nulls.reference import BLOCK_US
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import Flags

_MOST_ROWS = 2_000
"""Touches of a group that are drawn; a group that has more is tested on some of its objects."""


class HeldOut(NamedTuple):
    """A group on held-out objects, those with two members or more and a weight, the rarest coincidences first.

    objects: (k,); begins: (k + 1,) where the members of each begin; score, hours: (n,) of these members; weight: (k,)
    what one more member within the window counts; seen: the statistic; key: of its random numbers; origin, n_blocks:
    time from which blocks are counted, and how many there are.
    """

    objects: I64
    begins: I64
    score: F64
    hours: I8
    weight: F64
    seen: float
    key: int
    origin: int
    n_blocks: int


def held_out(
    first: FirstTouches, score: F64, clocks: I8, window_us: int, weight: F64, members: I64, key: int
) -> tuple[HeldOut, Flags]:  # fmt: skip
    """The group made ready for draws, and which members came within the window of another on at least one object.

    score: (n,) of each touch; clocks: (n_accounts,); weight: (n_objects,); key: 0 or more, below 2^63.
    """
    rows, begins = _rows_of(first, members)
    origin, n_blocks = _span(first.t)
    seen, close = _concentration(rows, begins, first.object, first.t, window_us, weight, origin, n_blocks)
    came = np.isin(members, first.account[rows[close]])
    if len(rows) > _MOST_ROWS:
        rows, begins = _some_objects(rows, begins, key)
        seen, _ = _concentration(rows, begins, first.object, first.t, window_us, weight, origin, n_blocks)
    objects = first.object[rows[begins[:-1]]].astype(np.int64)
    chosen = np.argsort(-weight[objects], kind="stable")
    chosen = chosen[weight[objects[chosen]] > 0]
    own = np.concatenate([rows[:0], *(rows[begins[k] : begins[k + 1]] for k in chosen)])
    sizes = np.diff(begins)[chosen]
    group = HeldOut(
        objects[chosen], np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), score[own],
        clocks[first.account[own]], weight[objects[chosen]], seen, key, origin, n_blocks,
    )  # fmt: skip
    return group, came


def draw_until(
    slots: SlotSampler, group: HeldOut, window_us: int, reached: int, draws: int, goal: int, enough: int = ENOUGH
) -> tuple[int, int]:
    """(reached, draws) after going on until `goal` draws were made, or `enough` of them reached what was seen.

    slots: of the group's objects, at least.
    """
    if group.seen <= 0:  # every draw reaches it
        return enough, enough
    at = np.searchsorted(slots.objects, group.objects)
    return _draw_until(slots, group, at, window_us, reached, draws, goal, enough)


def _rows_of(first: FirstTouches, members: I64) -> tuple[I64, I64]:
    """The members' rows in (object, time) order, and where each object with two or more of them begins and ends."""
    rows = np.sort(np.concatenate([first.rows[first.start[m] : first.start[m + 1]] for m in members]).astype(np.int64))
    _, which, n = np.unique(first.object[rows], return_inverse=True, return_counts=True)
    rows = rows[n[which] >= 2]
    begins = np.flatnonzero(np.r_[True, np.diff(first.object[rows]) != 0]) if len(rows) else np.empty(0, np.int64)
    return rows, np.append(begins, len(rows)).astype(np.int64)


def _some_objects(rows: I64, begins: I64, seed: int) -> tuple[I64, I64]:
    """The objects that most members touched, ties drawn, as many as have _MOST_ROWS rows (one at least). Blind to
    times, so what is left is as valid a test."""
    size = np.diff(begins)
    ranked = np.lexsort((np.random.default_rng(seed).random(len(size)), -size))
    chosen = np.sort(ranked[: max(int(np.searchsorted(np.cumsum(size[ranked]), _MOST_ROWS, "right")), 1)])
    of = np.repeat(np.arange(len(size)), size)
    return rows[np.isin(of, chosen)], np.append(0, np.cumsum(size[chosen])).astype(np.int64)


def _span(t: I64) -> tuple[int, int]:
    """Where blocks begin to be counted, half a block before the first touch, and how many there are."""
    origin = int(t.min()) - BLOCK_US // 2 if len(t) else 0
    return origin, (int(t.max()) - origin) // BLOCK_US + 2 if len(t) else 1


@njit(cache=True, nogil=True)
def _largest(t: I64, window: int) -> tuple[int, int]:
    """Most times within the window, and the first of them. t: sorted."""
    best, at, left = 0, int64(0), 0
    for i in range(t.size):
        while t[i] - t[left] > window:
            left += 1
        if i - left + 1 > best:
            best, at = i - left + 1, t[left]
    return best, int(at)


@njit(cache=True, nogil=True)
def _add(shown: float, at: int, group_origin: int, blocks: F64, sums: F64) -> None:
    """Note what an object shows. blocks: (2, n_blocks) the most by block, either way to cut; sums: (2,) of blocks."""
    for way in range(2):
        b = (at - group_origin + way * (BLOCK_US // 2)) // BLOCK_US
        if shown > blocks[way, b]:
            sums[way] += shown - blocks[way, b]
            blocks[way, b] = shown


@njit(cache=True, nogil=True)
def _forget(at: int, group_origin: int, blocks: F64) -> None:
    for way in range(2):
        blocks[way, (at - group_origin + way * (BLOCK_US // 2)) // BLOCK_US] = 0.0


@njit(cache=True, nogil=True)
def _concentration(
    rows: I64, begins: I64, obj: I32, t: I64, window: int, weight: F64, origin: int, n_blocks: int
) -> tuple[float, Flags]:
    """The statistic, and per row whether another member's is within the window."""
    blocks, sums, close = np.zeros((2, n_blocks)), np.zeros(2), np.zeros(rows.size, np.bool_)
    for k in range(begins.size - 1):
        own = rows[begins[k] : begins[k + 1]]
        most, at = _largest(t[own], window)
        _add((most - 1) * weight[obj[own[0]]], at, origin, blocks, sums)
        for x in range(begins[k] + 1, begins[k + 1]):
            if t[rows[x]] - t[rows[x - 1]] <= window:
                close[x] = close[x - 1] = True
    return float(sums.min()), close


@njit(cache=True, nogil=True)
def _draw_until(
    slots: SlotSampler, group: HeldOut, at: I64, window: int, reached: int, draws: int, goal: int, enough: int
) -> tuple[int, int]:
    """at: (k,) places of the group's objects among those of the slots.

    A draw ends as soon as what is left to draw can change no more whether it reaches what was seen.
    """
    n_runs, most_slots, most = 1, 1, np.zeros(at.size + 1)
    for k in range(at.size - 1, -1, -1):
        most[k] = most[k + 1] + (group.begins[k + 1] - group.begins[k] - 1) * group.weight[k]
        n_runs = max(n_runs, slots.of[at[k] + 1] - slots.of[at[k]])
        most_slots = max(most_slots, slots.runs[slots.of[at[k] + 1]] - slots.runs[slots.of[at[k]]])
    n = group.score.size
    cumulated, cut = np.empty((n, 2 * n_runs)), np.empty((n, n_runs), np.int64)
    for k in range(at.size):
        for x in range(group.begins[k], group.begins[k + 1]):
            weigh(slots, at[k], group.score[x], group.hours[x], cumulated[x], cut[x])
    used, taken, when = np.zeros(most_slots, np.bool_), np.empty(n, np.int64), np.empty(n, np.int64)
    state, seen = np.empty(1, np.uint64), group.seen * (1 - 1e-12)
    blocks, sums = np.zeros((2, group.n_blocks)), np.zeros(2)
    whens = np.empty(at.size, np.int64)
    while draws < goal and reached < enough:
        stream(group.key, draws, state)
        n_shown = 0
        sums[:] = 0.0
        for k in range(at.size):
            so_far = min(sums[0], sums[1])
            if so_far >= seen or so_far + most[k] < seen:
                break
            begin, size = slots.runs[slots.of[at[k]]], int64(0)
            for x in range(group.begins[k], group.begins[k + 1]):
                i = free_slot(slots, at[k], group.score[x], group.hours[x], cumulated[x], cut[x], used, state)
                used[i - begin] = True
                taken[size] = i
                size += 1
            for x in range(size):
                used[taken[x] - begin] = False
                when[x] = slots.t[taken[x]]
            sort_first(when, size)
            largest, begins_at = _largest(when[:size], window)
            if largest > 1:
                whens[n_shown] = begins_at
                _add((largest - 1) * group.weight[k], begins_at, group.origin, blocks, sums)
                n_shown += 1
        reached += min(sums[0], sums[1]) >= seen
        for k in range(n_shown):
            _forget(whens[k], group.origin, blocks)
        draws += 1
    return reached, draws
