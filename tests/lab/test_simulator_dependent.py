"""Worlds with dependence that nobody planned: each cause leaves its own mark and is labelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from lab.measure import cases
from lab.measure.worlds import FIRST_SEED
from lab.simulator import Rss, World, add_rss, dependent, planned, simulate
from lab.simulator.causes import DAY_US, HOUR_US, SECOND_US, START_US
from lab.simulator.forwarding import Forwarding, add_forwarding, follower_graph
from lab.simulator.grow import add_acts
from lab.simulator.households import Households, add_households
from lab.simulator.independent import ORDINARY
from lab.simulator.timing import asleep
from lab.simulator.tv_goals import TvGoals, add_tv_goals

SMALL = replace(ORDINARY, n_accounts=800, n_objects=600, n_acts=12_000)
MAKERS: dict[str, tuple[Callable[..., World], str]] = {
    "push": (dependent.push, "push"),
    "mild_push": (dependent.mild_push, "push"),
    "tv_goals": (dependent.tv_goals, "tv_goals"),
    "fans": (dependent.fans, "fans"),
    "feed_relays": (dependent.feed_relays, "rss"),
    "households": (dependent.households, "households"),
    "forwarding": (dependent.forwarding, "forwarders"),
}


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(SMALL, 1)


def new(before: World, after: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Acts that were added: account, object, time."""
    rows = after.post > before.post.max()
    return after.account[rows], after.object[rows], after.t[rows]


@pytest.mark.parametrize("name", MAKERS)
def test_every_world_is_whole_labelled_and_the_same_for_its_seed(name: str) -> None:
    make, label = MAKERS[name]
    a, b, c = make(3, SMALL), make(3, SMALL), make(4, SMALL)
    for column in ("account", "object", "t", "post", "born", "follows", "reposts"):
        assert np.array_equal(getattr(a, column), getattr(b, column))
    assert len(a) != len(c) or (a.t != c.t).any()
    assert (np.lexsort((a.post, a.account, a.t, a.object)) == np.arange(len(a))).all()
    assert len(np.unique(a.post)) == len(a)
    assert (a.t >= a.born[a.object]).all()
    assert START_US <= a.t.min() <= a.t.max() < a.end_us
    assert len(a.labels[label]) >= 5
    assert (a.people.circle == -1).all()


@pytest.mark.parametrize("median_s", [20.0, 90.0])
def test_fans_are_so_far_behind_their_source(median_s: float) -> None:
    world = dependent.fans(2, SMALL, median_s)
    posts, fans = world.targets["fans"], world.labels["fans"]
    mine = np.isin(world.account, fans) & np.isin(world.object, posts)
    assert len(np.unique(world.author[posts])) == 1
    assert 20 <= len(fans) <= 40
    assert np.median((world.t - world.born[world.object])[mine]) / SECOND_US == pytest.approx(median_s, rel=0.1)
    assert 0.25 < mine.sum() / (len(fans) * 60) < 0.55


def test_goals_are_few_moments_that_many_answer(world: World) -> None:
    after = add_tv_goals(world, TvGoals(n_evenings=4), 2)
    viewers, objects = after.labels["tv_goals"], after.targets["tv_goals"]
    assert len(viewers) == 80
    assert 8 <= len(objects) <= 20
    evenings = np.unique((after.born[objects] - START_US) // DAY_US)
    assert len(evenings) == 4
    hour = (after.born[objects] - START_US) % DAY_US / HOUR_US
    assert (hour.min() >= 19, hour.max() < 21) == (True, True)
    mine = np.isin(after.account, viewers) & np.isin(after.object, objects)
    late = (after.t - after.born[after.object])[mine] / SECOND_US
    assert np.median(late) == pytest.approx(15, abs=2)
    assert mine.sum() / (80 * len(objects)) == pytest.approx(0.42, abs=0.08)
    assert (np.isin(after.object, objects) & ~mine).sum() > 5 * len(objects)


def test_relays_that_poll_post_at_moments_of_their_own(world: World) -> None:
    after = add_rss(world, Rss(8, delay_s=5.0, polls_min=(10.0,)), 2)
    rows = np.isin(after.account, after.labels["rss"])
    account, t, late = after.account[rows], after.t[rows], (after.t - after.born[after.object])[rows] / SECOND_US
    assert len(t) == 8 * 200
    assert late.max() <= 606
    assert np.median(late) == pytest.approx(300, abs=30)
    phases = []
    for relay in after.labels["rss"]:
        mine = t[account == relay] % (600 * SECOND_US) / SECOND_US
        turn = (mine - mine[0] + 300) % 600  # all within the 5 s after its own moment
        assert np.ptp(turn) <= 6
        phases.append(mine[0])
    assert np.ptp(phases) > 100
    at_once = add_rss(world, Rss(8, delay_s=5.0), 2)
    assert (at_once.t - at_once.born[at_once.object])[np.isin(at_once.account, at_once.labels["rss"])].max() < 6e6


@pytest.mark.parametrize("mean_s", [60.0, 240.0])
def test_in_a_household_the_others_follow_one(world: World, mean_s: float) -> None:
    after = add_households(world, Households(mean_s=mean_s), 2)
    homes = {k: v for k, v in after.labels.items() if k != "households"}
    assert len(homes) == 40
    assert {len(v) for v in homes.values()} <= {2, 3, 4}
    assert np.array_equal(np.sort(np.concatenate(list(homes.values()))), after.labels["households"])
    account, obj, t = new(world, after)
    at = np.full((world.n_accounts, world.n_objects), world.end_us)
    np.minimum.at(at, (world.account, world.object), world.t)
    lags = []
    for home in homes.values():
        mine = np.isin(account, home)
        followers = np.unique(account[mine])
        leader = np.setdiff1d(home, followers)
        assert len(leader) >= 1  # one of those who added nothing
        lags += [min((x - at[b, o] for b in leader if at[b, o] <= x), default=-1)
                 for o, x in zip(obj[mine], t[mine], strict=True)]  # fmt: skip
    assert min(lags) >= 0
    assert np.mean(lags) / SECOND_US == pytest.approx(mean_s, rel=0.15)
    apart = [np.abs(np.diff(world.people.wakes_us[v])).max() for v in homes.values()]
    assert np.median(apart) < HOUR_US


@pytest.mark.parametrize("median_s", [90.0, 480.0])
def test_forwards_come_from_those_whom_one_follows(world: World, median_s: float) -> None:
    after = add_forwarding(world, Forwarding(median_s=median_s), 2)
    source = after.reposted()
    forwards = source >= 0
    assert 0.25 < forwards.mean() < 0.5
    assert np.array_equal(np.unique(after.account[forwards]), after.labels["forwarders"])
    edges = set(map(tuple, after.follows.tolist()))
    assert all(a != b for a, b in edges)
    ties = list(zip(after.account[forwards].tolist(), source[forwards].tolist(), strict=True))
    assert set(ties) <= edges
    row = np.empty(after.post.max() + 1, np.int64)
    row[after.post] = np.arange(len(after))
    child, parent = row[after.reposts[:, 0]], row[after.reposts[:, 1]]
    assert (after.object[child] == after.object[parent]).all()
    lag = (after.t[child] - after.t[parent]) / SECOND_US
    assert lag.min() >= 0
    assert np.median(lag) == pytest.approx(median_s, rel=0.07)
    assert (asleep(after.account[child], after.t[child], after.people) < SECOND_US).all()
    assert np.isin(world.post, after.post).all()
    assert (after.post[parent] > world.post.max()).any()  # forwards are forwarded
    assert np.unique(ties, axis=0, return_counts=True)[1].max() >= 5  # some are loyal


def test_branching_is_the_mean_number_of_children_of_an_own_act() -> None:
    awake = simulate(replace(SMALL, time_zones=False, n_acts=6_000), 1)
    after = add_forwarding(awake, Forwarding(branching=0.3), 2)
    children = np.isin(after.reposts[:, 1], awake.post).sum() / len(awake)
    assert children == pytest.approx(0.25, abs=0.06)  # below .3: some touch the object anyway, some too late
    none = add_forwarding(awake, Forwarding(branching=0.0), 2)
    assert len(none) == len(awake)
    assert len(none.reposts) == 0
    assert (none.reposted() == -1).all()
    assert len(none.follows) > 5 * awake.n_accounts


def test_the_famous_are_followed_and_near_in_interest(world: World) -> None:
    graph = follower_graph(world, 15, np.random.default_rng(1))
    n = np.bincount(graph[:, 1], minlength=800)
    assert n.max() > 8 * np.median(n)
    assert np.median(np.bincount(graph[:, 0], minlength=800)) == pytest.approx(15, abs=2)
    place, others = world.people.place, np.random.default_rng(2).permutation(graph[:, 1])

    def far(a: np.ndarray, b: np.ndarray) -> float:
        apart = np.abs(a - b)
        return float(np.median(np.sqrt((np.minimum(apart, 1 - apart) ** 2).sum(1))))

    assert far(place[graph[:, 0]], place[graph[:, 1]]) < 0.6 * far(place[graph[:, 0]], place[others])


def test_who_reposted_whom_survives_what_is_added_later(world: World) -> None:
    after = add_forwarding(world, Forwarding(), 2)
    first = after.reposts[0]
    account, obj = after.account[after.post == first[1]], after.object[after.post == first[1]]
    later = add_acts(after, account, obj, after.born[obj])  # takes the place of an act that was forwarded
    was = dict(zip(after.post.tolist(), after.reposted().tolist(), strict=True))
    now = dict(zip(later.post.tolist(), later.reposted().tolist(), strict=True))
    assert now[first[0]] == -1
    lost = set(after.post.tolist()) - set(later.post.tolist())
    of_lost = {int(child) for child, parent in after.reposts if parent in lost}
    assert all(now[p] == source for p, source in was.items() if p in now and p not in of_lost)


def test_every_case_has_one_name_and_its_seeds_begin_where_all_do() -> None:
    names = [*cases.INDEPENDENT, *cases.DEPENDENT, *cases.PLANNED]
    assert len(set(names)) == len(names) == 14 + 10 + 18
    relays, cell = cases.named("feed relays", 1), cases.named("cell of 3", 1)
    assert (relays.t == dependent.feed_relays(FIRST_SEED + 1).t).all()
    assert (cell.t == planned.operation("cell of 3", FIRST_SEED + 1).t).all()
    assert cases.DEPENDENT["feed relays"][1] in relays.labels
    assert cases.PLANNED["cell of 3"][1] in cell.labels
    assert len(cases.named("sittings, 300 objects", 0).born) == 300
    with pytest.raises(KeyError):
        cases.named("no such world", 0)
