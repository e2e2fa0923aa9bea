"""Verdicts as columns of the table `edges`: one row per candidate of a layer, one per pair over all layers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from unisono.edges.call import Called, Layer, call, n_tested
from unisono.edges.combine import Verdicts
from unisono.edges.facts import Facts
from unisono.edges.layers import Layers
from unisono.nulls.meetings import LEAST
from unisono.tables import EDGES, PAIRS

ALL = "all"
"""Trace of the rows that combine all behaviours and windows of a pair."""
TESTED, NO_DATA, DRIVEN = "tested", "insufficient_data", "selection_driven"
_TESTS = [c for c in EDGES.names if c not in PAIRS.names and c != "n_evidence"]


@dataclass(frozen=True)
class Verdict:
    """rows: the columns that tests fill, one row per candidate in key order; combined: the rows of trace 'all';
    n_tests: pairs of the test family; facts: what else is known of it."""

    rows: pa.Table
    combined: pa.Table
    n_tests: int
    facts: Facts


def judge(layers: Layers, fdr: float, seed: int, any_dependence: bool = False) -> Verdict:
    """Call edges at a false-discovery rate, and write down every number behind it."""
    called, verdicts = call(layers.layers, fdr, seed, any_dependence)
    parts = [_columns(x, c, verdicts.n_tests) for x, c in zip(layers.layers, called, strict=True)]
    schema = pa.schema([EDGES.schema.field(c) for c in _TESTS])
    rows = pa.concat_tables([schema.empty_table(), *(pa.table(p, schema=schema) for p in parts)])
    combined = _combined(layers, called, verdicts)
    draws = [
        {"trace": x.trace, "window_us": x.window_us, "groups": c.n_candidates, "draws": c.draws}
        for x, c in zip(layers.layers, called, strict=True)
    ]
    facts = Facts(len(layers.layers), n_tested(layers.layers), list(_certified(layers, called)), draws)
    return Verdict(rows, combined, verdicts.n_tests, facts)


def _certified(layers: Layers, called: list[Called]) -> Iterator[dict[str, object]]:
    """The certified groups of each layer; of those with the same accounts the surest, with its draws."""
    for x, c in zip(layers.layers, called, strict=True):
        best: dict[tuple[int, ...], tuple[float, int]] = {}
        for group in c.certified:
            key = tuple(x.number[group.accounts].tolist())
            best[key] = min((group.q, group.draws), best.get(key, (1.0, 0)))
        for accounts, (q, draws) in sorted(best.items()):
            ids = layers.account_ids.take(pa.array(accounts)).to_pylist()
            yield {"trace": x.trace, "window_us": x.window_us, "q": q, "draws": draws, "accounts": sorted(ids)}


def untested(n: int, n_tests: int) -> dict[str, pa.Array]:
    """Columns of pairs that are no candidates: fewer than `LEAST` first coincidences, so p = 1 whatever is expected."""
    schema = EDGES.schema
    known = {"p": 1.0, "q": 1.0, "n_tests": n_tests, "is_edge": False, "status": TESTED}
    return {
        c: pa.repeat(pa.scalar(known[c], schema.field(c).type), n) if c in known else pa.nulls(n, schema.field(c).type)
        for c in _TESTS
    }


def _columns(x: Layer, c: Called, n_tests: int) -> dict[str, object]:
    t, seen = x.tested, x.tested.observed
    status = np.where(c.selection_driven, DRIVEN, TESTED)
    status = np.where((seen.n_open == 0) & (seen.meetings >= LEAST) & ~c.is_edge, NO_DATA, status)
    basis = np.where(c.by_reference, "reference", np.where(c.by_group, "timing", "joint")).astype(object)
    basis[~c.is_edge] = None
    return {
        "n_meetings": seen.meetings,
        "expected": pa.array(t.expected, from_pandas=True), "expected_timing": seen.expected,
        "p_joint": np.exp(t.log_p_joint), "p_timing": np.exp(seen.log_p), "p_selection": np.exp(t.log_p_selection),
        "p": np.exp(c.log_p), "n_tests": np.where(c.by_group, t.n_timing, n_tests), "q": c.q, "is_edge": c.is_edge,
        "basis": pa.array(basis, pa.string()), "p_speed": np.exp(seen.log_p_speed),
        "q_timing": c.q_timing, "n_tests_timing": np.full(len(t.a), t.n_timing),
        "p_reference": np.exp(c.log_p_reference), "q_reference": c.q_reference,
        "q_selection": c.q_selection, "status": pa.array(status.astype(object), pa.string()),
    }  # fmt: skip


def _combined(layers: Layers, called: list[Called], verdicts: Verdicts) -> pa.Table:
    """One row per pair with p < 1 in the joint test or an edge in any layer, by (account_a, account_b)."""
    a, b, q = [verdicts.a], [verdicts.b], [verdicts.q]
    edge = [np.zeros(len(verdicts.a), np.bool_)]
    for x, c in zip(layers.layers, called, strict=True):
        hit = np.flatnonzero(c.is_edge)
        ends = np.sort(np.c_[x.number[x.tested.a[hit]], x.number[x.tested.b[hit]]], axis=1)
        a.append(ends[:, 0])
        b.append(ends[:, 1])
        q.append(c.q[hit])
        edge.append(np.ones(len(hit), np.bool_))
    width = max(len(layers.account_ids), 1)
    key, which = np.unique(np.concatenate(a) * width + np.concatenate(b), return_inverse=True)
    p, best, is_edge = np.ones(len(key)), np.ones(len(key)), np.zeros(len(key), np.bool_)
    p[which[: len(verdicts.a)]] = np.exp(verdicts.log_p)
    np.minimum.at(best, which, np.concatenate(q))
    np.logical_or.at(is_edge, which, np.concatenate(edge))
    columns = {
        "trace": pa.repeat(ALL, len(key)), "window_us": np.zeros(len(key), np.int64),
        "account_a": layers.account_ids.take(pa.array(key // width)),
        "account_b": layers.account_ids.take(pa.array(key % width)),
        "p": p, "n_tests": np.full(len(key), verdicts.n_tests), "q": best, "is_edge": is_edge,
        "status": pa.repeat(TESTED, len(key)),
    }  # fmt: skip
    return pa.table(
        {c: columns[c] if c in columns else pa.nulls(len(key), EDGES.schema.field(c).type) for c in EDGES.names},
        schema=EDGES.schema,
    )
