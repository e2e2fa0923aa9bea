"""The null models against plain loops and enumeration."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.simulator import Causes, Plan, plant, simulate
from unisono.certify.extension import bursts, companions
from unisono.edges.combine import combine
from unisono.nulls.configuration import fit_configuration_model
from unisono.nulls.joint import joint, times
from unisono.nulls.latency import chances, clock_classes, latency_classes
from unisono.nulls.layer import assess, background, chances_of
from unisono.nulls.meetings import LEAST
from unisono.nulls.strata import strata
from unisono.nulls.timing import observe, timing_family
from unisono.nulls.touches import FirstTouches, first_touches, index_touches

W = 60


def touched(rows: list[tuple[int, int, int]], n_accounts: int, n_objects: int) -> FirstTouches:
    """First touches from (object, time, account)."""
    first = {(o, a): t for o, t, a in sorted(rows, reverse=True)}
    order = sorted((o, t, a) for (o, a), t in first.items())
    o, t, a = (np.array([r[k] for r in order], np.int64) for k in range(3))
    each = np.arange(len(order), dtype=np.int32)  # a post and a sitting of its own
    return index_touches(a.astype(np.int32), o.astype(np.int32), each, t, n_accounts, n_objects, each)


def random_touches(seed: int, n_accounts: int = 6, n_objects: int = 5, n: int = 26) -> FirstTouches:
    rng = np.random.default_rng(seed)
    rows = zip(
        rng.integers(n_objects, size=n), rng.integers(300, size=n), rng.integers(n_accounts, size=n), strict=True
    )
    return touched([(int(o), int(t), int(a)) for o, t, a in rows], n_accounts, n_objects)


def everything(first: FirstTouches) -> tuple[np.ndarray, np.ndarray]:
    pairs = np.array(list(combinations(range(first.n_accounts), 2)), np.int64)
    return pairs[:, 0], pairs[:, 1]


def observed(first: FirstTouches):  # noqa: ANN201
    _, classes, _ = latency_classes(first)
    clocks = clock_classes(first)
    a, b = everything(first)
    return observe(first, classes, clocks, chances(first, classes, clocks, W), a, b), a, b


@pytest.mark.parametrize("seed", range(4))
def test_the_timing_p_is_the_share_of_all_shuffles(seed: int) -> None:
    first = random_touches(seed, n_accounts=4, n_objects=3, n=11)
    seen, a, b = observed(first)
    objects = [range(first.slots[o], first.slots[o + 1]) for o in range(3)]
    shuffles = [list(permutations(rows)) for rows in objects]
    for k in range(len(a)):
        tails = np.array([1.0])  # distribution of S, object by object: shuffles of objects are independent
        for rows, ways in zip(objects, shuffles, strict=True):
            place = {int(first.account[r]): i for i, r in enumerate(rows)}
            if int(a[k]) not in place or int(b[k]) not in place:
                continue
            i, j = place[int(a[k])], place[int(b[k])]
            q = np.mean([abs(first.t[way[i]] - first.t[way[j]]) <= W for way in ways])
            tails = np.convolve(tails, [1 - q, q])
        expected = tails[seen.meetings[k] :].sum() if seen.meetings[k] >= LEAST else 1.0
        assert np.exp(seen.log_p[k]) == pytest.approx(expected, rel=1e-9)


def test_the_statistic_counts_objects_and_sittings() -> None:
    rows = [(0, 0, 0), (0, 5, 1), (1, 100, 0), (1, 105, 1), (2, 500, 0), (2, 900, 1)]
    first = touched(rows, 2, 3)
    seen, _, _ = observed(first)
    assert (seen.n_common[0], seen.n_first[0], seen.meetings[0]) == (3, 2, 2)
    first = replace(first, sitting=np.array([0, 2, 0, 3, 1, 4], np.int32))  # a's two touches are of one sitting
    assert observed(first)[0].meetings[0] == 1
    assert observed(first)[0].n_first[0] == 2


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_the_timing_family_is_counted_and_its_bound_is_one(seed: int) -> None:
    first = random_touches(seed, n_accounts=7, n_objects=6, n=40)
    have = [set(first.object[first.account == a].tolist()) for a in range(7)]
    for k in (1, 2, 3):
        true = sum(len(have[a] & have[b]) >= k for a, b in combinations(range(7), 2))
        assert timing_family(first, k) == max(true, 1)
        assert timing_family(first, k, work=0) >= true


@pytest.mark.parametrize("seed", range(3))
def test_margins_give_back_the_degrees(seed: int) -> None:
    first = random_touches(seed, n_accounts=12, n_objects=9, n=60)
    stratum = np.where(first.tested, np.arange(12) % 2, -1).astype(np.int32)
    fitted = fit_configuration_model(first, stratum)
    use = (first.n_sharers >= 2)[first.object]
    for g in range(2):
        own = np.flatnonzero(stratum == g)
        p = np.array([[fitted.probability(a, o) for o in range(9)] for a in own])
        real = np.array([[np.any((first.account == a) & (first.object == o) & use) for o in range(9)] for a in own])
        assert p.sum(0) == pytest.approx(real.sum(0), abs=0.05)
        assert p.sum(1) == pytest.approx(real.sum(1), abs=0.05)


def test_lambda_is_the_double_sum() -> None:
    first = random_touches(1, n_accounts=12, n_objects=9, n=60)
    stratum = np.where(first.tested, np.arange(12) % 2, -1).astype(np.int32)
    fitted = fit_configuration_model(first, stratum)
    _, classes, speed = latency_classes(first)
    clocks = clock_classes(first)
    chance = chances(first, classes, clocks, W)
    a, b = (x[first.tested[everything(first)[0]] & first.tested[everything(first)[1]]] for x in everything(first))
    expected, log_p = joint(fitted, times(speed, clocks, chance), a, b, np.full(len(a), 2))
    for k in range(len(a)):
        u, v = int(a[k]), int(b[k])
        factor = chance.circadian[clocks[u], clocks[v]]
        q = np.minimum(factor * chance.q[chance.place, speed[u], speed[v]], 1.0)
        each = np.array([fitted.probability(u, o) * fitted.probability(v, o) for o in range(9)]) * q
        assert expected[k] == pytest.approx(each.sum(), rel=1e-9)
        none, one = np.prod(1 - each), sum(x * np.prod(np.delete(1 - each, i)) for i, x in enumerate(each))
        assert np.exp(log_p[k]) >= (1 - none - one) * (1 - 1e-9)


def test_a_class_does_not_see_the_object_that_it_is_used_on() -> None:
    first = random_touches(5, n_accounts=8, n_objects=6, n=40)
    score, classes, _ = latency_classes(first)
    for o in range(6):
        rows = np.arange(first.slots[o], first.slots[o + 1])
        moved = first.t.copy()
        moved[rows] = np.random.default_rng(o).permutation(moved[rows])
        order = np.lexsort((moved, first.object))
        other = index_touches(first.account[order], first.object[order], first.post[order], moved[order], 8, 6)
        again, same, _ = latency_classes(other)
        mine = {int(first.account[r]): (score[r], classes[r]) for r in rows}
        for r in np.flatnonzero(other.object == o):
            assert mine[int(other.account[r])] == (pytest.approx(again[r]), same[r])


def test_chances_are_symmetric_probabilities() -> None:
    first = first_touches(simulate(Causes(n_accounts=300, n_objects=200, n_acts=5_000), 1).arrays())
    ground = background(first)
    chance = chances_of(ground, 600_000_000)
    assert np.all((chance.q >= 0) & (chance.q <= 1))
    assert np.allclose(chance.q, chance.q.transpose(0, 2, 1))
    assert np.allclose(chance.circadian, chance.circadian.T)
    for one, other in zip(strata(first), strata(first), strict=True):
        assert np.array_equal(one, other)
        sizes = np.bincount(one[one >= 0])
        assert sizes.min() >= 1
        assert set(np.flatnonzero(one >= 0)) == set(np.flatnonzero(first.tested))


def test_pairs_are_combined_by_k_times_the_smallest_p() -> None:
    a, b = np.array([0, 0, 1, 0]), np.array([1, 1, 2, 2])
    p = np.array([0.01, 0.001, 0.02, 1.0])
    v = combine(a, b, np.log(p), 2, 10)
    assert (v.a.tolist(), v.b.tolist()) == ([0, 1], [1, 2])
    assert np.exp(v.log_p) == pytest.approx([0.002, 0.04])
    assert v.q == pytest.approx([0.02, 0.2])
    assert v.q_row == pytest.approx([0.2, 0.02, 0.2, 1.0])  # 0.02 alone would be found where 0.04 is


def test_bursts_of_a_core_by_hand() -> None:
    rows = [(0, 0, 0), (0, 10, 1), (0, 65, 3), (0, 200, 4), (1, 0, 0), (1, 500, 1), (1, 510, 3)]
    found = bursts(touched(rows, 5, 2), W, np.array([0, 1]))
    assert found.objects.tolist() == [0]
    assert found.share.tolist() == [0.5]
    assert found.inside.tolist() == [3]


def test_those_who_were_left_out_of_a_core_join_it_and_others_do_not() -> None:
    world = plant(simulate(Causes(n_accounts=1500, n_objects=1000, n_acts=35_000), 9), Plan(n_objects=12), 9)
    first = first_touches(world.arrays())
    planted = world.labels["planted"].astype(np.int64)
    accounts, log_p = companions(background(first), 60_000_000, planted[:6])
    assert not set(accounts) & set(planted[:6])
    sure = accounts[log_p < np.log(0.05 / 1500)]
    assert len(set(sure) & set(planted[6:])) >= 7
    assert len(set(sure) - set(planted)) <= 1


def test_a_lone_viral_object_and_empty_input_say_nothing() -> None:
    crowd = touched([(0, k // 7, k) for k in range(3_000)], 3_000, 1)
    assert not crowd.tested.any()
    ground = background(crowd)
    tested = assess(ground, chances_of(ground, W), np.array([0]), np.array([1]))
    assert tested.log_p_edge.tolist() == [0.0]
    nobody = touched([], 0, 0)
    none = np.empty(0, np.int64)
    assert len(assess(background(nobody), chances_of(background(nobody), W), none, none).a) == 0
