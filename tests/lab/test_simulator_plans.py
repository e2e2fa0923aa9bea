"""The other operations, and the look-alikes: each leaves exactly the traces its description says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from lab import simulator as sim
from lab.simulator import Causes, World, simulate
from lab.simulator.causes import DAY_US, HOUR_US, SECOND_US, START_US
from lab.simulator.timing import asleep

MAKERS: dict[str, Callable[..., World]] = {
    "disposable": sim.plant_disposable,
    "task_sheet": sim.plant_task_sheet,
    "amplifiers": lambda world, seed: sim.plant_amplifiers(world, seed=seed)[0],
    "newsrooms": sim.add_newsrooms,
    "rss": sim.add_rss,
    "fan_call": sim.add_fan_call,
    "strong_exposure": sim.add_strong_exposure,
}


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(Causes(n_accounts=1500, n_objects=1200, n_acts=30_000), 1)


def of(world: World, label: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Acts of a label's accounts on its targets: account, object, time."""
    rows = np.isin(world.account, world.labels[label]) & np.isin(world.object, world.targets[label])
    return world.account[rows], world.object[rows], world.t[rows]


@pytest.mark.parametrize("label", MAKERS)
def test_every_addition_keeps_the_world_whole(world: World, label: str) -> None:
    after, again = MAKERS[label](world, seed=3), MAKERS[label](world, seed=3)
    assert (after.t == again.t).all()
    assert (after.account == again.account).all()
    assert (np.lexsort((after.post, after.account, after.t, after.object)) == np.arange(len(after))).all()
    assert len(np.unique(after.post)) == len(after)
    assert after.object.max() < after.n_objects == len(after.author)
    assert after.account.max() < after.n_accounts == len(after.people.circle)
    assert (after.t >= after.born[after.object]).all()
    assert after.t.max() < after.end_us
    assert (after.t % SECOND_US == 0).all()
    outside = ~np.isin(world.account, after.labels[label]) | ~np.isin(world.object, after.targets[label])
    assert np.isin(world.post[outside], after.post).all()  # nobody else's act is lost
    assert len(after.arrays()) == len(after.table()) == len(after)


def test_disposable_accounts_act_once_together(world: World) -> None:
    after = sim.plant_disposable(world, seed=1)
    account, obj, t = of(after, "disposable")
    assert np.bincount(after.account, minlength=after.n_accounts)[after.labels["disposable"]].tolist() == [1] * 200
    assert sorted(np.unique(obj, return_counts=True)[1].tolist()) == [66, 67, 67]
    for o in np.unique(obj):
        assert np.ptp(t[obj == o]) <= 60 * SECOND_US
    assert (after.labels["disposable"] >= world.n_accounts).all()
    assert len(account) == 200


def test_task_sheets_are_the_days_objects_done_within_hours(world: World) -> None:
    after = sim.plant_task_sheet(world, seed=1)
    account, obj, t = of(after, "task_sheet")
    assert len(after.targets["task_sheet"]) == 200
    assert len(np.unique(account)) == 15
    done = len(np.unique(account.astype(np.int64) * after.n_objects + obj))
    assert done / (15 * 200) == pytest.approx(0.8, abs=0.03)
    hour = (t - START_US) % DAY_US / HOUR_US
    sheet = (hour >= 9) & (hour <= 15)
    assert sheet.mean() > 0.95  # organic repeats of undone items may lie elsewhere
    offset = np.sort(hour[sheet] - 9)
    assert np.abs(offset / 6 - np.linspace(0, 1, len(offset))).max() < 0.05  # uniform
    assert (t[sheet] - after.born[obj[sheet]] < DAY_US + 6 * HOUR_US).mean() > 0.99


def test_amplifiers_are_seconds_behind_one_author(world: World) -> None:
    after, author = sim.plant_amplifiers(world, seed=1)
    posts = after.targets["amplifiers"]
    assert (after.author[posts] == author).all()
    assert np.count_nonzero(after.author == author) == len(posts) == 60
    assert author not in after.labels["amplifiers"]
    account, obj, t = of(after, "amplifiers")
    delay = (t - after.born[obj]) / SECOND_US
    assert len(account) / (15 * 60) == pytest.approx(0.8, abs=0.05)
    assert np.median(delay) == pytest.approx(20, abs=2)
    on_posts = np.isin(after.object, posts)
    others = on_posts & ~np.isin(after.account, after.labels["amplifiers"])
    assert np.median((after.t - after.born[after.object])[others]) > 1000 * SECOND_US
    per_post = np.bincount(after.object[others])[posts]
    assert per_post.max() <= 100
    assert np.median(per_post) > 50
    assert (asleep(after.account[others], after.t[others], after.people) < SECOND_US).all()


def test_an_author_without_amplifiers_is_the_control(world: World) -> None:
    after, author = sim.plant_amplifiers(world, sim.Amplifiers(n_amplifiers=0), 1)
    assert len(after.labels["amplifiers"]) == 0
    assert np.count_nonzero(after.author == author) == 60


def test_assigned_authors_do_not_act_on_their_own_objects(world: World) -> None:
    planted, author = sim.plant_amplifiers(world, seed=1)
    after = sim.assign_authors(planted, 100, 2)
    assert (after.author >= 0).all()
    assert (after.author[planted.targets["amplifiers"]] == author).all()
    assert len(np.unique(after.author)) <= 101
    assert (after.author[after.object] != after.account).all()
    assert 0.99 * len(planted) < len(after) <= len(planted)


def test_newsrooms_publish_around_the_clock_within_minutes(world: World) -> None:
    after = sim.add_newsrooms(world, seed=1)
    account, obj, t = of(after, "newsrooms")
    delay = (t - after.born[obj]) / SECOND_US
    assert len(account) / 600 == pytest.approx(0.8, abs=0.06)
    assert np.median(delay) == pytest.approx(180, rel=0.2)
    assert len(np.unique((after.born[obj] - START_US) % DAY_US // (3 * HOUR_US))) == 8
    assert (obj >= world.n_objects).all()
    readers = np.isin(after.object, after.targets["newsrooms"]) & (after.account < world.n_accounts)
    assert readers.sum() > 5 * 60


def test_relays_post_every_item_within_half_a_minute(world: World) -> None:
    after = sim.add_rss(world, seed=1)
    account, obj, t = of(after, "rss")
    assert len(account) == 6 * 200 == len(np.unique(account.astype(np.int64) * after.n_objects + obj))
    assert (t - after.born[obj]).max() <= 30 * SECOND_US


def test_a_fan_call_is_one_or_two_occasions(world: World) -> None:
    for n in (1, 2):
        after = sim.add_fan_call(world, sim.FanCall(n_occasions=n), 1)
        new = after.post > world.post.max()
        assert len(np.unique(after.account[new])) > 60
        t = np.sort(after.t[new])
        assert np.count_nonzero(np.diff(t) > HOUR_US) == n - 1
        assert len(t) / (80 * 3 * n) == pytest.approx(0.72, abs=0.1)


def test_strong_exposure_puts_followers_seconds_behind_their_hub(world: World) -> None:
    after = sim.add_strong_exposure(world, seed=1)
    hubs = [after.labels[f"strong_exposure_{h:02d}"] for h in range(20)]
    assert sorted(np.concatenate(hubs).tolist()) == after.labels["strong_exposure"].tolist()
    new = after.post > world.post.max()
    for h, followers in enumerate(hubs[:3]):
        mine = new & np.isin(after.account, followers)
        assert len(followers) == 20
        assert mine.sum() / (20 * 30) == pytest.approx(0.4, abs=0.08)
        spread = [
            np.median(np.diff(after.t[mine & (after.object == o)])) for o in after.targets[f"strong_exposure_{h:02d}"]
        ]
        assert np.nanmedian(spread) < 10 * SECOND_US


def test_what_does_not_fit_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="working days"):
        sim.plant_task_sheet(world, sim.TaskSheet(n_days=40), 1)
    with pytest.raises(ValueError, match="audience"):
        sim.plant_amplifiers(world, sim.Amplifiers(n_followers=50), 1)
    with pytest.raises(ValueError, match="ordinary accounts"):
        sim.add_fan_call(world, sim.FanCall(n_fans=1500), 1)
