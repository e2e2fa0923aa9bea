"""The verbs of the command line on tables in memory.

Anything that speaks the Arrow PyCapsule interface goes in (pyarrow, pandas, polars, DuckDB relations); what
comes out is a pyarrow.Table, or what `to` names.

    import unisono
    tables = unisono.read(["posts.csv"], map="account=author,time=created,text=body", zone="UTC")
    pairs = unisono.pair(unisono.trace(tables["events"]), window="60s")
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono import pipeline
from unisono.clean.time import format_duration
from unisono.edges import assess_layers, edge_rows, judge
from unisono.edges.facts import Facts, facts_of, with_facts
from unisono.edges.rows import ALL
from unisono.engine.arrow import To, in_order, table_in, table_out
from unisono.groups.stage import gather
from unisono.moments import Scan, moments_of
from unisono.moments.stage import scan_lengths, scan_windows
from unisono.moments.stage import untested as no_moments
from unisono.nulls.layer import LEAST
from unisono.pairs import TraceArrays, pair_table, plan_windows
from unisono.pairs.arrays import encode_clocked
from unisono.pairs.evidence import evidence as find_evidence
from unisono.pairs.stage import SYNCHRONY, window_us
from unisono.pairs.windows import usable
from unisono.profiles import leadership
from unisono.profiles.stage import USED, explanations
from unisono.reactions import Layer, find_reactions
from unisono.reactions.stage import POST_TRACES, layer_of
from unisono.reactions.stage import untested as no_reactions
from unisono.study import Progress, Quiet, Study, UserError, changed_settings, make_settings, open_study
from unisono.study.writer import conform
from unisono.tables import EDGES, EVENTS, EVIDENCE, MEMBERS, PAIRS, PROFILES, TRACES
from unisono.traces import chosen_kinds, traces_of

_NO_FACTS = (
    "these edges lost what test() says beside its rows, as they do in polars and in files: q of groups is told without "
    "the groups that were certified, and as if only the windows and behaviours that are seen were tested"
)
_ORIGIN = "give the traces that pair() was given"


def run(
    sources: str | Path | Sequence[str | Path], out: str | Path, *, progress: Progress | None = None, **settings: Any
) -> Study:
    """The main job. settings: as in study.yaml (`map`, `zone`, `window=["60s"]`, ...). Raises UserError."""
    study = open_study(Path(out), create=True)
    chosen = make_settings({"sources": _listed(sources), **settings}, "run()")
    with study.lock():
        pipeline.run(study, chosen, progress or Quiet())
    return study


def read(sources: str | Path | Sequence[str | Path], *, to: To = "pyarrow", **settings: Any) -> dict[str, Any]:
    """Files to tables by name: events, accounts, rejects, and traces for the formats that hold traces."""
    with TemporaryDirectory() as folder:
        study = open_study(Path(folder), create=True)
        chosen = make_settings({"sources": _listed(sources), **settings}, "read()")
        pipeline.run_stage("read", study, chosen, Quiet())
        return {name: table_out(study.read(name), to) for name in study.manifest.tables}


def trace(
    events: Any, traces: Sequence[str] | None = None, *, content_of_reposts: bool = False, to: To = "pyarrow"
) -> Any:
    """Events to traces. traces: kinds of behaviour, else the defaults."""
    table = table_in(events, EVENTS)
    parts = [TRACES.schema.empty_table()]
    for kind in chosen_kinds(traces):
        for batch in table.to_batches(max_chunksize=1 << 16):
            found = traces_of(batch, kind, content_of_reposts)
            parts.append(conform(found.append_column("trace", pa.array([kind.name] * len(found))), TRACES))
    return table_out(in_order(pa.concat_tables(parts), TRACES), to)


def pair(
    traces: Any,
    window: str | int | Sequence[str] | None = None,
    *,
    min_objects: int = 2,
    threads: int = 1,
    to: To = "pyarrow",
) -> Any:
    """Traces to pairs. window: such as "60s" or ["60s", "10m"], else each behaviour's own.

    Warns of windows that are too fine for the traces' clock, as a study's notes do.
    """
    chosen = make_settings({"min_objects": min_objects, "threads": threads, "window": _listed(window)}, "pair()")
    asked = None if chosen.window is None else [window_us(w) for w in chosen.window]
    parts = [PAIRS.schema.empty_table()]
    for name, rows in _layers(table_in(traces, TRACES)):
        arrays, resolution = encode_clocked(rows)
        plan = plan_windows(name, resolution, asked)
        _warn(plan.notes)
        for span, part in plan.windows:
            part_taking = arrays if part is None else arrays.take(part)
            parts.append(pair_table(part_taking, name, span, min_objects, threads))
    return table_out(pa.concat_tables(parts), to)


def test(
    pairs: Any, traces: Any, window: str | int | Sequence[str] | None = None, *, fdr: float = 0.05,
    any_dependence: bool = False, seed: int = 0, to: To = "pyarrow",
) -> Any:  # fmt: skip
    """Pairs to edges: those that chance cannot explain at a false-discovery rate, and every number behind it.

    traces, window: those that the pairs were made from; a behaviour in which no two accounts coincide was looked at
    as well, and counts. any_dependence: links by e-BH, which needs much stronger evidence. Rows of trace 'all' combine
    a pair's behaviours and windows.
    """
    given = {"window": _listed(window), "fdr": fdr, "any_dependence": any_dependence, "seed": seed}
    chosen = make_settings(given, "test()")
    asked = None if chosen.window is None else [window_us(w) for w in chosen.window]
    known = in_order(table_in(pairs, PAIRS, "n_objects", "n_pairs", "n_first"), PAIRS)
    arrays = {name: encode_clocked(rows) for name, rows in _layers(table_in(traces, TRACES))}
    if strange := sorted(set(known.column("trace").to_pylist()) - set(arrays)):
        raise UserError(f"there is no {strange[0]} trace for these pairs", _ORIGIN)
    windows = {n: [w for w, _ in plan_windows(n, times, asked).windows] for n, (_, times) in arrays.items()}
    for row in known.group_by(["trace", "window_us"]).aggregate([]).to_pylist():
        if row["window_us"] not in windows[row["trace"]]:
            at = format_duration(row["window_us"])
            raise UserError(f"{row['trace']} pairs at {at} in test()", "give test() the window that pair() was given")
    candidates = known.filter(pc.greater_equal(known["n_first"], LEAST))
    layers = assess_layers(candidates, windows, lambda name: arrays[name], chosen.seed, lambda what, n: None)
    verdict = judge(layers, chosen.fdr, chosen.seed, chosen.any_dependence)
    rows = pa.concat_tables(
        [EDGES.schema.empty_table(), *edge_rows(known.to_batches(), verdict, {"all": verdict.combined})]
    )
    return with_facts(table_out(rows, to), verdict.facts)


def evidence(edges: Any, traces: Any, *, to: To = "pyarrow") -> Any:
    """The co-actions behind every row of `edges` (or of `pairs`) that is given, at most 1,000 for each.

    Raises UserError where the edges were not made from these traces.
    """
    wanted, parts = in_order(table_in(edges, PAIRS, "n_pairs"), PAIRS), [EVIDENCE.schema.empty_table()]
    wanted = wanted.filter(pc.invert(pc.is_in(wanted["trace"], pa.array([ALL, SYNCHRONY]))))
    layers = _layers(table_in(traces, TRACES))
    if strange := sorted(set(wanted.column("trace").to_pylist()) - {name for name, _ in layers}):
        raise UserError(f"there is no {strange[0]} trace for these edges", _ORIGIN)
    for name, rows in layers:
        mine = wanted.filter(pc.equal(wanted.column("trace"), name))
        for span in pc.unique(mine.column("window_us")).to_pylist():
            arrays, resolution = encode_clocked(rows)
            arrays = arrays.take(usable(resolution, span))
            these = mine.filter(pc.equal(mine.column("window_us"), span))
            _check_origin(these, arrays, name, span)
            parts.extend(find_evidence(arrays, name, span, these))
    return table_out(pa.concat_tables(parts), to)


def group(
    edges: Any, traces: Any = None, *, fdr: float = 0.05, seed: int = 0, to: To = "pyarrow", **settings: Any
) -> tuple[Any, Any]:
    """Edges to (groups, members), with their q and at least how many links are true. traces: those that the edges
    were made from; with them, accounts that come within a group's bursts too often join it."""
    chosen = make_settings({"fdr": fdr, "seed": seed}, "group()")
    known = table_in(edges, EDGES, "is_edge", "n_objects")
    load = None
    if traces is not None:
        arrays = {name: encode_clocked(rows) for name, rows in _layers(table_in(traces, TRACES))}
        load = arrays.__getitem__
    facts = facts_of(edges)
    if facts is None:
        _warn([_NO_FACTS])
    found = gather(known, load, chosen.fdr, facts or Facts(), seed=chosen.seed, **settings)
    return table_out(found.groups, to), table_out(found.members, to)


def moment(
    traces: Any, window: str | int | Sequence[str] | None = None, *, fdr: float = 0.05, to: To = "pyarrow"
) -> Any:
    """Traces to moments: bursts on one object beyond its own curve, at the windows of pair() and longer ones."""
    chosen = make_settings({"window": _listed(window), "fdr": fdr}, "moment()")
    asked = None if chosen.window is None else [window_us(w) for w in chosen.window]
    scans: list[Scan] = []
    for name, rows in _layers(table_in(traces, TRACES)):
        arrays, resolution = encode_clocked(rows)
        plan = plan_windows(name, resolution, asked)
        _warn(plan.notes)
        scans.extend(scan_lengths(arrays, resolution, name, scan_windows([w for w, _ in plan.windows])))
    _warn(no_moments(scans))
    return table_out(moments_of(scans, chosen.fdr), to)


def react(traces: Any, events: Any, *, fdr: float = 0.05, to: To = "pyarrow") -> Any:
    """Reposts, quotes and replies among the traces to reactions; the posts that they answer are looked for in events.

    Warns of what could not be tested, as a study's notes do.
    """
    chosen, made = make_settings({"fdr": fdr}, "react()"), table_in(events, EVENTS)
    layers: list[Layer] = []
    for name, rows in _layers(table_in(traces, TRACES)):
        if name in POST_TRACES:
            layer, notes = layer_of(name, *encode_clocked(rows), made)
            _warn(notes)
            layers.append(layer)
    found = find_reactions(layers, chosen.fdr)
    _warn(no_reactions(layers, found))
    return table_out(found, to)


def profile(members: Any, evidence: Any, traces: Any, events: Any, *, fdr: float = 0.05, to: To = "pyarrow") -> Any:
    """Groups to facts about them: who comes first, and is that more than chance; what else could explain them."""
    chosen, known = make_settings({"fdr": fdr}, "profile()"), table_in(members, MEMBERS)
    there = {"traces": table_in(traces, TRACES), "events": table_in(events, EVENTS)}
    met = table_in(evidence, EVIDENCE, "t_a", "t_b")
    among = [pc.is_in(met[c], pc.unique(known["account_id"])) for c in ("account_a", "account_b")]
    inside = met.filter(pc.and_(*among)).select(USED)

    def read(table: str, columns: list[str], where: pc.Expression) -> pa.Table:
        return there[table].filter(where).select(columns)

    rows = [leadership(known, inside, chosen.fdr), explanations(known, inside, read)]
    return table_out(in_order(pa.concat_tables(rows), PROFILES), to)


def report(study: Study | str | Path, **settings: Any) -> Path:
    """Write the report of a study that has its tables; returns the path of report.html."""
    opened = study if isinstance(study, Study) else open_study(Path(study))
    chosen = changed_settings(opened.path / "study.yaml", settings, "report()")
    with opened.lock():
        pipeline.run_stage("report", opened, chosen, Quiet())
    return opened.path / "report.html"


def _check_origin(pairs: pa.Table, arrays: TraceArrays, trace: str, window_us: int) -> None:
    """Evidence is looked up by the counts in `pairs`; counts of other traces would lead astray."""
    named = pa.concat_arrays([pairs.column(c).combine_chunks() for c in ("account_a", "account_b")])
    involved = np.asarray(pc.is_in(arrays.account_ids, named), dtype=bool)
    there = pair_table(arrays.take(involved[arrays.account]), trace, window_us, 1)
    columns = ["account_a", "account_b", "n_pairs"]
    counted = {tuple(r.values()) for r in there.select(columns).to_pylist()}
    if not counted.issuperset(tuple(r.values()) for r in pairs.select(columns).to_pylist()):
        raise UserError(f"the {trace} edges were not made from these traces", _ORIGIN)


def _warn(notes: Sequence[str]) -> None:
    for note in notes:
        warnings.warn(note, stacklevel=3)


def _layers(traces: pa.Table) -> list[tuple[str, pa.Table]]:
    synchrony = pc.fill_null(pc.equal(traces.column("trace"), SYNCHRONY), False)
    named = traces.filter(pc.invert(synchrony)) if pc.any(synchrony).as_py() else traces
    if empty := [k for k in TRACES.key if named.column(k).null_count]:
        raise UserError(f"{empty[0]} is empty in a row of the traces", f"fill {', '.join(TRACES.key)} in every row")
    names = sorted(pc.unique(named.column("trace")).to_pylist())
    if len(names) == 1:
        return [(names[0], named)]
    return [(n, named.filter(pc.equal(named.column("trace"), n))) for n in names]


def _listed(values: Any) -> list[str] | None:
    """One value or several, as texts."""
    if values is None:
        return None
    return [str(v) for v in ([values] if isinstance(values, str | Path | int | float) else values)]
