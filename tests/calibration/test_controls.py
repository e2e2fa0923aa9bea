"""What a control keeps is kept exactly; what it destroys is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lab.simulator import Causes, Plan, World, plant, simulate
from tests.calibration.make import S, coincidences, from_posts, touches
from unisono.calibration import by_posts, by_slots, curveball, keeping_latency
from unisono.nulls.latency import latency_classes
from unisono.nulls.strata import strata
from unisono.nulls.touches import FirstTouches, first_touches
from unisono.pairs.chance import within_share

Control = Callable[[FirstTouches, np.random.Generator], FirstTouches]
WINDOW = 60 * S


def halves(first: FirstTouches, rng: np.random.Generator) -> FirstTouches:
    """Curveball in two strata of the smallest kind of world: even and odd accounts, account 7 in neither."""
    stratum = (np.arange(first.n_accounts) % 2).astype(np.int32)
    stratum[7:8] = -1
    return curveball(first, stratum, rng, 5)


CONTROLS: list[Control] = [by_slots, keeping_latency, by_posts, halves]


@pytest.fixture(scope="module")
def planted() -> World:
    world = simulate(Causes(n_accounts=1_000, n_objects=800, n_acts=20_000), 3)
    return plant(world, Plan(n_objects=20), 4)


def pairs_of(first: FirstTouches) -> list[tuple[int, int]]:
    return sorted(zip(first.account.tolist(), first.object.tolist(), strict=True))


@pytest.mark.parametrize("control", CONTROLS)
@given(first=touches, seed=st.integers(0, 99))
def test_every_control_keeps_slots_and_sharers(control: Control, first: FirstTouches, seed: int) -> None:
    before = (first.account.copy(), first.t.copy())
    after = control(first, np.random.default_rng(seed))
    assert (first.account == before[0]).all()
    assert (first.t == before[1]).all()
    for name in ("object", "post", "t", "slots"):
        assert (getattr(after, name) == getattr(first, name)).all(), name
    assert after.n_accounts == first.n_accounts
    assert len(set(pairs_of(after))) == len(first), "an account is twice on an object"
    again = control(first, np.random.default_rng(seed))
    assert (again.account == after.account).all()


@given(first=touches, seed=st.integers(0, 99))
def test_shuffled_slots_keep_who_touched_what(first: FirstTouches, seed: int) -> None:
    for control in (by_slots, keeping_latency):
        assert pairs_of(control(first, np.random.default_rng(seed))) == pairs_of(first)


@given(first=touches, seed=st.integers(0, 99))
def test_latency_classes_keep_their_slots(first: FirstTouches, seed: int) -> None:
    _, classes, _ = latency_classes(first)
    of = dict(zip(zip(first.account.tolist(), first.object.tolist(), strict=True), classes.tolist(), strict=True))
    after = keeping_latency(first, np.random.default_rng(seed))
    moved = [of[a, o] for a, o in zip(after.account.tolist(), after.object.tolist(), strict=True)]
    assert moved == classes.tolist()


@given(first=touches, seed=st.integers(0, 99))
def test_curveball_keeps_degrees_and_strata(first: FirstTouches, seed: int) -> None:
    after = halves(first, np.random.default_rng(seed))
    shared = (first.n_sharers >= 2)[first.object]
    for rows in (shared, ~shared):
        assert Counter(after.account[rows].tolist()) == Counter(first.account[rows].tolist())
    side = {a: -1 if a == 7 else a % 2 for a in range(8)}
    assert Counter((side[a], o) for a, o in pairs_of(after)) == Counter((side[a], o) for a, o in pairs_of(first))
    assert [p for p in pairs_of(after) if p[0] == 7] == [p for p in pairs_of(first) if p[0] == 7]
    assert (after.tested == first.tested).all()


def test_slots_are_dealt_uniformly() -> None:
    """All 24 orders of 4 accounts on one object, beside another object."""
    first = from_posts([(a, frozenset({0}), a * S) for a in range(4)] + [(a, frozenset({1}), 9) for a in (2, 5)], 6, 2)
    seen = Counter(tuple(by_slots(first, np.random.default_rng(s)).account[:4].tolist()) for s in range(4_800))
    assert len(seen) == 24
    assert stats.chisquare(list(seen.values())).pvalue > 1e-3


def test_after_curveball_slots_are_dealt_uniformly() -> None:
    """Four accounts whose only object is the same cannot trade; who takes which of its slots is random all the same."""
    first = from_posts([(a, frozenset({0}), a * S) for a in range(4)], 4, 1)
    stratum = np.zeros(4, np.int32)
    draws = (curveball(first, stratum, np.random.default_rng(s)) for s in range(2_400))
    seen = Counter(tuple(draw.account.tolist()) for draw in draws)
    assert len(seen) == 24
    assert stats.chisquare(list(seen.values())).pvalue > 1e-3


def test_coincidences_after_shuffling_are_what_q_says(planted: World) -> None:
    """The timing null's expectation, sum of q_o over the objects of each planted pair, is met by the draws."""
    first, group = first_touches(planted.arrays()), planted.labels["planted"]
    q = np.nan_to_num(within_share(planted.arrays(), WINDOW))
    on = np.bincount(first.object[np.isin(first.account, group)], minlength=len(q))
    expected = float((q * on * (on - 1) / 2).sum())
    draws = [coincidences(by_slots(first, np.random.default_rng(s)), group, WINDOW) for s in range(60)]
    assert abs(np.mean(draws) - expected) < 4 * np.std(draws) / np.sqrt(60)


@pytest.mark.parametrize("name", ["slots", "posts", "latency", "curveball"])
def test_planted_accounts_no_longer_coincide(planted: World, name: str) -> None:
    first, group = first_touches(planted.arrays()), planted.labels["planted"]
    stratum = strata(first, (250,))[0]
    controls: dict[str, Control] = {
        "slots": by_slots, "posts": by_posts, "latency": keeping_latency,
        "curveball": lambda f, rng: curveball(f, stratum, rng),
    }  # fmt: skip
    before = coincidences(first, group, WINDOW)
    assert before > 400
    after = [coincidences(controls[name](first, np.random.default_rng(s)), group, WINDOW) for s in range(3)]
    assert max(after) < before / 10


def test_an_object_of_the_group_alone_cannot_be_helped_by_slots() -> None:
    """What the timing null does not see: whoever takes which slot, all coincide."""
    first = from_posts([(a, frozenset({o}), (100 * o + a) * S) for a in range(4) for o in range(3)], 4, 3)
    assert coincidences(by_slots(first, np.random.default_rng(0)), np.arange(4), WINDOW) == 18


def test_nothing_touched() -> None:
    first = from_posts([], 3, 2)
    for control in CONTROLS:
        assert len(control(first, np.random.default_rng(0))) == 0
