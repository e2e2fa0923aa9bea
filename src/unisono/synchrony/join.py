"""Who met whom within the window, and on how many different days: an inverted index over ticks."""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.maths.types import I32, I64
from unisono.synchrony.acts import Acts

MAX_MEETINGS = 50_000_000
"""Meetings that are listed at most (16 bytes each for a moment); the most crowded windows are left out beyond that."""


def companions(acts: Acts, min_days: int, max_meetings: int = MAX_MEETINGS) -> tuple[I32, I32, I32, int]:
    """Pairs of accounts that met within the window on `min_days` days or more: a, b (a < b), days; and the crowd cap.

    All (pairs,), sorted by (a, b). A meeting's day is that of the cell of its earlier act. Where meetings would be
    more than `max_meetings`, acts with more acts in their window than the crowd cap meet nobody after them: that
    only lowers counts, so p-values stay valid, and the rarest coincidences stay in. The cap is -1 where nothing was
    left out. Raises ValueError where pairs x days do not fit 63 bits.
    """
    n_days = max(acts.n_days, 1)
    if acts.n_accounts**2 * n_days >= 2**63:
        raise ValueError(f"{acts.n_accounts} accounts on {n_days} days are too many for synchrony")
    order = np.lexsort((acts.account, acts.tick))
    tick, account, day = acts.tick[order], acts.account[order], acts.cell_day[acts.cell[order]]
    after = np.searchsorted(tick, tick + acts.grid.reach, side="right") - np.arange(1, len(tick) + 1)
    crowd = after + np.arange(1, len(tick) + 1) - np.searchsorted(tick, tick - acts.grid.reach)
    cap = _crowd_cap(after, crowd, max_meetings)
    after = np.where(crowd <= cap, after, 0)
    key = _meetings(account, day, after, acts.n_accounts, n_days)
    key.sort()
    pair = key[np.concatenate([[True], key[1:] != key[:-1]])[: len(key)]] // n_days
    begin = np.flatnonzero(np.concatenate([[True], pair[1:] != pair[:-1]])[: len(pair)])
    days = np.diff(np.append(begin, len(pair)))
    kept = days >= min_days
    pair, days = pair[begin[kept]], days[kept]
    a, b = np.divmod(pair, acts.n_accounts)
    left_out = cap < np.iinfo(np.int64).max
    return a.astype(np.int32), b.astype(np.int32), days.astype(np.int32), int(cap) if left_out else -1


def _crowd_cap(after: I64, crowd: I64, max_meetings: int) -> int:
    """The largest c with at most `max_meetings` meetings of acts that have c acts or fewer in their window."""
    if after.sum() <= max_meetings:
        return int(np.iinfo(np.int64).max)
    by_size = np.bincount(crowd, weights=after)
    return int(np.searchsorted(np.cumsum(by_size), max_meetings, side="right")) - 1


@njit(cache=True, nogil=True)
def _meetings(account: I32, day: I32, after: I64, n_accounts: int, n_days: int) -> I64:
    """(a * accounts + b) * days + day of each act with each of the next `after` ones, less those of one account."""
    out = np.empty(after.sum(), np.int64)
    n = 0
    for i in range(account.size):
        for j in range(i + 1, i + 1 + after[i]):
            a, b = min(account[i], account[j]), max(account[i], account[j])
            if a != b:
                out[n] = (np.int64(a) * n_accounts + b) * n_days + day[i]
                n += 1
    return out[:n]
