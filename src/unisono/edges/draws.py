"""The null of a group on held-out objects: each member takes the slot of a sharer much like itself.

A member of score s takes the slot of a sharer of score s' with weight exp(-|s - s'| / WIDTH), three times that where
both keep the same hours: who is as fast and as awake, learnt from other objects. Members keep apart: no two take one
slot.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from unisono.edges.latency import I8
from unisono.edges.touches import FirstTouches
from unisono.pairs.arrays import I32, I64, Flags

F64 = npt.NDArray[np.float64]

WIDTH = 0.15
"""Of the kernel, in units of the score (mean log relative rank)."""
_SAME_HOURS = 3.0
_MOST_ROWS = 2_000
"""Touches of a group that are drawn; a group that has more is tested on some of its objects."""
_ENOUGH = 10
"""Draws as concentrated as what was seen, after which no more are needed."""


def concentration(
    first: FirstTouches, score: F64, clocks: I8, window_us: int, weight: F64, members: I64, seed: int,
    draws: int, most: int,
) -> tuple[float, Flags]:  # fmt: skip
    """Monte Carlo p of a group's concentration, (1 + draws at least as concentrated) / (1 + draws), and which
    members came within the window of another on at least one object.

    score: (n,) of each touch; clocks: (n_accounts,); weight: (n_objects,) what one more account within the window
    counts. `draws` are made, and more, up to `most`, until _ENOUGH were as concentrated as what was seen.
    """
    rows, begins = _rows_of(first, members)
    seen, close = _concentration(rows, begins, first.object, first.t, window_us, weight)
    came = np.isin(members, first.account[rows[close]])
    if len(rows) > _MOST_ROWS:
        rows, begins = _some_objects(rows, begins, seed)
        seen, _ = _concentration(rows, begins, first.object, first.t, window_us, weight)
    if seen <= 0:
        return 1.0, came
    above, done = _as_concentrated(
        rows, begins, first.object, first.slots, first.t, first.account, score, clocks, window_us, weight, seen,
        seed, draws, most,
    )  # fmt: skip
    return float((1 + above) / (1 + done)), came


def _rows_of(first: FirstTouches, members: I64) -> tuple[I64, I64]:
    """The members' rows in (object, time) order, and where each object with two or more of them begins and ends."""
    rows = np.sort(np.concatenate([first.rows[first.start[m] : first.start[m + 1]] for m in members]).astype(np.int64))
    obj = first.object[rows]
    keep = np.isin(obj, np.flatnonzero(np.bincount(obj, minlength=1) >= 2))
    rows = rows[keep]
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
def _cumulated(i: int, begin: int, end: int, account: I32, score: F64, clocks: I8) -> F64:
    """Cumulated weights of an object's slots for the member whose row there is i."""
    out, total = np.empty(end - begin), 0.0
    for j in range(begin, end):
        w = np.exp(-abs(score[i] - score[j]) / WIDTH)
        total += w * (_SAME_HOURS if clocks[account[i]] == clocks[account[j]] else 1.0)
        out[j - begin] = total
    return out


@njit(cache=True, nogil=True)
def _as_concentrated(
    rows: I64, begins: I64, obj: I32, slots: I64, t: I64, account: I32, score: F64, clocks: I8, window: int,
    weight: F64, seen: float, seed: int, draws: int, most: int,
) -> tuple[int, int]:  # fmt: skip
    """Draws at least as concentrated, and draws: batches of `draws` and then of twice as many as so far, object by
    object, so that the tables of one object are all the memory this takes."""
    np.random.seed(seed)
    above, done = 0, 0
    while done < most and (done < draws or above < _ENOUGH):
        totals = np.zeros(min(max(done, draws), most - done))
        for k in range(begins.size - 1):
            own = rows[begins[k] : begins[k + 1]]
            o = obj[own[0]]
            if weight[o] > 0:
                _add_draws(own, slots[o], slots[o + 1], t, account, score, clocks, window, weight[o], totals)
        above += int(np.sum(totals >= seen * (1 - 1e-12)))
        done += totals.size
    return above, done


@njit(cache=True, nogil=True)
def _add_draws(
    own: I64, begin: int, end: int, t: I64, account: I32, score: F64, clocks: I8, window: int, weight: float,
    totals: F64,
) -> None:  # fmt: skip
    """Hand the object's slots to its members once per entry of `totals`, and add what that is worth."""
    table = np.empty((own.size, end - begin))
    for x in range(own.size):
        table[x] = _cumulated(own[x], begin, end, account, score, clocks)
    taken, used = np.empty(own.size, np.int64), np.zeros(end - begin, np.bool_)
    for d in range(totals.size):
        for x in range(own.size):
            taken[x] = _free_slot(table[x], used)
            used[taken[x]] = True
        for x in range(own.size):
            used[taken[x]] = False
        taken.sort()
        totals[d] += (_largest(t[begin + taken], window) - 1) * weight


@njit(cache=True, nogil=True)
def _free_slot(cumulated: F64, used: Flags) -> int:
    """A slot that is not used, by its weight: try, and where nearly all the weight is used, walk over what is free."""
    for _ in range(4 + cumulated.size // 32):
        goal, low, high = np.random.random() * cumulated[-1], 0, cumulated.size - 1
        while low < high:  # by hand: np.searchsorted costs several times as much
            middle = (low + high) // 2
            if cumulated[middle] > goal:
                high = middle
            else:
                low = middle + 1
        if not used[low]:
            return low
    total, last = 0.0, 0
    for s in range(cumulated.size):
        if not used[s]:
            total, last = total + _own_weight(cumulated, s), s
    left = np.random.random() * total
    for s in range(last):
        if not used[s]:
            left -= _own_weight(cumulated, s)
            if left < 0:
                return s
    return last


@njit(cache=True, nogil=True)
def _own_weight(cumulated: F64, s: int) -> float:
    # A weight too small to show in the sum still is one: the slot remains possible.
    return float(max(cumulated[s] - (cumulated[s - 1] if s else 0.0), 1e-300))
