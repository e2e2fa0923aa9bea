"""Why two accounts are linked, or are not: their tests and their least likely co-actions, told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from unisono.pairs.on_demand import windows_of
from unisono.pairs.twins import other_names
from unisono.study import Study
from unisono.traces import meaning
from unisono.words import groups, links
from unisono.words.links import ALL, Link

TOLD = 5
"""Co-actions that are told."""


def why_lines(study: Study, pairs: pa.Table, evidence: pa.Table, a: str, b: str) -> Iterator[str]:
    """The verdict on two accounts for each behaviour and window, then their least likely co-actions.

    pairs, evidence: of these two, as `pair_of` finds them.
    """
    windows = windows_of(study)
    a, b = sorted((a, b), key=str.encode)
    for trace in (t for t, at in windows.items() if not at):
        notes = study.manifest.stages["pair"].notes
        yield links.no_window(trace, [n for n in notes if n.startswith(f"{trace} ")])
    seen = {(r["trace"], r["window_us"]): r for r in pairs.to_pylist()}
    tested = {(r["trace"], r["window_us"]): r for r in _tests(study, a, b) if r["trace"] != ALL}
    if not seen and not tested:
        yield from links.never_met(a, b, [(t, w) for t, at in windows.items() for w in at])
        return
    for key in sorted(seen.keys() | tested.keys()):
        link = Link.of(seen.get(key, {}) | tested.get(key, {}), meaning(key[0]))
        yield links.met(a, b, link)
        yield f"  {links.verdict(link)}"
    yield links.CAVEAT
    if first := _always_first(study, a, b):
        yield groups.always_first(first, len(first))
    yield from _may_be(study, f"{a} {b}")
    for e in sorted(evidence.to_pylist(), key=lambda e: (e["q_o"] is None, e["q_o"], e["t_a"]))[:TOLD]:
        others = other_names(study, e["trace"], e["object_id"])
        yield f"  {links.co_action(e['trace'], e['object_id'], e['t_a'], e['t_b'], e['q_o'], others)}"


def _may_be(study: Study, pair: str) -> list[str]:
    """What else could explain two accounts that are linked and share no group."""
    if not study.has("profiles"):
        return []
    here = (pc.field("subject") == "pair") & (pc.field("subject_id") == pair) & (pc.field("status") == "found")
    said: list[str] = study.read("profiles", ["alternatives"], here)["alternatives"].to_pylist()
    return said


def _always_first(study: Study, a: str, b: str) -> list[str]:
    if not study.has("members"):
        return []
    here = pc.field("account_id").isin([a, b]) & pc.field("always_first")
    return sorted(set(study.read("members", ["account_id"], here)["account_id"].to_pylist()))


def _tests(study: Study, a: str, b: str) -> list[dict[str, Any]]:
    if not study.has("edges"):
        return []
    rows = study.read("edges", where=(pc.field("account_a") == a) & (pc.field("account_b") == b))
    found: list[dict[str, Any]] = rows.to_pylist()
    return found
