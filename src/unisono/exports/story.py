"""A study told in about fifteen lines: in the terminal, and wherever a study is looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from unisono.exports.report import co_actors, sequences
from unisono.exports.report.checked import synchrony
from unisono.study import Study
from unisono.words import co_actors as words
from unisono.words import groups as group_words
from unisono.words import sequences as sequence_words
from unisono.words import story, verdict
from unisono.words.links import ALL, DRIVEN, NO_DATA, bases
from unisono.words.numbers import apart, count

LARGEST = 5
"""Groups that are told, by rank."""
_LIKENESS = (pc.field("profile") == "lookalike") & (pc.field("subject") == "group")
_LEADS = (pc.field("profile") == "leadership") & (pc.field("status") == "found")


def summary(study: Study) -> list[str]:
    """What was read, what was found, and what to mind; as far as the study's stages have come."""
    return [*_read(study), *_found(study), *_beside_pairs(study), *(f"Note: {n}" for n in study.manifest.notes)]


def in_short(study: Study) -> list[str]:
    """The four lines that matter: what was found, what was read, how sure, and what it does not say."""
    tables, sources = study.manifest.tables, study.manifest.sources.values()
    lines = [f"Read: {story.read(len(sources), sum(s.rows for s in sources), sum(s.kept for s in sources))}"]
    if "groups" in tables and "edges" in tables:
        called = study.read("edges", ["account_a", "account_b", "trace"], pc.field("is_edge"))
        links = _pairs(called.filter(pc.not_equal(called["trace"], ALL))).num_rows
        members, first = _members(study)
        lines.insert(0, f"{story.headline(tables['groups'].rows, members, links, first)}.")
        lines.append(next(iter(_links(study))))
        lines.append(story.NOT_YET if links else story.LINKED_WHEN)
    return lines


def _read(study: Study) -> Iterator[str]:
    sources = study.manifest.sources.values()
    yield f"Read: {story.read(len(sources), sum(s.rows for s in sources), sum(s.kept for s in sources))}"
    reasons: Counter[str] = sum((Counter(s.rejects) for s in sources), Counter())
    if reasons:
        yield story.rejected(sorted(reasons.items(), key=lambda x: (-x[1], x[0])))
    if "traces" in study.manifest.tables:
        yield f"Traces: {study.manifest.tables['traces'].rows:,}."


def _found(study: Study) -> Iterator[str]:
    tables = study.manifest.tables
    if "edges" in tables:
        yield from _links(study)
    if "groups" in tables:
        members, first = _members(study)
        yield f"{story.OBSERVED}: {count(tables['groups'].rows, 'group')}, {apart(members, first)}."
        findings = _findings(study)
        yield from _largest(study, findings or {})
        yield from _explained(study, findings)
        if tables["groups"].rows:
            yield story.NOT_YET


def _members(study: Study) -> tuple[int, int]:
    """Accounts in groups, and how many of them are always first."""
    members = study.read("members", ["account_id", "always_first"])
    first = members.filter(pc.fill_null(members["always_first"], False))
    n, n_first = (pc.count_distinct(x["account_id"]).as_py() for x in (members, first))
    return n, n_first


def _most(n_tests: pa.ChunkedArray) -> int:
    """Size of the largest test family, where no stage of this study says it."""
    return int(pc.max(n_tests).as_py() or 0)


def _links(study: Study) -> Iterator[str]:
    """What the tests of pairs say. Rows of trace 'all' combine a pair's behaviours: they are no further links."""
    table = study.read("edges", ["trace", "account_a", "account_b", "is_edge", "status", "basis", "q", "n_tests"])
    table = table.filter(pc.not_equal(table.column("trace"), ALL))
    stage = study.manifest.stages.get("test")
    n_tests, fdr = (stage.facts["n_tests"], stage.facts["fdr"]) if stage else (_most(table["n_tests"]), 0.05)
    edges = table.filter(table.column("is_edge"))
    called = _pairs(edges)
    yield f"Pairs: {story.linked(called.num_rows, n_tests, fdr)}"
    if called.num_rows:
        yield bases(_by_test(edges), called.num_rows)
    for status, told in ((NO_DATA, story.too_little), (DRIVEN, story.driven)):
        others = _pairs(table.filter(pc.equal(table.column("status"), status)))
        if n := others.join(called, called.column_names, join_type="left anti").num_rows:
            yield told(n)


def _by_test(edges: pa.Table) -> list[tuple[str, int]]:
    """(basis, pairs), each pair by its edge of the smallest q, the most frequent first."""
    ranked = edges.filter(pc.is_valid(edges["basis"])).sort_by([("q", "ascending"), ("basis", "ascending")])
    best = ranked.group_by(["account_a", "account_b"], use_threads=False).aggregate([("basis", "first")])
    counted = Counter(best["basis_first"].to_pylist())
    return sorted(counted.items(), key=lambda x: (-x[1], x[0]))


def _pairs(rows: pa.Table) -> pa.Table:
    return rows.group_by(["account_a", "account_b"]).aggregate([])


def _beside_pairs(study: Study) -> Iterator[str]:
    """What was found without pairs, and who comes first. What could not be tested is in the notes, not here."""
    stages, tables = study.manifest.stages, study.manifest.tables
    if study.has("synchrony") and (found := synchrony(study, stages["test"].facts["fdr"])):
        yield f"Keeping time: {story.keeping_time(found.own, found.crowd, found.n)}"
    looked = stages["moment"].facts["tested"] if "moment" in stages else []
    if study.has("moments") and (n_tests := sum(n for _, _, n in looked)):
        objects = pc.count_distinct(study.read("moments", ["object_id"]).column("object_id")).as_py()
        yield f"Moments: {story.moments(objects, n_tests)}"
    if company := co_actors.gather(study):
        told = words.found(company.n, company.n_tests, company.outside, company.gatherings)
        yield f"Co-actors: {told} {words.MAY_BE if company.n else ''}".rstrip()
    if ordered := sequences.gather(study):
        told = sequence_words.found(ordered.n, ordered.n_tests, ordered.lists)
        yield f"Sequences: {told} {sequence_words.MAY_BE if ordered.n else ''}".rstrip()
    if study.has("reactions") and (n_pairs := tables["reactions"].rows):
        fast = study.read("reactions", ["account_id", "author_id"], pc.field("is_reaction"))
        accounts, authors = (pc.count_distinct(c).as_py() for c in fast.columns)
        yield f"Reactions: {story.reactions(accounts, authors, n_pairs)}"
    if study.has("profiles") and tables["profiles"].rows:
        yield f"Who comes first: {story.leaders(study.read('profiles', ['status'], _LEADS).num_rows)}"
        yield from _control(study)


def _control(study: Study) -> Iterator[str]:
    """The largest groups beside matched groups of another study, where there is one."""
    rows = study.read("profiles", ["group_id", "finding", "value_text"], pc.field("profile") == "control").to_pylist()
    if not rows:
        return
    yield "Beside matched groups of ordinary accounts:"
    for g in study.read("groups", ["group_id", "rank"]).sort_by("rank").slice(0, LARGEST).to_pylist():
        for r in (r for r in rows if r["group_id"] == g["group_id"]):
            yield f"  {group_words.beside_others(g['rank'], r['finding'], r['value_text'])}"


def _findings(study: Study) -> dict[str, list[str]] | None:
    """Open explanations that fit, by group; None where none could be looked for."""
    if not study.has("profiles"):
        return None
    rows = study.read("profiles", ["group_id", "finding", "status"], _LIKENESS).to_pylist()
    if not any(r["status"] != "insufficient_data" for r in rows):
        return None
    fits: dict[str, list[str]] = {}
    for r in rows:
        if r["status"] == "found":
            fits.setdefault(r["group_id"], []).append(r["finding"])
    return fits


def _explained(study: Study, findings: dict[str, list[str]] | None) -> Iterator[str]:
    groups = study.read("groups", ["group_id", "rank", "n_accounts"]).sort_by("rank").to_pylist()
    told = [(g["rank"], g["n_accounts"], (findings or {}).get(g["group_id"], [])) for g in groups]
    yield from verdict.explained(told, findings is not None)


def _largest(study: Study, findings: dict[str, list[str]]) -> Iterator[str]:
    """The first groups by rank, those that no open explanation fits before the others."""
    groups = study.read("groups").sort_by("rank").to_pylist()
    groups.sort(key=lambda g: bool(findings.get(g["group_id"])))
    for g in groups[:LARGEST]:
        line = group_words.line(
            g["rank"], g["group_id"], g["n_accounts"], g["n_always_first"] or 0, g["n_edges"],
            g["true_edges_at_least"], g["q"], g["traces"],
            g["first_us"], g["last_us"],
        )  # fmt: skip
        likely = "; or ".join(verdict.open_reason(f) for f in findings.get(g["group_id"], []))
        yield f"  {line}" + (f"; may be {likely}" if likely else "")
