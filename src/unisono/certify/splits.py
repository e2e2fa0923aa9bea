"""Time split at random into two halves, several times, and what every pair did in each half: all in one walk."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from unisono.maths.bounds import log_tail_or_bound
from unisono.maths.threads import in_pieces
from unisono.maths.types import F64, I64
from unisono.nulls.meetings import are_met, chance_met, into_clusters, n_sittings
from unisono.nulls.reference import BLOCK_US
from unisono.nulls.timing import common_rows
from unisono.nulls.touches import FirstTouches, Touched
from unisono.pairs.arrays import Flags

Splits = npt.NDArray[np.uint32]
"""(n,) of each touch: bit h is set where it is in half h. Halves 2 k and 2 k + 1 are those of split k."""


def deal(first: FirstTouches, n_splits: int, rng: np.random.Generator) -> Splits:
    """Stretches of time to either half at random, n_splits times (at most 16); a touch goes with its sitting's begin.

    What is done in one sitting is one choice: with some of it on either side, the finding would test itself.
    """
    begin = sitting_begins(first)
    splits = np.zeros(len(first), np.uint32)
    for k in range(n_splits):
        stretch = (begin + rng.integers(BLOCK_US)) // BLOCK_US
        _, which = np.unique(stretch, return_inverse=True)
        half = rng.permutation(int(which.max(initial=-1)) + 1) % 2
        splits |= np.uint32(1) << (2 * k + half[which]).astype(np.uint32)
    return splits


def sitting_begins(first: FirstTouches) -> I64:
    """(n,) first touch of the sitting of each touch, microseconds."""
    begin = np.full(int(first.sitting.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(begin, first.sitting, first.t)
    out: I64 = begin[first.sitting]
    return out


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
    """(n_halves, n_pairs) twice: pairs with `least` meetings or more in a half and a timing log p below log_odd, and
    those with as many that are half or more of the clusters that they have in common there."""
    odd, together = (np.zeros((len(shares), len(a)), np.bool_) for _ in range(2))
    by_object = np.ascontiguousarray(shares.T)  # an object's shares in all halves lie together
    touched = first.touched

    def look(begin: int, end: int) -> None:
        args = (touched, splits, by_object, window_us, a[begin:end], b[begin:end], least, log_odd)
        _stand_out(*args, begin, odd, together)

    in_pieces(look, len(a))
    return odd, together


@njit(cache=True, nogil=True)
def _stand_out(
    touched: Touched, splits: Splits, shares: F64, window: int, a: I64, b: I64, least: int, log_odd: float,
    at: int, odd: Flags, together: Flags,
) -> None:  # fmt: skip
    """Columns at, at + 1, ... of what is found."""
    start, obj, t, sitting = touched.start, touched.object, touched.t, touched.sitting
    for p in range(a.size):
        room = min(start[a[p] + 1] - start[a[p]], start[b[p] + 1] - start[b[p]])
        mine, theirs = np.empty(room, np.int32), np.empty(room, np.int32)
        n, n_near = common_rows(touched, a[p], b[p], mine, theirs), 0
        for k in range(n):
            n_near += abs(t[mine[k]] - t[theirs[k]]) <= window
        if n_near < least:
            continue
        ends, met, own = np.empty(n, np.int32), np.zeros(n, np.bool_), np.zeros(n, np.bool_)
        n_clusters = into_clusters(sitting, mine, theirs, n, ends)
        are_met(t, mine, theirs, window, ends, n_clusters, met)
        if n_sittings(sitting, mine, theirs, ends, met, n_clusters) < least:
            continue
        chance, q = np.empty(n_clusters), np.empty(n)
        for h in range(shares.shape[1]):
            bit, m, begin = np.uint32(1) << np.uint32(h), 0, 0
            for c in range(n_clusters):  # a sitting is in one half, and so is what two of them have in common
                inside = splits[mine[begin]] & splits[theirs[begin]] & bit != 0
                own[c] = inside and met[c]
                if inside:
                    for k in range(begin, ends[c]):
                        q[k] = shares[obj[mine[k]], h]
                    chance[m] = chance_met(q[begin : ends[c]])
                    m += 1
                begin = ends[c]
            s = n_sittings(sitting, mine, theirs, ends, own, n_clusters)
            if s < least:
                continue
            together[h, at + p] = 2 * s >= m
            odd[h, at + p] = log_tail_or_bound(chance[:m], s) < log_odd
