"""Whether a study is still what was written: every line of its manifest against its files and against the others.

A hash that lies in the folder it is about finds accidents and edits. Somebody who changes tables and computes every
hash anew, as unisono would, is found by the fingerprint alone, and only where it was kept elsewhere.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from unisono.study.errors import UserError
from unisono.study.files import inside, sha256_file, sha256_inside
from unisono.study.folder import KEPT, Study, schema_of
from unisono.study.hashing import ContentHash
from unisono.study.lock import LOCK
from unisono.study.manifest import MANIFEST, SETTINGS, SourceRecord, digest
from unisono.study.settings import load_settings
from unisono.tables import Table


def problems(study: Study) -> list[str]:
    """Everything that does not agree with the manifest, a sentence each; empty where all is well."""
    m = study.manifest
    if not m.stages:
        return ["no stage was finished in it"]
    found = [*_half_done(study), *_changed_files(study)]
    if not found:  # contents of changed files need not even be readable
        found = [*_changed_tables(study), *_broken_chain(study), *_broken_keys(study), *_facts(study)]
        found += [*_sources(study), *_added(study)]
        # Rows are counted only in tables that are what was written.
        found = found or [*_lost_rows(study)]
    found += _strange_files(study)
    if m.fingerprint != m.made_fingerprint():
        found.append(f"{MANIFEST} was edited: its fingerprint is another")
    return found


def kept_files(study: Study) -> list[str]:
    """Files of the study that somebody changed and that a later run set aside, by path in the study."""
    return [n for n in _others(study) if KEPT in n]


def changed_sources(study: Study) -> list[str]:
    """Sources of a study that are not what was read, a sentence each. Raises UserError where study.yaml is gone."""
    settings = load_settings(study.settings_file)
    read = study.manifest.stages.get("read")
    recorded = read.settings.get("sources", []) if read else []
    paths = [Path(s) for s in settings.sources]
    found = []
    if [p.name for p in paths] != [str(name).rsplit("/", 1)[-1] for name, _ in recorded]:
        found.append(f"the sources that {SETTINGS} names are not those that were read")
    for path, (_, sha) in zip(paths, recorded, strict=False):
        if not path.is_file():
            found.append(f"{path} is not there (paths are as they were given: go to the folder of that command)")
        elif sha256_file(path) != sha:
            found.append(f"{path} is not the file that was read")
    known = study.manifest.stages["report"].settings.get("known_sha256") if "report" in study.manifest.stages else None
    if known and not (Path(settings.known or "").is_file() and sha256_file(Path(settings.known or "")) == known):
        found.append(f"{settings.known} is not the table of known networks that the report used")
    return found


def _half_done(study: Study) -> Iterator[str]:
    if study.manifest.unfinished:
        yield "a run was stopped half-way (the same command goes on from there)"


def _changed_files(study: Study) -> Iterator[str]:
    for name, record in sorted(study.manifest.all_files.items()):
        try:
            changed = sha256_inside(study.path, name) != record.sha256
            changed = changed or inside(study.path, name).stat().st_size != record.bytes
        except UserError as e:
            yield e.what
        except FileNotFoundError:
            yield f"{name} is gone"
        else:
            if changed:
                yield f"{name} was changed"


def _others(study: Study) -> list[str]:
    """Everything in the folder that the manifest does not name, by path in the study; no link is followed."""
    named, found = {*study.manifest.all_files, *study.manifest.unfinished, MANIFEST}, []
    for folder, folders, files in os.walk(study.path):
        at = Path(folder)
        links = [f for f in (*folders, *files) if (at / f).is_symlink()]
        plain = [f for f in files if f not in links]
        inner = at.relative_to(study.path)
        found += [(inner / f).as_posix() for f in links]
        found += [n for f in plain if (n := (inner / f).as_posix()) not in named and n != LOCK]
        if not folders and not files and inner.as_posix() not in (".", "csv"):
            found.append(inner.as_posix())
    return sorted(found)


def _strange_files(study: Study) -> Iterator[str]:
    if strange := [n for n in _others(study) if KEPT not in n]:
        more = f" and {len(strange) - 10:,} more" if len(strange) > 10 else ""
        yield f"files that are no part of the study: {', '.join(strange[:10])}{more}"


def _changed_tables(study: Study) -> Iterator[str]:
    for name, record in sorted(study.manifest.tables.items()):
        if list(record.files) != [f"{name}.parquet"]:
            yield f"the table {name} is said to be in {', '.join(record.files)}"
            continue
        try:
            rows, content, ordered = _walk(study, schema_of(name))
        except (pa.ArrowInvalid, OSError, KeyError, TypeError, UserError):
            yield f"{name} is no such table"
            continue
        if rows != record.rows or content != record.content_hash:
            yield f"the content of {name} is not what the manifest says"
        elif not ordered:
            yield f"{name} is not sorted by its key"


def _walk(study: Study, table: Table) -> tuple[int, str, bool]:
    """Rows and content hash of a table as it is on disk, and whether it is in key order."""
    content, rows, ordered, last = ContentHash(table.schema), 0, True, None
    for batch in study.batches(table.name):
        piece = pa.Table.from_batches([batch])
        content.update(piece)
        rows += piece.num_rows
        ordered &= _in_order(piece, table.key, last)
        last = piece.slice(piece.num_rows - 1)
    return rows, content.hexdigest(), ordered


def _in_order(table: pa.Table, key: tuple[str, ...], last: pa.Table | None) -> bool:
    """Whether rows, after the last one of the batch before, do not go down in the key."""
    rows = table.select(key) if last is None else pa.concat_tables([last.select(key), table.select(key)])
    fine = tied = pa.array([True] * (rows.num_rows - 1), pa.bool_())
    for name in key:
        before, after = rows.column(name).slice(0, rows.num_rows - 1), rows.column(name).slice(1)
        fine = pc.and_(fine, pc.or_(pc.invert(tied), pc.greater_equal(after, before)))
        tied = pc.and_(tied, pc.equal(after, before))
    return bool(pc.all(fine).as_py() is not False)


def _broken_chain(study: Study) -> Iterator[str]:
    m = study.manifest
    if len(m.tables) < sum(len(s.tables) for s in m.stages.values()):
        yield "two stages are said to have made one table"
    for name, stage in m.stages.items():
        for table, content in stage.inputs.items():
            made = m.tables.get(table)
            if made is None or made.content_hash != content:
                yield f"stage {name} was made from another {table}"
            elif stage.said.get(table) != m.stages[m.maker(table)].says:
                yield f"what was noted beside {table} is not what stage {name} was made from"


def _broken_keys(study: Study) -> Iterator[str]:
    for name, stage in study.manifest.stages.items():
        if stage.key != stage.made_key(name):
            yield f"the key of stage {name} is not that of its inputs, settings and version"
    if study.manifest.unisono not in {s.unisono for s in study.manifest.stages.values()}:
        yield f"no stage was made by version {study.manifest.unisono}"


def _facts(study: Study) -> Iterator[str]:
    """A fact that repeats a setting is that setting."""
    for name, stage in study.manifest.stages.items():
        for fact in stage.facts.keys() & stage.settings.keys() - {"sources"}:
            if stage.facts[fact] != stage.settings[fact]:
                yield f"stage {name} says {fact} = {stage.facts[fact]} and was given {stage.settings[fact]}"


def _sources(study: Study) -> Iterator[str]:
    """The sources are those that were read; each one's rows add up."""
    m = study.manifest
    read = next((s for s in m.stages.values() if "sources" in s.facts), None)
    if read is None:
        if m.sources:
            yield "sources are named that no stage read"
        return
    if read.facts["sources"] != digest({n: s.model_dump(mode="json") for n, s in m.sources.items()}):
        yield "the sources are not those that were read"
    given = dict(read.settings.get("sources", []))
    for name, sha in given.items():
        if not any(_is_of(n, s, name, sha) for n, s in m.sources.items()):
            yield f"{name} was read, and what became of its rows is not told"
    for name, source in m.sources.items():
        if not any(_is_of(name, source, n, sha) for n, sha in given.items()):
            yield f"{name} is no source that was read"
        if source.rows != source.kept + sum(source.rejects.values()):
            yield f"rows of {name} do not add up"


def _is_of(name: str, source: SourceRecord, given: str, sha: str) -> bool:
    """Whether a source is the file that was given, or a member of it."""
    return (name == given and source.sha256 == sha) or name.startswith(f"{given}/")


def _added(study: Study) -> Iterator[str]:
    """What a user added: rows in are rows kept, repeated and rejected."""
    for what, table in (("signals", "signals"), ("accounts", "accounts_added")):
        if stage := study.manifest.stages.get(f"add_{what}"):
            facts = stage.facts
            out = (facts.get("kept", 0), facts.get("repeated", 0), *dict(facts.get("rejects", {})).values())
            if facts.get("rows") != sum(out) or out[0] != stage.tables[table].rows:
                yield f"rows of the {what} that were added do not add up"


def _lost_rows(study: Study) -> Iterator[str]:
    """Every row of every source is an event or a reject, in the tables as in the manifest."""
    sources = study.manifest.sources
    if not sources:
        return
    if study.has("rejects"):
        said = Counter({(n, r): k for n, s in sources.items() for r, k in s.rejects.items()})
        if said != _counts(study, "rejects", ["source_file", "reason"]):
            yield "the rejects are not as many as the sources say"
    reader = next((s for s in study.manifest.stages.values() if "events" in s.tables), None)
    if reader is None or "traces" in reader.tables:  # rows that are traces already are no events
        return
    if Counter({(n,): s.kept for n, s in sources.items()}) != _counts(study, "events", ["source_file"]):
        yield "the events are not as many as the sources say"


def _counts(study: Study, table: str, columns: list[str]) -> Counter[tuple[str, ...]]:
    rows = study.read(table, columns, dictionary=columns).group_by(columns).aggregate([([], "count_all")])
    return Counter({tuple(r[c] for c in columns): r["count_all"] for r in rows.to_pylist()})
