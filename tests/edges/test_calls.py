"""What may be left out without a change of verdict, and what one group's discoveries may do for another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lab.simulator import Causes, Plan, plant, simulate
from tests.nulls.made import S, all_pairs, crowd, first_of
from unisono.calibration.permuted import candidates
from unisono.certify.sample_splitting import Certified
from unisono.edges.call import Layer, call, family, in_groups, layer
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.nulls.layer import assess, background, chances_of, screening_threshold
from unisono.nulls.touches import first_touches

WINDOW = 60 * S


@pytest.mark.parametrize("seed", [5, 6])
def test_levels_that_are_not_looked_at_would_have_changed_nothing(seed: int) -> None:
    world = plant(simulate(Causes(n_accounts=800, n_objects=600, n_acts=16_000), seed), Plan(), seed)
    first = first_touches(world.arrays())
    ground, (a, b) = background(first), candidates(first, WINDOW)
    chance = chances_of(ground, WINDOW)
    short, whole = (assess(ground, chance, a, b, threshold=x) for x in (None, 1.0))
    assert not np.array_equal(short.log_p_joint, whole.log_p_joint)  # some levels were left out
    edges = [call([Layer("x", WINDOW, ground, t, np.arange(800))], 0.05)[0][0].is_edge for t in (short, whole)]
    assert edges[0].any()
    assert np.array_equal(*edges)


@pytest.mark.parametrize("p", [np.full(40, 1e-6), np.logspace(-9, -1, 40), np.r_[1e-7, np.ones(39)]])
def test_above_the_screening_threshold_is_no_discovery_at_any_rate(p: np.ndarray) -> None:
    q = benjamini_hochberg(p, 10_000)
    assert np.all(q[p > screening_threshold([len(p)], [10_000])] >= 1)
    assert screening_threshold([0], [0]) == screening_threshold([], []) == 0.01
    assert screening_threshold([5], [10]) == 0.01


def two_groups(few: float) -> tuple[Layer, list[Certified], np.ndarray]:
    """All pairs of 4 accounts with p = 1e-9, and of 10 others one with p = few; a family of 1,000 pairs."""
    first = first_of(crowd(1, 14, 30, 300))
    ground, (a, b) = background(first), all_pairs(14)
    tested = assess(ground, chances_of(ground, 3600 * S), a, b)
    log_p = np.where((a < 4) & (b < 4), np.log(1e-9), 0.0)
    log_p[(a == 4) & (b == 5)] = np.log(few)
    seen = replace(tested.observed, log_p=log_p, log_p_speed=log_p, n_common=np.full(len(a), 5))
    x = Layer("x", 3600 * S, ground, replace(tested, observed=seen, n_timing=1000), np.arange(14))
    groups = [Certified(np.arange(4), 0.01, False), Certified(np.arange(4, 14), 0.01, False)]
    return x, groups, benjamini_hochberg(np.exp(x.tested.log_p_timing), 1000)


def test_a_pair_is_not_called_on_the_strength_of_another_group() -> None:
    x, groups, q_timing = two_groups(2e-4)
    none = np.zeros(len(q_timing), np.bool_)
    pair = np.flatnonzero((x.tested.a == 4) & (x.tested.b == 5))
    assert q_timing[pair] <= 0.05  # seven discoveries lower the bar
    q, inside = in_groups(x, groups, q_timing, none, 1, 0.05)
    assert q[pair] == pytest.approx(0.2)  # 1,000 tests, one discovery
    assert np.all(q[(x.tested.a < 4) & (x.tested.b < 4)] <= 1e-6)
    assert not inside.any()


def test_a_group_that_most_of_its_pairs_show_stands_for_itself() -> None:
    x, groups, q_timing = two_groups(2e-4)
    none = np.zeros(len(q_timing), np.bool_)
    pair = np.flatnonzero((x.tested.a == 4) & (x.tested.b == 5))
    small = [groups[0], Certified(np.array([4, 5]), 0.01, False)]
    assert in_groups(x, small, q_timing, none, 1, 0.05)[0][pair] == q_timing[pair]


def test_groups_by_reference_let_through_what_the_reference_test_calls() -> None:
    x, _, q_timing = two_groups(2e-4)
    by_reference = np.ones(len(q_timing), np.bool_)
    q, inside = in_groups(x, [Certified(np.arange(4), 0.01, True)], q_timing, by_reference, 1, 0.05)
    assert np.array_equal(inside, (x.tested.a < 4) & (x.tested.b < 4))
    assert np.all(q == 1)


def family_by_joint(x: Layer, k: int) -> list[float]:
    """Timing p of the pairs that the joint test calls in one of k layers that are the same."""
    q = benjamini_hochberg(np.minimum(k * np.exp(x.tested.log_p_joint), 1.0), family([x]))
    return np.exp(x.tested.observed.log_p[q <= 0.05]).round(12).tolist()


@pytest.mark.parametrize("k", [1, 3])
def test_every_layer_counts_in_every_q(k: int) -> None:
    """K x p, and one family of Benjamini-Hochberg: of the layer's pairs with enough in common, or of all pairs."""
    x, groups, _ = two_groups(2e-4)
    few = np.where(x.tested.b < 4, np.log(1e-4), x.tested.log_p_joint)  # else no pair has a joint p below 1
    seen = replace(x.tested.observed, meetings=np.full(len(few), 5))
    x = replace(x, tested=replace(x.tested, log_p_joint=few, observed=seen))
    found, verdicts = call([x] * k, 0.05)

    def q(log_p: np.ndarray, n: int) -> list[float]:
        return benjamini_hochberg(np.minimum(k * np.exp(log_p), 1.0), n).tolist()

    n = family([x] * k)
    assert found[0].q_timing.tolist() == pytest.approx(q(x.tested.log_p_timing, 1000))
    assert found[0].q_reference.tolist() == pytest.approx(q(found[0].log_p_reference, 1000))
    assert found[0].q_selection.tolist() == pytest.approx(q(x.tested.log_p_selection, n))
    assert family_by_joint(x, k) == [1e-9] * 6  # timing p of the pairs that the joint test calls: the gate
    edge = np.where(np.exp(x.tested.observed.log_p) <= 1e-9 * (1 + 1e-9), x.tested.log_p_edge, 0.0)
    some = edge + np.log(k) < 0
    assert verdicts.q.tolist() == pytest.approx(q(edge[some], n))
    assert verdicts.q.min() < 0.1
    inside = (x.tested.a >= 4) & (x.tested.b >= 4)
    alone, _ = in_groups(x, groups, np.ones(len(x.tested.a)), np.zeros(len(x.tested.a), np.bool_), k, 0.05)
    assert alone[inside].tolist() == pytest.approx(q(x.tested.log_p_timing[inside], 1000))


def test_links_under_any_dependence_are_some_of_the_others_and_by_the_joint_test_alone() -> None:
    world = plant(simulate(Causes(n_accounts=800, n_objects=600, n_acts=16_000), 5), Plan(), 5)
    first = first_touches(world.arrays())
    x = layer("x", WINDOW, background(first), *candidates(first, WINDOW))
    (usual,), _ = call([x], 0.05)
    (careful,), verdicts = call([x], 0.05, any_dependence=True)
    assert careful.is_edge.any()
    assert np.all(usual.is_edge | ~careful.is_edge)
    assert not careful.by_group.any()
    assert careful.certified == []
    p = np.exp(careful.log_p[careful.is_edge])
    assert np.all(2 * np.sqrt(p) * verdicts.n_tests / careful.is_edge.sum() <= 0.05 * (1 + 1e-9))


def test_what_a_group_alone_touches_is_looked_at_where_it_does_much_in_a_sitting() -> None:
    """Six accounts put out five things of their own in each of eight sittings: eight meetings behind forty objects."""
    rng = np.random.default_rng(4)
    world = simulate(Causes(n_accounts=600, n_objects=400, n_acts=2_500), 4)
    ids = {int(a): k for k, a in enumerate(rng.choice(600, 6, replace=False))}
    rows = list(zip(world.account.tolist(), world.object.tolist(), world.t.tolist(), strict=True))
    begin = min(world.t.tolist())
    for sitting in range(8):
        for k in range(5):
            when = begin + (sitting * 60 + 5) * 3600 * S + k * 90 * S
            rows += [(a, 400 + 5 * sitting + k, when + int(rng.integers(0, 50)) * S) for a in ids]
    earliest: dict[tuple[int, int], int] = {}
    for account, obj, t in rows:
        earliest[account, obj] = min(t, earliest.get((account, obj), t))
    touches = [(a, o, t, n) for n, ((a, o), t) in enumerate(sorted(earliest.items()))]
    first = first_of(touches, 600, 440, by_time=True)
    x = layer("x", WINDOW, background(first), *candidates(first, WINDOW))
    (called,), _ = call([x], 0.05)
    inside = np.isin(x.tested.a, list(ids)) & np.isin(x.tested.b, list(ids))
    assert inside.sum() == 15
    assert called.n_candidates > 0
    assert called.is_edge[inside].sum() >= 12
    assert not called.is_edge[~inside].any()
