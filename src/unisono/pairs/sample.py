"""Some objects of a trace that is too large to be gone through again and again."""

from __future__ import annotations

import numpy as np

from unisono.pairs.arrays import Flags, TraceArrays

MOST = 3_000_000
"""Rows of a trace that are worked through in full: a pass takes some minutes on two cores."""


def some_objects(arrays: TraceArrays, most: int = MOST, seed: int = 0) -> Flags | None:
    """(n,) rows of randomly drawn whole objects, `most` of them or fewer; None where all rows fit.

    Whole objects, since a row drawn on its own would thin out an object's curve and with it every q_o. What is
    smaller in the sample is the number of objects that two accounts share.
    """
    if len(arrays) <= most:
        return None
    size = np.bincount(arrays.object, minlength=len(arrays.object_ids))
    order = np.random.default_rng(seed).permutation(len(size))
    taken = np.zeros(len(size), np.bool_)
    taken[order[np.cumsum(size[order]) <= most]] = True
    keep: Flags = taken[arrays.object]
    return keep
