"""From crowded acts to accounts: who is in company again and again, in different sittings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from unisono.co_actors.acts import Crowd, crowd
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.types import F64, I32, I64
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import Flags

LEAST_SITTINGS = 2
"""One sitting, however crowded, proves nothing: it may be one event."""
PRIOR = 0.2
"""Acts by which an object's own record of bursts is drawn to that of all."""


@dataclass(frozen=True)
class Company:
    """Of the accounts of one trace at one window. `crowd` and rank are of every first touch, the others (n_accounts,).

    rank: p of the act among the acts of accounts that the first pass leaves
    n_acts, n_sittings: first touches, sittings with one; observed: acts in the sittings on which p rests, summed
    company; expected: the same by the curve
    tested: two sittings or more; p: 1 where not tested
    """

    crowd: Crowd
    rank: F64
    n_acts: I64
    n_sittings: I64
    observed: I64
    expected: F64
    tested: Flags
    p: F64


def find_company(first: FirstTouches, window_us: int, fdr: float, step_us: int = 1) -> Company:
    """p of every account: k of its m sittings are as crowded as its k-th most crowded one.

    A sitting's p is the smallest of its acts' times their number; of an account the smallest over k of the tail
    P(k of m uniform numbers or more are below the k-th smallest p), times the number of k that are tried, from
    LEAST_SITTINGS to m. The acts' p are then made anew: each act is ranked among the acts of accounts that a first pass
    at `fdr` leaves (of all, where it calls half of them or more), so that what the curve and the flanks get wrong for
    everybody is nobody's evidence; the larger of both p counts. step_us: one tick of the clock.
    """
    seen = crowd(first, window_us, step_us)
    p, n_sittings, _ = of_accounts(first, seen.p)
    tested = n_sittings >= LEAST_SITTINGS
    nominal = np.zeros(first.n_accounts, np.bool_)
    nominal[tested] = benjamini_hochberg(p[tested], int(tested.sum())) <= fdr
    most = 2 * np.count_nonzero(nominal) >= np.count_nonzero(tested)
    rank = ranked(seen.p, first.object, np.ones(len(first), np.bool_) if most else ~nominal[first.account])
    p, n_sittings, rests = of_accounts(first, rank)
    n = first.n_accounts
    observed = np.bincount(first.account[rests], weights=seen.company[rests], minlength=n).astype(np.int64)
    expected: F64 = np.bincount(first.account[rests], weights=seen.expected[rests], minlength=n).astype(np.float64)
    n_acts = np.bincount(first.account, minlength=n).astype(np.int64)
    return Company(seen, rank, n_acts, n_sittings, observed, expected, tested, p)


def ranked(p: F64, obj: I32, ordinary: Flags) -> F64:
    """(n,) the larger of p and its rank among those of the ordinary, times how often the object's own ordinary acts are
    as crowded, over what the rank makes expect there (PRIOR more on both sides), if that is more; 1 stays 1.

    An object on which ordinary accounts come in bursts says little of an account that is in one of them.
    """
    among = np.sort(p[ordinary])
    rank = (1.0 + np.searchsorted(among, p, side="right")) / (1.0 + len(among))
    place = np.searchsorted(among, p, side="right").astype(np.int64)
    key = obj.astype(np.int64) * (len(among) + 1) + place
    theirs = np.sort(key[ordinary])
    begin = obj.astype(np.int64) * (len(among) + 1)
    as_crowded = np.searchsorted(theirs, key, side="right") - np.searchsorted(theirs, begin) - ordinary
    on_object = np.searchsorted(theirs, begin + len(among) + 1) - np.searchsorted(theirs, begin) - ordinary
    bursts = np.maximum(1.0, (as_crowded + PRIOR) / (on_object * rank + PRIOR))
    return np.where(p >= 1, 1.0, np.minimum(1.0, np.maximum(p, rank) * bursts))


def of_accounts(first: FirstTouches, p: F64) -> tuple[F64, I64, I64]:
    """((n_accounts,) p, (n_accounts,) sittings, rows of the acts on which p rests: the best of each sitting up to k).

    p: (n,) of the first touches.
    """
    order = np.lexsort((p, first.sitting, first.account))
    sitting = first.sitting[order]
    begins = np.flatnonzero(np.diff(sitting, prepend=-1))
    size = np.diff(np.append(begins, len(order)))
    best, account = order[begins], first.account[order[begins]]
    whole = np.minimum(1.0, p[best] * size)
    by_p = np.lexsort((whole, account))
    best, account, whole = best[by_p], account[by_p], whole[by_p]
    m = np.bincount(account, minlength=first.n_accounts).astype(np.int64)
    k = np.arange(len(account)) - np.searchsorted(account, account) + 1
    able = (k >= LEAST_SITTINGS) & (whole < 1)
    tail = np.ones(len(k))
    tail[able] = special.betainc(k[able], m[account[able]] - k[able] + 1.0, whole[able])  # P(Bin(m, p) >= k)
    out, at = np.ones(first.n_accounts), np.zeros(first.n_accounts, np.int64)
    np.minimum.at(out, account, tail)
    hit = able & (tail == out[account])
    np.maximum.at(at, account[hit], k[hit])
    tried = np.maximum(m - LEAST_SITTINGS + 1, 1)
    return np.minimum(1.0, out * tried), m, best[k <= at[account]]
