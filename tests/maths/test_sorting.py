"""Sorting inside kernels against NumPy's."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from unisono.maths.sorting import n_distinct, sort_first

LISTS = st.lists(st.integers(-50, 50), max_size=200)


@given(LISTS, st.integers(0, 200))
def test_the_first_are_sorted_and_the_rest_stay(values: list[int], n: int) -> None:
    n = min(n, len(values))
    got = np.array(values, np.int64)
    sort_first(got, n)
    assert got.tolist() == sorted(values[:n]) + values[n:]


@given(LISTS, st.integers(0, 200))
def test_distinct_values_are_counted(values: list[int], n: int) -> None:
    n = min(n, len(values))
    assert n_distinct(np.array(values, np.int64), n) == len(set(values[:n]))
