"""First touches: what every null model is about, one row per account and object, in two orders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numba import njit

from unisono.maths.sittings import DAY_US, PAUSE_US, sittings_of
from unisono.maths.types import F64, I32, I64
from unisono.pairs.arrays import Flags, TraceArrays, acts_of, rows_by_account, starts
from unisono.pairs.chance import share_of
from unisono.pairs.ranges import touches


class Touched(NamedTuple):
    """First touches as a kernel reads them: see `FirstTouches`. objects: those of `rows`, in a row of their own, since
    followed through `rows` each would be a miss of the cache."""

    start: I64
    rows: I32
    objects: I32
    object: I32
    t: I64
    sitting: I32
    post: I32


@dataclass(frozen=True)
class FirstTouches:
    """n first touches of one trace, sorted by (object, time); accounts and objects numbered as in the traces.

    account, object, post: (n,); t: (n,) microseconds UTC
    sitting: (n,) number of the sitting in which the account touched it; those of an account follow one another in time
    slots: (n_objects + 1,) touches of object o are rows slots[o] to slots[o + 1] - 1
    start, rows: CSR index from an account to its rows, in object order
    tested: (n_accounts,) accounts of the test family: at least two objects that others touched as well
    """

    account: I32
    object: I32
    post: I32
    t: I64
    sitting: I32
    slots: I64
    start: I64
    rows: I32
    tested: Flags

    def __len__(self) -> int:
        return len(self.t)

    @cached_property
    def touched(self) -> Touched:
        """For kernels."""
        return Touched(self.start, self.rows, self.object[self.rows], self.object, self.t, self.sitting, self.post)

    @property
    def n_accounts(self) -> int:
        """Accounts, tested or not."""
        return len(self.tested)

    @cached_property
    def n_sharers(self) -> I64:
        """(n_objects,) accounts on each object."""
        return np.diff(self.slots)

    @cached_property
    def born(self) -> I64:
        """(n_objects,) time of each object's first touch by anybody; 0 where it has none."""
        out = np.zeros(len(self.n_sharers), np.int64)
        some = self.n_sharers > 0
        out[some] = self.t[self.slots[:-1][some]]
        return out

    @cached_property
    def n_pairs(self) -> int:
        """Pairs of accounts of the test family; a function of who shared what, blind to time."""
        n = int(self.tested.sum())
        return n * (n - 1) // 2


def first_touches(arrays: TraceArrays, sitting: I32 | None = None) -> FirstTouches:
    """The first touch of every account on every object. Ties keep the traces' order.

    post: the act, which is the post where the source named one (see `acts_of`). sitting: (n,) of each row, from all
    behaviours of the accounts; by default from this one.
    """
    first, _ = touches(arrays.account, arrays.object, len(arrays.account_ids))
    if sitting is None:
        sitting = sittings_of(arrays.account, arrays.t, len(arrays.account_ids)).astype(np.int32)
    return index_touches(
        arrays.account[first], arrays.object[first], acts_of(arrays)[first], arrays.t[first],
        len(arrays.account_ids), len(arrays.object_ids), sitting[first],
    )  # fmt: skip


def index_touches(
    account: I32, obj: I32, post: I32, t: I64, n_accounts: int, n_objects: int, sitting: I32 | None = None
) -> FirstTouches:
    """The same from arrays that hold first touches only, sorted by (object, time). sitting: by default from these."""
    if sitting is None:
        sitting = sittings_of(account, t, n_accounts).astype(np.int32)
    slots = starts(obj, n_objects)
    start, rows = rows_by_account(account, n_accounts)
    shared = (np.diff(slots) >= 2)[obj]
    tested = np.bincount(account[shared], minlength=n_accounts) >= 2
    return FirstTouches(account, obj, post, t, sitting, slots, start, rows, tested)


def in_longer_sittings(first: FirstTouches, window_us: int) -> FirstTouches:
    """The same with sittings joined that are no more than the window apart, as long as none gets longer than a day: a
    pause that is shorter than the window keeps no two coincidences apart."""
    if window_us <= PAUSE_US:
        return first
    order = np.lexsort((first.t, first.account))
    return replace(first, sitting=_joined(first.account, first.t, first.sitting, order, window_us))


@njit(cache=True, nogil=True)
def _joined(account: I32, t: I64, sitting: I32, order: I64, pause: int) -> I32:
    """order: rows by (account, time)."""
    out, number, begin = np.empty(t.size, np.int32), np.int32(-1), np.int64(0)
    k = 0
    while k < order.size:  # a sitting as it was, whole
        row, before, end = order[k], order[k - 1], k + 1
        while end < order.size and sitting[order[end]] == sitting[row]:
            end += 1
        joins = k > 0 and account[row] == account[before] and t[row] - t[before] <= pause
        if not joins or t[order[end - 1]] - begin > DAY_US:
            number += 1
            begin = t[row]
        out[order[k:end]] = number
        k = end
    return out


def slot_share(first: FirstTouches, window_us: int) -> F64:
    """(n_objects,) share of each object's slot pairs within the window, q_o; NaN where it has one sharer."""
    return share_of(first.slots, first.t, window_us)


@njit(cache=True, nogil=True)
def matches(values: I32, i: int, i_end: int, j: int, j_end: int, mine: I32, theirs: I32) -> int:
    """Places of the values that two sorted runs of `values` share, from i and from j; returns how many those are.

    Without branches: which of the two runs is behind cannot be foreseen.
    """
    n = 0
    while i < i_end and j < j_end:
        x, y = values[i], values[j]
        mine[n], theirs[n] = i, j
        n += x == y
        i += x <= y
        j += y <= x
    return n
