"""What the checks look at: a study's events, traces and rejects as plain arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.maths.sorting import distinct
from unisono.maths.types import I64

EVENT_COLUMNS = ("event_id", "account_id", "t_us", "t_basis", "t_resolution_us", "kind", "repost_of", "source_file")
TRACE_COLUMNS = ("trace", "account_id", "object_id", "t_us", "t_resolution_us")
TEXT_COLUMNS = ("text", "hashtags", "urls")


@dataclass(frozen=True)
class View:
    """The acts of a study.

    `account`, `t_us`: one per act (event; in a study of traces each account and time once). `events` has
    EVENT_COLUMNS and may be empty, `traces` has TRACE_COLUMNS. `texts`: a sample of posts with TEXT_COLUMNS.
    `rows` and `rejects`: input rows, and those rejected by reason. `source_rows`: input rows by source.
    `linked`: accounts with an edge; None where no edge was tested yet.
    """

    account: I64
    t_us: I64
    events: pa.Table
    traces: pa.Table
    texts: pa.Table
    rows: int
    rejects: Mapping[str, int]
    source_rows: Mapping[str, int]
    linked: int | None = None

    @property
    def n(self) -> int:
        """Acts."""
        return len(self.t_us)

    @property
    def n_accounts(self) -> int:
        """Accounts that act."""
        return int(self.account.max()) + 1 if self.n else 0

    def by_trace(self) -> Iterator[tuple[str, pa.Table]]:
        """The traces, kind by kind, in order of their names."""
        for name in sorted(pc.unique(self.traces["trace"]).to_pylist()):
            yield name, self.traces.filter(pc.equal(self.traces["trace"], name))


def view_of(events: pa.Table, traces: pa.Table, texts: pa.Table, **counts: Any) -> View:
    """A view of tables in memory. `counts`: rows, rejects, source_rows, linked."""
    events, traces = (t.unify_dictionaries().combine_chunks() for t in (events, traces))  # once for all checks
    acts = events.select(["account_id", "t_us"])
    if not acts.num_rows:
        plain = pa.table({"account_id": traces["account_id"].cast(pa.string()), "t_us": traces["t_us"]})
        acts = plain.group_by(["account_id", "t_us"], use_threads=False).aggregate([])
    return View(codes(acts["account_id"]), ints(acts["t_us"]), events, traces, texts, **counts)


def codes(column: pa.ChunkedArray) -> I64:
    """A column's values as numbers from 0, the same number for the same value. Those of an encoded column are the
    numbers of its dictionary, which may hold values that are not in the column."""
    if not len(column):
        return np.zeros(0, np.int64)
    if pa.types.is_dictionary(column.type):
        return ints(column.unify_dictionaries().combine_chunks().indices)
    return ints(column.combine_chunks().dictionary_encode().indices)


def touch_counts(thing: I64, account: I64) -> I64:
    """(n things,) accounts of each, counted once; numbers from 0."""
    touches = distinct(thing << 32 | account)
    return np.bincount(touches >> 32).astype(np.int64)


def ints(column: Any) -> I64:
    """A column of whole numbers without nulls."""
    return np.asarray(column, dtype=np.int64)
