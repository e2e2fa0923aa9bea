"""Accounts that join: every core, every account of the family and every layer count in their q."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from unisono.groups import join
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.tables import MEMBERS

IDS = pa.array(list("abcdefgh"))


def members(*groups: tuple[str, str]) -> pa.Table:
    rows = [{"group_id": g, "account_id": a, "role": "core"} for g, accounts in groups for a in accounts]
    return pa.Table.from_pylist(rows, MEMBERS.schema)


def joined(
    monkeypatch: pytest.MonkeyPatch, layers: dict[str, list[int]], found: dict[tuple[int, int], float], fdr: float,
    n_cores: int = 2,
) -> dict[str, tuple[str, float]]:  # fmt: skip
    """found: p by (window, account) against the core of a, b and c; the other core, of d and e, meets nobody."""

    def grounds(*_: Any) -> Iterator[Any]:
        for trace, windows in layers.items():
            for window in windows:
                yield trace, window, SimpleNamespace(account_ids=IDS), window

    def companions(window: Any, _: int, core: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        near = [(a, p) for (w, a), p in found.items() if w == window and 0 in core]
        return np.array([a for a, _ in near], np.int64), np.log([p for _, p in near])

    ground = SimpleNamespace(first=SimpleNamespace(tested=np.ones(50, np.bool_)))
    monkeypatch.setattr(join, "grounds", lambda *a: ((t, w, x, ground) for t, w, x, _ in grounds(*a)))
    monkeypatch.setattr(join, "at_window", lambda g, w: g)
    order = iter([w for windows in layers.values() for w in windows for _ in range(n_cores)])
    monkeypatch.setattr(join, "companions", lambda g, w, core: companions(next(order), w, core))
    cores = members(("g1", "abc"), ("g2", "de"))
    rows = join.joining(cores, layers, lambda trace: None, None, fdr, 0)  # type: ignore[arg-type, return-value]
    return {r["account_id"]: (r["group_id"], r["q"]) for r in rows.to_pylist()}


@pytest.mark.parametrize("windows", [[60], [60, 600], [60, 600, 3600]])
def test_q_is_that_of_k_times_the_smallest_p_among_all_accounts_once_for_every_core(
    monkeypatch: pytest.MonkeyPatch, windows: list[int]
) -> None:
    found = {(60, 5): 1e-5, (60, 6): 2e-5, (windows[-1], 6): 3e-6, (60, 7): 0.3}
    k = len(windows)
    p = np.array([k * 1e-5, k * min(3e-6, 2e-5), min(k * 0.3, 1.0)])
    if k == 1:
        p[1] = 3e-6  # the same layer, written again
    q = benjamini_hochberg(p[p < 1], 2 * 50)
    got = joined(monkeypatch, {"url": windows}, found, 0.05)
    assert got == {"f": ("g1", pytest.approx(q[0])), "g": ("g1", pytest.approx(q[1]))}


def test_a_core_that_nobody_meets_costs_what_any_core_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: with the number of cores left out of the family this one joined."""
    at_two_cores = {(60, 5): 0.05 / 100 * 1.5}  # 1 of 2 x 50 tests: q = 0.075
    assert joined(monkeypatch, {"url": [60]}, at_two_cores, 0.05) == {}
    assert set(joined(monkeypatch, {"url": [60]}, {(60, 5): 0.05 / 100 * 0.9}, 0.05)) == {"f"}


def test_members_of_a_core_join_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert joined(monkeypatch, {"url": [60]}, {(60, 3): 1e-12, (60, 5): 1e-9}, 0.05).keys() == {"f"}
