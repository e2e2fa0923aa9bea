"""Statistically validated networks: how many common objects two accounts of these degrees have by chance.

Tumminello et al., "Statistically validated networks in bipartite complex systems", PLoS ONE 6 (2011): with N objects,
all alike, the common objects of accounts with k and l of them are hypergeometric.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from scipy import special

from lab.rivals.common import MOST_SHARERS, incidence, pairs_in_window, products, shared_touches
from lab.rivals.scores import account_scores
from unisono.maths.types import F64, I64
from unisono.pairs.arrays import TraceArrays

_NEGLIGIBLE = 1e-17


def blind(arrays: TraceArrays, window_us: int) -> F64:
    """-log p of the best pair's common objects at any time, 2 or more; window_us plays no part.

    Objects with more than MOST_SHARERS sharers, or one, are left out of everything.
    """
    first = shared_touches(arrays, MOST_SHARERS)
    a, b, common = products(incidence(first), 2)
    degree = np.bincount(first.account, minlength=first.n_accounts)
    log_p = hypergeometric_tail(int(np.count_nonzero(first.n_sharers)), degree[a], degree[b], common.astype(np.int64))
    return account_scores(a, b, -log_p, first.n_accounts)


def in_window(arrays: TraceArrays, window_us: int) -> F64:
    """The same of the objects co-shared within the window, as if co-sharing were sharing: the degrees are unchanged."""
    first, pairs = shared_touches(arrays), pairs_in_window(arrays, window_us)
    degree = np.bincount(first.account, minlength=first.n_accounts)
    n_objects = int(np.count_nonzero(first.n_sharers))
    log_p = hypergeometric_tail(n_objects, degree[pairs.a], degree[pairs.b], pairs.n_objects)
    return account_scores(pairs.a, pairs.b, -log_p, first.n_accounts)


def hypergeometric_tail(n: int, k: I64, m: I64, c: I64) -> F64:
    """log P(X >= c), X the common elements of random subsets of sizes k and m of n; k, m, c: (n_pairs,)."""
    log_factorial = special.gammaln(np.arange(n + 1) + 1.0)
    out = np.empty(len(c))
    _tails(n, k.astype(np.int64), m.astype(np.int64), c.astype(np.int64), log_factorial, out)
    return out


@njit(cache=True, nogil=True)
def _tails(n: int, k: I64, m: I64, c: I64, log_factorial: F64, out: F64) -> None:
    for i in range(c.size):
        most = min(k[i], m[i])
        if c[i] <= max(0, k[i] + m[i] - n):
            out[i] = 0.0
            continue
        if c[i] > most:
            out[i] = -np.inf
            continue
        first = (
            log_factorial[k[i]] - log_factorial[c[i]] - log_factorial[k[i] - c[i]]
            + log_factorial[n - k[i]] - log_factorial[m[i] - c[i]] - log_factorial[n - k[i] - m[i] + c[i]]
            - log_factorial[n] + log_factorial[m[i]] + log_factorial[n - m[i]]
        )  # fmt: skip
        total, term, x = 1.0, 1.0, c[i]  # in units of P(X = c)
        while x < most:
            term *= (k[i] - x) / (x + 1) * ((m[i] - x) / (n - k[i] - m[i] + x + 1))
            total += term
            x += 1
            if term < _NEGLIGIBLE * total:  # the factors only fall: what follows is smaller still
                break
        out[i] = min(0.0, first + np.log(total))
