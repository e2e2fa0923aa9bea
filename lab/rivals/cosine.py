"""TF-IDF cosine similarity of what accounts touched, blind to time.

Pacheco et al., "Uncovering coordinated networks on social media", ICWSM 2021, case study of co-retweets; weights as
in its published notebook (scikit-learn's TfidfVectorizer with sublinear_tf and min_df = 3).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from lab.rivals.common import MOST_SHARERS, products
from lab.rivals.scores import account_scores
from unisono.maths.types import F64
from unisono.pairs.arrays import TraceArrays

MIN_ACTS = 10
"""Accounts with fewer acts take no part: with one object, any two on it have cosine 1."""
MIN_SHARERS = 3
_LEAST = 1e-9


def score(arrays: TraceArrays, window_us: int) -> F64:
    """Cosine of the best pair. Objects with more than MOST_SHARERS sharers are left out; window_us plays no part."""
    rows = weights(arrays)
    return account_scores(*products(rows, _LEAST), len(arrays.account_ids))


def weights(arrays: TraceArrays) -> sparse.csr_matrix:
    """(n_accounts, n_objects) rows of length 1 or 0: (1 + log acts) x (1 + log (1 + N) / (1 + sharers)), N the
    accounts with enough acts, among which sharers are counted."""
    busy = np.bincount(arrays.account, minlength=len(arrays.account_ids)) >= MIN_ACTS
    use = busy[arrays.account]
    shape = (len(arrays.account_ids), len(arrays.object_ids))
    acts = sparse.csr_matrix((np.ones(int(use.sum())), (arrays.account[use], arrays.object[use])), shape=shape)
    acts.sum_duplicates()
    acts.data = 1 + np.log(acts.data)
    sharers = acts.getnnz(axis=0)
    idf = 1 + np.log((1 + busy.sum()) / (1 + sharers))
    idf[(sharers < MIN_SHARERS) | (sharers > MOST_SHARERS)] = 0.0
    rows = acts @ sparse.diags(idf)
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (sparse.diags(1 / np.where(length > 0, length, 1.0)) @ rows).tocsr()
