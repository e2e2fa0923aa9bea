"""What a pair did on the objects that both touched, and the timing null: who shared what is given, and each object's
times are handed to its sharers at random.

What is counted are meetings, of clusters of common objects (see `meetings.py`): P(S or more) is at most the tail of a
Poisson-binomial over the clusters' chances to be met. Where each object is a cluster of its own, these are the objects'
q_o, and the tail is exact given the slots.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from unisono.maths.bounds import log_tail_or_bound
from unisono.maths.threads import in_pieces
from unisono.maths.types import F64, I8, I32, I64
from unisono.nulls.latency import Chances
from unisono.nulls.meetings import LEAST, are_met, chances_met, into_clusters, n_sittings
from unisono.nulls.touches import FirstTouches, Touched, matches
from unisono.pairs.arrays import rows_by_account

_WORK = 500_000_000


class _Accounts(NamedTuple):
    """speed: (n,) class of each touch; clocks: (n_accounts,)."""

    speed: I8
    clocks: I8


class _Out(NamedTuple):
    """Room for what is found: counts (5, n pairs), the others (n pairs,)."""

    counts: I64
    expected: F64
    log_p: F64
    log_p_speed: F64
    log_p_usual: F64


@dataclass(frozen=True)
class Observed:
    """One value per pair.

    n_common: objects that both touched; n_first: those of them with both first touches within the window
    meetings: the statistic S
    expected: sum of q_o over the common objects; log_p: log P(S or more) under the timing null; 0 where S < LEAST
    log_p_speed: the same with the chances that accounts of their speed and hours usually have on such an object
    log_p_usual: the same with the chances of other objects in place of these: for objects that a group has to itself
    n_open: common objects with 0 < q_o < 1; with none of them the timing null can say nothing
    n_choices: the smaller number of distinct posts behind n_common; five hashtags of one post are one choice
    """

    n_common: I64
    n_first: I64
    meetings: I64
    expected: F64
    log_p: F64
    log_p_speed: F64
    log_p_usual: F64
    n_open: I64
    n_choices: I64


def observe(
    first: FirstTouches, touch_speed: I8, clocks: I8, chance: Chances, a: I64, b: I64, reference: bool = True
) -> Observed:
    """Of the pairs (a[i], b[i]). touch_speed: (n,) class of each touch; clocks: (n_accounts,).

    reference: False leaves log_p_usual at 0, for those who do not look at it.
    """
    out = _Out(np.zeros((5, len(a)), np.int64), *(np.zeros(len(a)) for _ in range(4)))
    touched, accounts = first.touched, _Accounts(touch_speed, clocks)

    def look(begin: int, end: int) -> None:
        _observe(touched, accounts, chance, reference, a, b, begin, end, out)

    in_pieces(look, len(a))
    n_common, n_first, meetings, n_open, n_choices = out.counts
    return Observed(
        n_common, n_first, meetings, out.expected, out.log_p, out.log_p_speed, out.log_p_usual, n_open, n_choices
    )


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
def common_rows(touched: Touched, u: int, v: int, mine: I32, theirs: I32) -> int:
    """Fill the rows of two accounts on the objects that both touched; returns how many those are."""
    start, rows = touched.start, touched.rows
    n = matches(touched.objects, start[u], start[u + 1], start[v], start[v + 1], mine, theirs)
    for k in range(n):
        mine[k], theirs[k] = rows[mine[k]], rows[theirs[k]]
    return n


@njit(cache=True, nogil=True)
def _observe(
    touched: Touched, accounts: _Accounts, chance: Chances, reference: bool, a: I64, b: I64, begin: int,
    end: int, out: _Out,
) -> None:  # fmt: skip
    """Pairs begin to end - 1."""
    start, obj, t, sitting, post = touched.start, touched.object, touched.t, touched.sitting, touched.post
    speed, clocks = accounts.speed, accounts.clocks
    for p in range(begin, end):
        room = min(start[a[p] + 1] - start[a[p]], start[b[p] + 1] - start[b[p]])
        mine, theirs = np.empty(room, np.int32), np.empty(room, np.int32)
        n = common_rows(touched, a[p], b[p], mine, theirs)
        hits, n_open, expected = 0, 0, 0.0
        for k in range(n):
            q = chance.share[obj[mine[k]]]
            expected += q
            n_open += 0.0 < q < 1.0
            hits += abs(t[mine[k]] - t[theirs[k]]) <= chance.window_us
        ends, met = np.empty(n, np.int32), np.ones(n, np.bool_)
        n_clusters = into_clusters(post, mine, theirs, n, ends)
        out.counts[4, p] = n_sittings(post, mine, theirs, ends, met, n_clusters)
        n_clusters = into_clusters(sitting, mine, theirs, n, ends)
        are_met(t, mine, theirs, chance.window_us, ends, n_clusters, met)
        s = n_sittings(sitting, mine, theirs, ends, met, n_clusters)
        out.counts[0, p], out.counts[1, p], out.counts[2, p], out.counts[3, p] = n, hits, s, n_open
        out.expected[p] = expected
        if s < LEAST:
            continue
        by_slots, by_speed, by_others = np.empty(n), np.empty(n), np.empty(n)
        factor = chance.circadian[clocks[a[p]], clocks[b[p]]]
        for k in range(n):
            i, j = mine[k], theirs[k]
            x, y, o = speed[i], speed[j], obj[i]
            by_slots[k] = chance.share[o]
            by_speed[k] = min(factor * chance.usual[chance.place[o], x, y], 1.0)
            by_others[k] = min(factor * max(chance.typical, chance.overall[x, y]), 1.0)
        out.log_p[p] = log_tail_or_bound(chances_met(by_slots, ends, n_clusters), s)
        out.log_p_speed[p] = log_tail_or_bound(chances_met(by_speed, ends, n_clusters), s)
        if reference:
            out.log_p_usual[p] = log_tail_or_bound(chances_met(by_others, ends, n_clusters), s)
