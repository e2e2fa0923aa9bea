"""Who came first, occasion by occasion: the common ground of pairs and groups.

An occasion is a sitting: a stretch of a group's co-actions with no pause longer than PAUSE_US, a day at most. Within
a sitting, orders are not independent (whoever logs in first is first on everything that follows), so a sitting is one
observation however many objects it holds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from unisono.maths.sign_flip import sign_flip_tail
from unisono.maths.types import F64, I64, Bools

PAUSE_US = 3_600_000_000
"""Longest pause inside a sitting, microseconds (the largest co-action window, if that is longer)."""
DAY_US = 86_400_000_000
_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Places:
    """k accounts of groups, sorted by (group, account).

    group, account: (k,) numbers as given
    n_objects: (k,) objects of a sitting on which the account met another of the group
    first: (k,) share of the others that it came before: mean over sittings of the mean over the sitting's objects; a
    tie counts half, 0.5 is what chance gives
    scores: k arrays, one 2 x share - 1 per sitting
    """

    group: I64
    account: I64
    n_objects: I64
    first: F64
    scores: list[F64]

    @property
    def n_sittings(self) -> I64:
        """(k,) sittings."""
        return np.array([len(s) for s in self.scores], np.int64)


def tails(scores: list[F64]) -> F64:
    """(k,) p of coming first so often, one for each array of scores; exact where orders are exchangeable."""
    return np.array([sign_flip_tail(s) for s in scores], np.float64)


def places(group: I64, account: I64, obj: I64, t: I64, pause_us: int = PAUSE_US) -> Places:
    """Places of accounts in groups from their touches; n rows in any order, repeats allowed.

    group, account, obj: (n,) numbers; t: (n,) microseconds. Only the first touch of an object in a sitting counts.
    """
    order = np.lexsort((account, obj, t, group))
    group, account, obj, t = group[order], account[order], obj[order], t[order]
    sitting = sittings(group, t, pause_us)
    order = np.lexsort((t, account, obj, sitting))
    sitting, obj, account, group, t = (x[order] for x in (sitting, obj, account, group, t))
    first = _changes(sitting, obj, account)
    sitting, obj, account, group, t = (x[first] for x in (sitting, obj, account, group, t))
    share, met = _share_before(np.cumsum(_changes(sitting, obj)) - 1, t)
    sitting, account, group, share = sitting[met], account[met], group[met], share[met]
    # One number per account and sitting, then one per account; shares are sorted too, so that sums never depend on
    # how objects are numbered.
    order = np.lexsort((share, sitting, account, group))
    sitting, account, group, share = sitting[order], account[order], group[order], share[order]
    there = _changes(group, account, sitting)
    at = np.flatnonzero(there)
    cell = np.cumsum(there) - 1
    n = np.bincount(cell, minlength=len(at)).astype(np.int64)
    per_sitting = np.bincount(cell, weights=share, minlength=len(at)) / n
    who = _changes(group[at], account[at])
    begin = np.flatnonzero(who)
    scores = np.split(2 * per_sitting - 1, begin[1:]) if len(begin) else []
    objects = np.bincount(np.cumsum(who) - 1, weights=n, minlength=len(begin)).astype(np.int64)
    shares = np.clip([(s.mean() + 1) / 2 for s in scores], 0.0, 1.0)
    return Places(group[at][begin], account[at][begin], objects, shares, scores)


def sittings(group: I64, t: I64, pause_us: int = PAUSE_US) -> I64:
    """Number of the sitting of each row; rows sorted by (group, t)."""
    if not len(t):
        return np.zeros(0, np.int64)
    new = np.concatenate([[True], (group[1:] != group[:-1]) | (np.diff(t) > pause_us)])
    begin = t[new][np.cumsum(new) - 1]
    day = (t - begin) // DAY_US
    new[1:] |= day[1:] != day[:-1]
    return np.cumsum(new).astype(np.int64) - 1


def wilson(share: F64, n: I64) -> tuple[F64, F64]:
    """95 % interval of a mean of n values in [0, 1], as if each were 0 or 1 (the widest that they can be).

    Wilson, JASA 22 (1927). n >= 1.
    """
    z2 = _Z95**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 / (1 + z2 / n) * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def _changes(*columns: I64) -> Bools:
    """Rows that differ from the row before in any column; the first row does."""
    new = np.zeros(len(columns[0]), np.bool_)
    new[:1] = True
    for c in columns:
        new[1:] |= c[1:] != c[:-1]
    return new


def _share_before(cell: I64, t: I64) -> tuple[F64, Bools]:
    """Share of the others of its cell that a row came before, ties half; and whether there were others.

    cell: (n,) sorted numbers. A share is (n - mid-rank) / (n - 1).
    """
    order = np.lexsort((t, cell))
    c, s = cell[order], t[order]
    size = np.bincount(c, minlength=len(c))[c] if len(c) else np.zeros(0, np.int64)
    run = np.cumsum(_changes(c, s)) - 1
    middle = np.bincount(run, weights=np.arange(len(c)))[run] / np.bincount(run)[run] if len(c) else np.zeros(0)
    rank = middle - np.searchsorted(c, c)  # from 0
    share = np.empty(len(c))
    share[order] = (size - 1 - rank) / np.maximum(size - 1, 1)
    met = np.empty(len(c), np.bool_)
    met[order] = size > 1
    return share, met
