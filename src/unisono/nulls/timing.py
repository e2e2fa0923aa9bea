"""What a pair did on the objects that both touched, and the timing null: who shared what is given, and each object's
times are handed to its sharers at random.

P(S or more) is then the tail of a Poisson-binomial over the objects' q_o, exact given the slots. Co-actions of the
same post are one occasion; the tail at S <= n_first over all common objects is an upper bound where posts touch
several objects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit, prange

from unisono.maths.bounds import log_tail_or_bound
from unisono.maths.types import F64, I8, I32, I64
from unisono.nulls.latency import Chances
from unisono.nulls.touches import FirstTouches, matches
from unisono.pairs.arrays import rows_by_account

_WORK = 500_000_000


@dataclass(frozen=True)
class Observed:
    """One value per pair.

    n_common: objects that both touched; n_first: those of them with both first touches within the window
    occasions: the statistic S, the smaller number of distinct posts behind n_first
    expected: sum of q_o over the common objects; log_p: log P(S or more) under the timing null
    log_p_speed: the same with the chances that accounts of their speed and hours usually have on such an object
    log_p_usual: the same with the chances of other objects in place of these: for objects that a group has to itself
    n_open: common objects with 0 < q_o < 1; with none of them the timing null can say nothing
    n_choices: the smaller number of distinct posts behind n_common; five hashtags of one post are one choice
    """

    n_common: I64
    n_first: I64
    occasions: I64
    expected: F64
    log_p: F64
    log_p_speed: F64
    log_p_usual: F64
    n_open: I64
    n_choices: I64


def observe(first: FirstTouches, touch_speed: I8, clocks: I8, chance: Chances, a: I64, b: I64) -> Observed:
    """Of the pairs (a[i], b[i]). touch_speed: (n,) class of each touch; clocks: (n_accounts,)."""
    counts = np.zeros((5, len(a)), np.int64)
    expected, log_p, log_p_speed, log_p_usual = (np.zeros(len(a)) for _ in range(4))
    _observe(
        first.start, first.rows, first.object[first.rows], first.object, first.t, first.post, touch_speed, clocks,
        chance.share, chance.usual, chance.awake, chance.overall, chance.typical, chance.window_us, first.lone, a, b,
        counts,
        expected, log_p, log_p_speed, log_p_usual,
    )  # fmt: skip
    return Observed(counts[0], counts[1], counts[2], expected, log_p, log_p_speed, log_p_usual, counts[3], counts[4])


def timing_family(first: FirstTouches, k: int, work: int = _WORK) -> int:
    """Pairs that share at least k objects at any time, at least 1: a function of who shared what.

    Counted while that takes at most `work` steps; beyond, the bound sum over objects of C(N_o, 2) / k, with N_o
    counted among accounts with at least k objects.
    """
    rows = np.flatnonzero(np.diff(first.start)[first.account] >= k)
    account, obj = first.account[rows], first.object[rows]
    n = np.bincount(obj, minlength=len(first.n_sharers)).astype(np.int64)
    steps = int((n * (n - 1) // 2).sum())
    if steps > work:
        return max(steps // k, 1)
    slots = np.concatenate([[0], np.cumsum(n)])
    start, own = rows_by_account(account, first.n_accounts)
    return max(int(_n_sharing(start, own, obj, slots, account, k)), 1)


@njit(cache=True, nogil=True)
def _n_sharing(start: I64, own: I32, obj: I32, slots: I64, account: I32, k: int) -> int:
    n, common = 0, np.zeros(start.size - 1, np.int32)
    for a in range(start.size - 1):
        for i in own[start[a] : start[a + 1]]:
            for j in range(slots[obj[i]], slots[obj[i] + 1]):
                b = account[j]
                common[b] += 1
                n += common[b] == k and b > a
        for i in own[start[a] : start[a + 1]]:
            for j in range(slots[obj[i]], slots[obj[i] + 1]):
                common[account[j]] = 0
    return n


@njit(cache=True, nogil=True)
def distinct(mine: I32, theirs: I32) -> int:
    """Occasions: the smaller number of different posts on either side."""
    return int(min(np.unique(mine).size, np.unique(theirs).size))


@njit(cache=True, nogil=True)
def common_rows(start: I64, rows: I32, objects: I32, u: int, v: int, mine: I32, theirs: I32) -> int:
    """Fill the rows of two accounts on the objects that both touched; returns how many those are.

    objects: those of `rows`, in a row of their own: followed through `rows` each would be a miss of the cache.
    """
    n = matches(objects, start[u], start[u + 1], start[v], start[v + 1], mine, theirs)
    for k in range(n):
        mine[k], theirs[k] = rows[mine[k]], rows[theirs[k]]
    return n


@njit(cache=True, nogil=True, parallel=True)
def _observe(
    start: I64, rows: I32, objects: I32, obj: I32, t: I64, post: I32, speed: I8, clocks: I8, share: F64, usual: F64,
    awake: F64, overall: F64, typical: float, window: int, lone: bool, a: I64, b: I64, counts: I64, expected: F64,
    log_p: F64, log_p_speed: F64, log_p_usual: F64,
) -> None:  # fmt: skip
    for p in prange(a.size):
        room = min(start[a[p] + 1] - start[a[p]], start[b[p] + 1] - start[b[p]])
        mine, theirs = np.empty(room, np.int32), np.empty(room, np.int32)
        n = common_rows(start, rows, objects, a[p], b[p], mine, theirs)
        mine, theirs = mine[:n], theirs[:n]
        chance, by_speed, by_others = share[obj[mine]], np.empty(n), np.empty(n)
        close = np.abs(t[mine] - t[theirs]) <= window
        factor = awake[clocks[a[p]], clocks[b[p]]]
        for k in range(n):
            x, y = speed[mine[k]], speed[theirs[k]]
            by_speed[k] = min(factor * usual[obj[mine[k]], x, y], 1.0)
            by_others[k] = min(factor * max(typical, overall[x, y]), 1.0)
        hits = close.sum()
        s = hits if lone or hits < 2 else distinct(post[mine[close]], post[theirs[close]])
        counts[0, p], counts[1, p], counts[2, p] = n, hits, s
        counts[3, p] = np.sum((chance > 0) & (chance < 1))
        counts[4, p] = n if lone or n < 2 else distinct(post[mine], post[theirs])
        expected[p] = chance.sum()
        log_p[p] = log_tail_or_bound(chance, s)
        log_p_speed[p] = log_tail_or_bound(by_speed, s)
        log_p_usual[p] = log_tail_or_bound(by_others, s)
