"""Hommel's h and the bound, against closed testing over every subset."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.maths.hommel import hommel_value, true_discoveries_at_least

ALPHA = Fraction(1, 8)
P_VALUES = st.lists(st.sampled_from([Fraction(k, 128) for k in (0, 1, 2, 3, 4, 5, 8, 13, 16, 17, 40, 100, 128)]))


def simes_rejects(p: tuple[Fraction, ...]) -> bool:
    return any(len(p) * x <= (j + 1) * ALPHA for j, x in enumerate(sorted(p)))


def accepted_sets(p: list[Fraction]) -> list[frozenset[int]]:
    """Index sets whose intersection hypothesis Simes' test does not reject."""
    n = len(p)
    sets = (frozenset(c) for k in range(1, n + 1) for c in combinations(range(n), k))
    return [s for s in sets if not simes_rejects(tuple(p[i] for i in s))]


def by_closed_testing(p: list[Fraction], chosen: frozenset[int]) -> int:
    """|S| less the largest part of S that is inside an accepted set."""
    return len(chosen) - max((len(chosen & s) for s in accepted_sets(p)), default=0)


def numbers(p: list[Fraction]) -> np.ndarray:
    return np.array([float(x) for x in p])


@given(P_VALUES.filter(lambda p: 1 <= len(p) <= 7))
def test_every_subset_agrees_with_closed_testing(p: list[Fraction]) -> None:
    h = hommel_value(numbers([x for x in p if x < 1]), len(p), float(ALPHA))
    accepted = accepted_sets(p)
    assert h == max((len(s) for s in accepted), default=0)
    for k in range(len(p) + 1):
        for chosen in combinations(range(len(p)), k):
            bound = true_discoveries_at_least(numbers([p[i] for i in chosen]), h, float(ALPHA))
            missed = max((len(s & set(chosen)) for s in accepted), default=0)
            assert bound == k - missed, (p, chosen)


def test_all_grids_of_three() -> None:
    grid = [Fraction(k, 64) for k in (0, 2, 3, 4, 5, 8, 9, 64)]
    for p in ([a, b, c] for a in grid for b in grid for c in grid):
        h = hommel_value(numbers([x for x in p if x < 1]), 3, float(ALPHA))
        whole = true_discoveries_at_least(numbers(p), h, float(ALPHA))
        assert whole == by_closed_testing(p, frozenset(range(3))), p


def test_a_p_that_lies_on_the_line_counts() -> None:
    """h p = u alpha to the last bit: Simes' test rejects there."""
    p = [Fraction(k, 256) for k in (18, 21, 24, 33, 25, 14, 24)]
    chosen = [2, 3, 5, 6]
    h = hommel_value(numbers(p), 7, float(ALPHA))
    assert (h, h * p[2]) == (4, 3 * ALPHA)
    assert true_discoveries_at_least(numbers([p[i] for i in chosen]), h, float(ALPHA)) == 1
    assert by_closed_testing(p, frozenset(chosen)) == 1


@given(P_VALUES.filter(lambda p: len(p) <= 20), st.integers(0, 30))
def test_tests_left_out_count_as_one(p: list[Fraction], ones: int) -> None:
    filled = numbers(p + [Fraction(1)] * ones)
    assert hommel_value(numbers(p), len(filled), float(ALPHA)) == hommel_value(filled, len(filled), float(ALPHA))


@given(P_VALUES.filter(lambda p: 1 <= len(p) <= 20), st.integers(0, 19), st.integers(0, 50))
def test_a_smaller_p_never_lowers_the_bound(p: list[Fraction], which: int, ones: int) -> None:
    x = numbers(p)
    y = x.copy()
    y[which % len(y)] /= 2
    n = len(x) + ones
    before, after = (true_discoveries_at_least(v, hommel_value(v, n, float(ALPHA)), float(ALPHA)) for v in (x, y))
    assert after >= before
    assert 0 <= after <= len(y)


def test_a_family_of_a_hundred_thousand_million() -> None:
    p = np.concatenate([np.full(1000, 1e-30), np.linspace(1e-3, 1, 20_000)])
    n_tests = 10**11
    h = hommel_value(p, n_tests, 0.05)
    assert h == n_tests - 1000
    assert true_discoveries_at_least(p[:1000], h, 0.05) == 1000
    assert true_discoveries_at_least(p[900:1100], h, 0.05) == 100
    assert true_discoveries_at_least(p[1000:], h, 0.05) == 0


def test_nothing_at_all() -> None:
    assert hommel_value(np.empty(0), 10**11, 0.05) == 10**11
    assert hommel_value(np.empty(0), 0, 0.05) == 0
    assert true_discoveries_at_least(np.empty(0), 5, 0.05) == 0
    assert true_discoveries_at_least(np.array([1e-9, 0.5, 0.9]), 0, 0.05) == 3  # h = 0: everything is found


def test_what_is_no_family_is_refused() -> None:
    with pytest.raises(ValueError, match="2 p-values of a family of 1"):
        hommel_value(np.array([0.1, 0.2]), 1, 0.05)
    for bad in (np.nan, -0.1, 1.1):
        with pytest.raises(ValueError, match="not between"):
            hommel_value(np.array([bad]), 5, 0.05)
        with pytest.raises(ValueError, match="not between"):
            true_discoveries_at_least(np.array([bad]), 5, 0.05)
    with pytest.raises(ValueError, match="alpha"):
        hommel_value(np.array([0.1]), 5, 1.0)


def test_the_error_is_simultaneous() -> None:
    """Under the global null some set gets a bound above 0 in about alpha of the runs, never much more."""
    rng = np.random.default_rng(5)
    wrong = 0
    for _ in range(2000):
        p = np.sort(rng.random(30))
        h = hommel_value(p, 30, 0.1)
        wrong += max(true_discoveries_at_least(p[:k], h, 0.1) for k in range(1, 31)) > 0
    assert wrong <= 2000 * 0.1 + 4 * np.sqrt(2000 * 0.09)
