"""Groups that have their objects to themselves: judged by how fast other objects are shared.

Where only the group touched an object, its own curve says nothing: every time on it is the group's. What can be asked
is whether the group's objects are shared as slowly as objects usually are. Let f_o be the share of the pairs of members
on object o that are within the window. If objects the group touches are like others, E[f_o] <= q_ref, whatever the
dependence inside an object (a flash crowd on it, say), so f_o / q_ref is an e-value. Objects that the group touched
within BLOCK_US of one another may be the work of one sitting, or of one evening: their mean is an e-value still,
whatever depends on whatever, and the product over such blocks of 1 - THETA + THETA (mean of f_o / q_ref) is one too
(Vovk and Wang, Annals of Statistics 49 (2021)); 1 / e is a p-value. One block alone proves nothing, however rich.

q_ref is the largest of: what accounts outside the group usually have; the mean share over the objects that two members
touched but do not dominate (their diet: friends of breaking news share fast things only), shrunk to the former; and
what accounts of the members' speed usually have. Rejecting means "these objects are shared faster than what these
accounts and others share otherwise", again and again. A fan club that waits for one source does that too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit

from unisono.maths.bounds import log_tail_or_bound
from unisono.maths.sorting import distinct, sort_first
from unisono.maths.threads import in_pieces
from unisono.maths.types import F64, I8, I32, I64
from unisono.nulls.latency import LEAST_SHARERS, N_CLASSES, account_shares, typical_share
from unisono.nulls.meetings import LEAST, chances_met, into_clusters
from unisono.nulls.timing import common_rows
from unisono.nulls.touches import FirstTouches, Touched
from unisono.pairs.arrays import Flags

THETA = 0.5
BLOCK_US = 6 * 3_600_000_000
"""What a group does within so long may be one sitting or one event."""
_DIET = 10.0


@dataclass(frozen=True)
class Everyone:
    """What all accounts have, from which a group's part can be taken away.

    first: touches; speed: (n,) class of each; shares: (n_objects,) q_o; typical: (n_accounts,) see `account_shares`
    close, pairs: (N_CLASSES, N_CLASSES) whole numbers, see `_pooled`
    """

    first: FirstTouches
    speed: I8
    shares: F64
    window_us: int
    typical: F64
    close: F64
    pairs: F64


def everyone(first: FirstTouches, speed: I8, shares: F64, window_us: int) -> Everyone:
    """Pool all accounts, once for all groups."""
    objects, nobody = np.arange(len(first.slots) - 1), np.zeros(first.n_accounts, np.bool_)
    close, pairs = _pooled(first.slots, first.t, speed, first.account, nobody, objects, window_us)
    return Everyone(first, speed, shares, window_us, account_shares(first, shares), close, pairs)


def dominated_tail(usual: Everyone, members: I64) -> tuple[float, Flags]:
    """1 / e of a group on the objects that it dominates (half of the sharers or more), and which members it rests on.

    usual: of held-out touches.
    """
    first, speed, shares = usual.first, usual.speed, usual.shares
    own = np.sort(np.concatenate([first.rows[first.start[m] : first.start[m + 1]] for m in members]))
    objects, which, n_members = np.unique(first.object[own], return_inverse=True, return_counts=True)
    n_sharers = first.slots[objects + 1] - first.slots[objects]
    ruled = 2 * n_members >= n_sharers
    rows = own[(ruled & (n_members >= 2))[which]]
    if not len(rows):
        return 1.0, np.zeros(len(members), np.bool_)
    typical, overall = without(usual, members)
    diet = shares[objects[~ruled & (n_sharers >= LEAST_SHARERS) & (n_members >= 2)]]
    eaten = (diet.sum() + _DIET * typical) / (len(diet) + _DIET)
    begins = np.append(np.flatnonzero(np.r_[True, np.diff(first.object[rows]) != 0]), len(rows)).astype(np.int64)
    block = _blocks(first.t[rows[begins[:-1]]])
    log_e, close = _log_e(rows, begins, block, first.t, speed, overall, usual.window_us, max(typical, eaten))
    return float(np.exp(min(0.0, -log_e))), np.isin(members, first.account[rows[close]])


def dominating(first: FirstTouches, groups: list[I64]) -> Flags:
    """Which groups dominate an object that two of their members touched; the tail of the others is 1."""
    begins = np.cumsum([0, *(len(g) for g in groups)])
    members = np.concatenate([np.empty(0, np.int64), *groups])
    return _dominating(first.start, first.rows, first.object, first.slots, members, begins.astype(np.int64))


@njit(cache=True, nogil=True)
def _dominating(start: I64, rows: I32, obj: I32, slots: I64, members: I64, begins: I64) -> Flags:
    out = np.zeros(begins.size - 1, np.bool_)
    for g in range(begins.size - 1):
        own, size, n = members[begins[g] : begins[g + 1]], 0, 0
        for u in own:
            size += start[u + 1] - start[u]
        objects = np.empty(size, np.int32)
        for u in own:
            for i in rows[start[u] : start[u + 1]]:
                objects[n] = obj[i]
                n += 1
        sort_first(objects, size)
        many = 0
        for i in range(size):
            o = objects[i]
            many = many + 1 if i and objects[i - 1] == o else 1
            out[g] |= many >= 2 and 2 * many >= slots[o + 1] - slots[o]
    return out


def without(usual: Everyone, members: I64) -> tuple[float, F64]:
    """What the accounts outside a group have: typical share, and (N_CLASSES, N_CLASSES) pooled share by speed.

    The typical share is at least 1 / (pairs + 1), of all pairs of their touches on one object; so it is never 0.
    Counted anew on the group's objects alone. Counts are whole numbers, so that what is left of all is exact.
    """
    first = usual.first
    inside = _flags(first.n_accounts, members)
    own = distinct(np.concatenate([first.object[first.rows[first.start[m] : first.start[m + 1]]] for m in members]))
    args = (first.slots, first.t, usual.speed, first.account)
    close, pairs = usual.close.copy(), usual.pairs.copy()
    for left_out, sign in ((np.zeros_like(inside), -1), (inside, 1)):
        c, p = _pooled(*args, left_out, own.astype(np.int64), usual.window_us)
        close, pairs = close + sign * c, pairs + sign * p
    least = 1 / (pairs.sum() + 1)  # one coincidence more than was seen: where there was none, 0 is no estimate
    typical = max(typical_share(usual.typical[~inside]), float(least))
    return typical, (close + close.T) / np.maximum(pairs + pairs.T, 1.0)


def usual_tails(
    first: FirstTouches, speed: I8, usual: Sequence[tuple[float, F64]], inside: Flags, a: I64, b: I64, factor: F64,
    s: I64,
) -> F64:  # fmt: skip
    """log p of the reference test of the pairs (a[i], b[i]), by what is usual outside the groups that hold both: the
    largest of these; 0 where none does.

    speed: (n,) of each touch; usual: see `without`, of each group; inside: (n_groups, n_accounts); factor: (n_pairs,)
    of the hours of both; s: (n_pairs,) meetings.
    """
    typical, overall = np.array([x for x, _ in usual]), np.array([x for _, x in usual])
    out, touched, members = np.zeros(len(a)), first.touched, np.ascontiguousarray(inside.T)
    in_pieces(
        lambda begin, end: _usual_tails(touched, speed, typical, overall, members, a, b, factor, s, begin, end, out),
        len(a),
    )
    return out


@njit(cache=True, nogil=True)
def _usual_tails(
    touched: Touched, speed: I8, typical: F64, overall: F64, members: Flags, a: I64, b: I64, factor: F64, s: I64,
    begin: int, end: int, out: F64,
) -> None:  # fmt: skip
    """Pairs begin to end - 1. members: (n_accounts, n_groups)."""
    start = touched.start
    for p in range(begin, end):
        room = min(start[a[p] + 1] - start[a[p]], start[b[p] + 1] - start[b[p]])
        mine, theirs, chance = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room)
        n, largest = common_rows(touched, a[p], b[p], mine, theirs), -np.inf
        ends = np.empty(n, np.int32)
        n_clusters = into_clusters(touched.sitting, mine, theirs, n, ends)
        for g in range(typical.size):
            if members[a[p], g] and members[b[p], g]:
                for k in range(n):
                    chance[k] = min(factor[p] * max(typical[g], overall[g, speed[mine[k]], speed[theirs[k]]]), 1.0)
                largest = max(largest, log_tail_or_bound(chances_met(chance[:n], ends, n_clusters), s[p]))
        out[p] = largest if largest > -np.inf else 0.0


def _flags(n: int, members: I64) -> Flags:
    inside = np.zeros(n, np.bool_)
    inside[members] = True
    return inside


@njit(cache=True, nogil=True)
def _pooled(slots: I64, t: I64, speed: I8, account: I32, left_out: Flags, objects: I64, window: int) -> tuple[F64, F64]:
    """Pairs within the window, and pairs at all, by the classes of the two, over some objects.

    left_out: (n_accounts,).
    """
    close, pairs = np.zeros((N_CLASSES, N_CLASSES)), np.zeros((N_CLASSES, N_CLASSES))
    near, before = np.zeros(N_CLASSES), np.zeros(N_CLASSES)
    for o in objects:
        near[:], before[:] = 0, 0
        left = slots[o]
        for i in range(slots[o], slots[o + 1]):
            while t[i] - t[left] > window:
                if not left_out[account[left]]:
                    near[speed[left]] -= 1
                left += 1
            if not left_out[account[i]]:
                for k in range(N_CLASSES):
                    close[speed[i], k] += near[k]
                    pairs[speed[i], k] += before[k]
                near[speed[i]] += 1
                before[speed[i]] += 1
    return close, pairs


@njit(cache=True, nogil=True)
def _blocks(t: I64) -> I64:
    """(k,) number of each object's block, by the group's first touch of it: a block begins at the first touch that is
    BLOCK_US or more after the begin of the one before. t: (k,) microseconds."""
    order = np.argsort(t)
    out, block, begin = np.zeros(t.size, np.int64), np.int64(-1), np.int64(0)
    for k in order:
        if block < 0 or t[k] - begin >= BLOCK_US:
            block, begin = block + 1, t[k]
        out[k] = block
    return out


@njit(cache=True, nogil=True)
def _log_e(
    rows: I64, begins: I64, block: I64, t: I64, speed: I8, overall: F64, window: int, q_ref: float
) -> tuple[float, Flags]:
    """Log of the product over blocks, 0 where fewer than LEAST of them have two members together; and rows with another
    within the window."""
    n_blocks, close = block.max() + 1, np.zeros(rows.size, np.bool_)
    ratio, n_objects, n_near = np.zeros(n_blocks), np.zeros(n_blocks), np.zeros(n_blocks)
    for k in range(begins.size - 1):
        near, usual, m = 0, 0.0, begins[k + 1] - begins[k]
        for x in range(begins[k], begins[k + 1]):
            for y in range(begins[k], x):
                usual += overall[speed[rows[x]], speed[rows[y]]]
                if t[rows[x]] - t[rows[y]] <= window:
                    near += 1
                    close[x] = close[y] = True
        pairs = m * (m - 1) / 2
        ratio[block[k]] += (near / pairs) / min(max(q_ref, usual / pairs), 1.0)
        n_objects[block[k]] += 1
        n_near[block[k]] += near
    if (n_near > 0).sum() < LEAST:
        return 0.0, close
    return np.log(1.0 - THETA + THETA * ratio / n_objects).sum(), close
