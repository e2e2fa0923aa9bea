"""Accounts as they were last seen."""

from __future__ import annotations

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
