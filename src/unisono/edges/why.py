"""Why two accounts are an edge, or are none, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from unisono.clean.time import format_duration, format_time
from unisono.edges.rows import DRIVEN, NO_DATA
from unisono.nulls.layer import TIMING_HOLDS
from unisono.pairs.on_demand import windows_of
from unisono.study import Study


def why_lines(study: Study, pairs: pa.Table, evidence: pa.Table, a: str, b: str) -> Iterator[str]:
    """The verdict on two accounts for each trace and window, then their least likely co-actions."""
    asked = [f"{t} at {format_duration(w)}" for t, windows in windows_of(study).items() for w in windows]
    for trace in (t for t, windows in windows_of(study).items() if not windows):
        reasons = [n for n in study.manifest.stages["pair"].notes if n.startswith(f"{trace} ")]
        yield f"Not testable by {trace}: {'; '.join(reasons) or 'it was paired at no window'}."
    if not pairs.num_rows:
        if asked:
            yield f"{a} and {b} never co-acted: no common object within a window ({'; '.join(asked)})."
        yield "There is nothing to test between them."
        return
    tested = {(r["trace"], r["window_us"]): r for r in _tests(study, a, b)}
    for row in pairs.to_pylist():
        yield _seen(row)
        yield "  " + judged(tested.get((row["trace"], row["window_us"])))
    yield "This says how often chance would do the same, not why they do it, nor who is behind them."
    for e in sorted(evidence.to_pylist(), key=lambda e: (e["q_o"], e["t_a"]))[:5]:
        yield (
            f"  {e['trace']} {e['object_id']}: {format_time(e['t_a'])} and {format_time(e['t_b'])}, "
            f"{format_duration(abs(e['lag_us']))} apart; of all pairs of accounts on it {e['q_o']:.2%} are that close."
        )


def judged(row: dict[str, Any] | None) -> str:
    """What the tests say of a pair in one layer: a row of `edges`, None where it was not tested."""
    if row is None or row["expected_timing"] is None:
        return "Too few to test: fewer than two objects on which the first acts of both fall together."
    n, q = row["n_first"], row["q"]
    if row["status"] == NO_DATA:
        return f"Insufficient data: nobody else touched what they share, so {n} coincidences cannot be judged."
    if row["is_edge"] and row["basis"] == "timing":
        return (
            f"An edge: {n} coincidences where the times of those objects predict {row['expected_timing']:.2g} "
            f"(timing, q = {q:.2g}), in a group that was certified on objects on which it was not found."
        )
    chance = f"{n} coincidences; chance predicts {row['expected']:.2g} (q = {q:.2g} over {row['n_tests']:,} pairs)"
    if row["is_edge"]:
        return f"An edge: {chance}."
    if row["status"] == DRIVEN:
        return (
            f"No edge: they share the same things beyond chance (q = {row['q_selection']:.2g}), but their times make "
            f"no edge of it (p = {row['p_timing']:.2g}): interest, or a list worked off over hours."
        )
    if row["p_timing"] > TIMING_HOLDS:
        return (
            f"No edge: {chance}, and given what they share their times are nothing special (p = {row['p_timing']:.2g})."
        )
    return f"No edge: {chance}."


def _tests(study: Study, a: str, b: str) -> list[dict[str, Any]]:
    if not study.has("edges"):
        return []
    a, b = sorted((a, b), key=str.encode)
    rows = study.read("edges", where=(pc.field("account_a") == a) & (pc.field("account_b") == b))
    found: list[dict[str, Any]] = rows.to_pylist()
    return found


def _seen(row: dict[str, int | str]) -> str:
    n = int(row["n_objects"])
    where = f"{row['trace']} within {format_duration(int(row['window_us']))}"
    objects = f"{n} object" + ("" if n == 1 else "s")
    days = f"{row['n_days']} day" + ("" if row["n_days"] == 1 else "s")
    return f"{row['account_a']} and {row['account_b']} co-acted on {objects} ({where}), on {days}."
