"""Who of a group is always first: it may lead, be the source of the others, or be shadowed by them.

Ten accounts that copy each act of an eleventh within seconds make it a member, and its partner in every link. Order
cannot tell who is to blame, so such an account is marked and counted apart. Per member and sitting of its own with
another member's touch of the same object within the window: *first* where no member touched any of these objects before
it, *follows* where one did; a tie with nobody before is neither. Were the order of those who are there chance, it would
be first with probability 1 / (1 + its largest company on one object); p is the Poisson-binomial tail of the sittings in
which it is first. Marked: first in LEAST_SHARE of the sittings or more, and p <= LARGEST_P.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from unisono.edges.layers import Load
from unisono.maths.tails import log_poisson_binomial_tail
from unisono.maths.types import F64, I32, I64
from unisono.nulls.touches import FirstTouches, first_touches
from unisono.pairs.arrays import Flags
from unisono.pairs.sittings import Sittings
from unisono.pairs.windows import usable

LEAST_SHARE, LARGEST_P = 0.8, 0.01


class Turns(NamedTuple):
    """k sittings of members with company, by group and sitting: group, account: (k,); before, tied: (k,) whether a
    member was there before it, or at the same time; company: (k,) most other members on one object."""

    group: I64
    account: I64
    before: Flags
    tied: Flags
    company: I64


class Order(NamedTuple):
    """Per row of `members`: sittings in which it was first, in which it followed, p of the former, and the mark."""

    n_first: I64
    n_follows: I64
    p: F64
    always_first: Flags


def order_of(members: pa.Table, layers: dict[str, list[int]], load: Load, sittings: Sittings) -> Order:
    """Of every member of every group. members: group_id, account_id. layers: traces and windows in which groups have
    links; of several windows the widest."""
    ids = sittings.account_ids
    group = pc.dictionary_encode(members["group_id"].combine_chunks()).indices.to_numpy().astype(np.int64)
    account = np.asarray(pc.fill_null(pc.index_in(members["account_id"].cast(pa.string()), ids), -1), np.int64)
    parts = []
    for trace, windows in sorted(layers.items()):
        arrays, resolution = load(trace)
        fits = usable(resolution, max(windows))
        first = first_touches(arrays.take(fits), sittings.of(arrays)[fits])
        number = np.full(len(ids), -1, np.int64)
        there = np.asarray(pc.index_in(arrays.account_ids, ids), np.int64)
        number[there] = np.arange(len(there))
        parts.append(_touches_in_company(first, group, number[account], account, max(windows)))
    return judged(_by_sitting(np.concatenate([np.empty((0, 6), np.int64), *parts])), group, account)


def judged(turns: Turns, group: I64, account: I64) -> Order:
    """From sittings to members. group, account: of each member."""
    first, follows = ~turns.before & ~turns.tied, turns.before
    n_first, n_follows, p = np.zeros(len(group), np.int64), np.zeros(len(group), np.int64), np.ones(len(group))
    size = max(turns.account.max(initial=0), account.max(initial=0)) + 1
    told = np.flatnonzero(first | follows)  # these are in the order of group and account
    key = turns.group[told] * size + turns.account[told]
    for k, wanted in enumerate((group * size + account).tolist()):
        own = told[np.searchsorted(key, wanted) : np.searchsorted(key, wanted, side="right")]
        n_first[k], n_follows[k] = int(first[own].sum()), int(follows[own].sum())
        if n_first[k]:
            chance: F64 = 1.0 / (1.0 + turns.company[own].astype(np.float64))
            p[k] = float(np.exp(log_poisson_binomial_tail(chance, n_first[k])))
    share = n_first / np.maximum(n_first + n_follows, 1)
    return Order(n_first, n_follows, p, (share >= LEAST_SHARE) & (p <= LARGEST_P))


def _touches_in_company(first: FirstTouches, group: I64, own: I64, account: I64, window_us: int) -> I64:
    """(k, 6) touches of members with another member within the window: group, account of the study, sitting, others
    before, at the same time, after. own: each member's number in the trace, -1 where it is not there."""
    out = [np.empty((0, 6), np.int64)]
    for g in np.unique(group):
        here = np.flatnonzero((group == g) & (own >= 0))
        if len(here) < 2:
            continue
        rows = np.sort(np.concatenate([first.rows[first.start[u] : first.start[u + 1]] for u in own[here]]))
        of = np.zeros(first.n_accounts, np.int64)
        of[own[here]] = account[here]
        before, same, after = beside(first.object[rows], first.t[rows], window_us)
        some = before + same + after > 0
        kept = rows[some]
        columns = (np.full(len(kept), g), of[first.account[kept]], first.sitting[kept], before[some], same[some],
                   after[some])  # fmt: skip
        out.append(np.column_stack(columns).astype(np.int64))
    return np.concatenate(out)


def _by_sitting(touches: I64) -> Turns:
    """touches: see `_touches_in_company`, of every trace."""
    order = np.lexsort((touches[:, 2], touches[:, 1], touches[:, 0]))  # a sitting is of one account
    group, account, sitting, before, same, after = touches[order].T
    new = np.flatnonzero(np.r_[True, (np.diff(group) != 0) | (np.diff(sitting) != 0)][: len(group)])
    if not len(new):
        none = np.zeros(0, np.bool_)
        return Turns(group, account, none, none, before)
    most = [np.maximum.reduceat(x, new) for x in (before, same, before + same + after)]
    return Turns(group[new], account[new], most[0] > 0, most[1] > 0, most[2])


@njit(cache=True, nogil=True)
def beside(obj: I32, t: I64, window: int) -> tuple[I64, I64, I64]:
    """Per row, of its object within the window: rows before it, other rows of its time, rows after it.

    obj, t: (n,) sorted by (object, time), one row per account.
    """
    n = obj.size
    before, same, after = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    begin = low = tie = next_ = end = 0
    for i in range(n):
        if obj[i] != obj[begin]:
            begin = low = tie = i
        while t[low] < t[i] - window:
            low += 1
        if t[tie] != t[i]:
            tie = i
        next_, end = max(next_, i), max(end, i)
        while next_ < n and obj[next_] == obj[i] and t[next_] == t[i]:
            next_ += 1
        while end < n and obj[end] == obj[i] and t[end] <= t[i] + window:
            end += 1
        before[i], same[i], after[i] = tie - low, next_ - tie - 1, end - next_
    return before, same, after
