"""From scores of pairs to scores of accounts."""

from __future__ import annotations

import numpy as np

from unisono.maths.types import F64, I64

_DIGITS = 9
"""Scores that agree to so many decimals are equal: beyond them the order of a sum decides."""


def account_scores(a: I64, b: I64, value: F64, n_accounts: int) -> F64:
    """(n_accounts,) 0 for accounts in no pair, else the rank 1, 2, ... of (best pair, number of pairs as good).

    a, b, value: (n_pairs,) two account numbers and the pair's score, infinity allowed. Raises ValueError for NaN.
    """
    score: F64 = np.round(value, _DIGITS)
    if np.isnan(score).any():
        raise ValueError("the score of a pair is not a number")
    account, of_pair = np.concatenate([a, b]), np.concatenate([score, score])
    best = np.full(n_accounts, -np.inf)
    np.maximum.at(best, account, of_pair)
    as_good = np.bincount(account[of_pair == best[account]], minlength=n_accounts)
    out = np.zeros(n_accounts)
    there = as_good > 0
    _, rank = np.unique(np.column_stack([best[there], as_good[there]]), axis=0, return_inverse=True)
    out[there] = rank.ravel() + 1
    return out
