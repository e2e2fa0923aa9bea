"""Sorting inside kernels: NumPy's sort takes seconds to compile there, and what is sorted is nearly always short."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Integers = npt.NDArray[np.int32] | npt.NDArray[np.int64]


@njit(cache=True, nogil=True)
def sort_first(values: Integers, n: int) -> None:
    """The first n in place, by Shell's sort with the gaps 1, 4, 13, 40, ... of Knuth: plain insertion up to a dozen."""
    gap = 1
    while gap < n // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for k in range(gap, n):
            v, j = values[k], k
            while j >= gap and values[j - gap] > v:
                values[j] = values[j - gap]
                j -= gap
            values[j] = v
        gap //= 3


@njit(cache=True, nogil=True)
def n_distinct(values: Integers, n: int) -> int:
    """Number of distinct values among the first n; sorts them in place."""
    if n == 0:
        return 0
    sort_first(values, n)
    distinct = 1
    for k in range(1, n):
        distinct += values[k] != values[k - 1]
    return distinct
