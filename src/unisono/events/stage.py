"""The read stage: files become events (or traces), accounts and rejects, and every row is one of them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from unisono.engine.duck import connect, engine_errors
from unisono.events.event_rows import EVENT_STAGE
from unisono.events.files.sources import find_sources
from unisono.events.identity import write_events
from unisono.events.plan import make_plans
from unisono.events.reading import SourceRead, read_source
from unisono.events.staging import StageFile, reject_stage
from unisono.events.trace_identity import write_traces
from unisono.events.trace_rows import TRACE_STAGE
from unisono.study import Progress, Settings, StageOutput
from unisono.study.manifest import SourceRecord
from unisono.tables import REJECTS

_REJECTS = "FROM read_parquet($staged) ORDER BY source_file, line, reason, sha256"


def read_sources(paths: Sequence[Path], settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Read all sources into EVENTS, ACCOUNTS and REJECTS, in formats of traces also TRACES.

    Sets out.sources, and notes what was assumed or refused. Raises UserError for whatever a user can mend.
    """
    limits = settings.limits
    plans = make_plans(find_sources(paths, settings, out.note), settings, out.folder)
    traces = plans[0].traces
    stage = StageFile(out.folder / "staged.parquet", TRACE_STAGE if traces else EVENT_STAGE)
    with stage as staged, reject_stage(out.folder) as rejected:
        reads: list[SourceRead] = []
        for number, plan in enumerate(plans):
            seq = reads[-1].seq if reads else 0
            reads.append(read_source(plan, number, seq, staged, rejected, limits, out.folder, progress))
        _note(reads, out)
        progress.start("ordering what was read", None, "rows")
        with (
            closing(connect(settings.n_threads, settings.memory, out.folder)) as con,
            engine_errors(settings.memory),
        ):
            (write_traces if traces else write_events)(con, staged.finish(), reads, out)
            for read in reads:
                read.rejects.look_up(limits, out.folder)
            with out.table(REJECTS) as writer:
                query = con.sql(_REJECTS, params={"staged": str(rejected.finish())})
                for batch in query.to_arrow_reader(1 << 16):
                    writer.write(batch)
    out.sources = {read.plan.source.name: _record(read) for read in reads}
    _check(reads, out, traces)


def _note(reads: Sequence[SourceRead], out: StageOutput) -> None:
    for read in reads:
        for note in read.notes:
            out.note(note)
        if read.rows and read.rejects.counts.total() == read.rows:
            out.note(
                f"no row of {read.plan.source.name} could be used: check the map, the form of its times and the file"
            )
        said = None if read.plan.traces else read.resolution.note(read.plan.source.name)
        if said and read.plan.resolution_us is None:
            out.note(said)


def _record(read: SourceRead) -> SourceRecord:
    source, rejects = read.plan.source, read.rejects.counts
    return SourceRecord(
        sha256=source.sha256, bytes=source.bytes, format=read.plan.format.name, rows=read.rows,
        kept=read.rows - rejects.total(), rejects=dict(sorted(rejects.items())), resolution_us=read.resolution_us,
    )  # fmt: skip


def _check(reads: Sequence[SourceRead], out: StageOutput, traces: bool) -> None:
    """Every row is an event or a reject; anything else is a fault of ours, never to be passed over."""
    rejected = sum(r.rejects.counts.total() for r in reads)
    kept = sum(r.rows for r in reads) - rejected
    if out.tables["rejects"].rows != rejected or (not traces and out.tables["events"].rows != kept):
        raise AssertionError(f"{kept} events and {rejected} rejects were counted, but {out.tables} were written")
