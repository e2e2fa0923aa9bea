"""Split and test: the draw of slots beside its exact distribution, and groups that hold on the other half."""

from __future__ import annotations

from itertools import combinations
from math import exp, log
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.simulator import Causes, Plan, World, plant, simulate
from tests.nulls.made import DAY, S, Touch, all_pairs, crowd, first_of, rows_of, touches
from unisono.calibration.permuted import candidates
from unisono.certify import permutation, sample_splitting
from unisono.certify.permutation import _rows_of, _some_objects, draw_until, held_out
from unisono.certify.sample_splitting import Certified, _communities, _minus_log_q, certify
from unisono.certify.slot_sampler import WIDTH, narrowed, slot_sampler
from unisono.nulls.latency import N_CLASSES
from unisono.nulls.layer import background
from unisono.nulls.reference import dominated_tail, dominating, everyone, without
from unisono.nulls.touches import FirstTouches, first_touches, slot_share
from unisono.pairs.arrays import TraceArrays

SMALL = Causes(n_accounts=1200, n_objects=800, n_acts=28_000)


def concentration(
    first: FirstTouches, score: np.ndarray, clocks: np.ndarray, window: int, weight: np.ndarray, members: np.ndarray,
    seed: int, most: int, enough: int = 10**9,
) -> tuple[int, int, np.ndarray]:  # fmt: skip
    """(draws that reached what was seen, draws, members that came), of at most `most` draws."""
    group, came = held_out(first, score, clocks, window, weight, members, seed)
    slots = slot_sampler(first, score, clocks, group.objects[np.argsort(group.objects)])
    return *draw_until(slots, group, window, 0, 0, most, enough), came


def largest(times: list[int], window: int) -> int:
    return max(sum(t <= u <= t + window for u in times) for t in times)


def outcomes(
    first: FirstTouches, score: np.ndarray, clocks: np.ndarray, own: list[int], window: int
) -> dict[int, float]:
    """Probability of each largest number on one object: every way in which its members can take slots in turn."""
    o = first.object[own[0]]
    slots = list(range(first.slots[o], first.slots[o + 1]))

    def weight(i: int, j: int) -> float:
        same = 3.0 if clocks[first.account[i]] == clocks[first.account[j]] else 1.0
        return exp(-abs(score[i] - score[j]) / WIDTH) * same

    found: dict[int, float] = {}

    def go(left: list[int], taken: list[int], p: float) -> None:
        if not left:
            n = largest([int(first.t[j]) for j in taken], window)
            found[n] = found.get(n, 0.0) + p
            return
        free = [j for j in slots if j not in taken]
        total = sum(weight(left[0], j) for j in free)
        for j in free:
            go(left[1:], [*taken, j], p * weight(left[0], j) / total)

    go(own, [], 1.0)
    return found


def exactly(first: FirstTouches, score: np.ndarray, clocks: np.ndarray, weight: np.ndarray, window: int) -> float:
    """P(a draw is at least as concentrated as what was seen) for the members 0, 1 and 2."""
    sums, seen = {0.0: 1.0}, 0.0
    for o in range(len(first.n_sharers)):
        own = [i for i in range(first.slots[o], first.slots[o + 1]) if first.account[i] < 3]
        if len(own) < 2:
            continue
        seen += (largest([int(first.t[i]) for i in own], window) - 1) * weight[o]
        more: dict[float, float] = {}
        for n, p in outcomes(first, score, clocks, own, window).items():
            for total, q in sums.items():
                key = total + (n - 1) * weight[o]
                more[key] = more.get(key, 0.0) + p * q
        sums = more
    return sum(p for total, p in sums.items() if total >= seen * (1 - 1e-9))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("spread", [0.1, 0.6])
def test_p_is_that_of_all_ways_to_take_slots(seed: int, spread: float) -> None:
    """With a wide spread of scores most tries fail, and slots are found by walking over what is free."""
    rng = np.random.default_rng(seed)
    rows = [(a, o, int(rng.integers(0, 12)), 0) for o in range(3) for a in range(5) if a < 3 or rng.random() < 0.6]
    first = first_of(rows, 5, 3)
    score, clocks = spread * rng.standard_normal(len(rows)), rng.integers(0, 2, 5).astype(np.int8)
    weight = rng.random(3) + 0.5
    truth = exactly(first, score, clocks, weight, 2)
    reached, n, came = concentration(first, score, clocks, 2, weight, np.arange(3), seed, 20_000)
    p = reached / n
    found = rows_of(first)
    for m in range(3):
        near = [x for x in found for y in found if x[0] == m and y[0] < 3 and y[0] != m and x[1] == y[1]
                and abs(x[2] - y[2]) <= 2]  # fmt: skip
        assert came[m] == bool(near)
    if came.any():
        assert p == pytest.approx(truth, abs=5 * (truth * (1 - truth) / 20_000) ** 0.5 + 1e-4)
    else:
        assert p == 1.0


def test_members_who_are_all_the_sharers_take_turns_and_come_to_an_end() -> None:
    """Regression: the last of them waited for a slot of weight exp(-20) among those that were taken."""
    rows = [(a, o, 20 * a + o, 0) for o in range(40) for a in range(30)]
    first = first_of(rows)
    score = -0.2 * first.account.astype(np.float64)
    reached, n, _ = concentration(first, score, np.zeros(30, np.int8), 50, np.ones(40), np.arange(30), 1, 200)
    assert reached == n == 200


def test_draws_end_when_enough_were_as_concentrated() -> None:
    first = first_of([(a, o, 7 * a + o, 0) for o in range(4) for a in range(20)])
    flat, clocks = np.zeros(80), np.zeros(20, np.int8)
    never = concentration(first, flat, clocks, 7, np.ones(4), np.array([3, 9]), 1, 10**6, 10)
    assert never[:2] == (10, 10)  # never together: no draw is needed
    reached, n, _ = concentration(first, flat, clocks, 7, np.ones(4), np.array([3, 4]), 1, 10**6, 10)
    assert reached == 10
    assert 1e-5 < 10 / n < 1e-3  # 4 of 4 objects, about 1 in 10,000: ends long before a million draws


@pytest.mark.parametrize("seed", range(3))
def test_draws_are_the_same_however_they_are_dealt_into_batches(seed: int) -> None:
    """Of one group, and of a group whose slots were narrowed to its own objects in between."""
    first = first_of(crowd(seed, 30, 20, 400))
    score, clocks = np.random.default_rng(seed).standard_normal(len(first)), np.arange(30, dtype=np.int8) % 3
    group, _ = held_out(first, score, clocks, 12 * 3600 * S, np.ones(20), np.arange(0, 12, 2), seed)
    slots = slot_sampler(first, score, clocks, np.arange(20))
    at_once = draw_until(slots, group, 12 * 3600 * S, 0, 0, 1000, 10**9)
    reached, n = 0, 0
    for goal in (1, 7, 64, 500, 1000):
        reached, n = draw_until(slots, group, 12 * 3600 * S, reached, n, goal, 10**9)
        slots = narrowed(slots, np.unique(np.r_[group.objects, slots.objects[: len(slots.objects) // 2]]))
    assert (reached, n) == at_once
    assert 0 < reached < 1000


@pytest.mark.parametrize("most", [1, 10, 37, 10_000])
def test_a_large_group_is_tested_where_most_of_it_was(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permutation, "_MOST_ROWS", most)
    first = first_of(crowd(3, 30, 20, 400))
    rows, begins = _rows_of(first, np.arange(12))
    some, starts = _some_objects(rows, begins, 5)
    sizes = np.diff(begins)
    kept = first.object[some[starts[:-1]]]
    left = np.setdiff1d(first.object[rows[begins[:-1]]], kept)
    size_of = dict(zip(first.object[rows[begins[:-1]]].tolist(), sizes.tolist(), strict=True))
    assert sorted(some.tolist()) == some.tolist() == [r for r in rows if first.object[r] in kept]
    assert len(some) <= most or len(kept) == 1
    assert all(size_of[int(o)] >= size_of[int(x)] for o in kept for x in left)
    assert np.diff(starts).tolist() == [size_of[int(o)] for o in kept]


@given(touches(5, 3), st.integers(0, 6))
def test_weights_are_the_surprise_of_a_coincidence(rows: list[Touch], window: int) -> None:
    first = first_of(rows, 5, 3)
    found = _minus_log_q(first, np.nan_to_num(slot_share(first, window)))
    for o in range(3):
        t = [r[2] for r in rows if r[1] == o]
        pairs = len(t) * (len(t) - 1) // 2
        close = sum(abs(t[i] - t[j]) <= window for i in range(len(t)) for j in range(i))
        assert found[o] == pytest.approx(-log(max(close / pairs, 1 / (pairs + 1))) if pairs else -log(0.5))
        assert found[o] >= 0


def test_communities_of_odd_pairs() -> None:
    a, b = all_pairs(12)
    odd = ((a < 4) & (b < 4)) | ((a >= 4) & (b < 9)) | ((a == 9) & (b == 10))
    assert [g.tolist() for g in _communities(a, b, odd)] == [[0, 1, 2, 3], [4, 5, 6, 7, 8]]
    assert _communities(a, b, np.zeros(len(a), np.bool_)) == []
    assert _communities(a, b, (a == 0) & (b == 1)) == []


def certified(world: World) -> list[Certified]:
    first = first_touches(world.arrays())
    return certify(background(first), 60 * S, *candidates(first, 60 * S), 0.05).groups


@pytest.mark.parametrize("seed", [1, 2])
def test_a_planted_group_holds_and_the_organic_do_not(seed: int) -> None:
    organic = simulate(SMALL, seed)
    assert certified(organic) == []
    world = plant(organic, Plan(), seed)
    planted, found = set(world.labels["planted"].tolist()), certified(world)
    assert len(set().union(*(g.accounts.tolist() for g in found)) & planted) >= 14
    for group in found:
        assert len(set(group.accounts.tolist()) - planted) <= 1
        assert group.q <= 0.05


def with_tags(world: World, n: int) -> FirstTouches:
    """The same acts where every post carries its object's n tags: n objects for one, always together."""
    a = world.arrays()
    obj, order = np.repeat(a.object, n) * n, np.tile(np.arange(n), len(a))
    rows = zip(np.repeat(a.account, n), obj + order, np.repeat(a.t, n), np.repeat(a.post, n), strict=True)
    return first_touches(
        replace_columns(a, sorted(((int(o), int(t), int(u), int(p)) for u, o, t, p in rows)), n * world.n_objects)
    )


def replace_columns(a: TraceArrays, rows: list[tuple[int, int, int, int]], n_objects: int) -> TraceArrays:
    """Rows of (object, time, account, post) in place of those of the arrays."""
    obj, t, account, post = (np.array(x, np.int64) for x in zip(*rows, strict=True))
    narrow = [x.astype(np.int32) for x in (account, obj, post)]
    return TraceArrays(*narrow, t, a.account_ids, pa.array([str(o) for o in range(n_objects)]), a.post_ids)


@pytest.mark.parametrize("seed", [1, 2])
def test_posts_with_several_tags_do_not_certify_themselves(seed: int) -> None:
    """Regression: with tags of one post on both sides 79 to 170 groups of organic accounts were certified a world."""
    causes = Causes(n_accounts=800, n_objects=600, n_acts=16_000, shared_exposure=0.3)
    organic = simulate(causes, seed)
    first = with_tags(organic, 3)
    assert certify(background(first), 60 * S, *candidates(first, 60 * S), 0.05).groups == []
    world = plant(organic, Plan(), seed)
    first = with_tags(world, 3)
    found = certify(background(first), 60 * S, *candidates(first, 60 * S), 0.05).groups
    assert len(set().union(*(g.accounts.tolist() for g in found)) & set(world.labels["planted"].tolist())) >= 12


@pytest.mark.parametrize("window", [60 * S, 3600 * S])
def test_what_is_held_out_had_no_part_in_the_finding(monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    """Regression: with the q_o of the half on which groups were found every test was green."""
    first = first_of([(a, o, t, k) for k, (a, o, t, _) in enumerate(crowd(4, 40, 60, 1200, 1))])
    splits: list[np.ndarray] = []
    held: dict[int, sample_splitting._Half] = {}
    deal, half = sample_splitting.deal, sample_splitting._half

    def spied_deal(*args: Any) -> np.ndarray:
        splits.append(deal(*args))
        return splits[0]

    def spied_half(ground: Any, bits: np.ndarray, h: int, shares: np.ndarray) -> Any:
        held[h] = half(ground, bits, h, shares)
        return held[h]

    monkeypatch.setattr(sample_splitting, "deal", spied_deal)
    monkeypatch.setattr(sample_splitting, "_half", spied_half)
    monkeypatch.setattr(sample_splitting, "_communities", lambda a, b, odd: [np.arange(3)])
    tested: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def spied_concentrated(part: Any, clocks: Any, w: int, members: Any, seed: list[int]) -> Any:
        tested[seed[1]] = (part.share, part.first.object)
        return concentrated(part, clocks, w, members, seed)

    concentrated = sample_splitting._concentrated
    monkeypatch.setattr(sample_splitting, "_concentrated", spied_concentrated)
    ground = background(first)
    certify(ground, window, *candidates(first, window), 0.05)
    assert sorted(tested) == sorted(held) == list(range(10))
    for h, (share, objects) in tested.items():
        other = (splits[0] >> np.uint32(h ^ 1) & np.uint32(1)).astype(np.bool_)
        learnt = (splits[0] >> np.uint32(h) & np.uint32(1)).astype(np.bool_)
        assert objects.tolist() == first.object[other].tolist()
        assert not set(objects.tolist()) & set(first.object[learnt].tolist())
        assert share.tolist() == pytest.approx(np.nan_to_num(slot_share(held[h ^ 1].first, window)).tolist())


def test_a_group_among_two_thousand_that_are_none_is_certified(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: at most 10,000 draws were made, so no p was below 1e-4, and 0.05 / 1,000 is."""
    world = plant(simulate(SMALL, 1), Plan(), 1)
    first, planted = first_touches(world.arrays()), np.sort(world.labels["planted"])
    rng = np.random.default_rng(5)
    several = np.flatnonzero(np.bincount(first.account) >= 20)
    others = [np.sort(rng.choice(several, 4, replace=False)) for _ in range(1000)]
    monkeypatch.setattr(sample_splitting, "_SPLITS", 1)
    monkeypatch.setattr(
        sample_splitting, "_communities", lambda a, b, odd: [*others[:1000], planted] if odd.any() else []
    )
    ground, pairs = background(first), candidates(first, 60 * S)
    found = certify(ground, 60 * S, *pairs, 0.05)
    concentrated = [c for c in found.groups if not c.by_reference]
    assert len(concentrated) == 2  # on either half
    for group in concentrated:
        assert set(group.accounts.tolist()) <= set(planted.tolist())
        assert group.draws > 100_000
    assert found.n_candidates >= 2002
    assert found.draws < 5_000_000
    again = certify(ground, 60 * S, *pairs, 0.05)
    assert [(c.q, c.draws) for c in again.groups] == [(c.q, c.draws) for c in found.groups]


def test_quick_reactors_are_no_group() -> None:
    causes = Causes(
        n_accounts=1200, n_objects=800, n_acts=28_000, interests=False, circles=0, time_zones=False,
        quick_reactors=0.05, shared_exposure=0,
    )  # fmt: skip
    assert certified(simulate(causes, 3)) == []


def test_the_same_seed_certifies_the_same() -> None:
    world = plant(simulate(SMALL, 4), Plan(), 4)

    def plain(found: list[Certified]) -> list[Any]:
        return [(g.accounts.tolist(), g.q, g.by_reference) for g in found]

    assert plain(certified(world)) == plain(certified(world))


@given(touches(7, 6), st.permutations(range(7)), st.integers(0, 7))
def test_a_group_that_dominates_nothing_has_p_1_and_every_other_is_looked_at(
    rows: list[Touch], accounts: list[int], cut: int
) -> None:
    first = first_of(rows, 7, 6)
    speed, shares = np.zeros(len(first), np.int8), slot_share(first, 2)
    groups = [np.array(g, np.int64) for g in (accounts[:cut], accounts[cut:]) if g]
    usual = everyone(first, speed, shares, 2)
    for members, rules in zip(groups, dominating(first, groups), strict=True):
        counts = [
            (sum(r[0] in members for r in of), len(of)) for of in ([r for r in rows if r[1] == o] for o in range(6))
        ]
        assert rules == any(n >= 2 and 2 * n >= many for n, many in counts)
        if not rules:
            p, came = dominated_tail(usual, members)
            assert p == 1.0
            assert not came.any()


@given(touches(30, 6), st.sets(st.integers(0, 29), min_size=1, max_size=8), st.integers(0, 9))
def test_what_is_left_without_a_group_is_what_the_others_have(rows: list[Touch], group: set[int], seed: int) -> None:
    """To the last digit what plain loops over the others' touches give."""
    first = first_of(rows, 30, 6)
    speed = np.random.default_rng(seed).integers(0, N_CLASSES, len(first)).astype(np.int8)
    shares = slot_share(first, 2)
    typical, overall = without(everyone(first, speed, shares, 2), np.array(sorted(group)))
    close, pairs = np.zeros((N_CLASSES, N_CLASSES)), np.zeros((N_CLASSES, N_CLASSES))
    for (x, i), (y, j) in combinations(zip(rows_of(first), speed, strict=True), 2):
        if x[1] == y[1] and not {x[0], y[0]} & group:
            for own in ((i, j), (j, i)):
                pairs[own] += 1
                close[own] += abs(x[2] - y[2]) <= 2
    assert np.array_equal(overall, close / np.maximum(pairs, 1))
    common = [[shares[r[1]] for r in rows if r[0] == a and first.n_sharers[r[1]] >= 3] for a in set(range(30)) - group]
    means = [np.mean(x) for x in common if x]
    least = 1 / (pairs.sum() / 2 + 1)
    assert typical == pytest.approx(max(np.mean(means), least) if len(means) >= 20 else 1.0, rel=1e-12)


def test_where_nobody_outside_ever_coincides_one_coincidence_more_than_was_seen_is_usual() -> None:
    """Regression: what is usual was 0, and the e-value divided by it."""
    rng = np.random.default_rng(3)
    own = [(a, o, o * DAY + int(rng.integers(15)) * S, 0) for o in range(60) for a in range(12) if rng.random() < 0.8]
    others = [(12 + a, 60 + a % 100, a * DAY, 0) for a in range(300)] + [
        (12 + a, 60 + (a + 37) % 100, (a + 300) * DAY, 0) for a in range(300)
    ]
    rows = [(a, o, t, k) for k, (a, o, t, _) in enumerate(own + others)]
    ground = background(first_of(rows))
    pairs = sum(n * (n - 1) // 2 for n in np.bincount([o for _, o, *_ in others]).tolist())
    shares = slot_share(ground.first, 60 * S)
    typical, _ = without(everyone(ground.first, ground.touch_speed, shares, 60 * S), np.arange(12))
    assert typical == 1 / (pairs + 1)
    found = certify(ground, 60 * S, *candidates(ground.first, 60 * S), 0.05).groups
    assert {a for c in found for a in c.accounts.tolist()} == set(range(12))
    assert all(0 < c.q < 1e-6 for c in found if c.by_reference)


def test_no_candidates() -> None:
    nobody = np.empty(0, np.int64)
    for rows in ([], [(0, 0, 0, 0), (1, 0, 0, 1)]):
        assert certify(background(first_of(rows, 3, 2)), 60 * S, nobody, nobody, 0.05).groups == []
