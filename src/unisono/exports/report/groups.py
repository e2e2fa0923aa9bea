"""Groups as the report lists them, and the members of those that it draws."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import pyarrow as pa

from unisono.exports.accounts import last_seen
from unisono.exports.known import Known
from unisono.exports.report.database import Database
from unisono.study import Study
from unisono.words.shown import account_label

LISTED = 500
"""Groups in the list."""
DRAWN = 50
"""Groups with a section of their own."""
NODES = 5_000
"""Members that the network for exploring shows."""
STILL = 300
"""Members that a still drawing shows."""

_GROUPS = """
SELECT group_id, rank, traces, n_accounts, coalesce(n_always_first, 0) AS n_always_first, n_edges, true_edges_at_least,
       q, stability, first_us, last_us,
       (SELECT count(*) FROM members m WHERE m.group_id = g.group_id AND m.role = 'joined') AS n_joined
FROM groups g WHERE rank <= $listed ORDER BY rank
"""
_LAYERS = """
SELECT group_id, trace, count(*) AS links FROM (
  SELECT DISTINCT i.group_id, i.trace, i.account_a, i.account_b
  FROM inside i JOIN groups g ON g.group_id = i.group_id WHERE g.rank <= $listed
) GROUP BY 1, 2 ORDER BY 1, 2
"""
_WINDOWS = """
SELECT i.group_id, max(i.window_us) AS widest FROM inside i JOIN groups g ON g.group_id = i.group_id
WHERE g.rank <= $listed GROUP BY 1
"""
_MEMBERS = """
SELECT group_id, account_id, evidence_mass, q, role, always_first, place FROM (
  SELECT m.group_id, m.account_id, m.evidence_mass, m.q, m.role, m.always_first, row_number() OVER (
    PARTITION BY m.group_id ORDER BY m.evidence_mass DESC NULLS LAST, m.account_id) AS place
  FROM members m JOIN groups g ON g.group_id = m.group_id WHERE g.rank <= $drawn
) WHERE place <= $nodes ORDER BY group_id, place
"""
_KNOWN = """
SELECT m.group_id, k.network, k.reason, count(DISTINCT m.account_id) AS n
FROM members m JOIN known k ON k.account_id = m.account_id GROUP BY 1, 2, 3 ORDER BY n DESC, 2, 3
"""


@dataclass(frozen=True)
class Member:
    """An account in a group; `share` is its part of the group's evidence, 0 to 1; role: core, joined."""

    account_id: str
    label: str
    name: str | None
    platform: str
    kind: str
    said_label: str | None
    share: float
    q: float | None
    role: str | None
    always_first: bool
    known: list[Known]


@dataclass(frozen=True)
class Group:
    """One group of the list; `members` are the strongest NODES and filled for groups that are drawn."""

    group_id: str
    rank: int
    traces: list[str]
    n_accounts: int
    n_always_first: int
    n_edges: int
    true_edges_at_least: int | None
    q: float | None
    stability: float | None
    first_us: int
    last_us: int
    n_joined: int
    widest_us: int
    layers: list[tuple[str, int]]
    known: list[tuple[int, Known]]
    members: list[Member] = field(default_factory=list)


def gather(db: Database, study: Study, known: dict[str, list[Known]]) -> list[Group]:
    """The groups by rank: LISTED of them, the first DRAWN with their members (as `nodes` in the database)."""
    layers: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in db.rows(_LAYERS, listed=LISTED):
        layers[row["group_id"]].append((row["trace"], row["links"]))
    widest = {r["group_id"]: r["widest"] for r in db.rows(_WINDOWS, listed=LISTED)}
    openly, members = _known(db, known), _members(db, study, known)
    return [
        Group(
            **row, widest_us=widest.get(row["group_id"], 0), layers=layers[row["group_id"]],
            known=openly[row["group_id"]], members=members[row["group_id"]],
        )
        for row in db.rows(_GROUPS, listed=LISTED)
    ]  # fmt: skip


def _known(db: Database, known: dict[str, list[Known]]) -> dict[str, list[tuple[int, Known]]]:
    rows = [(account, k.network, k.reason) for account, entries in known.items() for k in entries]
    columns = [pa.array([r[i] for r in rows], pa.string()) for i in range(3)]
    db.make("known", pa.table(columns, names=["account_id", "network", "reason"]))
    counts: dict[str, list[tuple[int, Known]]] = defaultdict(list)
    for row in db.rows(_KNOWN):
        counts[row["group_id"]].append((row["n"], Known(row["network"], row["reason"])))
    return counts


def _members(db: Database, study: Study, known: dict[str, list[Known]]) -> dict[str, list[Member]]:
    rows = db.table(_MEMBERS, drawn=DRAWN, nodes=NODES)
    db.make("nodes", rows)
    seen = {a["account_id"]: a for a in last_seen(study, rows["account_id"].unique()).to_pylist()}
    members: dict[str, list[Member]] = defaultdict(list)
    for row in rows.to_pylist():
        a = seen[row["account_id"]]
        members[row["group_id"]].append(
            Member(
                a["account_id"], account_label(a["account_id"], a["handle"], a["name"]), a["name"],
                a["platform"] or "unknown", a["kind"] or "unknown", a["label"],
                row["evidence_mass"] or 0.0, row["q"], row["role"], bool(row["always_first"]),
                known.get(a["account_id"], []),
            )
        )  # fmt: skip
    return members
