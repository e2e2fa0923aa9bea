"""Called accounts that are in company with one another: gatherings, by the crowds that they share."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from unisono.co_actors.find import Company
from unisono.maths.partitions import numbered_parts
from unisono.maths.types import I64
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import Flags

CROWDED = 0.1
"""Largest rank of an act that counts as crowded."""
SHARED = 0.05
"""Two accounts are together where they share so much of the crowds of the one that has more of them."""
MOST = 1_000
"""Accounts in a crowd; who else is in a larger one says little."""
LEAST_ACCOUNTS = 3


def gatherings(first: FirstTouches, window_us: int, found: Company, called: Flags) -> I64:
    """(n_accounts,) number of each called account's gathering, the largest first; -1 for others.

    A crowd: crowded acts of called accounts on one object, each within the window of the next. Accounts that share
    crowds are together, and gatherings the connected parts, of LEAST_ACCOUNTS or more. It tells no more than who was
    there with whom: two operations that push the same objects in the same minutes are one gathering.
    """
    rows = np.flatnonzero(called[first.account] & (found.rank <= CROWDED))
    obj, t = first.object[rows], first.t[rows]
    crowd = np.cumsum((np.diff(obj, prepend=-1) != 0) | (np.diff(t, prepend=0) > window_us)) - 1
    small = (np.bincount(crowd) <= MOST)[crowd]  # nobody is in a crowd twice: these are first touches
    account, crowd = first.account[rows[small]], crowd[small]
    there = sparse.csr_matrix((np.ones(len(account)), (account, crowd)), shape=(first.n_accounts, len(rows)))
    shared, n = (there @ there.T).tocoo(), np.bincount(account, minlength=first.n_accounts)
    near = (shared.row < shared.col) & (shared.data >= SHARED * np.maximum(n[shared.row], n[shared.col]))
    return numbered_parts(shared.row[near], shared.col[near], first.n_accounts, LEAST_ACCOUNTS)
