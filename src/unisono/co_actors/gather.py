"""Called accounts that are in company with one another: gatherings, by the crowds that they share."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from unisono.co_actors.find import Company
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
    out = np.full(first.n_accounts, -1, np.int64)
    rows = np.flatnonzero(called[first.account] & (found.rank <= CROWDED))
    if not len(rows):
        return out
    obj, t = first.object[rows], first.t[rows]
    begins = np.r_[True, (np.diff(obj) != 0) | (np.diff(t) > window_us)]
    crowd = np.cumsum(begins) - 1
    small = np.bincount(crowd)[crowd] <= MOST
    who, account = np.unique(first.account[rows[small]], return_inverse=True)
    there = sparse.csr_matrix((np.ones(len(account)), (account, crowd[small])))
    there.data[:] = 1  # an object is touched first once, so nobody is in a crowd twice
    shared = (there @ there.T).tocoo()
    n = there.sum(axis=1).A1 if hasattr(there.sum(axis=1), "A1") else np.asarray(there.sum(axis=1)).ravel()
    near = (shared.row < shared.col) & (shared.data >= SHARED * np.maximum(n[shared.row], n[shared.col]))
    links = sparse.csr_matrix((np.ones(near.sum()), (shared.row[near], shared.col[near])), shape=(len(who), len(who)))
    part = csgraph.connected_components(links, directed=False)[1]
    size = np.bincount(part)
    order = np.lexsort((np.arange(len(size)), -size))
    number = np.full(len(size), -1, np.int64)
    number[order] = np.where(size[order] >= LEAST_ACCOUNTS, np.arange(len(size)), -1)
    out[who] = number[part]
    return out
