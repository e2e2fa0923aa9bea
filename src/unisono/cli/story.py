"""The story of a study in about fifteen lines."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from unisono.clean.time import format_time
from unisono.exports.report.checked import synchrony
from unisono.study import Study

_LEADS = (pc.field("profile") == "leadership") & (pc.field("status") == "found")
_DRIVEN = "selection_driven"


def summary(study: Study) -> list[str]:
    """The story of a study in about fifteen lines."""
    m, lines = study.manifest, []
    rows, kept = sum(s.rows for s in m.sources.values()), sum(s.kept for s in m.sources.values())
    lines.append(f"Read: {_n(len(m.sources), 'file')}, {_n(rows, 'row')}; {kept:,} used, {rows - kept:,} rejected.")
    reasons: dict[str, int] = {}
    for s in m.sources.values():
        for reason, n in s.rejects.items():
            reasons[reason] = reasons.get(reason, 0) + n
    if reasons:
        lines.append(
            "Rejected: " + ", ".join(f"{r} {n:,}" for r, n in sorted(reasons.items(), key=lambda x: -x[1])) + "."
        )
    if "traces" in m.tables:
        lines.append(f"Traces: {m.tables['traces'].rows:,}.")
    if "edges" in m.tables:
        lines.extend(_edges(study))
    if "groups" in m.tables:
        members = pc.count_distinct(study.read("members", ["account_id"]).column("account_id")).as_py()
        lines.append(
            f"Coordinated behaviour observed: {_n(m.tables['groups'].rows, 'group')}, {_n(members, 'account')}."
        )
        lines.extend(_largest(study))
        if m.tables["groups"].rows:
            lines.append("Beyond chance is no verdict: crowds, newsrooms and fan clubs act together too.")
    lines.extend(_beside_pairs(study))
    lines.extend(f"Note: {n}" for n in m.notes)
    return lines


def _edges(study: Study) -> Iterable[str]:
    """What the tests of pairs say. Rows of trace 'all' combine a pair's behaviours: they are no further edges."""
    table = study.read("edges", ["trace", "account_a", "account_b", "is_edge", "status"])
    table = table.filter(pc.not_equal(table.column("trace"), "all"))
    stage = study.manifest.stages.get("test")
    n_tests, fdr = (stage.facts["n_tests"], stage.facts["fdr"]) if stage else (0, 0.05)
    called = _pairs(table.filter(table.column("is_edge")))
    pairs = called.num_rows
    rate = f"at a false-discovery rate of {100 * fdr:g} %"
    if pairs:
        yield (
            f"Pairs: {_n(pairs, 'pair')} of accounts beyond chance, of {n_tests:,} tested, {rate}: chance alone is "
            f"expected to explain at most {math.ceil(fdr * pairs):,} of them."
        )
    elif n_tests:
        yield f"Pairs: no pair beyond chance was found among {n_tests:,} tested, {rate}."
    else:
        yield "Pairs: none could be tested."
    others = {s: _pairs(table.filter(pc.equal(table.column("status"), s))) for s in ("insufficient_data", _DRIVEN)}
    left = {s: rows.join(called, called.column_names, join_type="left anti").num_rows for s, rows in others.items()}
    if n := left["insufficient_data"]:
        yield f"Insufficient data: {_n(n, 'pair')} whose common objects hardly anybody else touched."
    if n := left[_DRIVEN]:
        yield f"Same things, not by their times: {_n(n, 'pair')}; interest, or a task sheet, and no edge."


def _pairs(rows: pa.Table) -> pa.Table:
    return rows.group_by(["account_a", "account_b"]).aggregate([])


def _beside_pairs(study: Study) -> Iterable[str]:
    """What was found without pairs, and who comes first. What could not be tested is in the notes, not here."""
    stages = study.manifest.stages
    if study.has("synchrony"):
        yield from _synchrony(study)
    if study.has("moments") and (n_tests := sum(n for _, _, n in stages["moment"].facts["tested"])):
        found = pc.count_distinct(study.read("moments", ["object_id"]).column("object_id")).as_py()
        yield f"Moments: bursts beyond its own curve on {_n(found, 'object')} ({_n(n_tests, 'test')})."
    if study.has("reactions") and (n_pairs := study.manifest.tables["reactions"].rows):
        called = study.read("reactions", ["account_id", "author_id"], pc.field("is_reaction"))
        accounts, authors = (pc.count_distinct(c).as_py() for c in called.columns)
        yield (
            f"Reactions: {_n(accounts, 'account')} within seconds of {_n(authors, 'author')}, beyond haste and habit "
            f"({_n(n_pairs, 'pair')} of account and author)."
        )
    if study.has("profiles") and study.manifest.tables["profiles"].rows:
        found = study.read("profiles", ["status"], _LEADS).num_rows
        yield f"Who comes first: {_n(found, 'member')} of groups more often than chance."


def _synchrony(study: Study) -> Iterable[str]:
    if found := synchrony(study, study.manifest.stages["test"].facts["fdr"]):
        yield (
            f"Keeping time: {_n(found.own, 'account')} in company oftener than their own hours explain, "
            f"{found.crowd:,} oftener than common moments do ({_n(found.n, 'test')} each)."
        )


def _largest(study: Study, most: int = 5) -> Iterable[str]:
    groups = study.read("groups").sort_by("rank").slice(0, most).to_pylist()
    for g in groups:
        yield (
            f"  {g['rank']}. group {g['group_id']}: {g['n_accounts']:,} accounts, {_n(g['n_edges'], 'link')}, "
            f"{_real(g['true_edges_at_least'] or 0)}{_q(g['q'])} "
            f"({', '.join(g['traces'])}), {format_time(g['first_us'])} to {format_time(g['last_us'])}"
        )


def _real(least: int) -> str:
    return f"at least {least:,} of all its pairs real" if least else "none of which is sure by itself"


def _q(q: float | None) -> str:
    return "" if q is None else f", q = {q:.2g}"


def _n(n: int, noun: str) -> str:
    return f"{n:,} {noun}" + ("" if n == 1 else "s")
