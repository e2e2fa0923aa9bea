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


def team(joint: float = 0.9, q: float = 0.01) -> pa.Table:
    """A clique that one layer shows by its timing, with q; its joint p says little. Nobody was seen in other layers."""
    rows = []
    for a, b in combinations(TEAM, 2):
        by_timing = {"p_timing": P, "p_speed": P / 2, "q_timing": 0.01, "p_reference": 1.0, "q_reference": 1.0}
        common = {"p": joint, "n_tests": 4_950, "n_tests_timing": 50, "q": q}
        rows.append(edge(a, b, **common, **by_timing, basis="timing"))
        rows.append(edge(a, b, **common, trace="all", window_us=0, is_edge=False))
    return table(rows)


def found(facts: Facts, edges: pa.Table) -> tuple[dict[str, Any], list[float]]:
    """The group, and q of its members."""
    how: dict[str, Any] = {"resolutions": (0.1,), "n_seeds": 2}
    result = gather(edges, None, None, 0.05, facts, seed=0, **how)
    (group,) = result.groups.to_pylist()
    assert result.members["account_id"].to_pylist() == TEAM
    return group, result.members["q"].to_pylist()


def certificate(accounts: list[str], q: float) -> dict[str, Any]:
    return {"trace": "url", "window_us": 60_000_000, "q": q, "draws": 0, "accounts": accounts}


@pytest.mark.parametrize("k", [1, 4, 40])
def test_layers_in_which_nobody_was_seen_cost_a_group_and_a_set_picked_by_hand(k: int) -> None:
    facts = Facts(n_layers=k, n_accounts=100)
    q = pytest.approx(3 * 50 * k * P / 6)  # three families; Simes over six equal p
    group, _ = found(facts, team())
    assert group["q"] == q
    edges = team().select(TESTED)
    assert bound(edges, TEAM, facts) == (group["true_edges_at_least"], q)
    assert bound(edges, TEAM, Facts(n_layers=1))[1] == pytest.approx(3 * 50 * P / 6)


def test_accounts_of_whom_nothing_was_seen_make_a_member_less_sure() -> None:
    edges = team(joint=1e-4, q=0.9)
    few, many = (found(Facts(1, n), edges)[1] for n in (100, 100_000))
    assert few == strength(edges, 100, 1).account_q.tolist() == pytest.approx([99 * 1e-4 / 3 * 100 / 4] * 4)
    assert many == [0.9] * 4  # that of its links
    assert all(q == pytest.approx(0.01) for q in found(Facts(1, 100_000), team())[1])


@pytest.mark.parametrize(("accounts", "holds"), [
    (TEAM, True), (TEAM[:3], True), ([*TEAM[:3], "x", "y"], True), (["a", "b"], True),
    (["a", "b", "x", "y"], False), (["a", "x", "y"], False), (["x", "y", "z"], False),
])  # fmt: skip
def test_a_group_is_as_sure_as_the_certificate_of_most_of_it(accounts: list[str], holds: bool) -> None:
    """Of the smaller of the two sets more than half."""
    without = found(Facts(40, 100), team())[0]["q"]
    group, _ = found(Facts(40, 100, [certificate(accounts, 1e-4), certificate(TEAM, 0.5)]), team())
    assert group["q"] == (1e-4 if holds else without)
    assert without > 1e-4
