"""What the test stage noted reaches the groups: every layer, every account, and every certificate counts."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pyarrow as pa
import pytest

from tests.groups.make import edge, table
from unisono.edges.facts import Facts
from unisono.groups.by_hand import TESTED, bound
from unisono.groups.stage import gather
from unisono.groups.strength import strength

TEAM = ["a", "b", "c", "d"]
P = 1e-5
"""The timing p of each of its pairs, in a family of 50."""


def team(joint: float = 0.9, q: float = 0.01, names: list[str] = TEAM) -> pa.Table:
    """A clique that one layer shows by its timing, with q; its joint p says little. Nobody was seen in other layers."""
    rows = []
    for a, b in combinations(names, 2):
        by_timing = {"p_timing": P, "p_speed": P / 2, "q_timing": 0.01, "p_reference": 1.0, "q_reference": 1.0}
        common = {"p": joint, "n_tests": 4_950, "n_tests_timing": 50, "q": q}
        rows.append(edge(a, b, **common, **by_timing, basis="timing"))
        rows.append(edge(a, b, **common, trace="all", window_us=0, is_edge=False))
    return table(rows)


def found(facts: Facts, edges: pa.Table, names: list[str] = TEAM) -> tuple[dict[str, Any], list[float]]:
    """The group, and q of its members."""
    how: dict[str, Any] = {"resolutions": (0.1,), "n_seeds": 2}
    result = gather(edges, None, None, 0.05, facts, seed=0, **how)
    (group,) = result.groups.to_pylist()
    assert result.members["account_id"].to_pylist() == names
    return group, result.members["q"].to_pylist()


def certificate(accounts: list[str], q: float) -> dict[str, Any]:
    return {"trace": "url", "window_us": 60_000_000, "q": q, "draws": 0, "accounts": accounts}


@pytest.mark.parametrize("k", [1, 4, 40])
def test_layers_in_which_nobody_was_seen_cost_a_group_and_a_set_picked_by_hand(k: int) -> None:
    """Timing has a fifth of the error; Simes over six equal p. A group can be called by its links or certified: twice;
    a set that was picked by hand by its links alone."""
    facts = Facts(n_layers=k, n_accounts=100)
    q = 5 * 50 * k * P / 6
    group, _ = found(facts, team())
    assert group["q"] == pytest.approx(2 * q)
    edges = team().select(TESTED)
    assert bound(edges, TEAM, facts) == (group["true_edges_at_least"], pytest.approx(q))
    assert bound(edges, TEAM, Facts(n_layers=1))[1] == pytest.approx(5 * 50 * P / 6)


def test_accounts_of_whom_nothing_was_seen_make_a_member_less_sure() -> None:
    few, many = (found(Facts(1, n), team(joint=1e-4, q=0.9))[1] for n in (100, 100_000))
    by_timing = 5 * 99 * P / 3 * 100 / 4  # three pairs of each, four accounts
    assert few == strength(team(joint=1e-4), 100, 1).account_q.tolist() == pytest.approx([by_timing] * 4)
    assert many == [1.0] * 4
    by_joint = found(Facts(1, 100), team(joint=P))[1]
    assert by_joint == pytest.approx([5 / 3 * 99 * P / 3 * 100 / 4] * 4)


def test_neither_q_is_lowered_by_that_of_its_links_nor_members_by_that_of_their_group() -> None:
    """Regression: one small q of an edge, or of a group, was handed to everybody in it."""
    facts = Facts(4000, 100_000, [certificate(TEAM, 1e-9)])
    group, members = found(facts, team(q=1e-12))
    assert group["q"] == pytest.approx(2e-9)
    assert members == [1.0] * 4
    assert found(Facts(4000, 100_000), team(q=1e-12))[0]["q"] == 1.0


@pytest.mark.parametrize(("accounts", "holds"), [
    (TEAM, True), (TEAM[:3], True), ([*TEAM[:3], "x", "y"], True), ([*TEAM[:3], *"uvwxyz"], True),
    (["a", "b"], False), (["a", "b", "x", "y"], False), (["a", "x", "y"], False), (["x", "y", "z"], False),
])  # fmt: skip
def test_a_group_is_as_sure_as_the_certificate_that_most_of_its_accounts_are_in(
    accounts: list[str], holds: bool
) -> None:
    without = found(Facts(40, 100), team())[0]["q"]
    group, _ = found(Facts(40, 100, [certificate(accounts, 1e-4), certificate(TEAM, 0.5)]), team())
    assert group["q"] == pytest.approx(2e-4 if holds else without)
    assert 2e-4 < without < 0.5


def test_a_certified_trio_says_nothing_of_the_sixty_that_it_is_among() -> None:
    """Regression: a group of sixty inherited the q of a trio that shared two accounts with it."""
    sixty = [f"a{k:02d}" for k in range(60)]
    edges = team(names=sixty)
    facts = Facts(4000, 1000)
    without = found(facts, edges, sixty)[0]["q"]
    assert without > 0.01
    for some in (sixty[:3], [*sixty[:2], "x"], sixty[:30]):
        group, _ = found(Facts(4000, 1000, [certificate(some, 1e-6)]), edges, sixty)
        assert group["q"] == without
    group, _ = found(Facts(4000, 1000, [certificate(sixty[:31], 1e-6)]), edges, sixty)
    assert group["q"] == pytest.approx(2e-6)
