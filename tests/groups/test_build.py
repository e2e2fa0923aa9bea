"""Groups and members from edges: what is in them, and that nothing but the edges decides it."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.groups.make import clique, edge, names, table
from unisono.groups import GroupResult, find_groups
from unisono.study.errors import UserError
from unisono.tables import EDGES, GROUPS, MEMBERS

FEW: dict[str, Any] = {"seed": 1, "resolutions": (0.05, 0.2), "n_seeds": 4}


def sets_of(result: GroupResult) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in result.members.to_pylist():
        found.setdefault(row["group_id"], set()).add(row["account_id"])
    return found


def slow_id(accounts: list[str]) -> str:
    digest = hashlib.sha256()
    for account in sorted(accounts, key=str.encode):
        digest.update(account.encode() + b"\n")
    return digest.hexdigest()[:12]


def test_two_cliques_and_a_bridge_are_two_groups() -> None:
    one, two = names("a", 8), names("b", 6)
    result = find_groups(table([*clique(one), *clique(two), edge(one[0], two[0])]), seed=1)
    assert sets_of(result) == {slow_id(one): set(one), slow_id(two): set(two)}
    assert result.groups["rank"].to_pylist() == [
        1 if g == slow_id(one) else 2 for g in result.groups["group_id"].to_pylist()
    ]
    assert result.groups["stability"].to_pylist() == [1.0, 1.0]
    assert result.stability == 1.0
    assert result.resolution in [r for r, _, _ in result.grid]
    assert len(result.grid) == 8


def test_tables_keep_the_schema_and_the_order_of_keys() -> None:
    result = find_groups(table([*clique(names("a", 5)), *clique(names("b", 4)), *clique(names("c", 3))]), **FEW)
    assert result.groups.schema.equals(GROUPS.schema)
    assert result.members.schema.equals(MEMBERS.schema)
    result.groups.validate(full=True)
    ids = result.groups["group_id"].to_pylist()
    keys = [(r["group_id"], r["account_id"]) for r in result.members.to_pylist()]
    assert ids == sorted(ids)
    assert keys == sorted(keys)
    for column in ("true_edges_at_least", "q"):
        assert result.groups[column].null_count == len(ids)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [edge("x/a", "x/b")],
        clique(names("a", 5), is_edge=False),
        clique(names("a", 5), is_edge=None),
        clique(names("a", 5), trace="all", window_us=0),
    ],
    ids=["no rows", "one pair", "no edge", "edge unknown", "combined rows only"],
)
def test_no_group_gives_empty_tables(rows: list[dict[str, Any]]) -> None:
    result = find_groups(table(rows), **FEW)
    assert result == GroupResult(GROUPS.schema.empty_table(), MEMBERS.schema.empty_table(), None, None, [])


def test_the_same_accounts_in_two_traces_are_one_group() -> None:
    team = names("a", 30)
    rows = clique(team, first_us=50) + clique(team, trace="text", last_us=9_000)
    (group,) = find_groups(table(rows), **FEW).groups.to_pylist()
    assert group["traces"] == ["text", "url"]
    assert (group["n_accounts"], group["n_edges"]) == (30, 30 * 29 // 2)
    assert (group["first_us"], group["last_us"]) == (50, 9_000)


def test_an_account_may_be_in_two_groups() -> None:
    both = "x/both"
    one, two = [*names("a", 7), both], [*names("b", 7), both]
    result = find_groups(table([*clique(one), *clique(two, trace="text")]), **FEW)
    assert sets_of(result) == {slow_id(one): set(one), slow_id(two): set(two)}
    traces = dict(zip(*result.groups.select(["group_id", "traces"]).to_pydict().values(), strict=True))
    assert traces == {slow_id(one): ["url"], slow_id(two): ["text"]}


def test_small_communities_are_no_groups() -> None:
    rows = [*clique(names("a", 3)), *clique(names("b", 5))]
    assert find_groups(table(rows), min_accounts=4, **FEW).groups["n_accounts"].to_pylist() == [5]
    rows.append(edge("x/p", "x/q"))
    assert sorted(find_groups(table(rows), min_accounts=2, **FEW).groups["n_accounts"].to_pylist()) == [
        2,
        3,
        5,
    ]


def test_evidence_counts_each_object_once_whatever_the_windows() -> None:
    rows = clique(["x/a", "x/b", "x/c"], n_objects=4)
    rows += clique(["x/a", "x/b", "x/c"], n_objects=6, window_us=600_000_000)
    rows += [edge("x/a", "x/b", trace="text", n_objects=2)]  # alone in its layer, weakly coupled
    members = find_groups(table(rows), seed=1, resolutions=(0.01,), n_seeds=3).members.to_pylist()
    inside = {"x/a": 6 + 6 + 2, "x/b": 6 + 6 + 2, "x/c": 12}
    assert {m["account_id"]: m["evidence_mass"] for m in members} == pytest.approx(
        {a: n / 40 for a, n in inside.items()}
    )


def test_rank_follows_evidence_then_size_then_id() -> None:
    small_strong = clique(names("a", 3), n_objects=100)
    rows = small_strong + clique(names("b", 6)) + clique(names("c", 3), n_objects=15) + clique(names("d", 6))
    groups = {g["rank"]: g for g in find_groups(table(rows), **FEW).groups.to_pylist()}
    assert [groups[i]["n_accounts"] for i in (1, 2, 3, 4)] == [3, 6, 6, 3]
    assert groups[2]["group_id"] < groups[3]["group_id"]


def random_rows() -> list[dict[str, Any]]:
    rng = np.random.default_rng(5)
    people = names("p", 60)
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for _ in range(260):
        block = rng.integers(0, 4) * 15
        a, b = rng.integers(0, 60, 2) if rng.random() < 0.2 else rng.integers(block, block + 15, 2)
        if a != b:
            row = edge(
                people[a],
                people[b],
                trace=str(rng.choice(["url", "text"])),
                n_objects=int(rng.integers(3, 9)),
            )
            rows[row["trace"], row["account_a"], row["account_b"]] = row
    return list(rows.values())


def test_row_order_chunks_types_and_threads_change_nothing() -> None:
    rows = table(random_rows())
    expected = find_groups(rows, **FEW)
    assert expected.groups.num_rows >= 3
    mixed = rows.take(np.random.default_rng(2).permutation(len(rows)))
    halves = pa.concat_tables([mixed.slice(0, 40), mixed.slice(40)])
    wide = halves.set_column(2, "account_a", halves["account_a"].cast(pa.large_string())).set_column(
        0, "trace", halves["trace"].dictionary_encode()
    )
    for again in (find_groups(mixed, **FEW), find_groups(halves, threads=3, **FEW), find_groups(wide, **FEW)):
        assert again == expected


def test_tables_follow_from_membership() -> None:
    rows = random_rows()
    result = find_groups(table(rows), **FEW)
    for group in result.groups.to_pylist():
        inside = {m["account_id"]: m["evidence_mass"] for m in result.members.to_pylist()
                  if m["group_id"] == group["group_id"]}  # fmt: skip
        assert group["group_id"] == slow_id(list(inside))
        assert group["n_accounts"] == len(inside)
        assert sum(inside.values()) == pytest.approx(1)
        assert 0 <= group["stability"] <= 1
        pairs = {p for r in rows if set(p := (r["account_a"], r["account_b"])) <= set(inside)}
        assert 0 < group["n_edges"] == len(pairs)


HOSTILE = st.text(st.characters(codec="utf-8"), max_size=6) | st.sampled_from(
    ["", "\x00", "a\nb", "\u202ex", "é", "e\u0301", "\U0010ffff", "x" * 5000]
)


@settings(max_examples=30)
@given(st.sets(HOSTILE, min_size=3, max_size=6))
def test_any_account_id_is_carried_through(accounts: set[str]) -> None:
    result = find_groups(table(clique(accounts)), **FEW)
    assert result.groups["group_id"].to_pylist() == [slow_id(list(accounts))]
    assert result.members["account_id"].to_pylist() == sorted(accounts)


def test_progress_is_told_every_run() -> None:
    told: list[tuple[int, int]] = []
    find_groups(table(clique(names("a", 4))), progress=lambda *x: told.append(x), **FEW)
    assert told[:8] == [(i, 8) for i in range(1, 9)]
    assert told[-1] == (8, 8)


@pytest.mark.parametrize(
    ("setting", "value"),
    [("resolutions", ()), ("resolutions", (0.1, 0.0)), ("resolutions", (float("nan"),)),
     ("resolutions", (float("inf"),)), ("n_seeds", 1), ("min_accounts", 1)],
)  # fmt: skip
def test_settings_that_make_no_sense_say_what_to_do(setting: str, value: Any) -> None:
    with pytest.raises(UserError) as caught:
        find_groups(EDGES.schema.empty_table(), **{"seed": 1, setting: value})
    assert setting in caught.value.what
    assert caught.value.remedy
