"""Accounts as they were last seen, as they were over time, and when a name changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from unisono.study import Study

COLUMNS = ("account_id", "platform", "kind", "handle", "name", "label")


def last_seen(study: Study, ids: pa.Array) -> pa.Table:
    """One row of COLUMNS per id, in the order given; null where the study knows nothing of it."""
    known = study.read("accounts", COLUMNS, pc.field("account_id").isin(ids)).combine_chunks()
    if known.num_rows:
        # The table is sorted by account and time: the last row of each run is the latest sight.
        ends = pc.run_end_encode(known["account_id"].chunk(0)).run_ends
        known = known.take(pc.subtract(ends, 1))
    place = pc.index_in(ids, known["account_id"])
    others = [known[c].take(place) for c in COLUMNS[1:]]
    return pa.table([ids, *others], names=list(COLUMNS))


class Change(NamedTuple):
    """An account's handle or name was another one: between which sights (microseconds UTC), and what to what."""

    account_id: str
    field: str
    after_us: int
    by_us: int
    old: str
    new: str


def versions(study: Study, ids: Sequence[str]) -> pa.Table:
    """All versions of these accounts, by account and time: those in the posts, and those that a user added."""
    names = [t for t in ("accounts", "accounts_added") if study.has(t) or t == "accounts"]
    rows = [study.read(t, where=pc.field("account_id").isin(list(ids))) for t in names]
    return pa.concat_tables(rows).sort_by([("account_id", "ascending"), ("observed_us", "ascending")])


def changes(rows: pa.Table) -> list[Change]:
    """When a handle or a name changed. `rows` are `versions`; a version that does not say it changes nothing."""
    found: list[Change] = []
    last: dict[tuple[str, str], tuple[int, str]] = {}
    for row in rows.select(["account_id", "observed_us", "handle", "name"]).to_pylist():
        account, now = row["account_id"], row["observed_us"]
        for field in ("handle", "name"):
            new = row[field]
            if new is None:
                continue
            before, old = last.get((account, field), (now, new))
            if old != new:
                found.append(Change(account, field, before, now, old, new))
            last[account, field] = now, new
    return found
