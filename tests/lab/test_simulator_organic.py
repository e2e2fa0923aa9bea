"""Organic worlds: every cause does what it says, and nothing when it is off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lab.simulator import Causes, World, simulate
from lab.simulator.causes import DAY_US, HOUR_US, SECOND_US, START_US
from lab.simulator.circles import MEDIAN_US, copies
from lab.simulator.people import CIRCLE_SIZE, draw_people
from lab.simulator.timing import SIGMA, after_sleep, asleep, draw_births, waves
from unisono.pairs.arrays import encode

PLAIN = Causes(
    heavy_tails=False, interests=False, circles=0, time_zones=False, quick_reactors=0, shared_exposure=0, repeats=0
)
SMALL = {"n_accounts": 800, "n_objects": 600, "n_acts": 12_000}


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(seed=1)


def shared_objects(world: World) -> np.ndarray:
    """(m, m) number of objects that two accounts both touched."""
    touched = np.zeros((world.n_accounts, world.n_objects), np.float32)
    touched[world.account, world.object] = 1
    return touched @ touched.T


def test_a_default_world_has_its_size_order_and_clock(world: World) -> None:
    assert 80_000 <= len(world) <= 110_000
    assert (world.n_accounts, world.n_objects) == (4000, 3000)
    order = np.lexsort((world.post, world.account, world.t, world.object))
    assert (order == np.arange(len(world))).all()
    assert len(np.unique(world.post)) == len(world)
    assert (world.t % SECOND_US == 0).all()
    assert (world.t >= world.born[world.object]).all()
    assert START_US <= world.t.min() <= world.t.max() < START_US + 30 * DAY_US
    assert world.labels == {}
    assert (world.author == -1).all()


def test_the_same_seed_makes_the_same_world_and_another_another() -> None:
    small = Causes(**SMALL)
    a, b, c = simulate(small, 3), simulate(small, 3), simulate(small, 4)
    for column in ("account", "object", "t", "post", "born"):
        assert (getattr(a, column) == getattr(b, column)).all()
    assert len(a) != len(c) or (a.t != c.t).any()


def test_arrays_are_what_encode_makes_of_the_table() -> None:
    world = simulate(Causes(**SMALL), 5)
    direct, coded = world.arrays(), encode(world.table("url"))
    assert (direct.t == coded.t).all()
    for number, ids in (("account", "account_ids"), ("object", "object_ids"), ("post", "post_ids")):
        named = getattr(direct, ids).take(getattr(direct, number))
        assert named.equals(getattr(coded, ids).take(getattr(coded, number)))
    ids = direct.account_ids.to_pylist()
    assert ids == sorted(ids, key=str.encode)
    assert set(world.table("url").column("trace").to_pylist()) == {"url"}
    assert set(world.table().column("t_resolution_us").to_pylist()) == {SECOND_US}


def test_the_clock_can_be_coarser() -> None:
    world = simulate(Causes(**SMALL, resolution_us=60 * SECOND_US), 5)
    assert (world.t % (60 * SECOND_US) == 0).all()
    assert (world.t >= world.born[world.object]).all()


def test_heavy_tails_put_more_on_the_few() -> None:
    heavy, mild = simulate(Causes(circles=0), 1), simulate(Causes(circles=0, heavy_tails=False), 1)
    for column in ("account", "object"):
        top = [np.sort(np.bincount(getattr(w, column)))[-40:].sum() / len(w) for w in (heavy, mild)]
        assert top[0] > 3 * top[1]
    first = np.unique(heavy.account.astype(np.int64) * heavy.n_objects + heavy.object)
    assert np.bincount(first // heavy.n_objects).max() <= 600


def test_interests_make_near_accounts_share_more() -> None:
    base = replace(PLAIN, n_accounts=800, n_objects=600, n_acts=12_000)
    lift = {}
    for on in (True, False):
        world = simulate(replace(base, interests=on), 2)
        place = world.people.place if on else np.random.default_rng(0).random((800, 3))
        apart = np.abs(place[:, None] - place[None])
        distance = np.sqrt((np.minimum(apart, 1 - apart) ** 2).sum(2))
        near, share = (distance < 0.15) & ~np.eye(800, dtype=bool), shared_objects(world)
        lift[on] = share[near].mean() / share[distance > 0.4].mean()
    assert lift[True] > 5
    assert lift[False] == pytest.approx(1, abs=0.1)


def test_circles_have_their_sizes_and_share_objects() -> None:
    world = simulate(Causes(**SMALL, interests=False, heavy_tails=False), 3)
    circle = world.people.circle
    sizes = np.bincount(circle[circle >= 0])
    assert CIRCLE_SIZE[0] <= sizes.min() <= sizes.max() <= CIRCLE_SIZE[1]
    assert np.mean(circle >= 0) == pytest.approx(0.15, abs=0.02)
    share = shared_objects(world)
    friends = (circle[:, None] == circle[None]) & (circle >= 0)[:, None] & ~np.eye(800, dtype=bool)
    strangers = (circle[:, None] != circle[None]) & (circle >= 0)[:, None] & (circle >= 0)[None]
    assert share[friends].mean() > 4 * share[strangers].mean()
    assert (simulate(Causes(**SMALL, circles=0), 3).people.circle == -1).all()


def test_copies_are_a_friends_objects_half_an_hour_later() -> None:
    rng = np.random.default_rng(4)
    people = draw_people(replace(PLAIN, circles=0.5), rng)
    account = np.repeat(np.arange(4000, dtype=np.int32), 10)
    obj = np.concatenate([rng.choice(3000, 10, replace=False) for _ in range(4000)]).astype(np.int32)
    t = rng.integers(0, 30 * DAY_US, len(account))
    wanted = np.where(people.circle >= 0, 6, 0)
    who, what, when = copies(account, obj, t, wanted, people, rng)
    by = {(a, o): x for a, o, x in zip(account.tolist(), obj.tolist(), t.tolist(), strict=True)}
    members = [np.flatnonzero(people.circle == c).tolist() for c in range(people.circle.max() + 1)]
    rows = list(zip(who.tolist(), what.tolist(), when.tolist(), strict=True))
    assert len({r[:2] for r in rows}) == len(rows)
    assert not {r[:2] for r in rows} & set(by)
    delays = []
    for a, o, x in rows:
        from_friends = [x - by[b, o] for b in members[people.circle[a]] if b != a and (b, o) in by]
        assert any(d >= 0 for d in from_friends)
        if len(from_friends) == 1:
            delays += from_friends
    assert np.median(delays) == pytest.approx(MEDIAN_US, rel=0.06)
    assert np.std(np.log(np.maximum(delays, 1))) == pytest.approx(SIGMA, rel=0.05)
    made = np.bincount(who, minlength=4000)
    assert (made <= wanted).all()
    assert made[people.circle >= 0].mean() > 5.5


def test_nobody_acts_asleep_and_off_means_nobody_sleeps(world: World) -> None:
    # The clock rounds down: an act in the second of waking may show up to a second before it.
    left = asleep(world.account, world.t, world.people)
    assert left.max() < SECOND_US
    off = simulate(Causes(**SMALL, time_zones=False), 1)
    assert (off.people.wakes_us == -1).all()
    assert (asleep(off.account, off.t, off.people) == 0).all()


def test_sleep_moves_only_the_sleeping_and_only_into_the_next_day_awake() -> None:
    rng = np.random.default_rng(5)
    people = draw_people(Causes(), rng)
    account, t = rng.integers(0, 4000, 50_000).astype(np.int32), rng.integers(0, 30 * DAY_US, 50_000)
    later, sleeping = after_sleep(account, t, people, rng), asleep(account, t, people) > 0
    assert sleeping.mean() == pytest.approx(1 / 3, abs=0.01)
    assert (later[~sleeping] == t[~sleeping]).all()
    assert ((later - t)[sleeping] > 0).all()
    assert ((later - t)[sleeping] < DAY_US).all()
    assert (asleep(account, later, people) == 0).all()
    hour = (t[sleeping] - people.wakes_us[account[sleeping]]) % DAY_US / HOUR_US
    assert hour.min() >= 16


def test_births_follow_the_day() -> None:
    born = draw_births(Causes(n_objects=20_000), np.random.default_rng(0))
    first_half = (born - START_US) % DAY_US < DAY_US / 2
    assert first_half.mean() == pytest.approx(0.5 + 0.6 / np.pi, abs=0.015)
    assert START_US <= born.min() <= born.max() < START_US + 30 * DAY_US


def test_quick_reactors_are_quick_and_everyone_has_a_speed() -> None:
    world = simulate(Causes(time_zones=False, circles=0, shared_exposure=0, repeats=0), 6)
    quick, delay = world.people.quick, (world.t - world.born[world.object]) / SECOND_US
    assert quick.mean() == pytest.approx(0.02, abs=0.007)
    assert 20 < np.median(delay[quick[world.account]]) < 40
    assert np.median(delay[~quick[world.account]]) > 1000
    assert np.std(np.log(world.people.speed)) == pytest.approx(0.9, abs=0.05)
    off = simulate(Causes(**SMALL, quick_reactors=0), 6)
    assert not off.people.quick.any()
    assert (off.people.speed == 1).all()


def test_waves_move_their_share_to_the_posts_of_hubs() -> None:
    causes = Causes(shared_exposure=0.3, exposure_delay_s=1.0, n_hubs=5, quick_reactors=0)
    rng = np.random.default_rng(7)
    people = draw_people(causes, rng)
    account, obj = np.arange(4000, dtype=np.int32), np.zeros(4000, np.int32)
    born, median, t = np.array([START_US]), np.array([1e4 * SECOND_US]), np.full(4000, -1)
    moved = waves(causes, account, obj, t, born, median, people, rng)
    late = np.sort(moved[moved != -1])
    assert len(late) / 4000 == pytest.approx(0.3, abs=0.03)
    assert late.min() >= START_US
    # Five posts on the object, a second or so of delay: all acts lie in at most five clumps of a minute.
    assert np.count_nonzero(np.diff(late) > 60 * SECOND_US) <= 4
    assert np.count_nonzero(np.diff(late) > 60 * SECOND_US) >= 1


def test_repeats_are_the_only_second_acts() -> None:
    for share in (0.0, 0.2):
        world = simulate(Causes(**SMALL, repeats=share), 8)
        pairs = len(np.unique(world.account.astype(np.int64) * world.n_objects + world.object))
        assert (len(world) - pairs) / pairs == pytest.approx(share, abs=0.02)
        assert share > 0 or len(world) == pairs


@pytest.mark.parametrize(
    "wrong", [{"circles": 1.5}, {"repeats": -0.1}, {"n_accounts": 0}, {"days": 0}, {"n_acts": 10**7}, {"n_hubs": 2}]
)
def test_impossible_causes_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"share|needs|fit|hubs"):
        Causes(**wrong)  # type: ignore[arg-type]
