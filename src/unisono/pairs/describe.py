"""Pass 2 of the kernel: what is not additive over co-actions, for kept pairs only."""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.maths.sorting import n_distinct, sort_first
from unisono.maths.types import I32, I64, int64
from unisono.pairs.arrays import Flags
from unisono.pairs.kernel import Scratch, Table, Walk, count_account, grown, harvest
from unisono.pairs.large import LARGE, describe_large

N_ALL = 13
"""Rows of a description: a, b, n_objects, n_pairs, n_events_a, n_events_b, n_first, n_occasions, n_days, first_us,
last_us, median_lag_us, and a_first as half points out of 2 * n_pairs."""
_DAY = 86_400_000_000
_ROOM = 1 << 23  # co-actions listed at a time
_ONE = np.uint64(1)


def full_block(
    a0: int, a1: int, min_objects: int, shared: bool, walk: Walk, scratch: Scratch, t: I64, first: Flags, lone: bool
) -> Table:
    """Descriptions of all kept pairs (a, b) with a0 <= a < a1: (N_ALL, k), pairs sorted by (a, b)."""
    whole, k = _all_but_large(a0, a1, min_objects, shared, walk, scratch, t, first, lone)
    out: Table = whole[:, :k]
    for r in np.flatnonzero(out[3] >= LARGE):  # seldom there: what describes them is compiled when it is needed
        row = out[:, r].copy()
        describe_large(row, walk, t, first, lone, shared)
        out[:, r] = row
    return out


@njit(cache=True, nogil=True)
def _all_but_large(
    a0: int, a1: int, min_objects: int, shared: bool, walk: Walk, scratch: Scratch, t: I64, first: Flags, lone: bool
) -> tuple[Table, int]:
    """The same with rows 4 to 12 of large pairs left as they are, in a table with room behind; how many there are."""
    out, k = np.empty((N_ALL, 1024), np.int64), int64(0)  # what takes k were compiled once more for a literal 0
    mine, theirs, room = np.empty(1024, np.int32), np.empty(1024, np.int32), np.empty((3, LARGE), np.int64)
    for a in range(a0, a1):
        n = count_account(a, min_objects, shared, walk, scratch)
        out = grown(out, k, n)
        harvest(a, n, out, k, scratch)
        begin, end = k, k + n
        while begin < end:
            served, total = open_slots(out[1], out[3], begin, end, scratch)
            if total > mine.size:
                mine, theirs = np.empty(2 * total, np.int32), np.empty(2 * total, np.int32)
            if total:
                collect(a, shared, walk, scratch, mine, theirs)
            close_slots(out[1], begin, begin + served, scratch)
            _describe_all(out, begin, begin + served, mine, theirs, t, walk.post, first, lone, room)
            begin += served
        k = end
    return out, k


@njit(cache=True, nogil=True)
def open_slots(partners: I64, n_pairs: I64, begin: int, end: int, scratch: Scratch) -> tuple[int, int]:
    """Give partners begin to end - 1 room for their co-actions: acc[b] is where b's begin, `often` has its bit.

    Large pairs get none, they are merged. Stops where the room is used up; returns how many partners were
    served, and the room that they need.
    """
    _, often, acc, _, _, _ = scratch
    total = 0
    for x in range(begin, end):
        if n_pairs[x] >= LARGE:
            continue
        if total + n_pairs[x] > _ROOM:
            return x - begin, total
        b = partners[x]
        acc[b] = total
        often[b >> 6] |= _ONE << np.uint64(b & 63)
        total += n_pairs[x]
    return end - begin, total


@njit(cache=True, nogil=True)
def close_slots(partners: I64, begin: int, end: int, scratch: Scratch) -> None:
    """Forget the partners that were served."""
    _, often, acc, _, _, _ = scratch
    for x in range(begin, end):
        b = partners[x]
        acc[b] = 0
        often[b >> 6] = 0


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
def _describe_all(
    out: Table, begin: int, end: int, mine: I32, theirs: I32, t: I64, post: I32, first: Flags, lone: bool, room: Table
) -> None:
    """Fill rows 4 to 12 for pairs begin to end - 1, whose co-actions stand one pair after the other."""
    at = 0
    for r in range(begin, end):
        n = out[3, r]
        if n >= LARGE:
            continue
        if n == 1:  # most pairs, where every pair is kept
            ta, tb = t[mine[at]], t[theirs[at]]
            out[4:9, r] = 1
            out[6, r] = first[mine[at]] and first[theirs[at]]
            out[9, r], out[10, r], out[11, r] = min(ta, tb), max(ta, tb), tb - ta
            out[12, r] = 2 if ta < tb else (1 if ta == tb else 0)
            at += 1
            continue
        n_first, points, earliest, latest = 0, 0, t[mine[at]], t[mine[at]]
        for k in range(n):
            i, j = mine[at + k], theirs[at + k]
            ta, tb = t[i], t[j]
            room[0, k], room[1, k] = tb - ta, min(ta, tb) // _DAY
            earliest, latest = min(earliest, ta, tb), max(latest, ta, tb)
            n_first += first[i] and first[j]
            points += 2 if ta < tb else (1 if ta == tb else 0)
        out[6, r], out[9, r], out[10, r], out[12, r] = n_first, earliest, latest, points
        sort_first(room[0], n)
        out[11, r] = room[0, (n - 1) // 2]
        out[8, r] = n_distinct(room[1], n)
        if lone and out[2, r] == n:  # one co-action per object, one row per post: nothing repeats
            out[4, r] = out[5, r] = out[7, r] = n
        else:
            for k in range(n):
                i, j = post[mine[at + k]], post[theirs[at + k]]
                room[0, k], room[1, k], room[2, k] = i, j, (int64(i) << 32) | j
            out[4, r], out[5, r] = n_distinct(room[0], n), n_distinct(room[1], n)
            out[7, r] = n_distinct(room[2], n)
        at += n
