"""Pairs with very many co-actions: described by merging the two accounts' rows, without listing the co-actions.

Two accounts that flood one object can co-act a billion times. Time stays proportional to that, memory to their
rows.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.maths.types import I32, I64
from unisono.pairs.arrays import Flags
from unisono.pairs.kernel import Walk

LARGE = 1 << 16
"""Co-actions from which on a pair is described here."""
_DAY = 86_400_000_000
_BINS = 1 << 12


@njit(cache=True, nogil=True)
def describe_large(row: I64, walk: Walk, t: I64, first: Flags, lone: bool, shared: bool) -> None:
    """Fill columns 4 to 12 of one pair (see describe.N_ALL) from columns 0 to 3."""
    start, rows, lo, hi, _, _, post = walk
    mine, theirs = rows[start[row[0]] : start[row[0] + 1]], rows[start[row[1]] : start[row[1] + 1]]
    from_, to = spans(mine, theirs, lo, hi)
    hit_a, hit_b = np.zeros(mine.size, np.bool_), np.zeros(theirs.size, np.bool_)
    day0 = min(t[mine].min(), t[theirs].min()) // _DAY
    days = np.zeros(max(t[mine].max(), t[theirs].max()) // _DAY - day0 + 1, np.bool_)
    n_first, points, begin, end = 0, 0, np.int64(2**63 - 1), np.int64(-(2**63))
    for x in range(mine.size):
        i = mine[x]
        for k in range(from_[x], to[x]):
            j = theirs[k]
            if shared and post[j] == post[i]:
                continue
            hit_a[x] = hit_b[k] = True
            n_first += first[i] and first[j]
            points += 2 if t[i] < t[j] else (1 if t[i] == t[j] else 0)
            days[min(t[i], t[j]) // _DAY - day0] = True
            begin, end = min(begin, t[i], t[j]), max(end, t[i], t[j])
    row[4], row[5] = np.unique(post[mine[hit_a]]).size, np.unique(post[theirs[hit_b]]).size
    row[6], row[8], row[9], row[10], row[12] = n_first, days.sum(), begin, end, points
    row[7] = row[3] if lone else _occasions(mine, theirs, from_, to, post)
    row[11] = _middle(mine, theirs, from_, to, t, post, shared, (row[3] - 1) // 2)


@njit(cache=True, nogil=True)
def spans(mine: I32, theirs: I32, lo: I32, hi: I32) -> tuple[I64, I64]:
    """For each row of a: the rows of b within its window are theirs[from : to]. Both are in row order."""
    from_, to = np.empty(mine.size, np.int64), np.empty(mine.size, np.int64)
    left = right = 0
    for x in range(mine.size):
        while left < theirs.size and theirs[left] < lo[mine[x]]:
            left += 1
        right = max(right, left)
        while right < theirs.size and theirs[right] < hi[mine[x]]:
            right += 1
        from_[x], to[x] = left, right
    return from_, to


@njit(cache=True, nogil=True)
def _occasions(mine: I32, theirs: I32, from_: I64, to: I64, post: I32) -> int:
    """Distinct post pairs: post by post of a, the distinct posts of b that it meets on any object."""
    posts = np.unique(post[theirs])
    local = np.searchsorted(posts, post[theirs])
    met = np.full(posts.size, -1, np.int64)
    n = 0
    for x in np.argsort(post[mine], kind="mergesort"):
        p = post[mine[x]]
        for k in range(from_[x], to[x]):
            if met[local[k]] != p and posts[local[k]] != p:
                met[local[k]] = p
                n += 1
    return n


@njit(cache=True, nogil=True)
def _middle(mine: I32, theirs: I32, from_: I64, to: I64, t: I64, post: I32, shared: bool, rank: int) -> int:
    """The lag of the given rank (0 is the smallest), by narrowing histograms of _BINS bins."""
    low, high = np.int64(0), np.int64(0)
    for x in range(mine.size):
        if from_[x] < to[x]:
            low = min(low, t[theirs[from_[x]]] - t[mine[x]])
            high = max(high, t[theirs[to[x] - 1]] - t[mine[x]])
    while low < high:
        width = (high - low) // _BINS + 1
        counts = np.zeros(_BINS + 1, np.int64)
        below = 0
        for x in range(mine.size):
            for k in range(from_[x], to[x]):
                if shared and post[theirs[k]] == post[mine[x]]:
                    continue
                lag = t[theirs[k]] - t[mine[x]]
                if lag < low:
                    below += 1
                elif lag <= high:
                    counts[(lag - low) // width] += 1
        bin_ = 0
        while below + counts[bin_] <= rank:
            below += counts[bin_]
            bin_ += 1
        low += bin_ * width
        high = min(high, low + width - 1)
    return int(low)
