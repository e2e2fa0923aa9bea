"""Rivals: what a user would compute today, for comparison on worlds whose truth is known.

Each takes the traces of one kind and a window, and gives every account a score; larger is more suspicious, 0 is no
pair at all, and only the order means anything. An account is as suspicious as its best pair; among accounts whose
best pairs are equal, the one with more such pairs comes first.
"""

from __future__ import annotations

from collections.abc import Callable

from lab.rivals import configuration, cosine, hypergeometric, rules, timing
from lab.rivals.precision import average_precision
from unisono.maths.types import F64
from unisono.pairs.arrays import TraceArrays

Rival = Callable[[TraceArrays, int], F64]

RIVALS: dict[str, Rival] = {
    "count rule": rules.count_rule,
    "CooRTweet": rules.coortweet,
    "TF-IDF cosine": cosine.score,
    "hypergeometric": hypergeometric.blind,
    "hypergeometric, in window": hypergeometric.in_window,
    "configuration model": configuration.blind,
    "configuration model x q": configuration.with_curve,
    "timing, whole object": timing.score,
}
"""By the name that a table shows; signature score(arrays, window_us) -> (n_accounts,)."""

__all__ = ["RIVALS", "Rival", "average_precision"]
