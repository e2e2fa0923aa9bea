"""Split and test: groups that hold in the half of the time in which they were not found."""

from __future__ import annotations

from itertools import combinations
from math import log
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.simulator import Causes, Plan, World, plant, simulate
from tests.nulls.made import DAY, S, Touch, all_pairs, crowd, first_of, rows_of, touches
from unisono.calibration.permuted import candidates
from unisono.certify import sample_splitting
from unisono.certify.sample_splitting import Certification, Certified, Sought, _communities, _minus_log_q, certify
from unisono.nulls.latency import N_CLASSES
from unisono.nulls.layer import background
from unisono.nulls.reference import dominated_tail, dominating, everyone, without
from unisono.nulls.touches import FirstTouches, first_touches, slot_share
from unisono.pairs.arrays import TraceArrays

SMALL = Causes(n_accounts=1200, n_objects=800, n_acts=28_000)


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


def sought(first: FirstTouches, window: int = 60 * S) -> Sought:
    return Sought(background(first), window, *candidates(first, window))


def posted(rows: list[Touch]) -> list[Touch]:
    """Each touch its own post."""
    return [(a, o, t, k) for k, (a, o, t, _) in enumerate(rows)]


def groups_of(first: FirstTouches) -> list[Certified]:
    (found,) = certify([sought(first)], 0.05)
    return found.groups


def certified(world: World) -> list[Certified]:
    return groups_of(first_touches(world.arrays()))


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
    assert groups_of(first) == []
    world = plant(organic, Plan(), seed)
    first = with_tags(world, 3)
    found = groups_of(first)
    assert len(set().union(*(g.accounts.tolist() for g in found)) & set(world.labels["planted"].tolist())) >= 12


@pytest.mark.parametrize("window", [60 * S, 3600 * S])
def test_what_is_held_out_had_no_part_in_the_finding(monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    """Regression: with the q_o of the half on which groups were found every test was green."""
    first = first_of(crowd(4, 40, 60, 1200, 10), by_time=True)
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
        tested[seed[1]] = (part.share, part.first.sitting)
        return concentrated(part, clocks, w, members, seed)

    concentrated = sample_splitting._concentrated
    monkeypatch.setattr(sample_splitting, "_concentrated", spied_concentrated)
    certify([sought(first, window)], 0.05)
    assert sorted(tested) == sorted(held) == list(range(10))
    for h, (share, sittings) in tested.items():
        other = (splits[0] >> np.uint32(h ^ 1) & np.uint32(1)).astype(np.bool_)
        learnt = (splits[0] >> np.uint32(h) & np.uint32(1)).astype(np.bool_)
        assert not (other & learnt).any()
        assert sittings.tolist() == first.sitting[other].tolist()
        assert not set(sittings.tolist()) & set(first.sitting[learnt].tolist())
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
    x = sought(first)
    (found,) = certify([x], 0.05)
    concentrated = [c for c in found.groups if not c.by_reference]
    assert len(concentrated) == 2  # on either half
    for group in concentrated:
        assert set(group.accounts.tolist()) <= set(planted.tolist())
        assert group.draws > 100_000
    assert found.n_candidates >= 2002
    assert found.draws < 5_000_000
    (again,) = certify([x], 0.05)
    assert [(c.q, c.draws) for c in again.groups] == [(c.q, c.draws) for c in found.groups]


def test_quick_reactors_are_no_group() -> None:
    causes = Causes(
        n_accounts=1200, n_objects=800, n_acts=28_000, interests=False, circles=0, time_zones=False,
        quick_reactors=0.05, shared_exposure=0,
    )  # fmt: skip
    assert certified(simulate(causes, 3)) == []


def test_the_same_seed_certifies_the_same() -> None:
    world = plant(simulate(SMALL, 4), Plan(), 4)

    one, other = ([(g.accounts.tolist(), g.q, g.by_reference) for g in certified(world)] for _ in range(2))
    assert one
    assert one == other


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
    ground = background(first_of(posted(own + others), by_time=True))
    pairs = sum(n * (n - 1) // 2 for n in np.bincount([o for _, o, *_ in others]).tolist())
    shares = slot_share(ground.first, 60 * S)
    typical, _ = without(everyone(ground.first, ground.touch_speed, shares, 60 * S), np.arange(12))
    assert typical == 1 / (pairs + 1)
    found = groups_of(ground.first)
    assert {a for c in found for a in c.accounts.tolist()} == set(range(12))
    assert all(0 < c.q < 1e-6 for c in found if c.by_reference)


def plain(found: Certification) -> list[Any]:
    return [(g.accounts.tolist(), g.by_reference) for g in found.groups]


def test_the_groups_of_all_layers_are_one_family() -> None:
    """Those that are found in one layer cost those of another, and each layer is told of its own alone."""
    world, other = plant(simulate(SMALL, 1), Plan(), 1), simulate(SMALL, 2)
    nobody = np.empty(0, np.int64)
    x, y = (sought(first_touches(w.arrays())) for w in (world, other))
    empty = Sought(background(first_of([], 3, 2)), 60 * S, nobody, nobody)
    (alone,) = certify([x], 0.05)
    assert alone.groups
    nothing, same = certify([empty, x], 0.05)
    assert (nothing.groups, nothing.n_candidates, nothing.draws) == ([], 0, 0)
    assert [g.q for g in same.groups] == [g.q for g in alone.groups]
    assert plain(same) == plain(alone)
    organic, found = certify([y, x], 0.05)
    assert organic.groups == []
    assert organic.n_candidates > 0
    assert found.n_candidates == alone.n_candidates
    assert len(found.groups) <= len(alone.groups)
    assert max(g.q for g in found.groups) <= 0.05
    by_reference = {g.accounts.tobytes(): g.q for g in alone.groups if g.by_reference}
    for g in found.groups:  # these need no draws: the p is the same, the family larger
        if g.by_reference and g.accounts.tobytes() in by_reference:
            assert g.q >= by_reference[g.accounts.tobytes()]


def test_a_rate_calls_what_is_below_it_in_the_family_of_all_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Certificates that need no draws, with p of 0.004 to 0.04 in one layer and nothing in the other: by hand."""
    p = {0: [0.004, 0.02, 0.03], 1: [0.9, 0.9]}

    def ready(x: Any, seed: int, pool: Any) -> tuple[list[Any], list[tuple[np.ndarray, float]]]:
        return [], [(np.arange(3) + 10 * k, own) for k, own in enumerate(p[x])]

    monkeypatch.setattr(sample_splitting, "_candidates", ready)
    one, other = certify([0, 1], 0.05)  # type: ignore[list-item]
    assert [c.q for c in one.groups] == pytest.approx([5 * 0.004, 0.05, 0.05])
    assert [c.accounts.tolist() for c in one.groups] == [[0, 1, 2], [10, 11, 12], [20, 21, 22]]
    assert (one.n_candidates, other.n_candidates, other.groups) == (3, 2, [])
    (strict, _), (alone,) = certify([0, 1], 0.03), certify([0], 0.05)  # type: ignore[list-item]
    assert [c.q for c in strict.groups] == pytest.approx([5 * 0.004])
    assert [c.q for c in alone.groups] == pytest.approx([3 * 0.004, 0.03, 0.03])


def test_nobody_is_certified_by_one_evening() -> None:
    """Twelve accounts do fifty things together within minutes, which others do at any time; then again and again."""
    rng = np.random.default_rng(7)
    others = [(12 + a, o, int(rng.integers(60 * DAY)), 0) for o in range(50) for a in range(300) if (a + o) % 6 == 0]
    noise = [(a, 50 + a * 20 + o, int(rng.integers(60 * DAY)), 0) for a in range(200) for o in range(20)]
    more = [(a, 50 + (a + 1) % 200 * 20 + o, int(rng.integers(60 * DAY)), 0) for a in range(200) for o in range(20)]
    for evenings, least in ((1, 0), (25, 10)):
        plan = [
            (a, o, (3 + 2 * (o % evenings)) * DAY + 60 * o * S + int(rng.integers(15)) * S, 0)
            for o in range(50) for a in range(12)
        ]  # fmt: skip
        found = groups_of(first_of(posted(others + noise + more + plan), by_time=True))
        named = {a for c in found for a in c.accounts.tolist()}
        assert least <= len(named & set(range(12))) == len(named)
        assert bool(found) == bool(least)


def test_no_candidates() -> None:
    nobody = np.empty(0, np.int64)
    for rows in ([], [(0, 0, 0, 0), (1, 0, 0, 1)]):
        ground = background(first_of(rows, 3, 2))
        assert certify([Sought(ground, 60 * S, nobody, nobody)], 0.05) == [Certification([], 0, 0)]
    assert certify([], 0.05) == []
