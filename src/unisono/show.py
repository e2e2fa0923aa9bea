"""Rows of a study's tables, chosen by account or pair."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from unisono.edges import pair_of
from unisono.study import Study, UserError, schema_of

_ACCOUNTS = ("account_id", "account_a", "account_b")


def page(
    study: Study, table: str, pair: tuple[str, str] | None, account: str | None, limit: int
) -> tuple[pa.Table, int]:
    """The first `limit` rows of a table and how many there are. Raises UserError.

    pair: rows of those two accounts; evidence and pairs of any two accounts are computed if need be.
    account: rows in which the account stands.
    """
    names = schema_of(table).names
    if pair and table in ("evidence", "pairs"):
        rows = pair_of(study, *pair)[table == "evidence"]
        return rows.slice(0, limit), rows.num_rows
    where = None
    for wanted in [*(pair or ()), *([account] if account else [])]:
        columns = [c for c in _ACCOUNTS if c in names]
        if not columns:
            raise UserError(f"{table} has no column of accounts", "leave --account and --pair away")
        one: pc.Expression | None = None
        for column in columns:
            here = pc.field(column) == wanted
            one = here if one is None else one | here
        where = one if where is None or "account_a" not in names else where & one
    if where is None:
        return _head(study, table, limit), study.manifest.tables[table].rows if study.has(table) else 0
    rows = study.read(table, where=where)
    return rows.slice(0, limit), rows.num_rows


def _head(study: Study, table: str, limit: int) -> pa.Table:
    batches, n = [], 0
    for batch in study.batches(table, rows=max(limit, 1024)):
        batches.append(batch)
        n += batch.num_rows
        if n >= limit:
            break
    return pa.Table.from_batches(batches, schema=batches[0].schema if batches else schema_of(table).schema).slice(
        0, limit
    )
