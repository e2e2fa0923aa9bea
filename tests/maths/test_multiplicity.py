"""Benjamini-Hochberg, e-BH and the smallest of a few, against their definitions."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from unisono.maths.multiplicity import benjamini_hochberg, e_benjamini_hochberg, q_under_any_dependence, smallest_of

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def step_up(p: list[float], n_tests: int, alpha: float) -> set[int]:
    """Which tests BH rejects at alpha: the k smallest, k the largest with p_(k) <= k alpha / n."""
    order = sorted(range(len(p)), key=lambda i: p[i])
    k = max((k for k in range(1, len(p) + 1) if p[order[k - 1]] * (n_tests / k) <= alpha), default=0)
    return {i for i in range(len(p)) if k and p[i] <= p[order[k - 1]]}


@given(P_VALUES, st.integers(0, 40), st.sampled_from([0.01, 0.05, 0.2, 0.5]))
def test_q_below_alpha_is_a_step_up_discovery(p: list[float], ones: int, alpha: float) -> None:
    q = benjamini_hochberg(np.array(p), len(p) + ones)
    assert set(np.flatnonzero(q <= alpha)) == step_up(p, len(p) + ones, alpha)


def test_every_small_grid() -> None:
    for p in product((0.0, 0.01, 0.02, 0.05, 0.3, 1.0), repeat=4):
        q = benjamini_hochberg(np.array(p), 5)
        for alpha in (0.04, 0.051, 0.11, 0.9):
            assert set(np.flatnonzero(q <= alpha)) == step_up(list(p), 5, alpha), (p, alpha)


@given(P_VALUES, st.integers(0, 40))
def test_absent_tests_count_as_one(p: list[float], ones: int) -> None:
    n = len(p) + ones
    q = benjamini_hochberg(np.array(p), n)
    filled = np.array(p + [1.0] * ones)
    np.testing.assert_array_equal(q, benjamini_hochberg(filled, n)[: len(p)])
    np.testing.assert_allclose(q, stats.false_discovery_control(filled)[: len(p)], rtol=1e-12)
    assert np.all(q >= np.array(p) * (1 - 1e-12))
    assert np.all(q <= 1)


@given(st.permutations(list(range(8))), st.lists(st.floats(0, 1), min_size=8, max_size=8))
def test_order_of_rows_is_of_no_account(order: list[int], p: list[float]) -> None:
    x = np.array(p)
    np.testing.assert_array_equal(benjamini_hochberg(x, 9)[order], benjamini_hochberg(x[order], 9))
    e = 1 / np.maximum(x, 1e-9)
    np.testing.assert_array_equal(e_benjamini_hochberg(e, 9, 0.2)[order], e_benjamini_hochberg(e[order], 9, 0.2))


def test_nothing_to_test() -> None:
    assert len(benjamini_hochberg(np.empty(0), 10**11)) == 0
    assert len(e_benjamini_hochberg(np.empty(0), 10, 0.05)) == 0


def test_a_family_smaller_than_its_members_is_refused() -> None:
    for of_many in (lambda x: benjamini_hochberg(x, 1), lambda x: e_benjamini_hochberg(x, 1, 0.05)):
        with pytest.raises(ValueError, match=r"2 .-values of a family of 1"):
            of_many(np.array([0.1, 0.2]))
    with pytest.raises(ValueError, match="3 p-values in a row, of 2"):
        smallest_of(np.ones((4, 3)), 2)


def test_the_smallest_of_a_few() -> None:
    p = np.array([[0.01, 0.5, np.nan], [np.nan, np.nan, np.nan], [0.6, 0.7, 0.8], [0.0, 1.0, 1.0]])
    np.testing.assert_allclose(smallest_of(p, 3), [0.03, 1.0, 1.0, 0.0])
    np.testing.assert_allclose(smallest_of(p, 4), [0.04, 1.0, 1.0, 0.0])  # a test that was refused still counts


def test_the_smallest_is_valid_under_dependence() -> None:
    rng = np.random.default_rng(3)
    same = rng.random(20_000)
    for p in (np.stack([same, same, 1 - same], 1), rng.random((20_000, 3))):
        for alpha in (0.01, 0.1):
            assert np.mean(smallest_of(p, 3) <= alpha) <= alpha + 4 * np.sqrt(alpha / 20_000)


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=8), st.integers(0, 5), st.sampled_from([0.05, 0.2]))
def test_e_values_by_definition(e: list[float], zeros: int, alpha: float) -> None:
    n = len(e) + zeros
    ordered = sorted(e, reverse=True)
    k = max((k for k in range(1, len(e) + 1) if ordered[k - 1] >= n / (alpha * k)), default=0)
    found = e_benjamini_hochberg(np.array(e), n, alpha)
    assert found.sum() == k
    if k:
        assert min(np.array(e)[found]) == ordered[k - 1]


def test_e_values_of_a_dependent_null_hold_the_rate() -> None:
    """One shared lucky draw for all: any discovery is false, and they come in at most alpha of the runs."""
    rng = np.random.default_rng(8)
    runs = 0
    for _ in range(4000):
        e = np.full(50, 20.0 if rng.random() < 1 / 20 else 0.0)
        runs += bool(e_benjamini_hochberg(e, 50, 0.05).any())
    assert 0 < runs <= 4000 * 0.05 + 4 * np.sqrt(4000 * 0.05)


@given(st.lists(st.floats(1e-12, 1.0), max_size=30), st.integers(0, 50), st.sampled_from([0.01, 0.05, 0.2]))
def test_q_under_any_dependence_is_that_of_e_bh(p: list[float], more: int, alpha: float) -> None:
    values, n = np.array(p), len(p) + more
    q = q_under_any_dependence(values, max(n, 1))
    found = e_benjamini_hochberg(1 / (2 * np.sqrt(values)), max(n, 1), alpha)
    clear = np.abs(q - alpha) > 1e-9  # on the border rounding decides
    assert np.array_equal((q <= alpha)[clear], found[clear])


def test_the_e_value_of_a_p_has_expectation_one() -> None:
    edges = np.linspace(0, 1, 1_000_001)
    assert np.diff(np.sqrt(edges)).sum() == pytest.approx(1)  # the integral of 1 / (2 sqrt p), piece by piece
