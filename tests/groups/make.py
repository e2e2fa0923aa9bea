"""Edge tables for the tests of groups."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

import pyarrow as pa

from unisono.tables import EDGES

DEFAULTS: dict[str, Any] = {
    "trace": "url", "window_us": 60_000_000, "n_objects": 3, "first_us": 1_000, "last_us": 2_000,
    "is_edge": True, "basis": "joint", "status": "tested",
}  # fmt: skip


def edge(a: str, b: str, **columns: Any) -> dict[str, Any]:
    low, high = sorted((a, b))
    return DEFAULTS | {"account_a": low, "account_b": high} | columns


def clique(accounts: Iterable[str], **columns: Any) -> list[dict[str, Any]]:
    return [edge(a, b, **columns) for a, b in combinations(sorted(accounts), 2)]


def names(prefix: str, n: int) -> list[str]:
    return [f"x/{prefix}{i:03d}" for i in range(n)]


def table(rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as the table edges, sorted by key; columns not given are null."""
    rows = sorted(rows, key=lambda r: tuple(r[k] for k in EDGES.key))
    return pa.Table.from_pylist([{c: r.get(c) for c in EDGES.names} for r in rows], schema=EDGES.schema)
