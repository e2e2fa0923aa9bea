"""Reads one source from front to back into the staging file."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from unisono.events.event_rows import EventMapper
from unisono.events.fields.resolution import Resolution
from unisono.events.files.batch import RawBatch
from unisono.events.files.rows import Rows, open_rows
from unisono.events.plan import Plan, missing_column
from unisono.events.platforms import unread
from unisono.events.rejects import SourceRejects
from unisono.events.staging import StageFile
from unisono.events.trace_rows import TraceMapper
from unisono.study import Limits, Progress


@dataclass
class SourceRead:
    """What came of one source."""

    plan: Plan
    rejects: SourceRejects
    resolution: Resolution
    rows: int
    seq: int
    """Rows of all sources up to its end: the next row's place in reading order."""
    notes: list[str]

    @property
    def resolution_us(self) -> int | None:
        """The step of its clock as declared, else as measured; microseconds."""
        return self.plan.resolution_us or (None if self.plan.traces else self.resolution.us)


def read_source(
    plan: Plan, number: int, seq: int, staged: StageFile, rejected: StageFile,
    limits: Limits, temp: Path, progress: Progress,
) -> SourceRead:  # fmt: skip
    """Stage a source's rows; `number` is its place among the sources. Raises UserError."""
    source, mapper = plan.source, plan.mapper()
    rejects, resolution = SourceRejects(source, rejected, plan.pages, plan.bare), Resolution()
    by_row = source.kind in ("parquet", "xlsx")
    total = source.bytes if source.member is None and not by_row else None
    progress.start(f"reading {source.name}", total, "rows" if by_row else "bytes")
    begin = seq
    with open_rows(source, limits, temp, progress.advance, plan.pages, plan.bare) as rows, _no_search_for_cycles():
        unseen = set(plan.expected) - set(rows.columns) if rows.open_ended else set()
        for raw in rows.batches(plan.wanted):
            unseen = {c for c in unseen if all(v is None for v in raw.columns[c])}
            staged_rows, reasons, prepared = _map(mapper, plan, raw, number, seq)
            resolution.see(staged_rows.column("t_us").to_numpy())
            staged.add(staged_rows)
            rejects.take(prepared, reasons)
            seq += len(raw) + len(raw.rejects)
        _check_columns(plan, rows, unseen)
    nothing = seq > begin and rejects.counts.total() == seq - begin
    if nothing and (refused := unread.refusal(source.name, rejects.counts, plan.format.inside)):
        raise refused
    told = [f"{n:,} {what}" for what, n in sorted(mapper.tally.items()) if n] + unread.notes(rejects.counts)
    rejects.check(seq - begin, limits.rejects_share, told)
    notes = [f"{source.name}: {what}" for what in told]
    if seq == begin:
        notes.append(f"{source.name} has no rows")
    return SourceRead(plan, rejects, resolution, seq - begin, seq, notes)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """A batch is hundreds of thousands of small lists, none in a cycle: looking for cycles again and again would be a
    third of the reading."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _map(
    mapper: EventMapper | TraceMapper, plan: Plan, raw: RawBatch, number: int, seq: int
) -> tuple[pa.Table, dict[int, str], RawBatch]:
    """Staged rows with their source and place in reading order; why others, by position, are none; of which batch."""
    prepared = plan.format.prepare(raw)
    table, reasons = mapper.map(prepared)
    mapper.tally.update(prepared.notes)
    row = np.searchsorted(raw.rows, table.column("row").to_numpy())
    table = table.append_column("seq", pa.array(seq + row, pa.int64()))
    table = table.append_column("source", pa.repeat(pa.scalar(number, pa.int32()), len(table)))
    return table, reasons, prepared


def _check_columns(plan: Plan, rows: Rows, unseen: set[str]) -> None:
    """Only the end of a JSON file tells which columns it never had."""
    for column in plan.expected:
        if column in unseen and rows.columns:
            raise missing_column(plan.source, column, rows.columns)
