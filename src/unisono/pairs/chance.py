"""q_o: how easily two touches of an object fall within the window by its own curve alone."""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.maths.types import F64, I32, I64
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.ranges import touches


def within_share(arrays: TraceArrays, window_us: int) -> F64:
    """Per object (numbered as in `arrays`): pairs of first touches within the window over all their pairs.

    q_o(w) = #{k < l : |t_k - t_l| <= w} / C(N_o, 2) over the N_o accounts' first touches of the object: the
    probability that two of them coincide when who touched it when is shuffled. NaN where N_o < 2.
    """
    first, _ = touches(arrays.account, arrays.object, len(arrays.account_ids))
    shares: F64 = _shares(arrays.object[first], arrays.t[first], window_us, len(arrays.object_ids))
    return shares


@njit(cache=True, nogil=True)
def _shares(obj: I32, t: I64, window: int, n_objects: int) -> F64:
    slots, close = np.zeros(n_objects, np.int64), np.zeros(n_objects, np.int64)
    left = 0
    for i in range(obj.size):
        while obj[left] != obj[i] or t[i] - t[left] > window:
            left += 1
        slots[obj[i]] += 1
        close[obj[i]] += i - left
    out = np.full(n_objects, np.nan)
    for o in range(n_objects):
        if slots[o] > 1:
            out[o] = close[o] / (slots[o] * (slots[o] - 1) / 2)
    return out
