"""The trace stage: events leave traces (account, object, t_us), sorted and without repeats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from unisono.engine import duck
from unisono.study import Progress, Settings, StageOutput, Study
from unisono.tables import TRACES
from unisono.traces.kind import TraceKind
from unisono.traces.registry import chosen_kinds

_EVENT = ("kind", "account_id", "t_us", "t_resolution_us", "event_id", "repost_of")
_LOOSE = pa.schema([f for f in TRACES.schema if f.name != "trace"])
_SORTED = "SELECT * FROM read_parquet($path) ORDER BY object_id, t_us, account_id, event_id"


def write_traces(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Fill `traces` from `events`, one kind after the other, each sorted (on disk where memory is short)."""
    chosen = chosen_kinds(settings.trace)
    loose = {k.name: out.folder / f"{k.name}.loose" for k in chosen}
    _spill(study, chosen, loose, settings.content_of_reposts, progress)
    with out.table(TRACES) as writer, duck.connect(settings.n_threads, settings.memory, out.folder) as db:
        for kind in chosen:
            reader = db.sql(_SORTED, params={"path": str(loose[kind.name])}).to_arrow_reader(1 << 17)
            for batch in reader:
                names = pa.array([kind.name]).take(pa.array(np.zeros(batch.num_rows, np.int8)))
                writer.write(batch.append_column("trace", names))
            loose[kind.name].unlink()


def _spill(
    study: Study, chosen: Sequence[TraceKind], loose: dict[str, Path], reposts: bool, progress: Progress
) -> None:
    """One unsorted file per kind."""
    files = {name: pq.ParquetWriter(path, _LOOSE, compression="zstd") for name, path in loose.items()}
    columns = sorted({*_EVENT, *(c for k in chosen for c in k.columns)})
    progress.start("traces", study.manifest.tables["events"].rows, "events")
    try:
        for events in study.batches("events", columns, rows=1 << 16):
            for kind in chosen:
                files[kind.name].write_table(traces_of(events, kind, reposts))
            progress.advance(events.num_rows)
    finally:
        for file in files.values():
            file.close()


def traces_of(events: pa.RecordBatch, kind: TraceKind, content_of_reposts: bool = False) -> pa.Table:
    """Traces of one kind that a batch of events leaves: columns of `traces` but `trace`, unsorted.

    An event that touches an object twice (the same link in two spellings) touches it once.
    """
    events = events.filter(_leaves(events, kind, content_of_reposts))
    rows, objects = kind.objects(events)
    real = np.asarray(pc.and_(objects.is_valid(), pc.fill_null(pc.not_equal(objects, ""), False)), dtype=bool)
    rows, objects = rows[real], objects.filter(pa.array(real))
    codes = np.asarray(objects.dictionary_encode().indices, dtype=np.int64)
    once = np.sort(np.unique(rows.astype(np.int64) << 32 | codes, return_index=True)[1])
    touching = events.take(pa.array(rows[once]))
    columns = [objects.take(pa.array(once)) if n == "object_id" else touching.column(n) for n in _LOOSE.names]
    return pa.Table.from_arrays(columns, names=_LOOSE.names).cast(_LOOSE)


def _leaves(events: pa.RecordBatch, kind: TraceKind, content_of_reposts: bool) -> pa.Array:
    right = pc.is_in(events.column("kind"), pa.array(kind.kinds))
    if not kind.content:
        return right
    repost = pc.equal(events.column("kind"), "repost")
    if not content_of_reposts:
        repost = pc.and_(repost, events.column("repost_of").is_null())
    return pc.or_(right, repost)
