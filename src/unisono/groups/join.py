"""Accounts that join a group: they were in no edge, and come within its bursts too often for chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.certify.extension import companions
from unisono.edges.layers import Load, grounds
from unisono.groups.describe import group_id
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.nulls.layer import at_window
from unisono.pairs.sittings import Sittings
from unisono.tables import GROUPS, MEMBERS

CORE, JOINED = "core", "joined"
_SCHEMA = pa.schema([("group_id", pa.string()), ("account_id", pa.string()), ("q", pa.float64())])
NOBODY = _SCHEMA.empty_table()
"""What `joining` gives where nobody joins."""


@dataclass(frozen=True)
class _Joining:
    group: str
    account: str
    p: float


def joining(
    members: pa.Table, layers: dict[str, list[int]], load: Load, sittings: Sittings, fdr: float, seed: int
) -> pa.Table:
    """Rows (group_id, account_id, q) of accounts that join a core; an account joins the group it fits best.

    layers: traces and windows in which the groups have edges. K x min p over them; Benjamini-Hochberg over all
    accounts of the test family, once for every group.
    """
    cores = _cores(members)
    found: dict[tuple[str, str], float] = {}
    n_layers, family = sum(len(w) for w in layers.values()), 0
    for _, window, arrays, ground in grounds(layers, load, sittings, seed):
        family = max(family, int(ground.first.tested.sum()))
        for group, accounts in cores.items():
            core = np.asarray(pc.drop_null(pc.index_in(pa.array(accounts), arrays.account_ids)), dtype=np.int64)
            others, log_p = companions(at_window(ground, window), window, core)
            for account, own in zip(arrays.account_ids.take(pa.array(others)).to_pylist(), log_p, strict=True):
                p = min(1.0, n_layers * float(np.exp(own)))
                found[group, account] = min(p, found.get((group, account), 1.0))
    taken = {a for accounts in cores.values() for a in accounts}
    rows = [_Joining(g, a, p) for (g, a), p in sorted(found.items()) if a not in taken and p < 1]
    q = benjamini_hochberg(np.array([r.p for r in rows]), max(len(cores) * family, len(rows)))
    best: dict[str, tuple[float, str]] = {}
    for row, own in zip(rows, q.tolist(), strict=True):
        if own <= fdr:
            best[row.account] = min(best.get(row.account, (1.0, row.group)), (own, row.group))
    groups, qs = [g for _, g in best.values()], [q for q, _ in best.values()]
    return pa.table({"group_id": groups, "account_id": list(best), "q": qs}, schema=_SCHEMA)


def with_joined(groups: pa.Table, members: pa.Table, joined: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The tables with the accounts that joined: new ids (a group's id is its accounts), sizes, and roles."""
    every = _cores(members)
    for group, account in zip(joined["group_id"].to_pylist(), joined["account_id"].to_pylist(), strict=True):
        every[group].append(account)
    name = {group: group_id(accounts) for group, accounts in every.items()}
    renamed = [name[g] for g in groups["group_id"].to_pylist()]
    size = [len(every[g]) for g in groups["group_id"].to_pylist()]
    groups = groups.set_column(GROUPS.names.index("group_id"), GROUPS.schema.field("group_id"), [renamed])
    groups = groups.set_column(GROUPS.names.index("n_accounts"), GROUPS.schema.field("n_accounts"), [size])
    core = members.set_column(
        MEMBERS.names.index("role"), MEMBERS.schema.field("role"), pa.array([CORE] * members.num_rows, pa.string())
    )
    more = {
        "group_id": joined["group_id"], "account_id": joined["account_id"], "q": joined["q"],
        "evidence_mass": pa.array(np.zeros(joined.num_rows)), "role": pa.array([JOINED] * joined.num_rows, pa.string()),
    }  # fmt: skip
    more |= {c: pa.nulls(joined.num_rows) for c in MEMBERS.names if c not in more}
    everyone = pa.concat_tables([core, pa.table({c: more[c] for c in MEMBERS.names}, schema=MEMBERS.schema)])
    ids = pa.array([name[g] for g in everyone["group_id"].to_pylist()], pa.string())
    everyone = everyone.set_column(0, MEMBERS.schema.field("group_id"), ids)
    return _sorted(groups, GROUPS.key), _sorted(everyone, MEMBERS.key)


def _cores(members: pa.Table) -> dict[str, list[str]]:
    cores: dict[str, list[str]] = {}
    for group, account in zip(members["group_id"].to_pylist(), members["account_id"].to_pylist(), strict=True):
        cores.setdefault(group, []).append(account)
    return cores


def _sorted(table: pa.Table, key: tuple[str, ...]) -> pa.Table:
    return table.sort_by([(c, "ascending") for c in key])
