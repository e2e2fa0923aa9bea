"""Orders counted one by one beside the counts."""

from __future__ import annotations

import math
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.maths.orders import MOST, chance_within, discordant, share_at, share_within


def apart(a: tuple[int, ...], b: tuple[int, ...]) -> int:
    return sum((a[i] < a[j]) != (b[i] < b[j]) for i, j in combinations(range(len(a)), 2))


@pytest.mark.parametrize("n", range(1, 8))
def test_shares_are_those_of_all_orders(n: int) -> None:
    far = np.bincount([apart(o, tuple(range(n))) for o in permutations(range(n))], minlength=n * (n - 1) // 2 + 1)
    np.testing.assert_allclose(share_at(n), far / math.factorial(n), rtol=1e-12)
    np.testing.assert_allclose(share_within(n), np.cumsum(far) / math.factorial(n), rtol=1e-12)


def test_of_many_things_no_digit_is_lost() -> None:
    for n in (30, MOST):
        at = share_at(n)
        assert at[0] == pytest.approx(1 / math.factorial(n), rel=1e-9)
        assert at[1] == pytest.approx((n - 1) / math.factorial(n), rel=1e-9)
        np.testing.assert_allclose(at, at[::-1], rtol=1e-9)
        assert at.sum() == pytest.approx(1, abs=1e-12)
    for n in (0, MOST + 1):
        with pytest.raises(ValueError, match="things"):
            share_at(n)


@pytest.mark.parametrize("n", [4, 5, 6])
def test_the_chance_is_a_bound_and_exact_for_the_very_same_order(n: int) -> None:
    every, habit = list(permutations(range(n))), tuple(range(n))
    for seed in range(3):
        second = every[np.random.default_rng(seed).integers(len(every))]
        for from_habit in range(n * (n - 1) // 2 + 1):
            among = [o for o in every if apart(o, habit) == from_habit]
            for most in (0, 1, 3):
                share = sum(apart(o, second) <= most for o in among) / len(among)
                bound = chance_within(n, most, from_habit)
                assert share <= bound * (1 + 1e-12)
            if apart(second, habit) == from_habit:
                assert chance_within(n, 0, from_habit) == pytest.approx(1 / len(among))


@given(st.permutations(range(7)), st.permutations(range(7)))
def test_discordant_as_by_hand(a: list[int], b: list[int]) -> None:
    assert discordant(np.array(a), np.array(b)) == apart(tuple(a), tuple(b))
