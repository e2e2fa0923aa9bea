"""The table `edges` as a whole: from traces and pairs, by the Python interface."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import unisono
from lab.simulator import Causes, Plan, World, plant, simulate
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.study import UserError
from unisono.tables import EDGES, PAIRS, TRACES

SMALL = Causes(n_accounts=800, n_objects=600, n_acts=16_000)
S = 1_000_000
WINDOWS = ["60s", "10m"]


@cache
def world() -> World:
    """A small world with fifteen accounts that push twenty viral objects."""
    return plant(simulate(SMALL, 3), Plan(), 3)


@cache
def tables() -> tuple[pa.Table, pa.Table, pa.Table]:
    """Its traces, pairs at two windows, and edges."""
    traces = world().table("repost")
    pairs = unisono.pair(traces, WINDOWS)
    return traces, pairs, unisono.test(pairs, traces)


def planted() -> list[str]:
    ids = world().arrays().account_ids
    return ids.take(pa.array(world().labels["planted"])).to_pylist()


def test_it_has_every_pair_once_and_one_row_for_all_layers() -> None:
    _, pairs, edges = tables()
    assert edges.schema == EDGES.schema
    layered = edges.filter(pc.not_equal(edges["trace"], "all"))
    assert layered.select(PAIRS.names).equals(pairs)
    key = [tuple(r.values()) for r in edges.select(list(EDGES.key)).to_pylist()]
    assert key == sorted(key)
    assert len(set(key)) == len(key)


def discoveries(p: list[float], n_tests: int) -> float:
    """Largest p that is a discovery at 5 %, -1 where none is."""
    return max((x for k, x in enumerate(sorted(p)) if x <= 0.05 * (k + 1) / n_tests), default=-1.0)


def limits_of(edges: pa.Table) -> dict[int, float]:
    """Largest timing p of an edge by window: that of Benjamini-Hochberg among the rows whose joint p is a discovery, at
    most 0.1."""
    rows = edges.filter(pc.not_equal(edges["trace"], "all")).to_pylist()
    rows = [r for r in rows if (r["n_meetings"] or 0) >= 2]
    smallest: dict[tuple[str, str], float] = {}
    for r in rows:
        pair = (r["account_a"], r["account_b"])
        smallest[pair] = min(2 * r["p_joint"], smallest.get(pair, 1.0))
    (n_tests,) = set(edges.filter(pc.equal(edges["trace"], "all"))["n_tests"].to_pylist())
    most = discoveries(list(smallest.values()), n_tests)
    found = {}
    for window in {r["window_us"] for r in rows}:
        called = [r for r in rows if r["window_us"] == window and 2 * r["p_joint"] <= most]
        found[window] = min(0.1, discoveries([r["p_timing"] for r in called], len(called)))
    assert max(found.values()) > 0
    return found


def test_meetings_are_at_most_the_coincidences_and_every_link_has_two() -> None:
    edges = tables()[2]
    layered = edges.filter(pc.not_equal(edges["trace"], "all")).to_pylist()
    assert all((r["n_meetings"] is None) == (r["n_first"] < 2) for r in layered)  # those are no candidates
    tested = [r for r in layered if r["n_first"] >= 2]
    assert all(0 <= r["n_meetings"] <= r["n_first"] for r in tested)
    assert any(r["n_meetings"] < r["n_first"] for r in tested)
    assert all(r["n_meetings"] >= 2 for r in layered if r["is_edge"])
    assert edges.filter(pc.equal(edges["trace"], "all"))["n_meetings"].null_count == edges.num_rows - len(layered)


def test_the_combined_q_is_benjamini_hochberg_of_k_times_the_smallest_p() -> None:
    edges = tables()[2]
    gate = limits_of(edges)
    smallest: dict[tuple[str, str], float] = {}
    for r in edges.filter(pc.not_equal(edges["trace"], "all")).to_pylist():
        held = (r["n_meetings"] or 0) >= 2 and r["p_timing"] <= gate[r["window_us"]] * (1 + 1e-12)
        p = min(1.0, 2 * r["p_joint"]) if held else 1.0
        assert r["p"] == pytest.approx(p, rel=1e-9)
        if p < 1:
            pair = (r["account_a"], r["account_b"])
            smallest[pair] = min(p, smallest.get(pair, 1.0))
    combined = {(r["account_a"], r["account_b"]): r for r in edges.filter(pc.equal(edges["trace"], "all")).to_pylist()}
    n_tests = next(iter(combined.values()))["n_tests"]
    order = sorted(smallest)
    q = benjamini_hochberg(np.array([smallest[pair] for pair in order]), n_tests)
    for pair, own in zip(order, q.tolist(), strict=True):
        assert combined[pair]["p"] == pytest.approx(smallest[pair], rel=1e-9)
        if not combined[pair]["is_edge"]:
            assert combined[pair]["q"] == pytest.approx(own, rel=1e-9)


def test_planted_pairs_are_edges_and_hardly_any_other() -> None:
    edges, accounts = tables()[2], set(planted())
    found = edges.filter(pc.and_(edges["is_edge"], pc.equal(edges["trace"], "all"))).to_pylist()
    right = [r for r in found if {r["account_a"], r["account_b"]} <= accounts]
    assert len(right) >= 0.8 * 105
    assert len(right) >= 0.9 * len(found)
    for r in edges.filter(edges["is_edge"]).to_pylist():
        assert r["q"] <= 0.05
        if r["trace"] != "all":
            assert r["basis"] in {"joint", "timing", "reference"}
            assert r["n_first"] >= 2


def test_a_stricter_rate_calls_a_subset() -> None:
    traces, pairs, edges = tables()
    strict = unisono.test(pairs, traces, fdr=0.01)
    loose = {tuple(r.values()) for r in edges.filter(edges["is_edge"]).select(list(EDGES.key)).to_pylist()}
    fewer = {tuple(r.values()) for r in strict.filter(strict["is_edge"]).select(list(EDGES.key)).to_pylist()}
    assert fewer < loose


def test_rows_in_any_order_give_the_same_table() -> None:
    traces, pairs, edges = tables()
    mixed = pairs.take(pa.array(np.random.default_rng(1).permutation(pairs.num_rows)))
    assert unisono.test(mixed, traces).equals(edges)


def test_groups_hold_the_operation_and_say_how_sure_they_are() -> None:
    traces, _, edges = tables()
    groups, members = unisono.group(edges, traces)
    assert groups.num_rows >= 1
    first = groups.sort_by([("rank", "ascending")]).to_pylist()[0]
    inside = members.filter(pc.equal(members["group_id"], first["group_id"])).to_pylist()
    accounts = {m["account_id"] for m in inside}
    assert len(accounts & set(planted())) >= 14
    assert len(accounts - set(planted())) <= 1
    assert first["q"] <= 0.05
    assert 20 <= first["true_edges_at_least"] <= 105
    assert {m["role"] for m in inside} <= {"core", "joined"}
    assert all(m["q"] <= 0.05 for m in inside if m["role"] == "joined")


def test_two_who_have_their_objects_to_themselves_are_insufficient_data() -> None:
    rows = [
        {"trace": "url", "account_id": x, "object_id": f"o{k}", "t_us": k * 3600 * S, "t_resolution_us": S,
         "event_id": f"{x}{k}"} for k in range(6) for x in "ab"
    ]  # fmt: skip
    traces = pa.Table.from_pylist(rows, schema=TRACES.schema)
    edges = unisono.test(unisono.pair(traces, "60s"), traces).to_pylist()
    assert [(e["n_first"], e["status"], e["is_edge"]) for e in edges] == [(6, "insufficient_data", False)]


def test_no_pairs_give_no_edges() -> None:
    traces = TRACES.schema.empty_table()
    edges = unisono.test(unisono.pair(traces), traces)
    assert edges.num_rows == 0
    assert edges.schema == EDGES.schema
    groups, members = unisono.group(edges, traces)
    assert groups.num_rows == 0
    assert members.num_rows == 0


def test_pairs_of_other_traces_are_refused() -> None:
    traces, pairs, _ = tables()
    with pytest.raises(UserError, match="no repost trace"):
        unisono.test(pairs, world().table("url"))
    assert traces.num_rows
