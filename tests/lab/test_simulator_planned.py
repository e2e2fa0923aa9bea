"""Operations of the table beside a live event, push users and circles: each leaves what its description says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lab.simulator import Plan, World, planned, plant, simulate
from lab.simulator.causes import DAY_US, HOUR_US, SECOND_US, START_US
from lab.simulator.farm import Farm, plant_farm
from lab.simulator.planned import FARMS, PLANS, SOCIABLE
from lab.simulator.push import Push, add_push
from lab.simulator.sequence import Sequence, plant_sequence
from lab.simulator.shadows import Shadowing, plant_shadows
from lab.simulator.timing import asleep

SMALL = replace(SOCIABLE, n_accounts=900, n_objects=900, n_acts=16_000)


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(SMALL, 1)


def new(before: World, after: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Acts that were added: account, object, time."""
    rows = after.post > before.post.max()
    return after.account[rows], after.object[rows], after.t[rows]


def test_what_is_mixed_in_is_labelled_and_apart() -> None:
    world = planned.mixed(1, SMALL)
    assert {k: len(v) for k, v in world.labels.items() if k != "circles"} == {"live_event": 108, "push": 36}
    assert (world.people.circle[world.labels["circles"]] >= 0).all()
    assert not np.intersect1d(world.labels["live_event"], world.labels["push"]).size


@pytest.mark.parametrize("name", [*PLANS, "farm of 300, one session"])
def test_an_operation_is_whole_the_same_for_its_seed_and_among_others(name: str) -> None:
    causes = replace(SMALL, n_accounts=2000) if name in FARMS else replace(SMALL, n_objects=1500)
    a, b, c = (planned.operation(name, seed, causes) for seed in (3, 3, 4))
    for column in ("account", "object", "t", "post", "born"):
        assert (getattr(a, column) == getattr(b, column)).all()
    assert (a.labels["planted"] == b.labels["planted"]).all()
    assert len(a) != len(c) or (a.t != c.t).any()
    assert len(np.unique(a.post)) == len(a)
    assert (a.t >= a.born[a.object]).all()
    assert START_US <= a.t.min() <= a.t.max() < a.end_us
    assert len(a.labels["planted"]) == (FARMS[name] if name in FARMS else PLANS[name]).n_accounts
    alike = np.concatenate([a.labels[k] for k in ("live_event", "push", "circles")])
    assert not np.intersect1d(a.labels["planted"], alike).size


def test_log_normal_delays_have_their_median(world: World) -> None:
    account, obj, t = new(world, plant(world, Plan(400, 15, fidelity=1, median_s=120.0), 2))
    first = {o: t[obj == o].min() for o in np.unique(obj)}  # of 400 delays the least is near the moment: some 6 s
    late = (t - np.array([first[o] for o in obj])) / SECOND_US
    assert len(account) == 400 * 15
    assert np.median(late) == pytest.approx(115, rel=0.08)
    assert np.std(np.log(late[late > 60])) < np.std(np.log(late[late > 5]))
    assert np.quantile(late, 0.84) / np.median(late) == pytest.approx(np.e, rel=0.12)


def test_one_object_a_day_is_one_object_a_day(world: World) -> None:
    _, obj, t = new(world, plant(world, Plan(daily=True, fidelity=1, n_objects=15), 2))
    days = {o: (t[obj == o].min() - START_US) // DAY_US for o in np.unique(obj)}
    assert len(set(days.values())) == len(days) == 15
    with pytest.raises(ValueError, match="days with viral objects"):
        plant(world, Plan(daily=True, n_objects=31), 2)


def test_a_farm_hands_out_few_tasks_to_many() -> None:
    world = simulate(replace(SMALL, n_accounts=1500), 1)
    after = plant_farm(world, seed=2)
    account, obj, t = new(world, after)
    assert len(account) == len(np.unique(account.astype(np.int64) * world.n_objects + obj)) == 300 * 6
    assert (np.unique(account, return_counts=True)[1] == 6).all()
    assert len(after.targets["planted"]) == 200
    assert np.bincount(obj, minlength=world.n_objects)[after.targets["planted"]].mean() == 9
    for o in np.unique(obj):
        assert np.ptp(t[obj == o]) <= 60 * SECOND_US
    days = [len(np.unique((t[account == a] - START_US) // DAY_US)) for a in after.labels["planted"]]
    assert set(days) <= {2, 3, 4}  # a session of the evening may end after midnight
    assert np.mean(days) == pytest.approx(2.5, abs=0.25)
    touches = np.zeros((world.n_accounts, world.n_objects), np.int32)
    touches[account, obj] = 1
    mine = touches[after.labels["planted"]]
    shared = (mine @ mine.T)[np.triu_indices(300, 1)]
    assert shared.mean() < 0.3
    assert np.quantile(shared, 0.99) <= 2


def test_a_farm_in_one_session_is_one() -> None:
    world = simulate(replace(SMALL, n_accounts=1500), 1)
    _, obj, t = new(world, plant_farm(world, FARMS["farm of 300, one session"], 2))
    assert np.ptp(t) <= 6 * HOUR_US + 60 * SECOND_US
    assert len(np.unique(obj)) == 200


@pytest.mark.parametrize("wrong", [{"sessions_each": (0, 2)}, {"sessions_each": (2, 5)}, {"tasks_each": 120}])
def test_impossible_farms_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="session"):
        Farm(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("n", [1, 3])
def test_shadows_follow_each_act_of_a_bystander_within_seconds(world: World, n: int) -> None:
    after = plant_shadows(world, Shadowing(n_bystanders=n), 2)
    account, obj, t = new(world, after)
    bystanders, shadows = after.labels["bystander"], after.labels["shadows"]
    assert (len(bystanders), len(shadows)) == (n, 10)
    assert np.isin(account, shadows).all()
    assert not np.intersect1d(bystanders, shadows).size
    own = np.isin(after.account, bystanders)  # what a bystander did is as it was, and it did nothing more
    assert np.isin(after.post[own], world.post).all()
    assert own.sum() == np.isin(world.account, bystanders).sum()
    source = {(b, o): world.t[(world.account == b) & (world.object == o)].min(initial=world.end_us)
              for b in bystanders for o in after.targets["bystander"]}  # fmt: skip
    for o in np.unique(obj):
        for at in t[obj == o]:
            lags = [(at - source[b, o]) / SECOND_US for b in bystanders]
            assert any(4 <= lag <= 50 for lag in lags)
    assert len(account) == 10 * len(after.targets["shadows"])
    assert 20 * n - 3 * (n - 1) <= len(after.targets["shadows"]) <= 20 * n


def test_fewer_copies_where_shadows_are_careless(world: World) -> None:
    account, _, _ = new(world, plant_shadows(world, Shadowing(n_shadows=50, fidelity=0.3), 2))
    assert len(account) / (50 * 20) == pytest.approx(0.3, abs=0.05)


def orders(world: World, plan: Sequence) -> tuple[list[tuple[int, ...]], np.ndarray, np.ndarray]:
    """The order in which each account does its list, when it begins, and all pauses (microseconds)."""
    account, obj, t = new(world, plant_sequence(world, plan, 2))
    lists, begins, pauses = [], [], []
    for a in np.unique(account):
        rows = np.flatnonzero(account == a)
        rows = rows[np.argsort(t[rows], kind="stable")]
        lists.append(tuple(obj[rows].tolist()))
        begins.append(t[rows[0]])
        pauses.append(np.diff(t[rows]))
    return lists, np.array(begins), np.concatenate(pauses)


def test_a_list_is_worked_in_order_hours_apart(world: World) -> None:
    lists, begins, pauses = orders(world, Sequence())
    assert (len(lists), {len(x) for x in lists}, len(set(lists))) == (12, {8}, 1)
    assert np.median(np.diff(np.sort(begins))) > HOUR_US / 4
    assert np.ptp(begins) > 12 * HOUR_US
    assert np.median(pauses) == pytest.approx(40 * SECOND_US, rel=0.2)
    assert pauses.max() < 600 * SECOND_US
    control, same, _ = orders(world, Sequence(in_order=False))
    assert len(set(control)) == 12
    assert {frozenset(x) for x in control} == {frozenset(lists[0])}
    assert (same == begins).all()


def test_several_lists_are_on_days_of_their_own(world: World) -> None:
    after = plant_sequence(world, Sequence(n_lists=3, fidelity=0.8), 2)
    account, _, t = new(world, after)
    assert len(after.targets["planted"]) == 24
    assert len(account) / (12 * 24) == pytest.approx(0.8, abs=0.07)
    assert len(np.unique((t - START_US) // DAY_US)) >= 3


def test_pushes_are_answered_at_once_by_those_awake(world: World) -> None:
    after = add_push(world, seed=2)
    account, obj, t = new(world, after)
    assert len(after.labels["push"]) == 36
    assert len(after.targets["push"]) == 40
    for o in np.unique(obj):
        assert np.ptp(t[obj == o]) <= 30 * SECOND_US
        assert 120 * SECOND_US <= t[obj == o].min() - after.born[o] + SECOND_US <= 1900 * SECOND_US
    assert len(account) / (36 * 40) == pytest.approx(0.5 * 2 / 3, abs=0.08)
    assert (asleep(account, t - 30 * SECOND_US, after.people) <= 31 * SECOND_US).mean() > 0.99
    mild, _, _ = new(world, add_push(world, Push(0.1, reacts=0.1), 2))
    assert len(mild) / (90 * 40) == pytest.approx(0.1 * 2 / 3, abs=0.02)
