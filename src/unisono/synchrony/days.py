"""From the p-values of an account's days to one: for those who keep time every day, and for those who do now and then.

Fisher's sum of -2 log p adds up all days; the truncated product (Zaykin, Zhivotovsky, Westfall and Weir, Genetic
Epidemiology 22 (2002)) only those with p <= TAU, so that a few days with co-actors do not drown in many without. Twice
the smaller of the two counts. Days are independent, and their p may be larger than uniform: so may the result.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from unisono.maths.tails import log_chi2_tail
from unisono.maths.types import F64, I64

TAU = 0.1
"""Fixed on draws that the figures of the page do not use."""


def by_day(account: I64, day: I64, p: F64) -> tuple[I64, F64]:
    """The best of an account's p-values of a day times their number: account and p, one entry a day.

    Entries are sorted by (account, day).
    """
    if not len(p):
        return account, p
    new = np.r_[True, (np.diff(account) != 0) | (np.diff(day) != 0)]
    begin = np.flatnonzero(new)
    best: F64 = np.minimum.reduceat(p, begin) * np.diff(np.append(begin, len(p)))
    return account[begin], np.minimum(best, 1.0)


def log_p_of_days(account: I64, p: F64, n_accounts: int) -> F64:
    """log p of each account, not cut at p = 1, log 2 where it has no day. account: (days,) sorted; p: (days,) > 0."""
    days = np.bincount(account, minlength=n_accounts)
    fisher: F64 = np.bincount(account, weights=-2 * np.log(p), minlength=n_accounts).astype(np.float64)
    all_days = np.where(days > 0, log_chi2_tail(fisher, 2 * np.maximum(days, 1)), 0.0)
    low = p <= TAU
    product: F64 = np.bincount(account[low], weights=-np.log(p[low]), minlength=n_accounts).astype(np.float64)
    smaller: F64 = np.minimum(all_days, _truncated(product, days))
    return smaller + math.log(2)


@njit(cache=True, nogil=True)
def _truncated(product: F64, days: I64) -> F64:
    out = np.zeros(days.size)
    for a in range(days.size):
        if product[a] > 0:
            out[a] = log_truncated(product[a], days[a], TAU)
    return out


@njit(cache=True, nogil=True)
def log_truncated(product: float, n: int, tau: float) -> float:
    """log P(sum of -log p over those of n uniform p that are <= tau is `product` or more), product > 0.

    Given that k are that small, each is tau times a uniform: the sum is -k log tau plus a Gamma(k). In logarithms.
    """
    out = -np.inf
    for k in range(1, n + 1):
        weight = (math.lgamma(n + 1.0) - math.lgamma(k + 1.0) - math.lgamma(n - k + 1.0)
                  + k * math.log(tau) + (n - k) * math.log1p(-tau))  # fmt: skip
        y = product + k * math.log(tau)
        if y > 0:  # P(Gamma(k) >= y) = P(Poisson(y) < k)
            tail = -np.inf
            for j in range(k):
                tail = np.logaddexp(tail, j * math.log(y) - y - math.lgamma(j + 1.0))
            weight += tail
        out = np.logaddexp(out, weight)
    return float(min(out, 0.0))
