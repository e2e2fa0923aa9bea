"""The network that GEXF and GraphML carry: nodes are accounts, edges are account pair x trace x window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.compute as pc

from unisono.clean.text import xml_text
from unisono.exports.accounts import last_seen
from unisono.study import Study

NODE_FIELDS = {"platform": "string", "kind": "string", "groups": "string", "evidence_mass": "double"}
"""Attributes of a node and their XML types. `groups` are ids with a space between; `evidence_mass` is the
largest share of a group's evidence that the account holds."""
EDGE_FIELDS = {
    "trace": "string", "window_s": "double", "n_objects": "long", "n_pairs": "long", "n_first": "long",
    "n_meetings": "long", "n_days": "long", "median_lag_s": "double", "expected": "double", "q": "double",
    "basis": "string", "status": "string", "first": "string", "last": "string",
}  # fmt: skip
"""Attributes of an edge and their XML types. Times are ISO 8601 in UTC, lags t_b - t_a;
expected: coincidences that chance predicts, of n_first; n_meetings: sittings in which
these fell; basis: the test that called it."""
_READ = (
    "trace", "window_us", "account_a", "account_b", "n_objects", "n_pairs", "n_first", "n_meetings", "n_days",
    "median_lag_us", "expected", "q", "basis", "status", "first_us", "last_us", "is_edge",
)  # fmt: skip
_QUOTES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def quoted(text: str) -> str:
    """Any text as the inside of an XML attribute or element; what XML 1.0 cannot hold is dropped."""
    return escape(xml_text(text), _QUOTES)


@dataclass(frozen=True)
class Node:
    """One account. All strings are quoted for XML already; `fields` leaves out what is not known."""

    id: str
    label: str
    fields: dict[str, str]


class Network:
    """The accounts and edges of a study that are called edges."""

    def __init__(self, study: Study) -> None:
        self._study = study
        found = [pc.unique(pa.chunked_array([b["account_a"], b["account_b"]])) for b in self._edges()]
        ids = pc.unique(pa.chunked_array(found, pa.string()))
        self._accounts = ids.take(pc.sort_indices(ids))
        self._ids = dict(zip(self._accounts.to_pylist(), _distinct(self._accounts.to_pylist()), strict=True))

    def nodes(self) -> Iterator[Node]:
        """Every account with an edge, sorted by id."""
        places = self._places()
        for row in last_seen(self._study, self._accounts).to_pylist():
            account = row["account_id"]
            fields = {k: quoted(row[k]) for k in ("platform", "kind") if row[k] is not None}
            if account in places:
                fields["groups"] = quoted(" ".join(group for group, _ in places[account]))
                fields["evidence_mass"] = repr(max(mass for _, mass in places[account]))
            yield Node(self._ids[account], quoted(row["handle"] or account), fields)

    def edges(self) -> Iterator[tuple[pa.Array, pa.Array, dict[str, pa.Array]]]:
        """Pieces of the edges in key order: ids of both ends and each of EDGE_FIELDS, quoted (null: none)."""
        for rows in self._edges():
            yield self._ends(rows["account_a"]), self._ends(rows["account_b"]), _fields(rows)

    def _edges(self) -> Iterator[pa.RecordBatch]:
        for batch in self._study.batches("edges", _READ):
            rows = batch.filter(pc.and_(batch["is_edge"], pc.not_equal(batch["trace"], "all")))
            if rows.num_rows:
                yield rows

    def _places(self) -> dict[str, list[tuple[str, float]]]:
        places: dict[str, list[tuple[str, float]]] = defaultdict(list)
        members = self._study.read("members", ("group_id", "account_id", "evidence_mass"))
        for row in members.to_pylist():
            places[row["account_id"]].append((row["group_id"], row["evidence_mass"] or 0.0))
        return places

    def _ends(self, accounts: pa.Array) -> pa.Array:
        seen = accounts.dictionary_encode()
        return pa.array([self._ids[a] for a in seen.dictionary.to_pylist()], pa.string()).take(seen.indices)


def _distinct(accounts: list[str]) -> list[str]:
    """Quoted ids, kept apart where two of them differ only in characters that XML cannot hold."""
    used: dict[str, int] = {}
    ids = []
    for plain in map(quoted, accounts):
        n = used[plain] = used.get(plain, 0) + 1
        while n > 1 and f"{plain}~{n}" in used:
            n += 1
        ids.append(plain if n == 1 else f"{plain}~{n}")
        used.setdefault(ids[-1], 1)
    return ids


def _fields(rows: pa.RecordBatch) -> dict[str, pa.Array]:
    def seconds(name: str) -> pa.Array:
        return pc.divide(rows[name].cast(pa.float64(), safe=False), 1e6)

    special = {
        "window_s": lambda: seconds("window_us"), "median_lag_s": lambda: seconds("median_lag_us"),
        "trace": lambda: _texts(rows["trace"]), "status": lambda: _texts(rows["status"]),
        "basis": lambda: _texts(rows["basis"]),
        "first": lambda: _times(rows["first_us"]), "last": lambda: _times(rows["last_us"]),
    }  # fmt: skip
    return {f: (special[f]() if f in special else rows[f]).cast(pa.string()) for f in EDGE_FIELDS}


def _texts(column: pa.Array) -> pa.Array:
    seen = column.dictionary_encode()
    return pa.array([quoted(t) for t in seen.dictionary.to_pylist()], pa.string()).take(seen.indices)


def _times(column: pa.Array) -> pa.Array:
    text = column.cast(pa.timestamp("us")).cast(pa.string())
    # Years beyond +-32,767 come as "<value out of range: ...>": no calendar has them, so they are left out.
    text = pc.if_else(pc.starts_with(text, "<"), None, text)
    return pc.binary_join_element_wise(pc.replace_substring(text, " ", "T"), "Z", "")
