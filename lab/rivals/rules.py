"""Rules of thumb: counts of co-actions, with a number to cut at."""

from __future__ import annotations

import numpy as np

from lab.rivals.common import pairs_in_window
from lab.rivals.scores import account_scores
from unisono.maths.types import F64
from unisono.pairs.arrays import TraceArrays


def count_rule(arrays: TraceArrays, window_us: int) -> F64:
    """Objects that the best pair co-shared within the window, 2 or more: the rule "at least k of them"."""
    pairs = pairs_in_window(arrays, window_us)
    return account_scores(pairs.a, pairs.b, pairs.n_objects.astype(np.float64), len(arrays.account_ids))


def coortweet(arrays: TraceArrays, window_us: int) -> F64:
    """The largest quantile threshold (`edge_weight`) at which an edge of the account still stands.

    Righetti and Balluff, CooRTweet (2025): an edge's weight is its number of co-actions, post pair x object, and it
    stands while its weight is above the quantile of all weights. Here the weights are those of pairs with two objects
    or more; CooRTweet's own set has the others too, which lie below or repeat one object, so quantiles differ and the
    order of the pairs in both does not.
    """
    pairs = pairs_in_window(arrays, window_us)
    ordered = np.sort(pairs.n_pairs)
    quantile = np.searchsorted(ordered, pairs.n_pairs, side="left") / max(len(ordered), 1)
    return account_scores(pairs.a, pairs.b, quantile, len(arrays.account_ids))
