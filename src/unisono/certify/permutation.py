"""The null of a group on held-out objects: each member takes the slot of a sharer much like itself.

How much alike they are: as fast and as awake, learnt from other objects (see `alike`). Members keep apart: no two take
one slot.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.certify.slot_sampler import Alike, free_slot, weigh
from unisono.maths.types import F64, I8, I32, I64
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import Flags

_MOST_ROWS = 2_000
"""Touches of a group that are drawn; a group that has more is tested on some of its objects."""
_ENOUGH = 10
"""Draws as concentrated as what was seen, after which no more are needed."""


def concentration(
    first: FirstTouches, score: F64, clocks: I8, window_us: int, weight: F64, members: I64, alike: Alike, seed: int,
    draws: int, most: int,
) -> tuple[float, Flags]:  # fmt: skip
    """Monte Carlo p of a group's concentration, (1 + draws at least as concentrated) / (1 + draws), and which
    members came within the window of another on at least one object.

    score: (n,) of each touch; clocks: (n_accounts,); weight: (n_objects,) what one more account within the window
    counts; alike: slots of the objects that members touched, at least. `draws` are made, and more, up to `most`, until
    _ENOUGH were as concentrated as what was seen.
    """
    rows, begins = _rows_of(first, members)
    seen, close = _concentration(rows, begins, first.object, first.t, window_us, weight)
    came = np.isin(members, first.account[rows[close]])
    if len(rows) > _MOST_ROWS:
        rows, begins = _some_objects(rows, begins, seed)
        seen, _ = _concentration(rows, begins, first.object, first.t, window_us, weight)
    if seen <= 0:
        return 1.0, came
    reached, done = _as_concentrated(
        rows, begins, first.object, first.t, first.account, score, clocks, alike, window_us, weight, seen, seed,
        draws, most,
    )  # fmt: skip
    return float((1 + reached) / (1 + done)), came


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


@njit(cache=True, nogil=True)
def _largest(t: I64, window: int) -> int:
    best, left = 0, 0
    for i in range(t.size):
        while t[i] - t[left] > window:
            left += 1
        best = max(best, i - left + 1)
    return best


@njit(cache=True, nogil=True)
def _concentration(rows: I64, begins: I64, obj: I32, t: I64, window: int, weight: F64) -> tuple[float, Flags]:
    """The statistic, and per row whether another member's is within the window."""
    total, close = 0.0, np.zeros(rows.size, np.bool_)
    for k in range(begins.size - 1):
        own = rows[begins[k] : begins[k + 1]]
        total += (_largest(t[own], window) - 1) * weight[obj[own[0]]]
        for x in range(begins[k] + 1, begins[k + 1]):
            if t[rows[x]] - t[rows[x - 1]] <= window:
                close[x] = close[x - 1] = True
    return total, close


@njit(cache=True, nogil=True)
def _as_concentrated(
    rows: I64, begins: I64, obj: I32, t: I64, account: I32, score: F64, clocks: I8, alike: Alike, window: int,
    weight: F64, seen: float, seed: int, draws: int, most: int,
) -> tuple[int, int]:  # fmt: skip
    """Draws at least as concentrated, and draws: batches of `draws` and then of as many as so far, object by object,
    so that the tables of one object are all the memory this takes."""
    np.random.seed(seed)
    reached, done = 0, 0
    while done < most and (done < draws or reached < _ENOUGH):
        totals = np.zeros(min(max(done, draws), most - done))
        for k in range(begins.size - 1):
            own = rows[begins[k] : begins[k + 1]]
            if weight[obj[own[0]]] > 0:
                n = _largest_drawn(obj[own[0]], score[own], clocks[account[own]], t, alike, window, totals.size)
                totals += (n - 1) * weight[obj[own[0]]]
        reached += int(np.sum(totals >= seen * (1 - 1e-12)))
        done += totals.size
    return reached, done


@njit(cache=True, nogil=True)
def _largest_drawn(o: int, score: F64, hours: I8, t: I64, alike: Alike, window: int, draws: int) -> I64:
    """Largest number of members within the window when object o's slots are handed to them, draw by draw."""
    n, n_runs, begin = score.size, alike.of[o + 1] - alike.of[o], alike.runs[alike.of[o]]
    cumulated, cut = np.empty((n, 2 * n_runs)), np.empty((n, n_runs), np.int64)
    for x in range(n):
        weigh(alike, o, score[x], hours[x], cumulated[x], cut[x])
    taken, when = np.empty(n, np.int64), np.empty(n, np.int64)
    used, out = np.zeros(alike.runs[alike.of[o + 1]] - begin, np.bool_), np.empty(draws, np.int64)
    for d in range(draws):
        for x in range(n):
            taken[x] = free_slot(alike, o, score[x], hours[x], cumulated[x], cut[x], used)
            used[taken[x] - begin] = True
        for x in range(n):
            used[taken[x] - begin] = False
            when[x] = t[alike.order[taken[x]]]
        when.sort()
        out[d] = _largest(when, window)
    return out
