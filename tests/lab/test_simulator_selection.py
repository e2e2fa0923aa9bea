"""Who touches what: the samplers against the probabilities written out in full."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.simulator.selection import FLOOR, PEAK, WIDTH, alias_table, liking, select


@given(st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=60))
def test_alias_table_holds_the_weights(weights: list[float]) -> None:
    weight = np.array(weights)
    accept, other = alias_table(weight)
    held = accept / len(weight)
    np.add.at(held, other, (1 - accept) / len(weight))
    assert held == pytest.approx(weight / weight.sum(), abs=1e-9)


def test_liking_wraps_round_the_torus_and_falls_with_distance() -> None:
    zero = np.zeros(3)
    assert liking(zero, zero) == 1
    assert liking(zero, np.array([0.1, 0, 0])) == pytest.approx(liking(zero, np.array([0.9, 0, 0])))
    assert liking(np.zeros(0), np.zeros(0)) == 1
    falling = [liking(zero, np.array([d, d, d])) for d in np.linspace(0, 0.5, 11)]
    assert (np.diff(falling) < 0).all()
    d = 0.2
    density = (2 * np.pi * WIDTH**2) ** -1.5 * np.exp(-(d**2) / (2 * WIDTH**2))
    assert liking(zero, np.array([d, 0, 0])) == pytest.approx((FLOOR + (1 - FLOOR) * density) / PEAK)


def test_select_follows_popularity_times_liking() -> None:
    # 40,000 twins of one account, each drawing one object: the frequencies are the propensities.
    rng = np.random.default_rng(1)
    m, k = 40_000, 12
    weight, spot, place = rng.pareto(1.1, k) + 1, rng.random((k, 3)), np.tile(rng.random(3), (m, 1))
    account, obj = select(np.ones(m, np.int64), weight, place, spot, rng)
    propensity = weight * np.array([liking(place[0], s) for s in spot])
    expected = propensity / propensity.sum()
    assert len(account) == m
    deviation = (np.bincount(obj, minlength=k) / m - expected) / np.sqrt(expected * (1 - expected) / m)
    assert np.abs(deviation).max() < 4.5


def test_without_interests_only_popularity_counts() -> None:
    rng = np.random.default_rng(2)
    weight = np.array([1.0, 2.0, 7.0])
    _, obj = select(np.ones(30_000, np.int64), weight, rng.random((30_000, 3)), None, rng)
    assert np.bincount(obj) / 30_000 == pytest.approx(weight / 10, abs=0.012)


def test_three_quarters_of_the_acts_are_near() -> None:
    rng = np.random.default_rng(3)
    place, spot = rng.random((400, 3)), rng.random((3000, 3))
    account, obj = select(np.full(400, 20), np.ones(3000), place, spot, rng)
    apart = np.abs(place[account] - spot[obj])
    distance = np.sqrt((np.minimum(apart, 1 - apart) ** 2).sum(1))
    radius = (3 / (4 * np.pi * 12)) ** (1 / 3)
    assert np.mean(distance < radius) == pytest.approx(0.75, abs=0.03)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=20), st.integers(5, 9), st.integers(0, 99))
def test_no_account_draws_an_object_twice(wanted: list[int], k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    account, obj = select(np.array(wanted), rng.pareto(1.1, k) + 1, np.zeros((len(wanted), 3)), None, rng)
    assert len(np.unique(account.astype(np.int64) * k + obj)) == len(account)
    assert np.bincount(account, minlength=len(wanted)).tolist() == wanted  # k is enough for everyone


def test_an_account_that_has_touched_everything_gives_up() -> None:
    account, obj = select(np.array([9]), np.ones(4), np.zeros((1, 3)), None, np.random.default_rng(0))
    assert account.tolist() == [0] * 4
    assert sorted(obj.tolist()) == [0, 1, 2, 3]
