"""The pair stage: every trace of the study at each of its windows, streamed into the table `pairs`."""

from __future__ import annotations

import pyarrow.compute as pc

from unisono.clean.time import format_duration, parse_duration
from unisono.maths.types import I64
from unisono.pairs.arrays import TraceArrays, encode_clocked
from unisono.pairs.cost import cost, sentence, too_many
from unisono.pairs.ranges import prepare
from unisono.pairs.run import pair_blocks
from unisono.pairs.sittings import Sittings, sittings_in
from unisono.pairs.twins import Once, counted_once
from unisono.pairs.windows import plan_windows
from unisono.study import Progress, Settings, StageOutput, Study, UserError, setting
from unisono.study.writer import TableWriter
from unisono.tables import PAIRS, TWINS
from unisono.words import links

_LONG = 60
"""Seconds of work from which on an estimate is shown before it begins."""
_DOUBT = 1.25
"""How far an estimate may be above the limit before it is believed; what is nearer is counted."""
SYNCHRONY = "synchrony"
"""Traces with no object: read now, tested against each account's own rhythm, never paired as one object."""


def write_pairs(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Fill `pairs` from `traces`, and `twins` with the other names of objects. Notes say which windows were refused or
    changed, and why."""
    asked = None if settings.window is None else [window_us(w) for w in settings.window]
    windows: dict[str, list[int]] = {}
    with out.table(PAIRS) as writer, out.table(TWINS) as names:
        for trace in traces_to_pair(study, settings, out):
            once = load_once(study, trace)
            arrays, resolution = once.arrays, once.resolution
            if len(once.names):
                out.note(links.twins(trace, len(once.names), len(once.names) + len(arrays.object_ids)))
                names.write(once.rows(trace))
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
        raise UserError(f"{setting('window', text)}: {e}", "write windows such as 60s, 10m, 1h or 1d") from None


def traces_to_pair(study: Study, settings: Settings, out: StageOutput) -> list[str]:
    """Kinds of traces in the study that are to be paired, sorted."""
    there = sorted(set(pc.unique(study.read("traces", ["trace"], dictionary=["trace"]).column("trace")).to_pylist()))
    if missing := sorted(set(settings.trace or ()) - set(there)):
        out.note(f"no {' and no '.join(missing)} among the traces; the setting `trace` says which are made")
    if SYNCHRONY in there:
        out.note("traces with no object are kept for the synchrony test; they are not paired")
    return [t for t in there if t != SYNCHRONY and (settings.trace is None or t in settings.trace)]


def load_traces(study: Study, trace: str) -> tuple[TraceArrays, I64]:
    """One kind of trace as arrays, each object once (see `twins`), and each row's clock resolution in microseconds
    (UNKNOWN where null)."""
    once = load_once(study, trace)
    return once.arrays, once.resolution


def load_once(study: Study, trace: str) -> Once:
    """The same, with the other names of its objects."""

    def load() -> Once:
        columns = ["account_id", "object_id", "t_us", "t_resolution_us", "event_id"]
        table = study.read("traces", columns, pc.field("trace") == trace, dictionary=["account_id", "object_id"])
        return counted_once(*encode_clocked(table))

    return study.kept_in_memory("traces", trace, load, lambda once: once.nbytes)


def load_sittings(study: Study) -> Sittings:
    """The sittings of all accounts, over every behaviour."""

    def load() -> Sittings:
        return sittings_in(study.read("traces", ["account_id", "t_us"], dictionary=["account_id"]))

    return study.kept_in_memory("traces", "", load, lambda made: made.begin.nbytes + made.account_ids.nbytes)


def _write_window(
    arrays: TraceArrays, trace: str, window: int, settings: Settings, writer: TableWriter, progress: Progress
) -> None:
    found, most = prepare(arrays, window, settings.min_objects), settings.max_pairs
    estimate = cost(found, settings.min_objects, settings.calibrations)
    if estimate and estimate.seconds > _LONG * settings.n_threads:
        progress.say(sentence(estimate, trace, window, settings.n_threads))
    if estimate and estimate.pairs > _DOUBT * most:
        raise too_many(trace, window, f"about {estimate.pairs:,}", most)
    progress.start(f"pairs: {trace}, {format_duration(window)}", int(found.work.sum()), "comparisons")
    n = 0
    for walked, rows in pair_blocks(found, trace, settings.min_objects, settings.n_threads):
        n += rows.num_rows
        if n > most:
            raise too_many(trace, window, f"more than {most:,}", most)
        writer.write(rows)
        progress.advance(walked)
