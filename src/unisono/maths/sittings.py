"""Sittings: runs of one account's acts without a long pause, and none across the hours at which the account rests."""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.maths.types import I32, I64

PAUSE_US = 30 * 60 * 1_000_000
"""The longest pause inside a sitting."""
DAY_US = 86_400_000_000
MOST_ACCOUNTS = 100_000_000
"""An account's number and a time of day are sorted as one number of 63 bits."""


def sittings_of(account: I32, t: I64, n_accounts: int, pause_us: int = PAUSE_US) -> I64:
    """(n,) number of the sitting of each act: from 0 without gaps, increasing with (account, time).

    A sitting ends at a pause longer than `pause_us`, and in the middle of the account's longest quiet stretch of a day,
    so that none is longer than a day. account: (n,) numbers below n_accounts; t: (n,) microseconds UTC; in any order.
    """
    if n_accounts > MOST_ACCOUNTS:
        raise ValueError(f"{n_accounts:,} accounts: sittings are told apart for {MOST_ACCOUNTS:,}")
    turn = turns_of_day(account, t, n_accounts)
    order = np.lexsort((t, account))
    return _number(account, t, order, turn, pause_us)


def turns_of_day(account: I32, t: I64, n_accounts: int) -> I64:
    """(n_accounts,) microseconds after midnight UTC at which each account's own day begins: the middle of the largest
    gap, around the clock, between the times of day of its acts; the earliest of several as large; 0 without an act."""
    times = account.astype(np.int64) * DAY_US + t % DAY_US
    times.sort()
    return _turns(times, n_accounts)


@njit(cache=True, nogil=True)
def _turns(times: I64, n_accounts: int) -> I64:
    """times: sorted account * DAY_US + time of day. The turn lies after the act before it, at or before the next."""
    turn = np.zeros(n_accounts, np.int64)
    begin = 0
    while begin < times.size:
        account = times[begin] // DAY_US
        end = begin + 1
        widest, at = np.int64(-1), np.int64(0)
        while end < times.size and times[end] // DAY_US == account:
            if times[end] - times[end - 1] > widest:
                widest, at = times[end] - times[end - 1], times[end - 1]
            end += 1
        across = times[begin] + DAY_US - times[end - 1]
        if across > widest:
            widest, at = across, times[end - 1]
        turn[account] = (at - account * DAY_US + (widest + 1) // 2) % DAY_US
        begin = end
    return turn


@njit(cache=True, nogil=True)
def _number(account: I32, t: I64, order: I64, turn: I64, pause_us: int) -> I64:
    """order: rows by (account, time)."""
    out = np.empty(order.size, np.int64)
    sitting = np.int64(-1)
    for k in range(order.size):
        row, before = order[k], order[k - 1]
        begins = k == 0 or account[row] != account[before]
        if not begins:
            day = (t[row] - turn[account[row]]) // DAY_US
            begins = t[row] - t[before] > pause_us or day != (t[before] - turn[account[row]]) // DAY_US
        sitting += begins
        out[row] = sitting
    return out
