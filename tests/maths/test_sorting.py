"""Sorting inside kernels against NumPy's."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from unisono.maths.sorting import distinct, n_distinct, sort_first

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


@given(st.lists(st.integers(-5, 5) | st.integers(-(2**62), 2**62), max_size=40), st.booleans())
def test_distinct_values_are_those_of_a_set(values: list[int], wide: bool) -> None:
    array = np.array(values, np.int64) if wide else np.array([v % 1000 for v in values], np.int32)
    found = distinct(array)
    assert found.tolist() == sorted(set(array.tolist()))
    assert found.dtype == array.dtype
