"""The study's tables under SQL, with what the report asks of them first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from unisono.engine.duck import connect, engine_errors
from unisono.study import Settings, Study
from unisono.tables import TABLES

USED = ("events", "accounts", "traces", "edges", "evidence", "groups", "members", "moments", "reactions", "profiles")
OPTIONAL = ("calibration",)
"""Tables that a study may lack."""

_LINKS = """
CREATE TEMP TABLE links AS
SELECT account_a, account_b, trace, window_us, n_objects, n_pairs, n_first, n_occasions, n_meetings, n_days,
       first_us, last_us, median_lag_us, expected, expected_timing, p_joint, p_timing, p_selection, p_reference, q,
       basis, is_edge, status
FROM edges WHERE is_edge AND trace <> 'all'
"""
# What was done at once, as the tests count it: the post, or all that an account did without a name at one time.
_ACT = """
CREATE TEMP MACRO act(event_id, t_us) AS
CASE WHEN starts_with(event_id, 'row/') THEN CAST(t_us AS VARCHAR) ELSE event_id END
"""
# The engine knows how many rows its own tables have; of the files it does not, and would pair all members first.
_PLACES = "CREATE TEMP TABLE places AS SELECT group_id, account_id FROM members"
_INSIDE = """
CREATE TEMP TABLE inside AS
SELECT g.group_id, l.*
FROM links l
JOIN places a ON a.account_id = l.account_a
JOIN places b ON b.account_id = l.account_b AND b.group_id = a.group_id
JOIN groups g ON g.group_id = a.group_id
WHERE list_contains(g.traces, l.trace)
"""


class Database:
    """A study's tables as SQL tables of the same name, plus two of the report's own.

    `links`: the edges that are called so, without the rows that combine all behaviours of a pair. `inside`: those of
    them that lie in a group, with its group_id
    (both accounts are members, and the trace is one of the group's).
    """

    def __init__(self, study: Study, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        for name in USED:
            connection.register(name, ds.dataset(study.file(name)))
        for name in OPTIONAL:
            rows = ds.dataset(study.file(name)) if study.has(name) else TABLES[name].schema.empty_table()
            connection.register(name, rows)
        connection.execute(_ACT)
        connection.execute(_LINKS)
        connection.execute(_PLACES)
        connection.execute(_INSIDE)

    def table(self, query: str, **values: Any) -> pa.Table:
        """The rows of a query, with `$name` bound to values."""
        return self._connection.sql(query, params=values or None).to_arrow_table()

    def rows(self, query: str, **values: Any) -> list[dict[str, Any]]:
        """The rows of a query that has few."""
        found: list[dict[str, Any]] = self.table(query, **values).to_pylist()
        return found

    def row(self, query: str, **values: Any) -> dict[str, Any]:
        """The one row of a query."""
        return self.rows(query, **values)[0]

    def make(self, name: str, rows: pa.Table) -> None:
        """Give a small table of ours a name that queries can join."""
        self._connection.register(name, rows)

    def run(self, statement: str, **values: Any) -> None:
        """Run a statement that makes a table."""
        self._connection.execute(statement, values or None)


@contextmanager
def open_database(study: Study, settings: Settings, folder: Path) -> Iterator[Database]:
    """The study under SQL; what does not fit into memory spills into `folder` and is removed again."""
    with TemporaryDirectory(prefix=".report", dir=folder) as aside:
        connection = connect(settings.n_threads, settings.memory, Path(aside))
        try:
            with engine_errors(settings.memory):
                yield Database(study, connection)
        finally:
            connection.close()
