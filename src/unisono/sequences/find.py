"""Sittings that go through the same things in the same order, and the evidence that it is no habit of everybody's.

Two sittings of different accounts that share LEAST things or more are compared where one is over before the other
begins: of two that read the same news as it comes in, the order is the news'. The e-value of the one given the other is

    P(order | it follows the other's) / max over habits of P(order | habit),

the first by Mallows' model about the other's order (mean over some strengths), the second by the same model about the
order in which the things were born, or about their popularity, towards it or away from it, at the strength that makes
it largest. Whoever reads the newest first, the oldest first, or a list of the most shared, with any constancy, has
E[e] <= 1; so has everybody for whom the order is forced, since the things came into being one by one. Where an order is
near to that of age, e is at most 1: a smaller e-value is one as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit

from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.orders import ALIKE, HABITS, MOST, apart, log_follows, log_likeliest, log_normaliser
from unisono.maths.partitions import numbered_parts
from unisono.maths.types import F64, I64
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import Flags

LEAST = 6
"""Fewest common things of two sittings: any order of five has a probability of one in 120."""
NEAR_AGE = 0.65
"""An order whose Kendall correlation with that of age is larger, either way, is no evidence: data show births late and
roughly, and whoever reads the newest first by the true ages is a little off by those that are seen."""
MOST_SITTINGS = 300
"""Sittings in which a thing may stand; what everybody touches brings sittings together that share nothing else."""


class Sitting(NamedTuple):
    """Sittings with LEAST things that others touched too, one after the other. start: (n + 1,) rows of each; object: by
    which the rows of a sitting are sorted; t: microseconds; account, begin, end: (n,), the first and last time."""

    start: I64
    object: I64
    t: I64
    account: I64
    begin: I64
    end: I64


@dataclass(frozen=True)
class Alike:
    """k ordered pairs of sittings (mine, theirs) that share LEAST things or more, by mine and theirs.

    n_common, n_opposite: things, and pairs of things in opposite order or tied; log_e: log of the e-value
    n_left_out: things that stand in more than MOST_SITTINGS sittings
    """

    sittings: Sitting
    mine: I64
    theirs: I64
    n_common: I64
    n_opposite: I64
    log_e: F64
    n_left_out: int


def find_alike(first: FirstTouches) -> Alike:
    """Every pair of sittings of one behaviour; `first` has the sittings over all behaviours."""
    rows, left_out = _rows(first)
    sittings = _sittings(first, rows)
    by_age, by_crowd = _centres(first)
    holders = np.argsort(sittings.object, kind="stable")
    owner = np.repeat(np.arange(len(sittings.account)), np.diff(sittings.start))
    begins = np.searchsorted(sittings.object[holders], np.arange(len(by_age) + 1)).astype(np.int64)
    a, b = _pairs(sittings, owner[holders].astype(np.int64), begins)
    tables = log_normaliser(HABITS), log_normaliser(ALIKE)
    counts, log_e = _compare(
        a, b, sittings.start, sittings.object, sittings.t, by_age, by_crowd, HABITS, ALIKE, *tables
    )
    return Alike(sittings, a, b, counts[:, 0], counts[:, 1], log_e, left_out)


def _centres(first: FirstTouches) -> tuple[I64, I64]:
    """(n_objects,) time of birth, and place by popularity. Things of one popularity are by age. Things born at one time
    stay tied, for a coarse clock hides their order; a tie speaks for the habit."""
    n = len(first.n_sharers)
    by_crowd = np.empty(n, np.int64)
    by_crowd[np.lexsort((np.arange(n), first.born, first.n_sharers))] = np.arange(n)
    return first.born, by_crowd


def _rows(first: FirstTouches) -> tuple[I64, int]:
    """Rows of sittings that have LEAST things others touched too, without the things of more than MOST_SITTINGS."""
    shared = (first.n_sharers >= 2)[first.object]
    n_sittings = int(first.sitting.max(initial=-1)) + 1
    long = (np.bincount(first.sitting[shared], minlength=n_sittings) >= LEAST)[first.sitting] & shared
    holders = np.bincount(first.object[long], minlength=len(first.n_sharers))
    few = (holders >= 2) & (holders <= MOST_SITTINGS)
    kept = long & few[first.object]
    long = (np.bincount(first.sitting[kept], minlength=n_sittings) >= LEAST)[first.sitting] & kept
    return np.flatnonzero(long), int(np.count_nonzero(holders > MOST_SITTINGS))


def _sittings(first: FirstTouches, rows: I64) -> Sitting:
    order = rows[np.lexsort((first.object[rows], first.sitting[rows]))]
    sitting, t = first.sitting[order], first.t[order]
    begins = np.flatnonzero(np.diff(sitting, prepend=-1))
    start = np.append(begins, len(order)).astype(np.int64)
    times = [f.reduceat(t, begins) if len(begins) else np.empty(0, np.int64) for f in (np.minimum, np.maximum)]
    return Sitting(
        start, first.object[order].astype(np.int64), t, first.account[order][begins].astype(np.int64), *times
    )


@njit(cache=True, nogil=True)
def _pairs(sittings: Sitting, owner: I64, begins: I64) -> tuple[I64, I64]:
    """Ordered pairs of sittings of different accounts with LEAST common things, one over before the other begins.
    owner: sittings by thing, whose are begins[o] to begins[o + 1]."""
    start, obj, account = sittings.start, sittings.object, sittings.account
    n = account.size
    size = np.int64(0)
    a, b = np.empty(1024, np.int64), np.empty(1024, np.int64)
    common = np.zeros(n, np.int32)
    touched = np.empty(n, np.int64)
    for s in range(n):
        m = 0
        for i in range(start[s], start[s + 1]):
            for k in range(begins[obj[i]], begins[obj[i] + 1]):
                other = owner[k]
                if account[other] != account[s]:
                    if common[other] == 0:
                        touched[m] = other
                        m += 1
                    common[other] += 1
        near = np.sort(touched[:m])
        for other in near:
            over = sittings.end[s] < sittings.begin[other] or sittings.end[other] < sittings.begin[s]
            if common[other] >= LEAST and over:
                if size == a.size:
                    a, b = np.concatenate((a, np.empty_like(a))), np.concatenate((b, np.empty_like(b)))
                a[size], b[size] = s, other
                size += 1
            common[other] = 0
    return a[:size].copy(), b[:size].copy()


@njit(cache=True, nogil=True)
def _compare(
    a: I64, b: I64, start: I64, obj: I64, t: I64, by_age: I64, by_crowd: I64, habits: F64, alike: F64, z_habits: F64,
    z_alike: F64,
) -> tuple[I64, F64]:  # fmt: skip
    """((k, 2) n_common, n_opposite, (k,) log e) of the order of a given that of b."""
    counts, log_e = np.empty((a.size, 2), np.int64), np.empty(a.size)
    mine, theirs = np.empty(MOST, np.int64), np.empty(MOST, np.int64)
    ages, crowds = np.empty(MOST, np.int64), np.empty(MOST, np.int64)
    for p in range(a.size):
        n, i, j = 0, start[a[p]], start[b[p]]
        while i < start[a[p] + 1] and j < start[b[p] + 1] and n < MOST:
            if obj[i] < obj[j]:
                i += 1
            elif obj[j] < obj[i]:
                j += 1
            else:
                mine[n], theirs[n], ages[n], crowds[n] = t[i], t[j], by_age[obj[i]], by_crowd[obj[i]]
                n, i, j = n + 1, i + 1, j + 1
        opposite, ties = apart(mine[:n], theirs[:n])
        pairs = n * (n - 1) // 2
        against, tied = apart(mine[:n], ages[:n])
        near_age = min(against, pairs - tied - against) < (1 - NEAR_AGE) / 2 * pairs
        habit = log_likeliest(against, tied, n, habits, z_habits)
        against, tied = apart(mine[:n], crowds[:n])
        habit = max(habit, log_likeliest(against, tied, n, habits, z_habits))
        counts[p, 0], counts[p, 1] = n, opposite + ties
        log_e[p] = log_follows(opposite, ties, n, alike, z_alike) - habit
        if near_age:
            log_e[p] = min(log_e[p], 0.0)
    return counts, log_e


def of_accounts(found: Alike, n_accounts: int) -> tuple[F64, I64]:
    """((n_accounts,) log e, 0 where there is nothing to compare; (n_accounts,) sittings that could be compared).

    Of a sitting the mean over those beside which it is put; of an account the mean of two: the mean over its sittings,
    and, orders of different sittings being independent of one another, their product. All are e-values.
    """
    log_e, n = np.zeros(n_accounts), np.zeros(n_accounts, np.int64)
    if not len(found.mine):
        return log_e, n
    begins = np.flatnonzero(np.diff(found.mine, prepend=-1))
    each = _log_mean(found.log_e, begins)
    account = found.sittings.account[found.mine[begins]]
    order = np.argsort(account, kind="stable")
    each, account = each[order], account[order]
    starts = np.flatnonzero(np.diff(account, prepend=-1))
    whole = np.logaddexp(_log_mean(each, starts), np.add.reduceat(each, starts)) - np.log(2)
    log_e[account[starts]] = whole
    n[account[starts]] = np.diff(np.append(starts, len(each)))
    return log_e, n


def _log_mean(log_e: F64, begins: I64) -> F64:
    """Log of the mean of e in each run."""
    size = np.diff(np.append(begins, len(log_e)))
    top = np.maximum.reduceat(log_e, begins)
    out: F64 = top + np.log(np.add.reduceat(np.exp(log_e - np.repeat(top, size)), begins) / size)
    return out


def q_of(log_e: F64, n: I64) -> F64:
    """q over accounts that could be compared, 1 for others: e-BH, which is Benjamini-Hochberg of 1 / e and valid
    whatever depends on whatever (Wang and Ramdas, JRSS B 84 (2022))."""
    tested = np.flatnonzero(n)
    q = np.ones(len(log_e))
    q[tested] = benjamini_hochberg(np.exp(-np.maximum(log_e[tested], 0.0)), len(tested))
    return q


TOGETHER = float(np.log(20.0))
"""Log of the e-value from which two sittings are put on one list."""


def lists(found: Alike, called: Flags, n_accounts: int) -> I64:
    """(n_accounts,) number of the list of each called account, the largest first; -1 for others. A list: called
    accounts joined by sittings of an e-value of 20 or more."""
    a, b = found.sittings.account[found.mine], found.sittings.account[found.theirs]
    near = (found.log_e >= TOGETHER) & called[a] & called[b]
    return numbered_parts(a[near], b[near], n_accounts, 2)
