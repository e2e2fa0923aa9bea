"""The plain configuration model: every account's activity and every object's popularity, and nothing else.

BiCM: Saracco et al., "Inferring monopartite projections of bipartite networks", New J. Phys. 19 (2017), one stratum
for all, with the Poisson approximation of the tail.
"""

from __future__ import annotations

import numpy as np

from lab.rivals.common import MOST_SHARERS, incidence, pairs_in_window, products, shared_touches
from lab.rivals.scores import account_scores
from unisono.maths.tails import log_poisson_tail
from unisono.maths.types import F64, I64
from unisono.nulls.configuration import fit_configuration_model
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.chance import within_share


def blind(arrays: TraceArrays, window_us: int) -> F64:
    """-log p of the best pair's common objects at any time, 2 or more; window_us plays no part.

    Objects with more than MOST_SHARERS sharers, or one, are left out of everything.
    """
    first = shared_touches(arrays, MOST_SHARERS)
    a, b, common = products(incidence(first), 2)
    chance = expected(first, np.ones(len(first.slots) - 1), a, b)
    return account_scores(a, b, -log_poisson_tail(chance, common.astype(np.int64)), first.n_accounts)


def with_curve(arrays: TraceArrays, window_us: int) -> F64:
    """-log p of the best pair's coincidences of first touches, each object weighted by its own q_o: who comes and
    when, with neither interests nor speed."""
    first, pairs = shared_touches(arrays), pairs_in_window(arrays, window_us)
    q = np.nan_to_num(within_share(arrays, window_us))
    log_p = log_poisson_tail(expected(first, q, pairs.a, pairs.b), pairs.n_first)
    return account_scores(pairs.a, pairs.b, -log_p, first.n_accounts)


def expected(first: FirstTouches, weight: F64, a: I64, b: I64) -> F64:
    """(n_pairs,) sum over objects of p_uo p_vo weight_o. weight: (n_objects,).

    Accounts of one degree have one x and objects of one count one y, so the sums are a small matrix of degrees.
    """
    degree = np.bincount(first.account, minlength=first.n_accounts)
    model = fit_configuration_model(first, np.where(degree > 0, 0, -1).astype(np.int32))
    x, row = np.unique(model.x, return_inverse=True)
    y, column = np.unique(model.y, return_inverse=True)
    z = np.outer(x, y)
    p = z / (1 + z)
    table = (p * np.bincount(column, weights=weight[model.objects], minlength=len(y))) @ p.T
    chance: F64 = table[row[a], row[b]]
    return chance
