"""What the page's script knows: groups, members, lines and the posts behind each, as JSON that no text can leave."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from unisono.clean.time import format_duration
from unisono.exports.accounts import last_seen
from unisono.exports.drawings.layout import force_layout
from unisono.exports.drawings.shelves import shelves
from unisono.exports.report import curves, live_edges
from unisono.exports.report import posts as post_rows
from unisono.exports.report.database import Database
from unisono.exports.report.groups import Group
from unisono.exports.report.live_posts import Shelf
from unisono.exports.report.moments import LANES, Moments
from unisono.exports.report.pairs import NO_GROUP, verdict
from unisono.exports.report.view import colours_of
from unisono.study import Study
from unisono.words.numbers import count
from unisono.words.shown import account_label, short

DATA_BYTES = 6 << 20
"""Lines and the posts behind them stop here, so that the file stays under 15 MB."""
MEMBERS = 12_000
"""Members of all groups together; the groups that are beyond have their section alone."""
_MS = 1_000


@dataclass(frozen=True)
class _Graph:
    """One group for the script: its accounts in order, and their places by id."""

    accounts: list[str]
    lines: list[dict[str, Any]]

    def places(self) -> dict[str, int]:
        return {a: i for i, a in enumerate(self.accounts)}


def gather(db: Database, study: Study, groups: list[Group], when: dict[str, Moments]) -> dict[str, Any]:
    """Everything of the drawn groups, and of the strongest links outside any. Needs pairs.gather."""
    groups = _first(groups)
    lines, together = live_edges.gather(db, [g.group_id for g in groups])
    shelf = _filled(db, together)
    evident = {c["line"] for c in together}
    kept = [x for x in lines if x["line"] in shelf.occasions or x["line"] not in evident]
    mine = live_edges.by_group(kept)
    graphs = {g.group_id: _Graph([m.account_id for m in g.members], mine[g.group_id]) for g in groups}
    if mine[NO_GROUP]:
        ends = [a for x in mine[NO_GROUP] for a in (x["account_a"], x["account_b"])]
        graphs[NO_GROUP] = _Graph(list(dict.fromkeys(ends)), mine[NO_GROUP])
    labels = _labels(study, groups, [a for g in graphs.values() for a in g.accounts])
    boxes = shelves([len(g.accounts) for g in graphs.values()])
    known = {g.group_id: g for g in groups}
    told = [
        {
            "box": [round(v, 2) for v in box],
            **_group(key, graph, known.get(key), shelf),
            **_times(when.get(key)),
        }
        for (key, graph), box in zip(graphs.items(), boxes, strict=True)
    ]
    return {"accounts": shelf.accounts(labels), "texts": shelf.texts, "posts": shelf.posts,
            "objects": shelf.objects, "groups": told}  # fmt: skip


def _first(groups: list[Group]) -> list[Group]:
    """The groups, by rank, that have MEMBERS together; the first in any case."""
    total = itertools.accumulate(len(g.members) for g in groups)
    return [g for i, (g, n) in enumerate(zip(groups, total, strict=True)) if i == 0 or n <= MEMBERS]


def _filled(db: Database, together: list[dict[str, Any]]) -> Shelf:
    """Posts of what was done together, as many as there is room for."""
    events = {e for c in together for e in (c["event_a"], c["event_b"])}
    found = curves.gather(db, {(c["trace"], c["object_id"]) for c in together})
    shelf = Shelf(post_rows.gather(db, events), found, DATA_BYTES)
    for row in together:
        if not shelf.put(row):
            break
    return shelf


def _labels(study: Study, groups: list[Group], accounts: list[str]) -> dict[str, str]:
    labels = {m.account_id: m.label for g in groups for m in g.members}
    others = pa.array(sorted({a for a in accounts if a not in labels}), pa.string())
    rows = last_seen(study, others).to_pylist()
    return labels | {r["account_id"]: account_label(r["account_id"], r["handle"], r["name"]) for r in rows}


def _group(key: str, graph: _Graph, group: Group | None, shelf: Shelf) -> dict[str, Any]:
    places = graph.places()
    ends = np.array([(places[x["account_a"]], places[x["account_b"]]) for x in graph.lines], np.int64).reshape(-1, 2)
    at = force_layout(len(graph.accounts), ends, np.array([x["strength"] for x in graph.lines], np.float64))
    members = [
        [shelf.account(a), round(float(x), 4), round(float(y), 4)] for a, (x, y) in zip(graph.accounts, at, strict=True)
    ]
    colours, legend, by = colours_of(group.members) if group else ([0] * len(members), [], "")
    shares = [m.share for m in group.members] if group else [0.0] * len(members)
    rings = [int(bool(m.known)) for m in group.members] if group else [0] * len(members)
    extra = [[round(s, 4), c, r] for s, c, r in zip(shares, colours, rings, strict=True)]
    edges = [
        [int(a), int(b), x["strength"], verdict(x), _lag(x), *shelf.behind(x["line"]), x["traces"], x["bases"] or []]
        for (a, b), x in zip(ends, graph.lines, strict=True)
    ]
    return {
        "id": key, "rank": group.rank if group else 0, "size": group.n_accounts if group else len(members),
        "links": group.n_edges if group else len(edges), "by": by, "legend": [[c, short(n)] for c, n in legend],
        "members": [[*m, *e] for m, e in zip(members, extra, strict=True)], "edges": edges,
    }  # fmt: skip


def _lag(edge: dict[str, Any]) -> list[Any]:
    """On how much an edge rests, which of its ends is typically later (0, 1; -1: neither), and by how much."""
    seen = f"{count(edge['n_objects'], 'object')} on {count(edge['n_days'], 'day')}"
    lag = edge["median_lag_us"] or 0
    return [seen, -1 if not lag else int(lag > 0), format_duration(abs(lag))]


def _times(moments: Moments | None) -> dict[str, Any]:
    """The timeline of a group: posts per step, in all and by the members with a lane."""
    if moments is None:
        return {}
    lanes = [sorted(moments.lanes.get(i, {}).items()) for i in range(LANES)]
    return {
        "timeline": {
            "t0": moments.t0_us / _MS, "step": moments.width_us / _MS, "steps": moments.n_steps, "unit": moments.width,
            "total": sorted(moments.total.items()), "lanes": lanes,
        }
    }  # fmt: skip
