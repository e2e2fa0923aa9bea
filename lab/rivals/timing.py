"""The plain timing test: given the objects that both touched, do they coincide more than the objects' curves say?

Every object's times are shuffled over its sharers, whatever their speed and their hours: the coincidences of a pair
are Poisson-binomial with the whole objects' q_o.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from lab.rivals.common import pairs_in_window, shared_touches
from lab.rivals.scores import account_scores
from unisono.maths.tails import log_poisson_binomial_tail
from unisono.maths.types import F64, I32, I64
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.chance import within_share


def score(arrays: TraceArrays, window_us: int) -> F64:
    """-log p of the best pair's coincidences of first touches, exact, given its common objects."""
    first, pairs = shared_touches(arrays), pairs_in_window(arrays, window_us)
    q = np.nan_to_num(within_share(arrays, window_us))
    return account_scores(pairs.a, pairs.b, -timing_tail(first, q, pairs.a, pairs.b, pairs.n_first), first.n_accounts)


def timing_tail(first: FirstTouches, q: F64, a: I64, b: I64, s: I64) -> F64:
    """log P(S >= s), S the coincidences of a pair over the objects that both touched; a, b, s: (n_pairs,).

    q: (n_objects,) chance of a coincidence on each object.
    """
    out = np.empty(len(a))
    _tails(first.start, first.object[first.rows], q, a, b, s, out)
    return out


@njit(cache=True, nogil=True)
def _tails(start: I64, objects: I32, q: F64, a: I64, b: I64, s: I64, out: F64) -> None:
    """start, objects: CSR from an account to its objects, sorted."""
    for p in range(a.size):
        i, i_end, j, j_end = start[a[p]], start[a[p] + 1], start[b[p]], start[b[p] + 1]
        chance, n = np.empty(min(i_end - i, j_end - j)), 0
        while i < i_end and j < j_end:
            if objects[i] < objects[j]:
                i += 1
            elif objects[i] > objects[j]:
                j += 1
            else:
                chance[n] = q[objects[i]]
                i, j, n = i + 1, j + 1, n + 1
        out[p] = log_poisson_binomial_tail(chance[:n], s[p])
