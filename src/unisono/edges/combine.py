"""One verdict per pair over all behaviours and windows, and the false-discovery rate over them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from unisono.maths.multiplicity import benjamini_hochberg, q_under_any_dependence
from unisono.maths.types import F64, I64


@dataclass(frozen=True)
class Verdicts:
    """Pairs with p < 1, sorted by (a, b): log_p combined and q. row: for each layer row its pair, -1 for none.

    log_p_row, q_row: the same for each row taken alone: K p, and the q at which that p is a discovery of the family.
    """

    a: I64
    b: I64
    log_p: F64
    q: F64
    row: I64
    log_p_row: F64
    q_row: F64
    n_tests: int


def combine(
    a: I64, b: I64, log_p: F64, n_layers: int, n_tests: int, any_dependence: bool = False
) -> Verdicts:  # fmt: skip
    """Rows (a pair in a layer) to pairs: K x min p over the K layers, valid under any dependence, then one BH.

    n_tests: pairs of the test family; those without a row count as p = 1. any_dependence: e-BH in place of BH.
    """
    adjusted = np.minimum(log_p + np.log(max(n_layers, 1)), 0.0)
    some = np.flatnonzero(adjusted < 0)
    order = some[np.lexsort((b[some], a[some]))]
    new = np.ones(len(order), np.bool_)
    new[1:] = (np.diff(a[order]) != 0) | (np.diff(b[order]) != 0)
    starts = np.flatnonzero(new)
    best = np.minimum.reduceat(adjusted[order], starts) if len(starts) else np.empty(0)
    row = np.full(len(a), -1, np.int64)
    row[order] = np.cumsum(new) - 1
    q_of = q_under_any_dependence if any_dependence else benjamini_hochberg
    q = q_of(np.exp(best), max(n_tests, len(best)))
    return Verdicts(
        a[order][starts], b[order][starts], best, q, row, adjusted, _q_at(adjusted, best, q), max(n_tests, len(best))
    )


def _q_at(log_p: F64, best: F64, q: F64) -> F64:
    """The q of a p-value against the family's: that of the smallest p in the family that is not below it."""
    order = np.argsort(best, kind="stable")
    at = np.searchsorted(best[order], log_p)
    padded = np.append(q[order], 1.0)
    return np.where(log_p < 0, padded[np.minimum(at, len(q))], 1.0)
