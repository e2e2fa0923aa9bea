"""Rows of (account, object, time) become traces directly, a column at a time in Arrow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from unisono.clean.handle import is_mangled, is_sentinel
from unisono.clean.text import well_formed
from unisono.clean.time import TimeRule
from unisono.events.batch import I64, Cells, RawBatch, as_text
from unisono.events.ids import account, own_id
from unisono.events.mapping import TraceMapping
from unisono.events.times import time_column

TRACE_STAGE = pa.schema(
    [
        ("seq", pa.int64()), ("n", pa.int64()), ("source", pa.int32()), ("line", pa.int64()),
        ("native_id", pa.string()), ("trace", pa.string()), ("account_id", pa.string()),
        ("object_id", pa.string()), ("t_us", pa.int64()), ("t_resolution_us", pa.int64()),
    ]
)  # fmt: skip
"""Traces before all sources have been read; `seq` is the row, `n` how many traces it leaves."""
_MANGLED_OBJECTS = "objects in scientific notation or beyond what their number type holds; taken as no object"


class TraceMapper:
    """Maps one source's batches. `tally` counts what is worth a note."""

    def __init__(
        self, mapping: TraceMapping, rule: TimeRule, platform: str | None, name: str, resolution_us: int | None
    ) -> None:
        self._map, self._rule, self._name, self._resolution = mapping, rule, name, resolution_us
        self._platform = platform.strip().lower() if platform else None
        self.tally: Counter[str] = Counter()

    def map(self, batch: RawBatch) -> tuple[pa.Table, dict[int, str]]:
        """Staged traces, and why the rows without any, by position, leave none."""
        columns = self._map.columns
        accounts, reasons = self._accounts(batch.columns[columns["account"]])
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
                "n": n[at], "line": batch.lines[at], "native_id": self._events(batch).take(row),
                "trace": pa.concat_arrays([p[1] for p in parts]), "account_id": accounts.take(row),
                "object_id": pa.concat_arrays([p[2] for p in parts]), "t_us": times.t_us[at],
                "t_resolution_us": pa.array([self._resolution] * len(at), pa.int64()),
            }
        )  # fmt: skip
        return staged, reasons

    def _traces(self) -> list[str]:
        return list(self._map.objects) or ["synchrony"]

    def _accounts(self, cells: Cells) -> tuple[pa.Array, dict[int, str]]:
        texts, codes = _distinct(cells)
        found = [account(self._platform, t) for t in texts]
        ids = pa.array([a for a, _ in found], pa.string()).take(codes)
        bad = {i: r for i, (_, r) in enumerate(found) if r}
        where = np.asarray(codes)
        return ids, {int(i): bad[int(where[i])] for i in np.flatnonzero(np.isin(where, list(bad)))}

    def _events(self, batch: RawBatch) -> pa.Array:
        column = self._map.columns.get("event")
        if column is None or column not in batch.columns:
            return pa.nulls(len(batch), pa.string())
        return _each(batch.columns[column], lambda t: own_id(self._platform, t, self.tally))

    def _touched(self, batch: RawBatch, trace: str, usable: Any) -> tuple[I64, pa.Array, pa.Array]:
        """Rows that touch an object of a trace: their positions, the trace, the object."""
        if not self._map.objects:
            objects = pa.repeat("*", len(batch))
        else:
            cells = batch.columns.get(self._map.objects[trace])
            objects = pa.nulls(len(batch), pa.string()) if cells is None else _each(cells, self._object)
        at = np.flatnonzero(usable & np.asarray(objects.is_valid()))
        return at, pa.repeat(trace, len(at)), objects.take(pa.array(at))

    def _object(self, text: str | None) -> str | None:
        if text is None or is_sentinel(text):
            return None
        if is_mangled(text):
            self.tally[_MANGLED_OBJECTS] += 1
            return None
        return well_formed(text.strip())


def _each(cells: Cells, clean: Callable[[str | None], str | None]) -> pa.Array:
    """Apply `clean` to each distinct value."""
    texts, codes = _distinct(cells)
    return pa.array([clean(t) for t in texts], pa.string()).take(codes)


def _distinct(cells: Cells) -> tuple[list[str | None], pa.Array]:
    """The distinct values of a column as text, and for each row the position of its own."""
    if isinstance(cells, list):
        cells = pa.array([as_text(v) for v in cells], pa.string())
    if pa.types.is_nested(cells.type):
        cells = pa.array([as_text(v) for v in cells.to_pylist()], pa.string())
    coded = cells.dictionary_encode(null_encoding="encode")
    return [as_text(v) for v in coded.dictionary.to_pylist()], coded.indices
