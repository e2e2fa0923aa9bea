"""The sign-flip tail against all 2^n choices of signs."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.maths.sign_flip import GRID, LARGE, sign_flip_tail


def brute(scores: list[float]) -> float:
    """The same, by going through all choices; scores that lie on the grid."""
    steps = [round(s * GRID) for s in scores]
    sums = [
        sum(abs(a) * sign for a, sign in zip(steps, signs, strict=True))
        for signs in product((-1, 1), repeat=len(steps))
    ]
    return sum(s >= sum(steps) for s in sums) / len(sums)


@given(st.lists(st.integers(-GRID, GRID).map(lambda k: k / GRID), max_size=9))
def test_equals_all_choices_of_signs(scores: list[float]) -> None:
    assert sign_flip_tail(np.array(scores)) == pytest.approx(brute(scores))


def test_known_tails() -> None:
    assert sign_flip_tail(np.ones(5)) == 1 / 32
    assert sign_flip_tail(np.zeros(5)) == 1
    assert sign_flip_tail(np.array([])) == 1
    assert sign_flip_tail(-np.ones(3)) == 1
    assert sign_flip_tail(np.array([1.0, 1.0, -0.5])) == 2 / 8


def test_many_scores_are_bounded_from_above_and_never_zero() -> None:
    rng = np.random.default_rng(1)
    scores = np.clip(rng.normal(0.05, 0.5, LARGE), -1, 1)
    exact = sign_flip_tail(scores)
    bound = sign_flip_tail(np.append(scores, 0.0))  # one more, which changes nothing but the method
    assert exact < bound < 20 * exact
    assert 0 < sign_flip_tail(np.ones(LARGE)) <= sign_flip_tail(np.ones(4 * LARGE)) * 1e10
    assert sign_flip_tail(-np.ones(2 * LARGE)) == 1


def test_is_a_valid_p_value() -> None:
    rng = np.random.default_rng(2)
    p = np.array([sign_flip_tail(rng.uniform(-1, 1, 12)) for _ in range(2_000)])
    for level in (0.01, 0.05, 0.2):
        assert np.mean(p <= level) <= level + 3 * np.sqrt(level * (1 - level) / len(p))
    assert np.mean(p <= 0.2) > 0.15


def test_scores_out_of_range_are_an_error() -> None:
    for bad in ([1.5], [np.nan]):
        with pytest.raises(ValueError, match=r"\[-1, 1\]"):
            sign_flip_tail(np.array(bad))
