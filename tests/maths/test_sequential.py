"""Sequential Monte Carlo: p valid whenever one stops, draws where a decision is open, and numbers by counter."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.sequential import ENOUGH, decide, p_so_far, stream, uniform
from unisono.maths.types import I64


def worst_chance(x: Fraction, horizon: int) -> Fraction:
    """The largest P(p <= x when stopped) of any stopping rule, exactly: the chance that p is ever <= x by the horizon.

    With what was seen and its draws exchangeable and no ties, of n draws r reached it; the next does with chance
    (r + 1) / (n + 2): Polya's urn. No rule can do better than to stop the first time that p <= x.
    """
    alive, won = {0: Fraction(1)}, Fraction(0)
    for n in range(horizon):
        after: dict[int, Fraction] = {}
        for r, chance in alive.items():
            up = Fraction(r + 1, n + 2)
            for now, step in ((r + 1, up), (r, 1 - up)):
                if Fraction(ENOUGH, n + 1 + ENOUGH - now) <= x:
                    won += chance * step
                elif now < ENOUGH:
                    after[now] = after.get(now, Fraction(0)) + chance * step
        alive = after
    return won


@pytest.mark.parametrize("x", [Fraction(9, 10), Fraction(1, 2), Fraction(1, 5), Fraction(1, 13), Fraction(1, 20)])
def test_no_stopping_rule_makes_p_too_small(x: Fraction) -> None:
    horizon = 2 * ENOUGH * x.denominator // x.numerator
    assert worst_chance(x, horizon) <= x
    assert worst_chance(x, horizon) >= x * Fraction(9, 10)  # and nothing is given away


def test_the_usual_p_is_not_valid_when_one_may_stop_at_will() -> None:
    """What the rule is for: (1 + r) / (1 + n), stopped where it looks best, is several times too small."""
    rng = np.random.default_rng(1)
    u = rng.random((20_000, 1))
    reached = np.cumsum(rng.random((20_000, 500)) < u, axis=1)
    n = np.arange(1, 501)
    usual = ((1 + reached) / (1 + n)).min(axis=1)
    anytime = p_so_far(reached, np.broadcast_to(n, reached.shape))
    ended = np.maximum.accumulate(reached >= ENOUGH, axis=1)
    anytime = np.where(ended, 1.0, anytime).min(axis=1)
    for x in (0.2, 0.1, 0.05):
        assert (usual <= x).mean() > 1.5 * x
        assert (anytime <= x).mean() < x + 4 * (x / 20_000) ** 0.5


@given(st.lists(st.booleans(), max_size=200))
def test_p_never_rises_and_ends_as_that_of_besag_and_clifford(draws: list[bool]) -> None:
    reached, last = 0, 1.0
    for n, hit in enumerate(draws, 1):
        reached += hit
        p = float(p_so_far(np.array([reached]), np.array([n]))[0])
        assert 0 < p <= last
        last = p
        if reached == ENOUGH:
            assert p == ENOUGH / n
            break


class Coins:
    """Tests whose draws reach what was seen with a chance of their own; made by counter, as real ones are."""

    def __init__(self, chance: np.ndarray, seed: int) -> None:
        self.chance, self.seed, self.calls = chance, seed, 0

    def __call__(self, which: I64, reached: I64, draws: I64, goal: int) -> None:
        self.calls += 1
        for i in which:
            rng = np.random.default_rng([self.seed, int(i), goal])
            hits = np.flatnonzero(rng.random(goal - draws[i]) < self.chance[i])
            missing = ENOUGH - reached[i]
            if len(hits) >= missing:
                reached[i], draws[i] = ENOUGH, draws[i] + hits[missing - 1] + 1
            else:
                reached[i], draws[i] = reached[i] + len(hits), goal


def test_a_test_that_is_alone_among_two_thousand_is_called() -> None:
    chance = np.random.default_rng(2).random(2000)
    chance[700] = 0.0
    p, draws = decide(2000, Coins(chance, 3), np.ones(0), 0.05)
    assert np.flatnonzero(benjamini_hochberg(p, 2000) <= 0.05).tolist() == [700]
    assert ENOUGH * 2000 / 0.05 - ENOUGH <= draws[700] <= 2 * ENOUGH * 2000 / 0.05
    assert draws.sum() - draws[700] < 2000 * 1000


@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 9), st.sampled_from([0.01, 0.05, 0.2]))
def test_draws_end_when_no_decision_is_open(n: int, n_real: int, seed: int, rate: float) -> None:
    chance = np.random.default_rng(seed).random(n)
    chance[:n_real] = 0.0
    others = np.random.default_rng(seed).random(5)
    p, draws = decide(n, Coins(chance, seed), others, rate)
    q = benjamini_hochberg(np.r_[p, others], n + 5)[:n]
    assert (q[: min(n_real, n)] <= rate).all()  # a certain one is called, alone or not
    assert (draws <= 4 * ENOUGH * (n + 5) / rate).all()
    frozen = q > rate
    assert np.allclose(p[frozen], ENOUGH / draws[frozen])  # who is not called has come to the end


def test_without_tests_nothing_is_drawn() -> None:
    coins = Coins(np.empty(0), 0)
    p, draws = decide(0, coins, np.array([0.5]), 0.05)
    assert len(p) == len(draws) == coins.calls == 0


def test_a_rate_that_no_draws_reach_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unisono.maths.sequential._MOST", 5000)
    p, draws = decide(1, Coins(np.zeros(1), 0), np.empty(0), 1e-9)
    assert draws[0] <= 5000
    assert p[0] == ENOUGH / (draws[0] + ENOUGH)


@njit
def numbers(key: int, draw: int, n: int) -> np.ndarray:
    state, out = np.empty(1, np.uint64), np.empty(n)
    stream(key, draw, state)
    for i in range(n):
        out[i] = uniform(state)
    return out


def test_random_numbers_are_a_function_of_key_and_draw() -> None:
    def by_hand(key: int, draw: int, n: int) -> list[float]:
        def scrambled(x: int) -> int:
            x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
            x = (x ^ (x >> 27)) * 0x94D049BB133111EB % 2**64
            return x ^ (x >> 31)

        step = 0x9E3779B97F4A7C15
        state = scrambled((key + draw * step) % 2**64)
        return [(scrambled((state + (i + 1) * step) % 2**64) >> 11) * 2.0**-53 for i in range(n)]

    for key, draw in ((0, 0), (2**63 - 1, 7), (12345, 2**24)):
        assert numbers(key, draw, 5).tolist() == by_hand(key, draw, 5)
    many = np.concatenate([numbers(9, d, 100) for d in range(1000)])
    assert len(np.unique(many)) == len(many)
    counts = np.bincount((many * 50).astype(int), minlength=50)
    assert ((counts - 2000) ** 2 / 2000).sum() < 100  # chi-squared of 49 degrees of freedom, p about 2e-5
    assert abs(np.corrcoef(many[:-1], many[1:])[0, 1]) < 0.015
