"""One event, one row: over all sources, and over more rows than memory holds.

An id that two accounts use is none. The same event read twice with the same content is a `duplicate` (the
first stays); with other content the one read last stays and the other is `superseded`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from unisono.events.event_rows import OWN, SHOWN
from unisono.events.reading import SourceRead
from unisono.study import StageOutput
from unisono.tables import ACCOUNTS, EVENTS

_BATCH = 1 << 16

SHARED = """
CREATE TEMP TABLE shared AS
SELECT native_id FROM read_parquet($staged) WHERE native_id IS NOT NULL
GROUP BY native_id HAVING min(account_id) <> max(account_id)
"""
_NAMED = """
CREATE TEMP TABLE named AS
SELECT s.seq, s.source, s.row,
       coalesce(CASE WHEN h.native_id IS NULL THEN s.native_id END, o.row_id || s.row) AS event_id,
       h.native_id IS NOT NULL AS was_shared
FROM read_parquet($staged) s JOIN sources o USING (source) LEFT JOIN shared h USING (native_id)
"""
# The content read last stays, in the row that showed it first.
_DROPPED = """
CREATE TEMP TABLE dropped AS
WITH repeated AS (SELECT event_id FROM named GROUP BY event_id HAVING count(*) > 1),
copies AS (
  SELECT seq, source, row,
         min(seq) OVER (PARTITION BY event_id, account_id, t_us, text) AS first_so,
         max(seq) OVER (PARTITION BY event_id, account_id, t_us, text) AS last_so,
         max(seq) OVER (PARTITION BY event_id, account_id) AS last_read
  FROM (SELECT n.seq, n.source, n.row, n.event_id, s.account_id, s.t_us, s.text
        FROM named n JOIN read_parquet($staged) s USING (seq)
        WHERE n.event_id IN (SELECT event_id FROM repeated)))
SELECT seq, source, row, CASE WHEN seq <> first_so THEN 'duplicate' ELSE 'superseded' END AS reason
FROM copies WHERE seq <> first_so OR last_so <> last_read
"""
_OWN = f"""
SELECT {", ".join(f"s.{c.name}" for c in EVENTS.columns if c.name not in (*OWN, "t_resolution_us"))},
       n.event_id, o.name AS source_file, s.line AS source_line,
       greatest(s.t_resolution_us, o.resolution_us) AS t_resolution_us
FROM read_parquet($staged) s JOIN named n USING (seq) JOIN sources o ON o.source = s.source
WHERE s.seq NOT IN (SELECT seq FROM dropped)
ORDER BY n.event_id
"""  # noqa: S608
_SHOWN = ", ".join(f"account_{s}" for s in SHOWN)
# Two versions at the same time: the first in the order of their values stands for both.
_ACCOUNTS = f"""
WITH versions AS (
  SELECT account_id, platform, {_SHOWN}, min(t_us) AS observed_us FROM read_parquet($staged)
  WHERE seq NOT IN (SELECT seq FROM dropped) GROUP BY account_id, platform, {_SHOWN}),
placed AS (
  SELECT *, row_number() OVER (PARTITION BY account_id, observed_us ORDER BY platform, {_SHOWN}) AS place
  FROM versions)
SELECT account_id, observed_us, platform, {", ".join(f"account_{s} AS {s}" for s in SHOWN)}
FROM placed WHERE place = 1 ORDER BY account_id, observed_us
"""  # noqa: S608
_LATE = "SELECT row, reason FROM dropped WHERE source = $source ORDER BY row"
_COUNT = "SELECT source, count(*) FROM named WHERE was_shared GROUP BY source ORDER BY source"


def name_sources(con: duckdb.DuckDBPyConnection, reads: Sequence[SourceRead]) -> None:
    """The table `sources`: name, begin of synthetic ids and clock step of each."""
    con.execute("CREATE TEMP TABLE sources (source INTEGER, name VARCHAR, row_id VARCHAR, resolution_us BIGINT)")
    for number, read in enumerate(reads):
        source = read.plan.source
        row_id = f"row/{source.sha256[:12]}/"
        con.execute("INSERT INTO sources VALUES ($1, $2, $3, $4)", [number, source.name, row_id, read.resolution_us])


def batches(con: duckdb.DuckDBPyConnection, query: str, staged: Path) -> Iterator[pa.RecordBatch]:
    """Rows of a query over the staged file, in pieces."""
    yield from con.sql(query, params={"staged": str(staged)}).to_arrow_reader(_BATCH)


def note_shared(con: duckdb.DuckDBPyConnection, reads: Sequence[SourceRead], out: StageOutput) -> None:
    """Say how many rows carry an id that two accounts use."""
    for number, n in con.execute(_COUNT).fetchall():
        name = reads[number].plan.source.name
        out.note(f"{name}: {n:,} rows carry an event id that two accounts use; they keep synthetic ids")


def write_events(con: duckdb.DuckDBPyConnection, staged: Path, reads: Sequence[SourceRead], out: StageOutput) -> None:
    """Write EVENTS and ACCOUNTS; rows that are no event of their own become rejects."""
    name_sources(con, reads)
    for step in (SHARED, _NAMED, _DROPPED):
        con.execute(step, {"staged": str(staged)})
    note_shared(con, reads, out)
    for number, read in enumerate(reads):
        late = con.sql(_LATE, params={"source": number}).to_arrow_table()
        read.rejects.later(late.column("row").to_numpy().astype(np.int64), late.column("reason").to_pylist())
    for table, query in ((EVENTS, _OWN), (ACCOUNTS, _ACCOUNTS)):
        with out.table(table) as writer:
            for batch in batches(con, query, staged):
                writer.write(batch)
