"""Row 21: real cascades with objects doubled under second names: the edges are those of the cascades as they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lab.measure.analysis import SECOND, find
from lab.measure.real import CASCADES, traces
from lab.measure.row import Record, Row
from lab.measure.worlds import FIRST_SEED
from unisono.pairs.arrays import TraceArrays, encode_clocked
from unisono.pairs.twins import counted_once

SET = "cascades, shares"
WINDOW = 60 * SECOND
N_DOUBLED = 20
CELLS = {"behind": "{}~", "before": " {}"}
"""Where second names stand among the others: behind, first names stay; before, they take the first names' places."""


def one(cell: str, seed: int) -> Record:
    """Edges of the cascades with N_DOUBLED objects doubled, those that differ, and the second names that are told."""
    arrays = traces(SET)
    objects = np.random.default_rng(FIRST_SEED + seed).choice(len(arrays.object_ids), N_DOUBLED, replace=False)
    once = counted_once(*encode_clocked(doubled(arrays, np.isin(arrays.object, objects), CELLS[cell])))
    plain, edges = as_they_are(), edges_of(once.arrays)
    return {
        "doubled": N_DOUBLED, "told": len(once.names), "told_before": own_names(), "edges": len(edges),
        "before": len(plain), "differ": len(edges ^ plain),
    }  # fmt: skip


def doubled(arrays: TraceArrays, some: np.ndarray, second: str) -> pa.Table:
    """Rows of `traces`, and these once more under second names and in posts of their own."""
    rows = pa.table({
        "account_id": arrays.account_ids.take(pa.array(arrays.account)),
        "object_id": arrays.object_ids.take(pa.array(arrays.object)), "t_us": arrays.t,
        "event_id": arrays.post_ids.take(pa.array(arrays.post)),
    })  # fmt: skip
    more = rows.filter(pa.array(some))
    names = pa.array([second.format(o) for o in more["object_id"].to_pylist()], pa.string())
    posts = pc.binary_join_element_wise(more["event_id"].combine_chunks(), "x", "/")
    more = more.set_column(1, "object_id", names).set_column(3, "event_id", posts)
    order = [(k, "ascending") for k in ("object_id", "t_us", "account_id", "event_id")]
    return pa.concat_tables([rows, more.cast(rows.schema)]).sort_by(order)


@cache
def as_they_are() -> frozenset[tuple[str, str]]:
    """Edges of the cascades."""
    return edges_of(traces(SET))


@cache
def own_names() -> int:
    """Objects of the cascades that are others under a second name, before any is doubled."""
    arrays = traces(SET)
    return len(counted_once(*encode_clocked(doubled(arrays, np.zeros(len(arrays), np.bool_), "{}"))).names)


def edges_of(arrays: TraceArrays) -> frozenset[tuple[str, str]]:
    """Pairs of ids that are called."""
    found = find(arrays, WINDOW)
    t, edge = found.layer.tested, found.called.is_edge
    a, b = (arrays.account_ids.take(pa.array(x[edge])).to_pylist() for x in (t.a, t.b))
    return frozenset(zip(a, b, strict=True))


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """No edge differs in any draw, and all second names are told."""
    seen: Record = {}
    for cell in CELLS:
        if own := [r for r in records if r["cell"] == cell]:
            seen[cell] = {
                "draws": len(own), "edges": own[0]["before"], "differ": sum(r["differ"] for r in own),
                "told": sum(r["told"] - r["told_before"] for r in own), "doubled": sum(r["doubled"] for r in own),
            }  # fmt: skip
    return seen, all(x["differ"] == 0 and x["told"] == x["doubled"] for x in seen.values())


ROW = Row(
    21, "twins: 20 objects of real cascades doubled under second names, behind the first names or before them",
    "twitter_cascades, shares, window 60 s", "the edges of the cascades as they are; every second name is told",
    tuple(CELLS), 5, one, judge, needs=(CASCADES,),
)  # fmt: skip
