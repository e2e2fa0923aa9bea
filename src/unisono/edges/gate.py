"""The gate: among the pairs that the joint test calls, whose times are special even given what they share.

The joint test asks two things at once: do two share more than strata of interest explain, and at closer times. Where
interest is finer than any strata, pairs share so much that ordinary times give coincidences enough. So the pairs that
the joint test calls in a layer are a family of their own: Benjamini-Hochberg at the study's rate over their timing p
says which limit on that p keeps the ordinary ones out. A layer in which interest alone calls thousands of pairs has a
low limit or none; one in which most have special times keeps TIMING_HOLDS. Speed and hours have no part in it: the
joint test grants them already, and a group that is always first has a speed that nobody else has.

It is no proof: the family is chosen by S, and among pairs with a large S the timing p is smaller than uniform. An exact
family, of the pairs that would be called if every common object coincided, has no power left (docs/methods/gate.md).
"""

from __future__ import annotations

import numpy as np

from unisono.maths.types import F64
from unisono.nulls.layer import TIMING_HOLDS
from unisono.pairs.arrays import Flags


def limit(log_p_timing: F64, fdr: float) -> float:
    """log of the largest timing p with which a pair is called. log_p_timing: of the pairs that the joint test calls."""
    log_p = np.sort(log_p_timing)  # kept in logs: of thousands of meetings p is 0
    rank = np.flatnonzero(np.exp(log_p) <= fdr * np.arange(1, len(log_p) + 1) / max(len(log_p), 1))
    return float(min(np.log(TIMING_HOLDS), log_p[rank[-1]])) if len(rank) else -np.inf


def gated(log_p: F64, log_p_timing: F64, called: Flags, fdr: float) -> F64:
    """log p of the edge test in one layer: 0 where the timing p is above the limit. called: by the joint test."""
    return np.where(log_p_timing <= limit(log_p_timing[called], fdr), log_p, 0.0)
