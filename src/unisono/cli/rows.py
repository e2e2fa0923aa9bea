"""Rows of a study's tables, chosen by account or pair."""

from __future__ import annotations

from functools import reduce
from operator import and_

import pyarrow as pa
import pyarrow.compute as pc

from unisono.exports.accounts import versions
from unisono.pairs.on_demand import pair_of
from unisono.study import Study, UserError, schema_of


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
    wanted = [*(pair or ()), *([account] if account else [])]
    if table == "accounts" and wanted:
        rows = versions(study, wanted)
        return rows.slice(0, limit), rows.num_rows
    if not wanted:
        head = _head(study, table, limit)
        return head, study.manifest.tables[table].rows
    rows = study.read(table, where=_of_accounts(table, names, wanted))
    return rows.slice(0, limit), rows.num_rows


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
    return pa.Table.from_batches(batches, schema=batches[0].schema if batches else schema_of(table).schema).slice(
        0, limit
    )
