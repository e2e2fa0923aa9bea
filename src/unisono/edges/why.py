"""Why two accounts are an edge, or are none, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from unisono.clean.time import format_duration, format_time
from unisono.edges.build import MIN_OBJECTS
from unisono.edges.on_demand import windows_of
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
    for row in pairs.to_pylist():
        yield _verdict(row)
    yield "This is a rule of thumb and no test: nothing here says how often chance would do the same."
    for e in sorted(evidence.to_pylist(), key=lambda e: (e["q_o"], e["t_a"]))[:5]:
        yield (
            f"  {e['trace']} {e['object_id']}: {format_time(e['t_a'])} and {format_time(e['t_b'])}, "
            f"{format_duration(abs(e['lag_us']))} apart; of all pairs of accounts on it {e['q_o']:.2%} are that close."
        )


def _verdict(row: dict[str, int | str]) -> str:
    n = int(row["n_objects"])
    where = f"{row['trace']} within {format_duration(int(row['window_us']))}"
    objects = f"{n} object" + ("" if n == 1 else "s")
    days = f"{row['n_days']} day" + ("" if row["n_days"] == 1 else "s")
    what = f"{row['account_a']} and {row['account_b']} co-acted on {objects} ({where}), on {days}"
    if n >= MIN_OBJECTS:
        return f"{what}: an edge by the rule of {MIN_OBJECTS} or more."
    return f"{what}: no edge, the rule asks for {MIN_OBJECTS} or more."
