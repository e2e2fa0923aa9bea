"""One crowd that shares several things is one group, and two crowds with a common account are two."""

from __future__ import annotations

from itertools import combinations

import pyarrow as pa

from unisono.groups import find_groups
from unisono.tables import EDGES


def edges(*cliques: tuple[str, list[str]]) -> pa.Table:
    rows = [
        {
            "trace": t,
            "window_us": 60,
            "account_a": a,
            "account_b": b,
            "n_objects": 3,
            "is_edge": True,
            "first_us": 0,
            "last_us": 9,
        }
        for t, accounts in cliques
        for a, b in combinations(sorted(accounts), 2)
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema([f.with_nullable(True) for f in EDGES.schema]))


def names(prefix: str, n: int, start: int = 0) -> list[str]:
    return [f"{prefix}{k:03d}" for k in range(start, start + n)]


def test_the_same_crowd_under_two_traces_is_one_group() -> None:
    found = find_groups(edges(("url", names("a", 40)), ("text", names("a", 38, 4)), ("reply", names("a", 6))), seed=0)
    (group,) = found.groups.to_pylist()
    assert (group["n_accounts"], group["traces"]) == (42, ["reply", "text", "url"])
    assert group["n_edges"] == len({*combinations(names("a", 40), 2), *combinations(names("a", 38, 4), 2)})


def test_a_common_account_or_half_of_them_does_not_join_two_crowds() -> None:
    half = names("a", 5) + names("b", 5)
    found = find_groups(edges(("url", names("a", 30)), ("text", [*names("c", 30), "a000"]), ("reply", half)), seed=0)
    sizes = sorted(g["n_accounts"] for g in found.groups.to_pylist())
    assert sizes == [10, 30, 31]
