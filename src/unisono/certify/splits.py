"""Objects split at random into two halves, several times, and what every pair did on each half: all in one walk."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from unisono.maths.bounds import log_tail_or_bound
from unisono.maths.sorting import n_distinct
from unisono.maths.threads import in_pieces
from unisono.maths.types import F64, I64, int64
from unisono.nulls.timing import common_rows
from unisono.nulls.touches import FirstTouches, Touched
from unisono.pairs.arrays import Flags

Splits = npt.NDArray[np.uint32]
"""(n,) of each touch: bit h is set where it is in half h. Halves 2 k and 2 k + 1 are those of split k."""


def deal(first: FirstTouches, n_splits: int, rng: np.random.Generator) -> Splits:
    """Objects to either half at random, n_splits times (at most 16); every post keeps one of its objects in each."""
    splits = np.zeros(len(first.object), np.uint32)
    order, begins = by_post(first)
    for k in range(n_splits):
        rank = rng.permutation(len(first.n_sharers))
        bit = np.uint32(1) << (2 * k + rank % 2).astype(np.uint32)
        splits |= np.where(one_per_post(order, begins, rank[first.object]), bit[first.object], np.uint32(0))
    return splits


def by_post(first: FirstTouches) -> tuple[I64, I64]:
    """Touches in the order of their posts, and where each post's begin."""
    if first.lone:
        return np.arange(len(first), dtype=np.int64), np.arange(len(first), dtype=np.int64)
    order = np.lexsort((first.account, first.post))
    new = np.ones(len(order), np.bool_)
    new[1:] = (np.diff(first.post[order]) != 0) | (np.diff(first.account[order]) != 0)
    return order, np.flatnonzero(new)


def one_per_post(order: I64, begins: I64, rank: I64) -> Flags:
    """Touches left when every post keeps one of its objects, that of the lowest rank.

    A post with five hashtags is one occasion: with some of them on either side the finding would test itself. Posts
    of the same hashtags keep the same one. order, begins: see `by_post`; rank: (n,) of each touch's object.
    """
    if len(begins) == len(order):
        return np.ones(len(order), np.bool_)
    ranks = rank[order]
    lowest = np.repeat(np.minimum.reduceat(ranks, begins), np.diff(begins, append=len(order)))
    once = np.zeros(len(order), np.bool_)
    once[order] = ranks == lowest
    return once


@njit(cache=True, nogil=True)
def half_shares(slots: I64, t: I64, splits: Splits, n_halves: int, window: int) -> F64:
    """(n_halves, n_objects) share of each object's slot pairs in a half within the window; 0 where there is none."""
    out = np.zeros((n_halves, slots.size - 1))
    for h in range(n_halves):
        bit = np.uint32(1) << np.uint32(h)
        for o in range(slots.size - 1):
            left, inside, n, close = slots[o], 0, 0, 0
            for i in range(slots[o], slots[o + 1]):
                if not splits[i] & bit:
                    continue
                while t[i] - t[left] > window:
                    inside -= (splits[left] & bit) != 0
                    left += 1
                close += inside
                inside += 1
                n += 1
            if n >= 2:
                out[h, o] = close / (n * (n - 1) / 2)
    return out


def stand_out(
    first: FirstTouches, splits: Splits, shares: F64, window_us: int, a: I64, b: I64, least: int, log_odd: float
) -> tuple[Flags, Flags]:
    """(n_halves, n_pairs) twice: pairs with `least` occasions or more on a half and a timing log p below log_odd, and
    those with as many that are half or more of all they have in common there."""
    odd, together = (np.zeros((len(shares), len(a)), np.bool_) for _ in range(2))
    by_object = np.ascontiguousarray(shares.T)  # an object's shares in all halves lie together
    touched = first.touched

    def look(begin: int, end: int) -> None:
        args = (touched, splits, by_object, window_us, first.lone, a[begin:end], b[begin:end], least, log_odd)
        _stand_out(*args, begin, odd, together)

    in_pieces(look, len(a))
    return odd, together


@njit(cache=True, nogil=True)
def _stand_out(
    touched: Touched, splits: Splits, shares: F64, window: int, lone: bool, a: I64, b: I64, least: int, log_odd: float,
    at: int, odd: Flags, together: Flags,
) -> None:  # fmt: skip
    """Columns at, at + 1, ... of what is found."""
    start, obj, t, post = touched.start, touched.object, touched.t, touched.post
    for p in range(a.size):
        room = min(start[a[p] + 1] - start[a[p]], start[b[p] + 1] - start[b[p]])
        mine, theirs = np.empty(room, np.int32), np.empty(room, np.int32)
        n, n_near = common_rows(touched, a[p], b[p], mine, theirs), 0
        near = np.empty(room, np.int32)  # two or three, of many
        for k in range(n):
            near[n_near] = k
            n_near += abs(t[mine[k]] - t[theirs[k]]) <= window
        if n_near < least:
            continue
        chance, own, other = np.empty(n), np.empty(n_near, np.int32), np.empty(n_near, np.int32)
        for h in range(shares.shape[1]):
            bit = np.uint32(1) << np.uint32(h)
            s = int64(0)
            for k in near[:n_near]:
                if splits[mine[k]] & splits[theirs[k]] & bit:
                    own[s], other[s] = post[mine[k]], post[theirs[k]]
                    s += 1
            if s >= least and not lone:
                s = min(n_distinct(own, s), n_distinct(other, s))
            if s < least:
                continue
            m = 0
            for i in range(n):
                if splits[mine[i]] & splits[theirs[i]] & bit:
                    chance[m] = shares[obj[mine[i]], h]
                    m += 1
            together[h, at + p] = 2 * s >= m
            odd[h, at + p] = log_tail_or_bound(chance[:m], s) < log_odd
