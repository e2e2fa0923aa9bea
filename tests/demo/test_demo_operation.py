"""The planted operation against the background: who, when, and how separable."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tests.lab.co_action import WINDOWS, Edge, edges, seconds
from unisono.demo.languages import Ints
from unisono.demo.rhythm import SITE_ZONE, START, local
from unisono.demo.world import World

Truth = dict[str, tuple[str, str]]


@pytest.fixture(scope="module")
def truth(world: World) -> Truth:
    """author -> (role, cluster or '')"""
    return {r["author"]: (r["role"], r["cluster"] or "") for r in world.truth.to_pylist()}


@pytest.fixture(scope="module")
def found(world: World) -> set[Edge]:
    return edges(world.events)


def office_clock(world: World, truth: Truth, planted: bool) -> Ints:
    """Seconds on the wall clock of the operation's site, of its own posts or of everyone else's."""
    rows = zip(world.events["author"].to_pylist(), world.events["created_at"].to_pylist(), strict=True)
    t = np.array([seconds(at) for author, at in rows if (truth[author][0] == "operation") == planted])
    return local(t, np.full(len(t), SITE_ZONE))


def test_the_operation_has_the_shape_of_the_model_case(world: World, truth: Truth) -> None:
    rows = zip(*(world.events[c].to_pylist() for c in ("author", "author_kind", "network")), strict=True)
    planted = {row for row in rows if truth[row[0]][0] == "operation"}
    assert Counter((kind, network) for _, kind, network in planted) == {
        ("person", "plaza"): 128,
        ("page", "plaza"): 41,
        ("forum", "plaza"): 21,
        ("media_account", "lens"): 146,
    }
    assert len({author for author, _, _ in planted}) == 336


def test_each_cluster_is_on_both_networks_and_speaks_one_language(world: World, truth: Truth) -> None:
    rows = zip(*(world.events[c].to_pylist() for c in ("author", "network", "language")), strict=True)
    spoken = {(truth[a][1], network, language) for a, network, language in rows if truth[a][0] == "operation"}
    assert len(spoken) == 6
    assert len({cluster for cluster, _, _ in spoken}) == len({language for _, _, language in spoken}) == 3


def test_office_day_with_a_lunch_break_and_free_weekends(world: World, truth: Truth) -> None:
    clock = office_clock(world, truth, planted=True)
    hour = np.bincount(clock % 86_400 // 3600, minlength=24)
    assert hour[8:18].sum() == hour.sum()
    assert hour[12] < 0.2 * min(hour[11], hour[13])
    weekday = np.bincount((clock - START) // 86_400 % 7, minlength=7)
    assert weekday[5:].sum() < 0.1 * weekday.sum()


def test_the_office_changes_to_summer_time(world: World, truth: Truth) -> None:
    """In UTC the day begins at 7 before 28 March and at 6 after it."""
    authors, times = world.events["author"].to_pylist(), world.events["created_at"].to_pylist()
    utc = [(t[:10], t[11:13]) for a, t in zip(authors, times, strict=True) if truth[a][0] == "operation"]
    assert min(hour for day, hour in utc if day < "2021-03-28") == "07"
    assert min(hour for day, hour in utc if day > "2021-03-28") == "06"


def test_everyone_else_keeps_no_office_hours(world: World, truth: Truth) -> None:
    clock = office_clock(world, truth, planted=False)
    hour = np.bincount(clock % 86_400 // 3600, minlength=24)
    assert hour[8:18].sum() < 0.7 * hour.sum()
    assert hour[12] > 0.8 * min(hour[11], hour[13])
    weekday = np.bincount((clock - START) // 86_400 % 7, minlength=7)
    assert weekday[5:].sum() > 0.2 * weekday.sum()


def test_planted_accounts_have_edges_inside_their_cluster(found: set[Edge], truth: Truth) -> None:
    degree: Counter[str] = Counter()
    for _, a, b in found:
        if truth[a] == truth[b] and truth[a][0] == "operation":
            degree.update((a, b))
    assert sum(n >= 3 for n in degree.values()) >= 0.97 * 336
    leaving = [e for e in found if truth[e[1]] != truth[e[2]] and "operation" in (truth[e[1]][0], truth[e[2]][0])]
    assert len(leaving) < 0.02 * len(found)


def test_every_behaviour_links_the_operation(found: set[Edge], truth: Truth) -> None:
    layers = Counter(trace for trace, a, b in found if truth[a][0] == truth[b][0] == "operation")
    assert set(layers) == set(WINDOWS)
    assert min(layers.values()) > 100


def test_edges_cross_the_networks_through_links_and_texts(found: set[Edge], world: World) -> None:
    network = dict(zip(world.truth["author"].to_pylist(), world.truth["network"].to_pylist(), strict=True))
    crossing = {trace for trace, a, b in found if network[a] != network[b]}
    assert crossing == {"url", "text", "hashtag_sequence"}


def test_look_alikes_and_chance_have_edges_too_but_chance_has_few(found: set[Edge], truth: Truth) -> None:
    linked = {truth[account] for _, a, b in found for account in (a, b)}
    assert {("look_alike", part) for part in ("ring-1", "ring-2", "fans", "quick")} <= linked
    by_chance = {account for _, a, b in found for account in (a, b) if truth[account][0] == "organic"}
    assert 1 <= len(by_chance) <= 150


def test_cover_activity_hides_the_tasks(world: World, truth: Truth) -> None:
    """Planted accounts also post alone: objects that nobody else of the operation touches."""
    rows = world.events.to_pylist()
    ordinary: set[str] = set()
    for row in rows:
        shared = row["links"] or row["tags"] or row["media_sha1"] or row["post_type"] != "post"
        if truth[row["author"]][0] == "operation" and not shared:
            ordinary.add(row["author"])
    assert len(ordinary) > 0.5 * (128 + 41 + 21)
