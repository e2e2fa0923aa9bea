"""The advice in sentences, and the advice of a whole study."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from unisono.advise.power import OBJECTS
from unisono.advise.windows import ADVICE, NO_DATA, REFUSED, USABLE, Clock, advise, clock_of
from unisono.clean.time import format_duration
from unisono.pairs.arrays import UNKNOWN
from unisono.pairs.sample import MOST, some_objects
from unisono.pairs.stage import SYNCHRONY, load_traces
from unisono.pairs.windows import DEFAULT_WINDOWS_US, OTHER_WINDOW_US
from unisono.study import Progress, Study, UserError

GOOD, POOR = 0.8, 0.2
"""Power from which on a window is recommended, and below which it is called blind."""
_UNITS = ((86_400_000_000, "d"), (3_600_000_000, "h"), (60_000_000, "m"), (1_000_000, "s"), (1_000, "ms"), (1, "us"))


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
        lines.extend(told(trace, clock, rows.to_pylist()))
        if some is not None:
            lines.append(f"  From {len(arrays):,} of {n:,} traces, whole objects drawn at random.")
        progress.advance(1)
    if SYNCHRONY in there:
        lines.append("synchrony: traces without objects are tested against each account's own rhythm, at no window.")
    return pa.concat_tables(tables), lines


def told(trace: str, clock: Clock, rows: list[dict[str, Any]]) -> Iterator[str]:
    """Sentences on one trace. rows: of ADVICE, by window."""
    yield f"{trace}: {_clocks(clock)}"
    if clock.n_mixed:
        yield (
            f"  Clocks of several resolutions meet on {_n(clock.n_mixed, 'object')}. At a window, traces of a clock "
            "coarser than half of it take no part, so that nothing coarse is compared with what is finer than it: "
            "n_coarse counts the traces left out, n_cut the objects that they are cut from."
        )
    refused = [format_duration(r["window_us"]) for r in rows if r["status"] == REFUSED]
    if refused:
        yield (
            f"  Refused: {', '.join(refused)}. Two times that the clock cannot tell apart are no coincidence; the "
            f"smallest window that can be tested is {format_duration(clock.smallest_us or 0)}."
        )
    usable = [r for r in rows if r["status"] == USABLE]
    if not usable:
        no_data = any(r["status"] == NO_DATA for r in rows)
        why = (
            "fewer than two accounts touch two objects that others touch too" if no_data else "the times are too coarse"
        )
        yield f"  Insufficient data: {why}. No window helps."
        return
    yield from _objects(usable)
    yield f"  {_recommended(trace, usable)}"


def _clocks(clock: Clock) -> str:
    known = [f"{format_duration(r)} ({_n(n, 'trace')})" for r, n in sorted(clock.rows.items()) if r != UNKNOWN]
    if unknown := clock.rows.get(UNKNOWN):
        known.append(
            f"unknown ({_n(unknown, 'trace')}): nothing is refused, so declare what the source's clock can tell apart "
            "with --resolution"
        )
    return f"clock of {', '.join(known)}." if known else "no traces."


def _objects(usable: list[dict[str, Any]]) -> Iterator[str]:
    first = usable[0]
    if first["median_q"] is None:
        yield "  Every shared object has two sharers: whom they waited for, nobody can tell. Times say nothing here."
    elif first["two_sharers"] >= 0.01:
        yield f"  {first['two_sharers']:.0%} of the shared objects have two sharers only; their times say nothing."
    if crowded := [r for r in usable if r["bursts"] is not None and r["bursts"] >= 0.5]:
        yield (
            f"  From {format_duration(crowded[0]['window_us'])} on, half of the objects are bursts: half of all their "
            "sharers coincide by the object's own curve."
        )


def _recommended(trace: str, usable: list[dict[str, Any]]) -> str:
    default = DEFAULT_WINDOWS_US.get(trace, OTHER_WINDOW_US)
    base = next((r for r in usable if r["window_us"] >= default), usable[-1])
    good = [r for r in usable if r["power_10_1"] >= GOOD]
    if base["power_20_1"] < POOR and not good:
        return (
            f"Recommended: none. Even a pair that acts together on 20 objects within "
            f"{format_duration(base['window_us'])} would be an edge in {base['power_20_1']:.0%} of cases only."
        )
    if good and base not in good:
        base = max((r for r in good if r["window_us"] < base["window_us"]), key=_window, default=good[0])
    chances = ", ".join(f"{base[f'power_{m}_1']:.2f}" for m in OBJECTS)
    sentence = (
        f"Recommended: --window {switch(base['window_us'])}. A pair that acts together within it on "
        f"{', '.join(map(str, OBJECTS))} objects would be an edge with probability {chances}; a middling pair needs "
        f"{_needs(base['needs_1'])}, and {_needs(base['needs_100'])} where a hundred pairs do so."
    )
    if good and good[-1]["window_us"] > base["window_us"]:
        widest = good[-1]["window_us"]
        sentence += (
            f" For slower operations add {switch(widest)}, the widest window tried at which 10 objects still suffice "
            f"in {GOOD:.0%} of cases; each further window costs every other a little."
        )
    return sentence


def _window(row: dict[str, Any]) -> int:
    return int(row["window_us"])


def _needs(n: int | None) -> str:
    return "more than 200" if n is None else f"{n}"


def switch(window_us: int) -> str:
    """A window as the switch --window takes it: 60s, 10m, 1h."""
    if window_us == 60_000_000:
        return "60s"
    size, unit = next((size, unit) for size, unit in _UNITS if window_us % size == 0)
    return f"{window_us // size}{unit}"


def _n(n: int, noun: str) -> str:
    return f"{n:,} {noun}" + ("" if n == 1 else "s")
