"""Runs: what one account touched for the first time in one sitting; and which two runs have enough in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from unisono.maths.types import F64, I32, I64, Bools
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import starts

LEAST = 6
"""Objects that two runs share: of five, no order is rare enough to say anything."""
MOST_COMPARED = 5_000_000
"""Pairs of runs that are compared; the objects of most runs are left out until there are no more."""


@dataclass(frozen=True)
class Runs:
    """n runs of LEAST objects or more, each object touched by several accounts; n_acts first touches in all.

    start: (n + 1,) acts of run r are start[r] to start[r + 1] - 1, in the order of object numbers
    account: (n,); begin: (n,) microseconds UTC of the first of its acts that are here
    object, post, t: (n_acts,)
    born: (n_acts,) when another account first touched the object, microseconds UTC
    """

    start: I64
    account: I32
    begin: I64
    object: I32
    post: I32
    t: I64
    born: I64

    def __len__(self) -> int:
        return len(self.account)


@dataclass(frozen=True)
class Candidates:
    """a < b: (n_pairs,) runs of two accounts that share LEAST objects or more; n_left_out: objects that more than
    `most_runs` runs share, which are not looked at."""

    runs: Runs
    a: I64
    b: I64
    n_left_out: int = 0
    most_runs: int = 0


def runs_of(first: FirstTouches, without: Bools | None = None) -> Runs:
    """without: (n_objects,) objects that are left out."""
    stays = (first.n_sharers >= 2)[first.object]
    if without is not None:
        stays &= ~without[first.object]
    rows = np.flatnonzero(stays)
    rows = rows[np.lexsort((first.object[rows], first.sitting[rows]))]
    sitting = first.sitting[rows]
    begins = np.flatnonzero(np.diff(sitting, prepend=-1) != 0)
    long = np.repeat(np.diff(begins, append=len(rows)) >= LEAST, np.diff(begins, append=len(rows)))
    rows, sitting = rows[long], sitting[long]
    number = np.cumsum(np.diff(sitting, prepend=-1) != 0) - 1
    start = starts(number, int(number[-1]) + 1 if len(number) else 0)
    slot = first.slots[first.object[rows]]
    own = first.account[slot] == first.account[rows]
    born = first.t[slot + own]  # the second of an object of two accounts or more
    begin = np.minimum.reduceat(first.t[rows], start[:-1]) if len(rows) else np.empty(0, np.int64)
    account = first.account[rows][start[:-1]]
    return Runs(start, account, begin, first.object[rows], first.post[rows], first.t[rows], born)


def candidates(first: FirstTouches, most: int = MOST_COMPARED) -> Candidates:
    """All pairs of runs that share enough, unless more than `most` comparisons were needed: then without the objects
    that most runs share, the fewest that will do (halving the number of runs that may share one)."""
    runs, without, most_runs = runs_of(first), np.zeros(len(first.slots) - 1, np.bool_), 0
    while True:
        rank, shares = _rarest_first(runs, len(without))
        prefix = _prefixes(runs, rank, len(without))
        if prefix.comparisons <= most:
            break
        most_runs = (most_runs or int(shares.max())) // 2
        without |= shares > most_runs
        runs = runs_of(first, without)
    a, b = _sharing(runs.start, runs.account, prefix.rank, prefix.start, prefix.runs, int(prefix.comparisons))
    return Candidates(runs, a, b, int(without.sum()), most_runs)


@dataclass(frozen=True)
class _Prefix:
    """Which runs have an object among their rarest: all but LEAST - 1 of the commonest. Runs that share LEAST objects
    share one of those (the prefix filter of set joins: Chaudhuri, Ganti and Kaushik, ICDE 2006).

    rank: (n_acts,) of the objects of each run, ascending; start, runs: index from a rank to runs, ascending
    """

    rank: I32
    start: I64
    runs: I32
    comparisons: float


def _rarest_first(runs: Runs, n_objects: int) -> tuple[I32, I64]:
    """(n_objects,) place of each object when the rarest comes first; in how many runs each is."""
    shares = np.bincount(runs.object, minlength=n_objects)
    rank = np.empty(n_objects, np.int32)
    rank[np.argsort(shares, kind="stable")] = np.arange(n_objects, dtype=np.int32)
    return rank, shares


def _prefixes(runs: Runs, rank: I32, n_objects: int) -> _Prefix:
    number = np.repeat(np.arange(len(runs), dtype=np.int32), np.diff(runs.start))
    ranks = rank[runs.object]
    ranks = ranks[np.lexsort((ranks, number))]
    to_end = runs.start[1:][number] - np.arange(len(ranks))
    rare = np.flatnonzero(to_end >= LEAST)
    order = np.argsort(ranks[rare], kind="stable")
    start = starts(ranks[rare], n_objects)
    n: F64 = np.diff(start).astype(np.float64)
    return _Prefix(ranks, start, number[rare][order], float((n * (n - 1) / 2).sum()))


@njit(cache=True, nogil=True)
def _sharing(start: I64, account: I32, rank: I32, index: I64, listed: I32, most: int) -> tuple[I64, I64]:
    n = account.size
    a, b, found = np.empty(most, np.int64), np.empty(most, np.int64), 0
    seen = np.full(n, -1, np.int64)
    for j in range(n):
        for k in range(start[j], start[j + 1] - LEAST + 1):
            for at in range(index[rank[k]], index[rank[k] + 1]):
                i = listed[at]
                if i >= j:
                    break
                if seen[i] == j or account[i] == account[j]:
                    continue
                seen[i] = j
                if _share_enough(rank, start[i], start[i + 1], start[j], start[j + 1]):
                    a[found], b[found] = i, j
                    found += 1
    return a[:found].copy(), b[:found].copy()


@njit(cache=True, nogil=True)
def _share_enough(rank: I32, i: int, i_end: int, j: int, j_end: int) -> bool:
    n = 0
    while i < i_end and j < j_end and n < LEAST:
        x, y = rank[i], rank[j]
        n += x == y
        i += x <= y
        j += y <= x
    return n >= LEAST
