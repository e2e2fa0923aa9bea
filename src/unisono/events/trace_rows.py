"""Rows of (account, object, time) become traces directly, a column at a time in Arrow."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.clean.time import TimeRule
from unisono.events.fields.distinct import Cleaner
from unisono.events.fields.ids import account, object_id, own_id
from unisono.events.fields.mapping import TraceMapping
from unisono.events.fields.times import time_column
from unisono.events.fields.whose import prefix_of
from unisono.events.files.batch import Cells, RawBatch
from unisono.maths.types import I64

TRACE_STAGE = pa.schema(
    [
        ("seq", pa.int64()), ("n", pa.int64()), ("source", pa.int32()), ("row", pa.int64()),
        ("native_id", pa.string()), ("trace", pa.string()), ("account_id", pa.string()),
        ("object_id", pa.string()), ("t_us", pa.int64()), ("t_resolution_us", pa.int64()),
    ]
)  # fmt: skip
"""Traces before all sources have been read; `seq` is the row, `n` how many traces it leaves."""


class TraceMapper:
    """Maps one source's batches. `tally` counts what is worth a note."""

    def __init__(
        self, mapping: TraceMapping, rule: TimeRule, platform: str | None, name: str, resolution_us: int | None
    ) -> None:
        self._map, self._rule, self._name, self._resolution = mapping, rule, name, resolution_us
        self._platform = platform.strip().lower() if platform else None
        prefix = prefix_of(self._platform)
        self._account_ids = Cleaner(lambda t: account(self._platform, t), prefix)
        self._event_ids = Cleaner(lambda t: own_id(self._platform, t), prefix)
        self._object_ids = Cleaner(object_id)
        self.tally: Counter[str] = Counter()

    def map(self, batch: RawBatch) -> tuple[pa.Table, dict[int, str]]:
        """Staged traces, and why the rows without any, by position, leave none."""
        columns = self._map.columns
        accounts, problems = self._account_ids(batch.columns[columns["account"]])
        reasons = {i: reason for reason, rows in problems.items() for i in rows.tolist()}
        times = batch.times or time_column(batch.columns[columns["time"]], self._rule, self._name, batch.lines)
        for i, reason in times.reasons.items():
            reasons.setdefault(i, reason)
        usable = np.ones(len(batch), bool)
        usable[list(reasons)] = False
        parts = [self._touched(batch, trace, usable) for trace in self._traces()]
        at = np.concatenate([p[0] for p in parts])
        n = np.bincount(at, minlength=len(batch))
        reasons |= {int(i): "no_object" for i in np.flatnonzero(usable & (n == 0))}
        row = pa.array(at)
        staged = pa.table(
            {
                "n": n[at], "row": batch.rows[at], "native_id": self._events(batch).take(row),
                "trace": pa.concat_arrays([p[1] for p in parts]), "account_id": accounts.take(row),
                "object_id": pa.concat_arrays([p[2] for p in parts]), "t_us": times.t_us[at],
                "t_resolution_us": pa.array([self._resolution] * len(at), pa.int64()),
            }
        )  # fmt: skip
        return staged, reasons

    def _traces(self) -> list[str]:
        return list(self._map.objects) or ["synchrony"]

    def _events(self, batch: RawBatch) -> pa.Array:
        cells = batch.columns.get(self._map.columns.get("event", ""))
        if cells is None:
            return pa.nulls(len(batch), pa.string())
        events, problems = self._event_ids(cells)
        self.tally.update({problem: len(rows) for problem, rows in problems.items()})
        return events

    def _touched(self, batch: RawBatch, trace: str, usable: Any) -> tuple[I64, pa.Array, pa.Array]:
        """Rows that touch an object of a trace: their positions, the trace, the object."""
        rows = np.arange(len(batch))
        objects = pa.repeat("*", len(batch))
        if self._map.objects:
            cells = batch.columns.get(self._map.objects[trace], [None] * len(batch))
            rows, cells = _flat(cells)
            objects, problems = self._object_ids(cells)
            self.tally.update({problem: len(rows) for problem, rows in problems.items()})
        touched = usable[rows] & np.asarray(objects.is_valid(), bool)
        return rows[touched], pa.repeat(trace, int(touched.sum())), objects.filter(pa.array(touched))


def _flat(cells: Cells) -> tuple[I64, Cells]:
    """Items of list cells one by one with the position of their row; other cells as they are."""
    if not isinstance(cells, list):
        if pa.types.is_list(cells.type) or pa.types.is_large_list(cells.type):
            return np.asarray(pc.list_parent_indices(cells), np.int64), cells.flatten()
        return np.arange(len(cells)), cells
    items = [(i, v) for i, cell in enumerate(cells) for v in (cell if isinstance(cell, list) else (cell,))]
    return np.array([i for i, _ in items], np.int64), [v for _, v in items]
