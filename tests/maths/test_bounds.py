"""Chernoff's bound: never below the truth, and not far above it where it stands in."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.maths.bounds import log_chernoff, log_tail_or_bound
from unisono.maths.tails import log_poisson_binomial_tail

CHANCES = st.lists(st.floats(0, 1, allow_subnormal=False), max_size=25)


@given(CHANCES, st.integers(-1, 26))
def test_the_bound_is_never_below_the_tail(chances: list[float], s: int) -> None:
    q = np.array(chances, np.float64)
    exact, bound = log_poisson_binomial_tail(q, s), log_chernoff(q, s)
    assert exact <= bound * (1 - 1e-12) + 1e-12 or exact == bound
    assert bound <= 0


@given(CHANCES, st.integers(-1, 26))
def test_small_tails_that_can_matter_are_exact(chances: list[float], s: int) -> None:
    q = np.array(chances, np.float64)
    exact = log_poisson_binomial_tail(q, s)
    found = log_tail_or_bound(q, s)
    assert found == exact if exact > -490 else found >= exact - 1e-9 * abs(exact) or found == exact


FAR_OR_NEAR = st.lists(st.one_of(st.floats(0, 1, allow_subnormal=False), st.floats(-120, 0).map(np.exp)), max_size=25)


@given(FAR_OR_NEAR, st.integers(1, 26))
def test_the_bound_stands_in_where_it_is_far_and_nowhere_else(chances: list[float], s: int) -> None:
    """To the last digit the rule in its plain order: bound first."""
    q = np.array(chances, np.float64)
    bound = log_chernoff(q, s)
    assert log_tail_or_bound(q, s) == (bound if bound < -500 else log_poisson_binomial_tail(q, s))


@pytest.mark.parametrize("far", [-480.0, -498.0, -499.5, -501.0, -520.0, -640.0, -800.0])
def test_where_the_bound_takes_over(far: float) -> None:
    for s, n in ((1, 1), (2, 2), (2, 30), (5, 40)):
        q = np.full(n, np.exp(far / s))
        bound = log_chernoff(q, s)
        assert log_tail_or_bound(q, s) == (bound if bound < -500 else log_poisson_binomial_tail(q, s))


@pytest.mark.parametrize("p", [1e-4, 0.01, 0.3, 0.9])
@pytest.mark.parametrize("more", [2, 5, 8])
def test_the_bound_is_near_where_tails_are_far(p: float, more: int) -> None:
    q = np.full(2000, p) * np.linspace(0.5, 1, 2000)
    s = int(q.sum() + more * np.sqrt(q.sum()) + more)
    exact = log_poisson_binomial_tail(q, min(s, 1999))
    assert exact <= log_chernoff(q, min(s, 1999)) <= exact + 6


def test_the_ends() -> None:
    q = np.array([0.0, 0.5, 0.25, 1.0])
    assert log_chernoff(q, 0) == 0.0
    assert log_chernoff(q, 1) == 0.0
    assert log_chernoff(q, 3) == pytest.approx(np.log(0.125))
    assert log_chernoff(q, 4) == -np.inf
    assert log_tail_or_bound(np.empty(0), 0) == 0.0
    assert log_tail_or_bound(np.empty(0), 1) == -np.inf


def test_larger_counts_are_never_likelier() -> None:
    q = np.full(60_000, 0.2)
    tails = [log_tail_or_bound(q, s) for s in range(11_000, 60_001, 1000)]
    assert all(x >= y for x, y in pairwise(tails))
    assert tails[0] == 0.0
    assert tails[-1] == pytest.approx(60_000 * np.log(0.2))
