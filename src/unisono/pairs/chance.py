"""q_o: how easily two touches of an object fall within the window by its own curve alone."""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.maths.types import F64, I64
from unisono.pairs.arrays import TraceArrays, starts
from unisono.pairs.ranges import touches


def within_share(arrays: TraceArrays, window_us: int) -> F64:
    """Per object (numbered as in `arrays`): pairs of first touches within the window over all their pairs.

    q_o(w) = #{k < l : |t_k - t_l| <= w} / C(N_o, 2) over the N_o accounts' first touches of the object: the
    probability that two of them coincide when who touched it when is shuffled. NaN where N_o < 2.
    """
    first, _ = touches(arrays.account, arrays.object, len(arrays.account_ids))
    obj, t = arrays.object[first], arrays.t[first]
    slots = starts(obj, len(arrays.object_ids))
    return share_of(slots, t, window_us)


def share_of(slots: I64, t: I64, window_us: int) -> F64:
    """The same from first touches sorted by (object, time). slots: CSR from an object to them."""
    n = np.diff(slots)
    with np.errstate(divide="ignore", invalid="ignore"):
        share: F64 = within_window(slots, t, window_us) / (n * (n - 1) / 2)
    return share


@njit(cache=True, nogil=True)
def within_window(slots: I64, t: I64, window: int) -> I64:
    """Per object: pairs of its first touches within the window."""
    out = np.zeros(slots.size - 1, np.int64)
    for o in range(slots.size - 1):
        left = slots[o]
        for i in range(slots[o], slots[o + 1]):
            while t[i] - t[left] > window:
                left += 1
            out[o] += i - left
    return out
