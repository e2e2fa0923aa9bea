"""The verbs of the command line on tables in memory.

Anything that speaks the Arrow PyCapsule interface goes in (pyarrow, pandas, polars, DuckDB relations); what
comes out is a pyarrow.Table, or what `to` names.

    import unisono
    tables = unisono.read(["posts.csv"], map="account=author,time=created,text=body", zone="UTC")
    pairs = unisono.pair(unisono.trace(tables["events"]), window="60s")
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono import pipeline
from unisono.edges import evidence as find_evidence
from unisono.edges import judge
from unisono.groups import find_groups
from unisono.pairs import encode, pair_table, plan_windows
from unisono.pairs.build import SYNCHRONY, window_us
from unisono.pairs.windows import UNKNOWN, usable
from unisono.study import Progress, Quiet, Study, UserError, make_settings, open_study
from unisono.study.writer import conform
from unisono.tables import EDGES, EVENTS, EVIDENCE, PAIRS, TRACES, Table
from unisono.traces import chosen_kinds, traces_of

To = Literal["pyarrow", "pandas", "polars"]


def run(sources: Sequence[str | Path], out: str | Path, *, progress: Progress | None = None, **settings: Any) -> Study:
    """The main job. settings: as in study.yaml (`map`, `zone`, `window=["60s"]`, ...). Raises UserError."""
    study = open_study(Path(out), create=True)
    chosen = make_settings({"sources": [str(s) for s in sources], **settings}, "run()")
    with study.lock():
        pipeline.run(study, chosen, progress or Quiet())
    return study


def read(sources: Sequence[str | Path], *, to: To = "pyarrow", **settings: Any) -> dict[str, Any]:
    """Files to tables by name: events, accounts, rejects, and traces for the formats that hold traces."""
    with TemporaryDirectory() as folder:
        study = open_study(Path(folder), create=True)
        chosen = make_settings({"sources": [str(s) for s in sources], **settings}, "read()")
        pipeline.run_stage("read", study, chosen, Quiet())
        return {name: _out(study.read(name), to) for name in study.manifest.tables}


def trace(
    events: Any, traces: Sequence[str] | None = None, *, content_of_reposts: bool = False, to: To = "pyarrow"
) -> Any:
    """Events to traces. traces: kinds of behaviour, else the defaults."""
    table = _in(events, EVENTS)
    parts = [TRACES.schema.empty_table()]
    for kind in chosen_kinds(traces):
        for batch in table.to_batches(max_chunksize=1 << 16):
            found = traces_of(batch, kind, content_of_reposts)
            parts.append(conform(found.append_column("trace", pa.array([kind.name] * len(found))), TRACES))
    return _out(_sorted(pa.concat_tables(parts), TRACES), to)


def pair(
    traces: Any,
    window: str | Sequence[str] | None = None,
    *,
    min_objects: int = 2,
    threads: int = 1,
    to: To = "pyarrow",
) -> Any:
    """Traces to pairs. window: such as "60s" or ["60s", "10m"], else each behaviour's own."""
    asked = None if window is None else [window_us(w) for w in ([window] if isinstance(window, str) else window)]
    parts = [PAIRS.schema.empty_table()]
    for name, rows in _layers(_in(traces, TRACES)):
        arrays = encode(rows)
        for span, part in plan_windows(name, _resolution(rows), asked).windows:
            chosen = arrays if part is None else arrays.take(part)
            parts.append(pair_table(chosen, name, span, min_objects, threads))
    return _out(pa.concat_tables(parts), to)


def test(pairs: Any, *, to: To = "pyarrow") -> Any:
    """Pairs to edges. Until edges are tested against chance this is a rule of thumb, and `status` says so."""
    return _out(conform(judge(_in(pairs, PAIRS)), EDGES), to)


def evidence(edges: Any, traces: Any, *, to: To = "pyarrow") -> Any:
    """The co-actions behind every row of `edges` (or of `pairs`) that is given, at most 1,000 for each."""
    wanted, parts = _sorted(_in(edges, PAIRS), PAIRS), [EVIDENCE.schema.empty_table()]
    for name, rows in _layers(_in(traces, TRACES)):
        mine = wanted.filter(pc.equal(wanted.column("trace"), name))
        for span in pc.unique(mine.column("window_us")).to_pylist():
            arrays = encode(rows.filter(pa.array(usable(_resolution(rows), span))))
            parts.extend(find_evidence(arrays, name, span, mine.filter(pc.equal(mine.column("window_us"), span))))
    return _out(pa.concat_tables(parts), to)


def group(edges: Any, *, seed: int = 0, to: To = "pyarrow", **settings: Any) -> tuple[Any, Any]:
    """Edges to (groups, members)."""
    found = find_groups(_in(edges, EDGES), seed=seed, **settings)
    return _out(found.groups, to), _out(found.members, to)


def report(study: Study | str | Path, **settings: Any) -> Path:
    """Write the report of a study that has its tables; returns the path of report.html."""
    opened = study if isinstance(study, Study) else open_study(Path(study))
    with opened.lock():
        pipeline.run_stage("report", opened, make_settings(settings, "report()"), Quiet())
    return opened.path / "report.html"


def _in(data: Any, table: Table) -> pa.Table:
    if not hasattr(data, "__arrow_c_stream__") and not hasattr(data, "__arrow_c_array__"):
        raise UserError(f"{type(data).__name__} is no Arrow table", "give a pyarrow, pandas or polars table")
    rows = pa.table(data)
    if missing := [k for k in table.key if k not in rows.column_names]:
        raise UserError(
            f"no column {missing[0]} in the table given as {table.name}", "columns: " + ", ".join(table.names)
        )
    return conform(rows, table)


def _out(table: pa.Table, to: To) -> Any:
    if to == "pandas":
        return table.to_pandas()
    if to == "polars":
        import polars

        return polars.from_arrow(table)
    return table


def _sorted(rows: pa.Table, table: Table) -> pa.Table:
    return rows.sort_by([(k, "ascending") for k in table.key])


def _layers(traces: pa.Table) -> list[tuple[str, pa.Table]]:
    names = sorted(n for n in pc.unique(traces.column("trace")).to_pylist() if n != SYNCHRONY)
    return [(n, traces.filter(pc.equal(traces.column("trace"), n))) for n in names]


def _resolution(rows: pa.Table) -> Any:
    return np.asarray(pc.fill_null(rows.column("t_resolution_us").combine_chunks(), UNKNOWN), dtype=np.int64)
