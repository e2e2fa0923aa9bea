"""One trace, one row: over all sources, and over more rows than memory holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.events.identity import SHARED, batches, name_sources, note_shared
from unisono.events.reading import SourceRead
from unisono.study import StageOutput
from unisono.tables import ACCOUNTS, EVENTS, TRACES

_COUNT = """
CREATE TEMP TABLE named AS
SELECT source, true AS was_shared FROM read_parquet($staged) JOIN shared USING (native_id)
GROUP BY source, seq
"""
_SORTED = """
SELECT s.seq, s.n, s.source, s.row, s.trace, s.object_id, s.t_us, s.account_id, s.t_resolution_us,
       coalesce(CASE WHEN h.native_id IS NULL THEN s.native_id END, o.row_id || s.row) AS event_id
FROM read_parquet($staged) s JOIN sources o USING (source) LEFT JOIN shared h USING (native_id)
ORDER BY trace, object_id, t_us, account_id, event_id, seq
"""
_ACCOUNTS = """
SELECT account_id, min(t_us) AS observed_us, $platform AS platform, 'unknown' AS kind
FROM read_parquet($staged) GROUP BY account_id ORDER BY account_id
"""


def write_traces(con: duckdb.DuckDBPyConnection, staged: Path, reads: Sequence[SourceRead], out: StageOutput) -> None:
    """Write TRACES and ACCOUNTS, and EVENTS without rows; rows that add no trace become rejects."""
    name_sources(con, reads)
    for step in (SHARED, _COUNT):
        con.execute(step, {"staged": str(staged)})
    note_shared(con, reads, out)
    gone: list[pa.Table] = []
    with out.table(TRACES) as writer:
        for rows, repeated in _first_of_each(batches(con, _SORTED, staged)):
            gone.append(repeated)
            writer.write(rows.select(TRACES.names))
    _reject(gone, reads)
    with out.table(EVENTS):
        pass
    platform = reads[0].plan.platform
    query = con.sql(_ACCOUNTS, params={"staged": str(staged), "platform": platform and platform.strip().lower()})
    with out.table(ACCOUNTS) as writer:
        for batch in query.to_arrow_reader(1 << 16):
            writer.write(batch)


def _first_of_each(sorted_rows: Iterator[pa.RecordBatch]) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Part rows in key order into the first of each key, and those that repeat the row before them."""
    last: pa.Table | None = None
    for batch in sorted_rows:
        rows = pa.Table.from_batches([batch])
        before = rows.slice(0, 1) if last is None else last
        shifted = pa.concat_tables([before, rows.slice(0, max(len(rows) - 1, 0))]).combine_chunks()
        same = np.ones(len(rows), bool)
        for key in TRACES.key:
            same &= np.asarray(pc.equal(rows.column(key), shifted.column(key)))
        if last is None and len(rows):
            same[0] = False
        last = rows.slice(len(rows) - 1, 1) if len(rows) else last
        repeated = rows.filter(pa.array(same)).select(["seq", "n", "source", "row"])
        yield rows.filter(pa.array(~same)), repeated


def _reject(gone: list[pa.Table], reads: Sequence[SourceRead]) -> None:
    """A row is a duplicate where all the traces it leaves were there already."""
    rows = pa.concat_tables(gone) if gone else None
    if rows is None or not len(rows):
        return
    per_row = rows.group_by(["seq", "n", "source", "row"]).aggregate([([], "count_all")])
    whole = per_row.filter(pc.equal(per_row.column("n"), per_row.column("count_all"))).sort_by("seq")
    for number, read in enumerate(reads):
        at = whole.filter(pc.equal(whole.column("source"), number)).column("row").to_numpy()
        read.rejects.later(at.astype(np.int64), ["duplicate"] * len(at))
