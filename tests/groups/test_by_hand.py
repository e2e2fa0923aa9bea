"""Bounds for a set of accounts that somebody picks."""

from __future__ import annotations

import pyarrow as pa
import pytest

from unisono.groups.by_hand import TESTED, bound
from unisono.tables import EDGES


def edges(*rows: tuple[str, str, float]) -> pa.Table:
    """Combined p of some pairs, among 1,000 tests."""
    common = {
        "trace": "all", "window_us": 0, "n_tests": 1_000, "q": 1.0, "is_edge": False, "p_timing": None, "p_speed": None,
        "q_timing": None, "n_tests_timing": 10, "p_reference": None, "q_reference": None,
    }  # fmt: skip
    schema = pa.schema([EDGES.schema.field(c) for c in TESTED])
    return pa.Table.from_pylist([common | {"account_a": a, "account_b": b, "p": p} for a, b, p in rows], schema)


def test_a_triangle_that_chance_cannot_make() -> None:
    table = edges(("a", "b", 1e-9), ("a", "c", 1e-9), ("b", "c", 1e-9), ("d", "e", 0.5))
    least, q = bound(table, ["a", "b", "c"])
    assert least == 3
    assert q == pytest.approx(3 * 1_000 * 1e-9 / 3)  # three families; Simes over the three p
    assert bound(table, ["a", "b", "d"])[0] == 1
    assert bound(table, ["d", "e"]) == (0, 1.0)


def test_accounts_without_a_test_have_no_links() -> None:
    table = edges(("a", "b", 1e-9))
    assert bound(table, ["a", "b", "nobody"])[0] == 1
    assert bound(table, ["x", "y"]) == (0, 1.0)
    assert bound(table.slice(0, 0), ["a", "b"]) == (0, 1.0)
