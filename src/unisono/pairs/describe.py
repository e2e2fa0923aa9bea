"""Pass 2 of the kernel: what is not additive over co-actions, for kept pairs only."""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.pairs.arrays import I32, I64, Flags
from unisono.pairs.kernel import _PAIRS, Scratch, Table, Walk, count_account, grown
from unisono.pairs.large import LARGE, describe_large

N_ALL = 13
"""Columns: a, b, n_objects, n_pairs, n_events_a, n_events_b, n_first, n_occasions, n_days, first_us, last_us,
median_lag_us, and a_first as half points out of 2 * n_pairs."""
_DAY = 86_400_000_000
_ROOM = 1 << 23  # co-actions listed at a time
_ONE = np.uint64(1)


@njit(cache=True, nogil=True)
def full_block(
    a0: int, a1: int, min_objects: int, shared: bool, walk: Walk, scratch: Scratch, t: I64, first: Flags, lone: bool
) -> Table:
    """All columns of all kept pairs (a, b) with a0 <= a < a1: (k, N_ALL), sorted by (a, b)."""
    _, often, acc, _, touched = scratch
    out, k = np.empty((1024, N_ALL), np.int64), 0
    room = np.empty((3, LARGE), np.int64)
    for a in range(a0, a1):
        n = count_account(a, min_objects, shared, walk, scratch)
        out = grown(out, k, n)
        for x in range(n):
            b = touched[x]
            out[k + x, 0], out[k + x, 1] = a, b
            out[k + x, 2], out[k + x, 3] = acc[b] >> 40, acc[b] & _PAIRS
            acc[b] = 0
            often[b >> 6] = 0
        _describe_all(a, out[k : k + n], shared, walk, scratch, t, first, lone, room)
        k += n
    return out[:k]


@njit(cache=True, nogil=True)
def _describe_all(
    a: int, pairs: Table, shared: bool, walk: Walk, scratch: Scratch, t: I64, first: Flags, lone: bool, room: Table
) -> None:
    """Pass 2 for one account: collect as many pairs' co-actions at a time as memory is given for."""
    begin = 0
    while begin < pairs.shape[0]:
        end, total = open_slots(pairs[begin:, 1], pairs[begin:, 3], scratch)
        end += begin
        mine, theirs = np.empty(total, np.int32), np.empty(total, np.int32)
        if total:
            collect(a, shared, walk, scratch, mine, theirs)
        at = 0
        for row in pairs[begin:end]:
            scratch[2][row[1]] = 0
            scratch[1][row[1] >> 6] = 0
            if row[3] >= LARGE:
                describe_large(row, walk, t, first, lone, shared)
            else:
                _describe(row, mine[at : at + row[3]], theirs[at : at + row[3]], t, walk[6], first, lone, room)
                at += row[3]
        begin = end


@njit(cache=True, nogil=True)
def open_slots(partners: I64, n_pairs: I64, scratch: Scratch) -> tuple[int, int]:
    """Give partners, one after the other, room for their co-actions: acc[b] is where b's begin, `often` has its bit.

    Large pairs get none, they are merged. Stops where the room is used up; returns how many partners were
    served, and the room that they need.
    """
    _, often, acc, _, _ = scratch
    total = 0
    for x in range(partners.size):
        if n_pairs[x] >= LARGE:
            continue
        if total + n_pairs[x] > _ROOM:
            return x, total
        b = partners[x]
        acc[b] = total
        often[b >> 6] |= _ONE << np.uint64(b & 63)
        total += n_pairs[x]
    return partners.size, total


@njit(cache=True, nogil=True)
def collect(a: int, shared: bool, walk: Walk, scratch: Scratch, mine: I32, theirs: I32) -> None:
    """Every co-action of a with a partner in `often`: each partner's in one run from acc[b], by object and time."""
    often, acc = scratch[1], scratch[2]
    start, rows, lo, hi, code, _, post = walk
    own = 2 * a + 1
    for r in range(start[a], start[a + 1]):
        i = rows[r]
        for j in range(lo[i], hi[i]):
            c = code[j]
            if (often[c >> 7] >> np.uint64((c >> 1) & 63)) & _ONE == 0:
                continue
            if c <= own or (shared and post[j] == post[i]):
                continue
            at = acc[c >> 1]
            mine[at], theirs[at] = i, j
            acc[c >> 1] = at + 1


@njit(cache=True, nogil=True)
def _describe(row: I64, mine: I32, theirs: I32, t: I64, post: I32, first: Flags, lone: bool, room: Table) -> None:
    """Fill columns 4 to 12 of one pair from its co-actions (rows of a, rows of b)."""
    n = mine.size
    lags, days = room[0, :n], room[1, :n]
    n_first, points = 0, 0
    begin, end = t[mine[0]], t[mine[0]]
    for k in range(n):
        ta, tb = t[mine[k]], t[theirs[k]]
        lags[k] = tb - ta
        days[k] = min(ta, tb) // _DAY
        begin, end = min(begin, ta, tb), max(end, ta, tb)
        n_first += first[mine[k]] and first[theirs[k]]
        points += 2 if ta < tb else (1 if ta == tb else 0)
    row[6], row[8] = n_first, _n_distinct(days)
    row[9], row[10], row[12] = begin, end, points
    _sort(lags)
    row[11] = lags[(n - 1) // 2]
    if lone and row[2] == n:  # one co-action per object, one row per post: nothing repeats
        row[4] = row[5] = row[7] = n
    else:
        _distinct_posts(row, mine, theirs, post, room)


@njit(cache=True, nogil=True)
def _distinct_posts(row: I64, mine: I32, theirs: I32, post: I32, room: Table) -> None:
    n = mine.size
    a, b, both = room[0, :n], room[1, :n], room[2, :n]
    for k in range(n):
        a[k], b[k] = post[mine[k]], post[theirs[k]]
        both[k] = (a[k] << 32) | b[k]
    row[4], row[5], row[7] = _n_distinct(a), _n_distinct(b), _n_distinct(both)


@njit(cache=True, nogil=True)
def _n_distinct(values: I64) -> int:
    """Number of distinct values; sorts them in place."""
    _sort(values)
    n = 1
    for k in range(1, values.size):
        n += values[k] != values[k - 1]
    return n


@njit(cache=True, nogil=True)
def _sort(values: I64) -> None:
    """In place. Nearly all pairs have a handful of co-actions, where a library sort is mostly overhead."""
    if values.size > 24:
        values.sort()
        return
    for k in range(1, values.size):
        v, j = values[k], k
        while j > 0 and values[j - 1] > v:
            values[j] = values[j - 1]
            j -= 1
        values[j] = v
