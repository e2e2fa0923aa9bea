"""The joint null: expectation and tail beside a double loop over accounts and objects."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.nulls.made import S, Touch, all_pairs, crowd, first_of, touches
from unisono.maths.tails import log_poisson_binomial_tail, log_poisson_tail
from unisono.nulls.configuration import ConfigurationModel, fit_configuration_model
from unisono.nulls.joint import Times, _chances, joint, times
from unisono.nulls.latency import N_CLASSES, N_CLOCKS, chances, clock_classes, latency_classes
from unisono.nulls.layer import Asked, assess, background, chances_of
from unisono.nulls.strata import strata


def by_loop(m: ConfigurationModel, q: np.ndarray, factor: float, a: int, b: int) -> np.ndarray:
    """Probability that a and b coincide, object by object; q: (n_objects,) for their classes."""
    return np.array([m.probability(a, o) * m.probability(b, o) * min(factor * q[o], 1.0) for o in range(len(q))])


@given(touches(6, 6), st.integers(0, 99), st.integers(0, 3))
def test_expectation_and_tail_are_those_of_a_double_loop(rows: list[Touch], seed: int, s: int) -> None:
    first = first_of(rows, 6, 6)
    rng = np.random.default_rng(seed)
    model = fit_configuration_model(first, np.where(first.tested, rng.integers(0, 2, 6), -1).astype(np.int32))
    speed, clocks = rng.integers(0, N_CLASSES, 6).astype(np.int8), rng.integers(0, N_CLOCKS, 6).astype(np.int8)
    q, circadian = rng.random((6, N_CLASSES, N_CLASSES)), 2 * rng.random((N_CLOCKS, N_CLOCKS))
    a, b = all_pairs(6)
    keep = first.tested[a] & first.tested[b]
    a, b = a[keep], b[keep]
    expected, log_p = joint(
        model, Times(speed, clocks, np.arange(6, dtype=np.int32), q, circadian), a, b, np.full(len(a), s)
    )
    for k in range(len(a)):
        own = by_loop(model, q[:, speed[a[k]], speed[b[k]]], circadian[clocks[a[k]], clocks[b[k]]], a[k], b[k])
        assert expected[k] == pytest.approx(own.sum())
        exact = log_poisson_binomial_tail(own[own > 0], s)
        assert log_p[k] >= exact - 1e-12
        if s < own.sum() - 1e-9:
            assert log_p[k] == (0 if s <= np.floor(own.sum()) else pytest.approx(exact))
            assert s > np.floor(own.sum()) or s == 0 or exact >= np.log(0.5) - 1e-9
        elif own.sum() + 1e-9 < s < own.sum() + 1 - 1e-9:
            assert exact - 1e-12 <= log_p[k] <= exact + np.log(1.05)
        elif s > own.sum() + 1 + 1e-9:
            assert log_p[k] == pytest.approx(log_poisson_tail(own[None].sum(1), np.array([s]))[0])


@given(touches(8, 6), st.integers(0, 99), st.integers(1, 4))
def test_strata_matched_once_give_what_each_pair_gives_alone(rows: list[Touch], seed: int, n_strata: int) -> None:
    """To the last digit, whatever the order of the pairs."""
    first = first_of(rows, 8, 6)
    rng = np.random.default_rng(seed)
    m = fit_configuration_model(first, np.where(first.tested, rng.integers(0, n_strata, 8), -1).astype(np.int32))
    speed, clocks = rng.integers(0, N_CLASSES, 8).astype(np.int8), rng.integers(0, N_CLOCKS, 8).astype(np.int8)
    q, circadian = rng.random((6, N_CLASSES, N_CLASSES)), 2 * rng.random((N_CLOCKS, N_CLOCKS))
    a, b = all_pairs(8)
    keep = rng.permutation(np.flatnonzero(first.tested[a] & first.tested[b]))
    a, b = a[keep], b[keep]
    at = Times(speed, clocks, np.arange(6, dtype=np.int32), q, circadian)
    expected, _ = joint(m, at, a, b, np.ones(len(a), np.int64))
    alone = [joint(m, at, a[k : k + 1], b[k : k + 1], np.ones(1, np.int64))[0][0] for k in range(len(a))]
    assert expected.tolist() == alone
    assert expected == pytest.approx(np.array([_chances(m, at, u, v).sum() for u, v in zip(a, b, strict=True)]))


def test_many_small_chances_are_bounded_and_few_large_ones_exact() -> None:
    """Beside s = floor(expected) + 1, where the Poisson tail alone is no bound."""
    rng = np.random.default_rng(3)
    first = first_of([(a, int(o), 0, 0) for a in range(40) for o in rng.choice(400, 60, replace=False)])
    model = fit_configuration_model(first, np.zeros(40, np.int32))
    a, b = all_pairs(40)
    none, circadian = np.zeros(40, np.int8), np.ones((N_CLOCKS, N_CLOCKS))
    for chance, bounded in ((0.2, True), (1.0, False)):
        at = Times(none, none, np.arange(400, dtype=np.int32), np.full((400, N_CLASSES, N_CLASSES), chance), circadian)
        expected, _ = joint(model, at, a, b, np.full(len(a), 99))
        s = np.floor(expected).astype(np.int64) + 1
        _, log_p = joint(model, at, a, b, s)
        pairs = zip(a, b, s, strict=True)
        exact = np.array([log_poisson_binomial_tail(_chances(model, at, u, v), n) for u, v, n in pairs])
        assert (log_p >= exact - 1e-12).all()
        assert (log_p <= exact + np.log(1.05) + 1e-12).all()
        assert bool((log_p > exact + 1e-6).mean() > 0.9) == bounded


def test_pairs_of_two_strata_meet_on_the_objects_of_both() -> None:
    rows = [(a, o, 0, 0) for a in range(3) for o in range(4)] + [(a, o, 0, 0) for a in range(3, 6) for o in range(2, 6)]
    first = first_of(rows)
    model = fit_configuration_model(first, np.array([0, 0, 0, 1, 1, 1], np.int32))
    ones, circadian = np.ones((6, N_CLASSES, N_CLASSES)), np.ones((N_CLOCKS, N_CLOCKS))
    none = np.zeros(6, np.int8)
    a, b = np.array([0]), np.array([5])
    expected, _ = joint(model, Times(none, none, np.arange(6, dtype=np.int32), ones, circadian), a, b, np.array([1]))
    assert expected[0] == pytest.approx(2, rel=0.05)


def test_an_edge_survives_every_level_of_strata() -> None:
    """The p of a pair is the largest over the levels, or one that explains it already."""
    first = first_of(crowd(1, 90, 40, 1200))
    ground, (a, b) = background(first), all_pairs(90)
    chance = chances_of(ground, 3600 * S)
    found = assess(ground, chance, a, b, asked=Asked(everything=True))
    s = found.observed.meetings
    levels = np.array([joint(m, times(ground.speed, ground.clocks, chance), a, b, s)[1] for m in ground.models])
    worst = levels.max(0)
    assert len(ground.models) == 4
    assert np.all(found.log_p_joint <= worst)
    assert np.all((found.log_p_joint == worst) | (found.log_p_joint >= np.log(0.01)))
    assert np.array_equal(assess(ground, chance, a, b, threshold=1.0, asked=Asked(everything=True)).log_p_joint, worst)
    assert np.all(np.isin(found.log_p_joint, levels))
    assert np.all(np.isfinite(found.expected))


def test_only_candidates_are_computed_and_the_others_are_p_1() -> None:
    first = first_of(crowd(2, 90, 40, 1200))
    ground, (a, b) = background(first), all_pairs(90)
    found = assess(ground, chances_of(ground, 3600 * S), a, b, threshold=0.01)
    few = found.observed.meetings < 2
    assert few.any()
    assert not few.all()
    assert np.all(np.isnan(found.expected) == few)
    assert np.all(found.log_p_edge[few] == 0)
    assert np.all(found.log_p_selection[few] == 0)
    everything = assess(ground, chances_of(ground, 3600 * S), a, b, threshold=0.01, asked=Asked(everything=True))
    assert np.array_equal(found.log_p_edge, everything.log_p_edge)


def test_the_p_of_the_edge_test_before_its_gate_and_of_the_timing_test() -> None:
    first = first_of(crowd(3, 90, 40, 1200))
    ground, (a, b) = background(first), all_pairs(90)
    found = assess(ground, chances_of(ground, 6 * 3600 * S), a, b, asked=Asked(everything=True))
    few = found.observed.meetings < 2
    assert (found.log_p_joint[few] < 0).any()
    assert np.array_equal(found.log_p_edge, np.where(few, 0.0, found.log_p_joint))
    assert np.array_equal(found.log_p_times, np.maximum(found.observed.log_p, found.observed.log_p_speed))
    assert (found.observed.log_p_speed > found.observed.log_p).any()
    assert np.all(found.log_p_timing >= found.log_p_times)
    assert np.all(found.log_p_timing[found.observed.n_common < 3] == 0)


def test_chance_alone_is_not_below_its_level() -> None:
    """Independent touches at random: of all pairs at most about as many have p <= alpha as alpha says."""
    small, n = np.zeros(3), 0
    for seed in range(4):
        first = first_of(crowd(10 + seed, 120, 60, 1500, days=1))
        ground, (a, b) = background(first), all_pairs(120)
        found = assess(ground, chances_of(ground, 1800 * S), a, b, asked=Asked(everything=True))
        small += [(found.log_p_joint <= np.log(x)).sum() for x in (0.05, 0.01, 0.001)]
        n += len(a)
    assert small[0] <= 0.05 * n * 1.1
    assert small[1] <= 0.01 * n * 1.2
    assert small[2] <= 0.001 * n * 1.5 + 3


def test_many_common_objects_are_a_matter_of_moments() -> None:
    """Regression: s about lambda on 30,000 objects took n x s steps of the exact tail."""
    rows = [(a, o, 0, 0) for a in range(3) for o in range(30_000)]
    first = first_of(rows)
    (stratum,) = strata(first, (500,))
    speed, clocks = latency_classes(first)[2], clock_classes(first)
    chance = chances(first, latency_classes(first)[1], clocks, S)
    a, b = all_pairs(3)
    _, log_p = joint(fit_configuration_model(first, stratum), times(speed, clocks, chance), a, b, np.full(3, 29_000))
    assert log_p == pytest.approx(np.zeros(3), abs=1e-6)
