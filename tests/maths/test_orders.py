"""Orders: against counting over all permutations."""

from __future__ import annotations

from itertools import permutations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.maths.orders import ALIKE, HABITS, apart, log_follows, log_likeliest, log_normaliser

RANKS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=7)


@pytest.mark.parametrize("k", [1, 2, 3, 5, 6])
def test_the_normaliser_is_the_sum_over_all_orders(k: int) -> None:
    theta = np.array([-2.0, -0.1, 0.0, 0.1, 1.0, 5.0])
    centre = np.arange(k)
    d = np.array([apart(np.array(x, np.int64), centre)[0] for x in permutations(range(k))])
    found = np.exp(log_normaliser(theta)[:, k])
    assert found == pytest.approx([np.exp(-t * d).sum() for t in theta])


@given(RANKS)
def test_opposites_and_ties_are_counted(pairs: list[tuple[int, int]]) -> None:
    x, y = (np.array([p[i] for p in pairs], np.int64) for i in range(2))
    opposite, ties = apart(x, y)
    signs = [np.sign(x[i] - x[j]) * np.sign(y[i] - y[j]) for i in range(len(x)) for j in range(i)]
    assert (opposite, ties) == (signs.count(-1), signs.count(0))


@pytest.mark.parametrize("theta", [-3.0, 0.0, 0.5, 2.0])
def test_e_values_of_a_habit_are_one_on_average_at_most(theta: float) -> None:
    """All orders of five things, by an account with that habit, put beside any order of another: E[e] <= 1."""
    k, born = 5, np.arange(5)
    habits, alike = log_normaliser(HABITS), log_normaliser(ALIKE)
    orders = [np.array(x, np.int64) for x in permutations(range(k))]
    z = np.exp(log_normaliser(np.array([theta]))[0, k])
    for theirs in orders[::17]:
        total = 0.0
        for mine in orders:
            d = apart(mine, born)[0]
            log_e = log_follows(*apart(mine, theirs), k, ALIKE, alike) - log_likeliest(d, 0, k, HABITS, habits)
            total += np.exp(-theta * d) / z * np.exp(log_e)
        assert total <= 1 + 1e-9


def test_ties_never_help() -> None:
    habits, alike = log_normaliser(HABITS), log_normaliser(ALIKE)
    for k in (4, 8):
        for ties in range(1, comb(k, 2)):
            assert log_follows(0, ties, k, ALIKE, alike) <= log_follows(0, 0, k, ALIKE, alike)
            worst = max(log_likeliest(d, 0, k, HABITS, habits) for d in range(ties + 1))
            assert log_likeliest(0, ties, k, HABITS, habits) >= worst - 1e-9
