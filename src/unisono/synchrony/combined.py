"""Pairs that meet without an object take their place among the rows that combine all behaviours of a pair."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from unisono.tables import EDGES

_KEYS = ["account_a", "account_b"]
_TOLD = ("p", "q", "n_tests", "is_edge")


def with_synchrony(combined: pa.Table, n_tests: int, alone: pa.Table) -> pa.Table:
    """Rows of trace `all`, sorted by the two accounts, with synchrony as one more family.

    combined, n_tests: those of the traces with objects. alone: rows of trace synchrony. p: where both families test
    anybody, twice the smaller of the two p, in a family as large as both (Bonferroni); else the one that is there. q
    and is_edge: those of the surer family, so that over both the rates of false edges add, as over all routes to an
    edge (`docs/methods/combination.md`).
    """
    mine = alone.filter(pc.less(alone["p"], 1.0))
    if not mine.num_rows:
        return combined
    factor, more = (2.0 if n_tests else 1.0), int(pc.max(alone["n_tests"]).as_py())
    rows = pa.concat_tables([t.select([*_KEYS, *_TOLD]).combine_chunks() for t in (combined, mine)])
    rows = rows.group_by(_KEYS).aggregate([("p", "min"), ("q", "min"), ("is_edge", "max")])
    rows = rows.sort_by([(k, "ascending") for k in _KEYS])
    n = rows.num_rows
    known = {
        "trace": pa.repeat("all", n), "window_us": pa.repeat(pa.scalar(0, pa.int64()), n),
        "account_a": rows["account_a"], "account_b": rows["account_b"],
        "p": pc.min_element_wise(pc.multiply(rows["p_min"], factor), 1.0), "q": rows["q_min"],
        "n_tests": pa.repeat(pa.scalar(n_tests + more, pa.int64()), n), "is_edge": rows["is_edge_max"],
        "status": pa.repeat("tested", n),
    }  # fmt: skip
    columns = [known[f.name] if f.name in known else pa.nulls(n, f.type) for f in EDGES.schema]
    return pa.table(columns, schema=EDGES.schema)
