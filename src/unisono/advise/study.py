"""The advice of a whole study: a table, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from unisono.advise.power import OBJECTS
from unisono.advise.windows import ADVICE, NO_DATA, REFUSED, USABLE, Clock, advise, clock_of
from unisono.pairs.arrays import UNKNOWN
from unisono.pairs.sample import MOST, some_objects
from unisono.pairs.stage import SYNCHRONY, load_traces
from unisono.pairs.windows import DEFAULT_WINDOWS_US, OTHER_WINDOW_US
from unisono.study import Progress, Study, UserError
from unisono.words import advice as say

GOOD, POOR = 0.8, 0.2
"""Power from which on a window is recommended, and below which it is called blind."""


def advise_study(
    study: Study, traces: tuple[str, ...] | None, fdr: float, seed: int, progress: Progress
) -> tuple[pa.Table, list[str]]:
    """Rows of ADVICE for every kind of trace of the study, or for those named, and what follows from them.

    Raises UserError where there are no traces, or not those that were named.
    """
    there = sorted(set(pc.unique(study.read("traces", ["trace"], dictionary=["trace"])["trace"]).to_pylist()))
    chosen = [t for t in there if t != SYNCHRONY and (traces is None or t in traces)]
    if missing := sorted(set(traces or ()) - set(there)):
        raise UserError(f"there is no {missing[0]} trace in {study.path}", f"there are: {', '.join(there) or 'none'}")
    tables: list[pa.Table] = [ADVICE.empty_table()]
    lines: list[str] = []
    progress.start("advice", len(chosen), "traces")
    for trace in chosen:
        arrays, resolution = load_traces(study, trace)
        clock, n = clock_of(arrays, resolution), len(arrays)
        some = some_objects(arrays, MOST, seed)
        if some is not None:
            arrays, resolution = arrays.take(some), resolution[some]
        rows = advise(trace, arrays, resolution, fdr, len(chosen), seed)
        tables.append(rows)
        lines.extend(sentences(trace, clock, rows.to_pylist()))
        if some is not None:
            lines.append(f"  {say.sampled(len(arrays), n)}")
        progress.advance(1)
    if SYNCHRONY in there:
        lines.append(say.NO_OBJECTS)
    return pa.concat_tables(tables), lines


def sentences(trace: str, clock: Clock, rows: list[dict[str, Any]]) -> Iterator[str]:
    """What applies to one trace. rows: of ADVICE, by window."""
    known = {r: n for r, n in clock.rows.items() if r != UNKNOWN}
    yield f"{trace}: {say.clocks(known, clock.rows.get(UNKNOWN, 0))}"
    if clock.n_mixed:
        yield f"  {say.several_clocks(clock.n_mixed)}"
    if refused := [r["window_us"] for r in rows if r["status"] == REFUSED]:
        yield f"  {say.refused(refused, clock.smallest_us or 0)}"
    usable = [r for r in rows if r["status"] == USABLE]
    if not usable:
        yield f"  {say.no_window(any(r['status'] == NO_DATA for r in rows))}"
        return
    for sentence in _objects(usable):
        yield f"  {sentence}"
    yield f"  {_recommended(trace, usable)}"


def _objects(usable: list[dict[str, Any]]) -> Iterator[str]:
    first = usable[0]
    if first["median_q"] is None:
        yield say.TWO_SHARERS_ONLY
    elif first["two_sharers"] >= 0.01:
        yield say.two_sharers(first["two_sharers"])
    if crowded := [r for r in usable if r["bursts"] is not None and r["bursts"] >= 0.5]:
        yield say.bursts(crowded[0]["window_us"])


def _recommended(trace: str, usable: list[dict[str, Any]]) -> str:
    """The trace's own window, or the nearest at which 10 objects suffice; and the widest such."""
    default = DEFAULT_WINDOWS_US.get(trace, OTHER_WINDOW_US)
    base = next((r for r in usable if r["window_us"] >= default), usable[-1])
    good = [r for r in usable if r["power_10_1"] >= GOOD]
    if base["power_20_1"] < POOR and not good:
        return say.not_recommended(base["window_us"], 20, base["power_20_1"])
    if good and base not in good:
        base = max((r for r in good if r["window_us"] < base["window_us"]), key=_window, default=good[0])
    power = {m: base[f"power_{m}_1"] for m in OBJECTS}
    sentence = say.recommended(base["window_us"], power, base["needs_1"], base["needs_100"])
    if good and good[-1]["window_us"] > base["window_us"]:
        sentence += f" {say.wider(good[-1]['window_us'], 10, GOOD)}"
    return sentence


def _window(row: dict[str, Any]) -> int:
    return int(row["window_us"])
