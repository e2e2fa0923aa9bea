"""Rows of a study's tables, chosen by account or pair, the strongest first."""

from __future__ import annotations

from functools import reduce
from operator import and_

import pyarrow as pa
import pyarrow.compute as pc

from unisono.study import Study, UserError, schema_of
from unisono.study.errors import close_to

_RANKED = {
    "groups": [("rank", "ascending")],
    "members": [("group_id", "ascending"), ("evidence_mass", "descending")],
    "edges": [("q", "ascending"), ("n_objects", "descending")],
    "moments": [("q", "ascending"), ("n", "descending")],
    "co_actors": [("q", "ascending"), ("observed", "descending")],
    "sequences": [("q", "ascending"), ("log_e", "descending")],
    "reactions": [("q", "ascending"), ("n_fast", "descending")],
    "synchrony": [("q_own", "ascending")],
    "evidence": [("q_o", "ascending")],
}
"""What the strongest rows of a table are; others stay in the order of their key."""
_MOST = 5_000_000
"""Rows of a table that are ranked; a longer one is shown in the order of its key."""


def page(
    study: Study, table: str, pair: tuple[str, str] | None, account: str | None, limit: int
) -> tuple[pa.Table, int]:
    """The first `limit` rows of a table and how many there are. Raises UserError.

    pair: rows of those two accounts; evidence and pairs of any two accounts are computed if need be.
    account: rows in which the account stands.
    """
    names = schema_of(table).names
    if pair and table in ("evidence", "pairs"):
        from unisono.pairs.on_demand import pair_of

        rows = pair_of(study, *pair)[table == "evidence"]
        return _first(rows, table, limit), rows.num_rows
    wanted = [*(pair or ()), *([account] if account else [])]
    if table == "accounts" and wanted:
        from unisono.exports.accounts import versions

        rows = versions(study, wanted)
        return rows.slice(0, limit), rows.num_rows
    if not wanted:
        study.file(table)
        total = study.manifest.tables[table].rows
        ranked = table in _RANKED and total <= _MOST
        return _first(study.read(table), table, limit) if ranked else _head(study, table, limit), total
    rows = study.read(table, where=_of_accounts(table, names, wanted))
    return _first(rows, table, limit), rows.num_rows


def chosen(rows: pa.Table, columns: str | None) -> pa.Table:
    """Some of the columns, as a user lists them. Raises UserError for one that is not there."""
    if columns is None:
        return rows
    names = [c.strip() for c in columns.split(",") if c.strip()]
    for name in names:
        if name not in rows.column_names:
            hint = close_to(name, rows.column_names)
            raise UserError(f"there is no column {name!r}", f"{hint}the columns are: {', '.join(rows.column_names)}")
    return rows.select(names or rows.column_names)


def _first(rows: pa.Table, table: str, limit: int) -> pa.Table:
    """The strongest rows; of equals the first by key."""
    keys = _RANKED.get(table)
    if not keys or not rows.num_rows:
        return rows.slice(0, limit)
    place = rows.append_column("place", pa.array(range(rows.num_rows), pa.int64()))
    order = pc.sort_indices(place, sort_keys=[*keys, ("place", "ascending")])
    return rows.take(order.slice(0, limit))


def _of_accounts(table: str, names: list[str], wanted: list[str]) -> pc.Expression:
    """Rows about any of the accounts; in a table of two accounts: rows in which all of them stand."""
    if table == "profiles":
        return pc.field("subject_id").isin(wanted)
    ends = [n for n in ("account_a", "account_b", "author_id") if n in names]
    if "account_id" in names and not ends:
        return pc.field("account_id").isin(wanted)
    if not ends:
        raise UserError(f"{table} has no column of accounts", "leave --account and --pair away")
    one, other = ends if len(ends) == 2 else (ends[0], "account_id")
    each = [(pc.field(one) == w) | (pc.field(other) == w) for w in wanted]
    return reduce(and_, each)


def _head(study: Study, table: str, limit: int) -> pa.Table:
    batches, n = [], 0
    for batch in study.batches(table, rows=max(limit, 1024)):
        batches.append(batch)
        n += batch.num_rows
        if n >= limit:
            break
    schema = batches[0].schema if batches else schema_of(table).schema
    return pa.Table.from_batches(batches, schema=schema).slice(0, limit)
