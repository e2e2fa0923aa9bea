"""Worlds without dependence: each does what its description says, and only that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from lab.simulator import World, independent, simulate
from lab.simulator.causes import DAY_US, HOUR_US, SECOND_US, START_US
from lab.simulator.drift import Drift, simulate_drift
from lab.simulator.independent import ORDINARY, part
from lab.simulator.live_event import add_live_event
from lab.simulator.outages import Gaps, Outage, flush_outages, lose_gaps, stretches
from lab.simulator.schedulers import Schedulers, on_schedule
from lab.simulator.sittings import CURRENT_US, Sittings, simulate_sittings
from lab.simulator.super_users import add_super_users
from lab.simulator.timing import asleep
from lab.simulator.weekly import weekend, weekly

SMALL = replace(ORDINARY, n_accounts=600, n_objects=500, n_acts=9_000)
MAKERS: dict[str, Callable[..., World]] = {
    name: getattr(independent, name)
    for name in (
        "heavy_tails", "drift", "zones", "super_users", "schedulers", "gaps", "outage", "minute_clock", "sittings",
        "sessions", "feed", "live_event",
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(SMALL, 1)


def runs(world: World, pause_us: int) -> list[np.ndarray]:
    """Rows of each sitting of each account: acts no further apart than pause_us, in order of time."""
    order = np.lexsort((world.t, world.account))
    account, t = world.account[order], world.t[order]
    cuts = np.flatnonzero((np.diff(account) != 0) | (np.diff(t) > pause_us)) + 1
    return np.split(order, cuts)


@pytest.mark.parametrize("name", MAKERS)
def test_every_world_is_whole_and_the_same_for_its_seed(name: str) -> None:
    a, b, c = MAKERS[name](3, SMALL), MAKERS[name](3, SMALL), MAKERS[name](4, SMALL)
    for column in ("account", "object", "t", "post", "born"):
        assert (getattr(a, column) == getattr(b, column)).all()
    assert len(a) != len(c) or (a.t != c.t).any()
    assert (np.lexsort((a.post, a.account, a.t, a.object)) == np.arange(len(a))).all()
    assert len(np.unique(a.post)) == len(a) > 4 * SMALL.n_accounts
    assert (a.t >= a.born[a.object]).all()
    assert START_US <= a.t.min() <= a.t.max() < a.end_us
    assert (a.t % a.resolution_us == 0).all()
    assert (a.people.circle == -1).all()
    assert len(a.arrays()) == len(a.table()) == len(a)


def test_parts_of_a_world_draw_apart() -> None:
    assert len({part(seed, k) for seed in range(50) for k in range(4)}) == 200
    assert part(1, 2) == part(1, 2)


def test_defaults_have_the_size_of_the_table() -> None:
    world = independent.minute_clock(0)
    assert (world.n_accounts, world.n_objects) == (2000, 1500)
    assert 36_000 < len(world) < 44_000
    assert world.resolution_us == 60 * SECOND_US
    assert (independent.heavy_tails(0).people.wakes_us == -1).all()


def test_drift_moves_the_crowd_its_members_and_its_topics() -> None:
    still = simulate_drift(SMALL, Drift(growth=1, activity=0, interest=0, fashion=0), 1)
    grown = simulate_drift(SMALL, Drift(growth=4, activity=0, interest=0, fashion=0), 1)
    moved = simulate_drift(SMALL, Drift(growth=1, activity=1, interest=0.1), 1)
    halves, own = {}, {}
    for name, w in (("still", still), ("grown", grown), ("moved", moved)):
        late = w.born[w.object] > START_US + 15 * DAY_US
        halves[name] = late.mean()
        per = np.stack([np.bincount(w.account[late == half], minlength=w.n_accounts) for half in (False, True)])
        own[name] = np.corrcoef(np.log1p(per))[0, 1]
    assert halves["still"] == pytest.approx(0.5, abs=0.06)
    assert halves["grown"] == pytest.approx(0.67, abs=0.06)
    assert own["still"] > own["moved"] + 0.1
    assert (asleep(moved.account, moved.t, moved.people) < SECOND_US).all()


def test_weeks_leave_acts_on_the_days_an_account_likes(world: World) -> None:
    after = weekly(world, 1)
    free = weekend(world)
    assert free.mean() == pytest.approx(8 / 30, abs=0.05)  # four weekends in 30 days from a Monday
    assert (weekend(after)).mean() < free.mean() - 0.03
    assert np.isin(after.post, world.post).all()
    at_noon = replace(world, t=np.full(len(world), START_US + 5 * DAY_US + 12 * HOUR_US))
    assert weekend(at_noon).all()  # noon on Saturday in Greenwich is Saturday in all three regions
    # At 20:00 UTC on a Friday it is Saturday in the east only, where people wake about midnight UTC.
    friday = replace(world, t=np.full(len(world), START_US + 4 * DAY_US + 20 * HOUR_US))
    east = (world.people.wakes_us < 3 * HOUR_US) | (world.people.wakes_us > 21 * HOUR_US)
    assert (weekend(friday) == east[world.account]).mean() > 0.9


def test_super_users_do_a_large_share(world: World) -> None:
    after = add_super_users(world, seed=1)
    mine = np.isin(after.account, after.labels["super_users"])
    assert len(after.labels["super_users"]) == 15
    assert 0.3 < mine.mean() < 0.5
    reached = len(np.unique(after.account[mine].astype(np.int64) * after.n_objects + after.object[mine]))
    assert reached / (15 * 500) == pytest.approx(0.8, abs=0.04)
    assert (asleep(after.account, after.t, after.people) < SECOND_US).all()


def test_schedulers_act_at_full_and_half_hours(world: World) -> None:
    some = on_schedule(world, seed=1)
    on_the_hour = some.t % (HOUR_US // 2) <= 5 * SECOND_US
    assert on_the_hour[np.isin(some.account, some.labels["schedulers"])].mean() == pytest.approx(0.65, abs=0.1)
    after = on_schedule(world, Schedulers(by_tool=(1, 1)), 1)
    mine = np.isin(after.account, after.labels["schedulers"])
    assert len(after.labels["schedulers"]) == 120
    past = after.t[mine] % (HOUR_US // 2)
    assert past.max() <= 5 * SECOND_US
    at_half = after.t[mine] % HOUR_US >= HOUR_US // 2
    assert at_half.mean() == pytest.approx(0.25, abs=0.1)  # half of the accounts never use it
    assert (after.t[~mine] % (HOUR_US // 2) <= 5 * SECOND_US).mean() < 0.02
    assert len(after) > 0.99 * len(world)


def test_nothing_is_recorded_in_a_gap(world: World) -> None:
    after = lose_gaps(world, Gaps(4), 2)
    begin, end = stretches(world, 4, (2, 12), np.random.default_rng(2))
    assert (begin[1:] >= end[:-1]).all()
    for b, e in zip(begin, end, strict=True):
        assert 2 * HOUR_US <= e - b <= 12 * HOUR_US
        assert ((world.t >= b) & (world.t < e)).any()
        assert not ((after.t >= b) & (after.t < e)).any()
    inside = ((world.t[:, None] >= begin) & (world.t[:, None] < end)).any(1)
    assert (after.post == world.post[~inside]).all()


def test_an_outage_is_silent_and_its_queue_is_flushed(world: World) -> None:
    after = flush_outages(world, Outage(3), 2)
    begin, end = stretches(world, 3, (1, 4), np.random.default_rng(2))
    was = dict(zip(world.post.tolist(), world.t.tolist(), strict=True))
    late, tried = [], 0
    for b, e in zip(begin, end, strict=True):
        assert not ((after.t >= b) & (after.t < e)).any()
        tried += np.count_nonzero((world.t >= b) & (world.t < e))
        late += [t - e for p, t in zip(after.post.tolist(), after.t.tolist(), strict=True) if b <= was[p] < e]
    assert len(late) / tried == pytest.approx(0.6, abs=0.12)
    assert np.mean(late) == pytest.approx(120 * SECOND_US, rel=0.25)
    assert len(world) - len(after) == tried - len(late)


def test_sittings_are_five_things_in_a_minute_a_few_times_a_month() -> None:
    world = independent.sittings(1, replace(SMALL, n_objects=300))
    found = runs(world, 10 * 60 * SECOND_US)
    sizes = np.array([len(r) for r in found])
    assert (sizes == 5).mean() > 0.9  # fewer where nothing is current, more where two sittings meet
    pauses = np.concatenate([np.diff(world.t[r]) for r in found]) / SECOND_US
    assert np.median(pauses) == pytest.approx(10, abs=1.5)
    assert np.quantile(pauses, 0.95) < 30
    per = np.bincount([world.account[r[0]] for r in found], minlength=600)
    assert 1 <= np.median(per) <= 4
    assert per.max() <= 4
    age = world.t - world.born[world.object]
    assert age.max() <= CURRENT_US + HOUR_US
    pairs = world.account.astype(np.int64) * world.n_objects + world.object
    assert len(np.unique(pairs)) == len(world)
    assert (asleep(world.account, world.t, world.people) == 0).mean() > 0.99


def test_sessions_have_three_to_eight_acts_at_their_own_pace() -> None:
    world = independent.sessions(1, SMALL)
    found = [r for r in runs(world, 10 * 60 * SECOND_US) if len(r) > 1]
    sizes = np.array([len(r) for r in found])
    assert np.quantile(sizes, [0.02, 0.95]).tolist() == [3, 8]
    medians = np.array([np.median(np.diff(world.t[r])) for r in found]) / SECOND_US
    assert np.quantile(medians, 0.1) > 7
    assert 20 < np.median(medians) < 30  # log-uniform from 10 to 60
    assert 35 < np.quantile(medians, 0.95) < 80
    assert 4 <= np.median(np.bincount([world.account[r[0]] for r in found], minlength=600)) <= 6


def test_a_feed_is_read_from_the_newest_down() -> None:
    world = independent.feed(1, SMALL)
    found = [r for r in runs(world, 10 * 60 * SECOND_US) if 1 < len(r) <= 8]
    down = [(np.diff(world.born[world.object[r[np.argsort(world.t[r], kind="stable")]]]) <= 0).all() for r in found]
    assert np.mean(down) > 0.95
    first = np.array([(world.born <= world.t[r].min()).sum() for r in found])
    newest = np.array([np.count_nonzero(world.born <= world.born[world.object[r]].max()) for r in found])
    assert np.median(first - newest) <= 3  # few were newer than what was taken first
    deep = simulate_sittings(SMALL, Sittings((4, 4), (9, 9), reads="feed", takes=0.5, depth=6), 1)
    assert max(len(r) for r in runs(deep, 10 * 60 * SECOND_US)) <= 12


def test_a_live_event_is_one_evening_of_many_and_minutes(world: World) -> None:
    after = add_live_event(world, seed=1)
    viewers, objects = after.labels["live_event"], after.targets["live_event"]
    assert (len(viewers), len(objects)) == (72, 60)
    assert np.ptp(after.born[objects]) <= 3 * HOUR_US
    mine = np.isin(after.account, viewers) & np.isin(after.object, objects)
    delay = (after.t - after.born[after.object])[mine] / SECOND_US
    assert np.median(delay) == pytest.approx(120, rel=0.12)
    assert (after.t[mine].max() - after.born[objects].min()) < 8 * HOUR_US
    per = np.bincount(after.account[mine], minlength=600)[viewers]
    assert 8 <= np.median(per) <= 20
    assert per.max() > 2 * np.median(per)  # some are eager
    others = np.isin(after.object, objects) & ~mine
    assert others.sum() > 60
    assert np.isin(world.post[~np.isin(world.object, objects)], after.post).all()
