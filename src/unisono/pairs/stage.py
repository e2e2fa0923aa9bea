"""The pair stage: every trace of the study at each of its windows, streamed into the table `pairs`."""

from __future__ import annotations

import pyarrow.compute as pc

from unisono.clean.time import format_duration, parse_duration
from unisono.maths.types import I64
from unisono.pairs.arrays import TraceArrays, encode_clocked
from unisono.pairs.ranges import prepare
from unisono.pairs.run import pair_blocks
from unisono.pairs.windows import plan_windows
from unisono.study import Progress, Settings, StageOutput, Study, UserError
from unisono.study.writer import TableWriter
from unisono.tables import PAIRS

MOST_PAIRS = 300_000_000
"""Pairs of one trace and window; beyond that nobody can read the result, and few disks hold it."""
SYNCHRONY = "synchrony"
"""Traces with no object: read now, tested against each account's own rhythm, never paired as one object."""


def write_pairs(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Fill `pairs` from `traces`. Notes say which windows were refused or changed, and why."""
    asked = None if settings.window is None else [window_us(w) for w in settings.window]
    windows: dict[str, list[int]] = {}
    with out.table(PAIRS) as writer:
        for trace in traces_to_pair(study, settings, out):
            arrays, resolution = load_traces(study, trace)
            plan = plan_windows(trace, resolution, asked)
            for note in plan.notes:
                out.note(note)
            windows[trace] = [window for window, _ in plan.windows]
            for window, part in plan.windows:
                chosen = arrays if part is None else arrays.take(part)
                _write_window(chosen, trace, window, settings, writer, progress)
    out.facts["windows"] = windows


def window_us(text: str) -> int:
    """A window as the user wrote it, in microseconds. Raises UserError."""
    try:
        return parse_duration(text)
    except ValueError as e:
        raise UserError(f"--window {text}: {e}", "write windows such as 60s, 10m, 1h or 1d") from None


def traces_to_pair(study: Study, settings: Settings, out: StageOutput) -> list[str]:
    """Kinds of traces in the study that are to be paired, sorted."""
    there = sorted(set(pc.unique(study.read("traces", ["trace"], dictionary=["trace"]).column("trace")).to_pylist()))
    if missing := sorted(set(settings.trace or ()) - set(there)):
        out.note(f"no {' and no '.join(missing)} among the traces; `unisono trace STUDY --trace NAME` makes others")
    if SYNCHRONY in there:
        out.note("traces with no object are kept for the synchrony test; they are not paired")
    return [t for t in there if t != SYNCHRONY and (settings.trace is None or t in settings.trace)]


def load_traces(study: Study, trace: str) -> tuple[TraceArrays, I64]:
    """One kind of trace as arrays, and each row's clock resolution in microseconds (UNKNOWN where null)."""
    columns = ["account_id", "object_id", "t_us", "t_resolution_us", "event_id"]
    table = study.read("traces", columns, pc.field("trace") == trace, dictionary=["account_id", "object_id"])
    return encode_clocked(table)


def _write_window(
    arrays: TraceArrays, trace: str, window: int, settings: Settings, writer: TableWriter, progress: Progress
) -> None:
    found = prepare(arrays, window, settings.min_objects)
    progress.start(f"pairs: {trace}, {format_duration(window)}", int(found.work.sum()), "comparisons")
    n, done, total = 0, 0, int(found.work.sum())
    for walked, rows in pair_blocks(found, trace, settings.min_objects, settings.n_threads):
        n, done = n + rows.num_rows, done + walked
        hopeless = 10 * n > MOST_PAIRS and n * total > 10 * MOST_PAIRS * done  # seen early, with room for error
        if n > MOST_PAIRS or hopeless:
            raise UserError(
                f"{trace} within {format_duration(window)} gives more than {MOST_PAIRS:,} pairs of accounts",
                "a crowd on a few objects does that: raise --min-objects, shorten --window, or leave the trace out "
                "with --trace",
            )
        writer.write(rows)
        progress.advance(walked)
