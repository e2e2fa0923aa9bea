"""What the verbs were given, as what the rooms below work on."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from unisono.engine.arrow import Frame, facts_of, table_in
from unisono.maths.types import I64
from unisono.pairs import plan_windows
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.sittings import Sittings, sittings_in
from unisono.pairs.stage import SYNCHRONY, window_us
from unisono.pairs.twins import encode_once
from unisono.study import UserError, make_settings
from unisono.tables import TRACES

Windows: TypeAlias = str | Sequence[str] | None
"""Such as "60s" or ["60s", "10m"]; None is each behaviour's own."""
Sources: TypeAlias = str | Path | Sequence[str | Path]
"""Files."""
Arrays: TypeAlias = dict[str, tuple[TraceArrays, I64]]
"""Of each behaviour its traces, and each trace's clock resolution, microseconds."""


def arrays_of(traces: Frame) -> Arrays:
    """Traces by behaviour. Raises UserError."""
    return {name: encode_once(rows) for name, rows in layers(traces)}


def sittings_of(traces: Frame) -> Sittings:
    """The sittings of all accounts, over every behaviour. Raises UserError."""
    return sittings_in(table_in(traces, TRACES))


def layers(traces: Frame) -> list[tuple[str, pa.Table]]:
    """The rows of each behaviour, sorted by name; traces without an object are no pairs. Raises UserError."""
    table = table_in(traces, TRACES)
    synchrony = pc.fill_null(pc.equal(table.column("trace"), SYNCHRONY), False)
    named = table.filter(pc.invert(synchrony)) if pc.any(synchrony).as_py() else table
    if empty := [k for k in TRACES.key if named.column(k).null_count]:
        raise UserError(f"{empty[0]} is empty in a row of the traces", f"fill {', '.join(TRACES.key)} in every row")
    names = sorted(pc.unique(named.column("trace")).to_pylist())
    if len(names) == 1:
        return [(names[0], named)]
    return [(n, named.filter(pc.equal(named.column("trace"), n))) for n in names]


def asked(window: Windows) -> list[int] | None:
    """Windows in microseconds, None where none was asked for. Raises UserError."""
    chosen = make_settings({"window": listed(window)}, "window")
    return None if chosen.window is None else [window_us(w) for w in chosen.window]


def windows_of(pairs: Frame, arrays: Arrays) -> dict[str, list[int]]:
    """The windows (microseconds) at which each behaviour was paired, those without any pair too.

    pair() writes them beside its table. Where that is lost (polars keeps nothing beside a table), they are what
    pair() makes of the windows that are seen in the rows.
    """
    if "windows" in (facts := facts_of(pairs)):
        return {name: facts["windows"].get(name, []) for name in arrays}
    seen = pa.table(pairs).select(["trace", "window_us"]).group_by(["trace", "window_us"]).aggregate([]).to_pylist()
    plain = {name: [w for w, _ in plan_windows(name, clock, None).windows] for name, (_, clock) in arrays.items()}
    if all(row["window_us"] in plain.get(row["trace"], []) for row in seen):
        return plain
    chosen = sorted({row["window_us"] for row in seen})
    return {name: [w for w, _ in plan_windows(name, clock, chosen).windows] for name, (_, clock) in arrays.items()}


def listed(values: str | Path | float | Iterable[object] | None) -> list[str] | None:
    """One value or several, as texts."""
    if values is None:
        return None
    return [str(v) for v in ([values] if isinstance(values, str | Path | int | float) else values)]


def warn(notes: Sequence[str]) -> None:
    """Say what a study would note."""
    for note in notes:
        warnings.warn(note, stacklevel=3)
