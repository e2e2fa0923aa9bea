"""Sorting, and what is distinct. Inside kernels NumPy's sort takes seconds to compile, and what is sorted is nearly
always short."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from numba import njit

Integers = npt.NDArray[np.int32] | npt.NDArray[np.int64]
Numbers = Integers | npt.NDArray[np.float64]
I = TypeVar("I", bound=np.integer[Any])  # noqa: E741


def distinct(values: npt.NDArray[I]) -> npt.NDArray[I]:
    """The distinct values of whole numbers, sorted. `np.unique` looks each up in a table since NumPy 2.3, which takes
    twenty to fifty times as long from some thousands on."""
    ordered = np.sort(values, axis=None)
    if not len(ordered):
        return ordered
    new = np.empty(len(ordered), np.bool_)
    new[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered[new]


@njit(cache=True, nogil=True)
def sort_first(values: Numbers, n: int) -> None:
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
