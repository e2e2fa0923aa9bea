"""Whether a study is still what was written."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from unisono.study import Study, schema_of
from unisono.study.files import sha256_file
from unisono.study.hashing import ContentHash
from unisono.tables import Table


def problems(study: Study) -> list[str]:
    """Everything that does not agree with the manifest, a sentence each; empty where all is well."""
    m = study.manifest
    if not m.stages:
        return ["no stage was finished in it"]
    changed = list(_changed_files(study))
    if changed:  # contents of changed files need not even be readable
        return changed
    return [*_changed_tables(study), *_broken_chain(study), *_lost_rows(study)]


def _changed_files(study: Study) -> Iterator[str]:
    recorded = {n: f.sha256 for t in study.manifest.tables.values() for n, f in t.files.items()}
    recorded |= {n: f.sha256 for n, f in study.manifest.files.items()}
    for name in sorted(recorded):
        path = study.path / name
        if not path.is_file():
            yield f"{name} is gone"
        elif sha256_file(path) != recorded[name]:
            yield f"{name} was changed"


def _changed_tables(study: Study) -> Iterator[str]:
    for name, record in sorted(study.manifest.tables.items()):
        try:
            rows, content, ordered = _walk(study, schema_of(name))
        except (pa.ArrowInvalid, OSError, KeyError, TypeError):
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
    hashes = {n: t.content_hash for n, t in study.manifest.tables.items()}
    for name, stage in study.manifest.stages.items():
        for table, content in stage.inputs.items():
            if hashes.get(table) != content:
                yield f"stage {name} was made from another {table}"


def _lost_rows(study: Study) -> Iterator[str]:
    for name, source in study.manifest.sources.items():
        if source.rows != source.kept + sum(source.rejects.values()):
            yield f"rows of {name} do not add up"
