"""From sorted traces to what each account has to walk: in-window ranges, and who cannot matter."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numba import njit

from unisono.maths.types import I32, I64
from unisono.pairs.arrays import Flags, TraceArrays, acts_of, rows_by_account
from unisono.pairs.kernel import Walk


@dataclass(frozen=True)
class Ranges:
    """What the kernel reads, for one window; n rows, m accounts (those left, renumbered).

    lo, hi: (n,) rows lo[i] to hi[i] - 1 are those of the same object within the window of row i
    code: (n,) 2 * account + 1 where the account has several rows on that object, else 2 * account
    start, rows: CSR index from account to rows
    first: (n,) whether this is the account's first touch of the object
    act: (n,) what each row's account did at once, which is its post where it has one (see `acts_of`)
    shared: whether some post has several accounts; only then posts are compared
    lone: whether every act has one row; then rows stand for acts
    work: (m,) in-window rows that each account walks over
    ranks: (m,) their ranks before anything was dropped
    """

    arrays: TraceArrays
    window_us: int
    lo: I32
    hi: I32
    code: I32
    start: I64
    rows: I32
    first: Flags
    act: I32
    shared: bool
    lone: bool
    work: I64
    ranks: I64

    @property
    def walk(self) -> Walk:
        """What the kernel walks over."""
        return Walk(self.start, self.rows, self.lo, self.hi, self.code, self.arrays.object, self.act)


def prepare(arrays: TraceArrays, window_us: int, min_objects: int) -> Ranges:
    """Ranges for one window, after dropping rows that no kept pair can use.

    A row with no other account in its window co-acts with nobody. An account with fewer than `min_objects`
    objects left cannot be in a kept pair, and dropping it may strand others: repeat while that pays (what is
    left over costs time, never a wrong count). First touches are marked before anything is dropped.
    """
    n_accounts = len(arrays.account_ids)
    first, _ = touches(arrays.account, arrays.object, n_accounts)
    while True:
        accompanied = has_co_actor(arrays.account, arrays.object, arrays.t, window_us)
        touch, _ = touches(arrays.account[accompanied], arrays.object[accompanied], n_accounts)
        n_objects = np.bincount(arrays.account[accompanied][touch], minlength=n_accounts)
        useful = accompanied & (n_objects >= min_objects)[arrays.account]
        share = np.count_nonzero(useful) / max(len(useful), 1)
        if share < 1:
            arrays, first = arrays.take(useful), first[useful]
        if share > 0.9 or not len(arrays):
            return _ranges(arrays, first, window_us)


def _ranges(arrays: TraceArrays, first: Flags, window_us: int) -> Ranges:
    # The kernel's memory is per account number: those that are left are renumbered, in the same order.
    there = np.bincount(arrays.account, minlength=len(arrays.account_ids)) > 0
    account = (np.cumsum(there) - 1).astype(np.int32)[arrays.account]
    arrays = replace(arrays, account=account, account_ids=arrays.account_ids.filter(pa.array(there)))
    n_accounts = len(arrays.account_ids)
    lo, hi = in_window(arrays.object, arrays.t, window_us)
    start, rows = rows_by_account(arrays.account, n_accounts)
    _, several = touches(arrays.account, arrays.object, n_accounts)
    act = acts_of(arrays)
    shared, lone = _posts(act, arrays.account, len(arrays.post_ids))
    work = np.bincount(arrays.account, weights=hi - lo, minlength=n_accounts).astype(np.int64)
    code = (2 * arrays.account + several).astype(np.int32)
    ranks = np.flatnonzero(there)
    return Ranges(arrays, window_us, lo, hi, code, start, rows, first, act, bool(shared), bool(lone), work, ranks)


@njit(cache=True, nogil=True)
def in_window(obj: I32, t: I64, window: int) -> tuple[I32, I32]:
    n = obj.size
    lo, hi = np.empty(n, np.int32), np.empty(n, np.int32)
    left = right = 0
    for i in range(n):
        while obj[left] != obj[i] or t[i] - t[left] > window:
            left += 1
        right = max(right, i)
        while right < n and obj[right] == obj[i] and t[right] - t[i] <= window:
            right += 1
        lo[i], hi[i] = left, right
    return lo, hi


@njit(cache=True, nogil=True)
def has_co_actor(account: I32, obj: I32, t: I64, window: int) -> Flags:
    """Rows with another account's row on the same object within the window, before or after."""
    n = obj.size
    out = np.zeros(n, np.bool_)
    other = -1  # the last row before i on this object by an account that is not i's
    for i in range(1, n):
        if obj[i] != obj[i - 1]:
            other = -1
        else:
            if account[i] != account[i - 1]:
                other = i - 1
            if other >= 0 and t[i] - t[other] <= window:
                out[i] = True
    other = -1
    for i in range(n - 2, -1, -1):
        if obj[i] != obj[i + 1]:
            other = -1
        else:
            if account[i] != account[i + 1]:
                other = i + 1
            if other >= 0 and t[other] - t[i] <= window:
                out[i] = True
    return out


@njit(cache=True, nogil=True)
def touches(account: I32, obj: I32, n_accounts: int) -> tuple[Flags, Flags]:
    """Per row: is it its account's first on the object, and does the account have several there."""
    n = obj.size
    seen = np.full(n_accounts, -1, np.int64)  # the account's first row on the object last seen for it
    first, several = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    for i in range(n):
        j = seen[account[i]]
        if j >= 0 and obj[j] == obj[i]:
            several[i] = several[j] = True
        else:
            seen[account[i]] = i
            first[i] = True
    return first, several


@njit(cache=True, nogil=True)
def _posts(post: I32, account: I32, n_posts: int) -> tuple[bool, bool]:
    """Whether some post has several accounts; whether every post has one row."""
    owner = np.full(n_posts, -1, np.int32)
    shared, lone = False, True
    for i in range(post.size):
        if owner[post[i]] >= 0:
            lone = False
            shared |= owner[post[i]] != account[i]
        owner[post[i]] = account[i]
    return shared, lone
