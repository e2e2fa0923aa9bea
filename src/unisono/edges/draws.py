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


def concentration(
    first: FirstTouches, score: F64, clocks: I8, window_us: int, weight: F64, members: I64, seed: int,
    draws: int, most: int,
) -> tuple[float, Flags]:  # fmt: skip
    """Monte Carlo p of a group's concentration, (1 + draws at least as concentrated) / (1 + draws), and which
    members came within the window of another on at least one object.

    score: (n,) of each touch; clocks: (n_accounts,); weight: (n_objects,) what one more account within the window
    counts. Draws go on, up to `most`, until ten were as concentrated as what was seen.
    """
    rows, begins = _rows_of(first, members)
    seen, close = _concentration(rows, begins, first.object, first.t, window_us, weight)
    came = np.isin(members, first.account[rows[close]])
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
    np.random.seed(seed)
    table = [_cumulated(i, slots[obj[i]], slots[obj[i] + 1], account, score, clocks) for i in rows]
    above, done = 0, 0
    while done < most and (done < draws or above < 10):
        total = 0.0
        for k in range(begins.size - 1):
            o = obj[rows[begins[k]]]
            taken = np.full(begins[k + 1] - begins[k], -1, np.int64)
            for x in range(taken.size):
                taken[x] = _free_slot(table[begins[k] + x], taken[:x])
            taken.sort()
            total += (_largest(t[slots[o] + taken], window) - 1) * weight[o]
        above += total >= seen * (1 - 1e-12)
        done += 1
    return above, done


@njit(cache=True, nogil=True)
def _free_slot(cumulated: F64, taken: I64) -> int:
    while True:
        s = min(np.searchsorted(cumulated, np.random.random() * cumulated[-1]), cumulated.size - 1)
        if not np.any(taken == s):
            return s
