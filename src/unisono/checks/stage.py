"""The check stage: every check on a study, written as `checks`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.checks.caps import caps
from unisono.checks.clocks import clocks
from unisono.checks.collected import collected
from unisono.checks.gaps import gaps
from unisono.checks.originals import originals
from unisono.checks.rejected import rejected
from unisono.checks.resolutions import resolutions
from unisono.checks.row import Row
from unisono.checks.span import span
from unisono.checks.twins import twins
from unisono.checks.view import EVENT_COLUMNS, TEXT_COLUMNS, TRACE_COLUMNS, View, view_of
from unisono.checks.viral import viral
from unisono.study import Progress, StageOutput, Study
from unisono.tables import CHECKS, TRACES

Check = Callable[[View], Iterator[Row]]
ALL: tuple[Check, ...] = (collected, gaps, caps, clocks, originals, resolutions, rejected, span, twins, viral)
SAMPLE = 20_000
"""Texts that are looked at, evenly spaced: a share of nine tenths in a sample is off by 0.2 % (one standard error)."""
_ENCODED = ("trace", "account_id", "object_id")
_RANK = {"stops_a_test": 0, "warning": 1, "note": 2}


def write_checks(study: Study, out: StageOutput, progress: Progress) -> None:
    """Fill `checks`; a note counts what was found."""
    progress.start("checking the data", len(ALL), "checks")
    rows = run_checks(_view(study), progress)
    with out.table(CHECKS) as writer:
        writer.write_sorted(rows)
    severities = rows["severity"].to_pylist()
    if n := sum(s in ("warning", "stops_a_test") for s in severities):
        out.note(f"the check of the data has {n} {'warning' if n == 1 else 'warnings'}: see table checks")


def run_checks(view: View, progress: Progress | None = None) -> pa.Table:
    """All checks of a view as rows of `checks`, in the order of the checks."""
    rows: list[Row] = []
    for check in ALL:
        rows += check(view)
        if progress:
            progress.advance(1)
    return pa.Table.from_pylist([r._asdict() for r in rows], schema=CHECKS.schema)


def check_lines(study: Study) -> list[str]:
    """What was found, the gravest first, and what could not be said; a few sentences each."""
    rows = study.read("checks").to_pylist()
    found = sorted((r for r in rows if r["status"] == "found"), key=lambda r: _RANK[r["severity"]])
    lines = [
        f"{r['severity'].replace('_', ' ')}: {r['seen']}{_where(r['subject'])}. For the tests: {r['effect']}. "
        f"Remedy: {r['remedy']}."
        for r in found
    ]
    unsaid = sorted({r["finding"] for r in rows if r["status"] == "insufficient_data"})
    absent = sum(r["status"] == "not_found" for r in rows)
    lines.append(f"{len(found)} found, {absent} looked for and not found" + ("." if not unsaid else ";"))
    return [*lines, f"insufficient data for: {', '.join(unsaid)}."] if unsaid else lines


def _where(subject: str) -> str:
    return "" if subject == "study" else f" ({subject})"


def _view(study: Study) -> View:
    events = study.read("events", EVENT_COLUMNS, dictionary=("account_id", "source_file", "kind", "t_basis"))
    traces = study.read("traces", TRACE_COLUMNS, dictionary=_ENCODED) if study.has("traces") else _no_traces()
    rejects = study.read("rejects", ["reason"])["reason"].value_counts().to_pylist() if study.has("rejects") else []
    sources = study.manifest.sources
    return view_of(
        _plain(events), traces, _texts(study, events.num_rows),
        rows=sum(s.rows for s in sources.values()), rejects={r["values"]: r["counts"] for r in rejects},
        source_rows={n: s.rows for n, s in sources.items()}, linked=_linked(study),
    )  # fmt: skip


def _no_traces() -> pa.Table:
    return TRACES.schema.empty_table().select(list(TRACE_COLUMNS))


def _plain(table: pa.Table) -> pa.Table:
    """Encoded columns as plain text."""
    encoded = [f.name for f in table.schema if pa.types.is_dictionary(f.type)]
    for name in encoded:
        table = table.set_column(table.column_names.index(name), name, table[name].cast(pa.string()))
    return table


def _texts(study: Study, n: int) -> pa.Table:
    step, at, pieces = max(1, n // SAMPLE), 0, []
    for batch in study.batches("events", [*TEXT_COLUMNS, "repost_of"]):
        here = np.arange(-at % step, batch.num_rows, step)
        pieces.append(batch.take(pa.array(here)))
        at += batch.num_rows
    rows = pa.Table.from_batches(pieces) if pieces else study.read("events", [*TEXT_COLUMNS, "repost_of"])
    return rows.filter(pc.is_null(rows["repost_of"]))  # a repost repeats the words of another


def _linked(study: Study) -> int | None:
    if not study.has("edges"):
        return None
    rows = study.read("edges", ["account_a", "account_b"], pc.field("is_edge"))
    return len({*rows["account_a"].to_pylist(), *rows["account_b"].to_pylist()})
