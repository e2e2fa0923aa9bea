"""The study folder: tables, manifest, lock, and stages that run once and resume.

A stage writes aside, fsyncs, takes its old results out of the manifest, renames, then names the new ones.
Killed anywhere, the manifest still names only files that are whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import filelock
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from unisono.study.errors import UserError, close_to
from unisono.study.files import fsync_folder, sha256_file
from unisono.study.manifest import FileRecord, Manifest, SourceRecord, StageRecord, TableRecord, load_manifest
from unisono.tables import TABLES, Table
from unisono.version import __version__

if TYPE_CHECKING:
    from unisono.study.writer import TableWriter


class StageOutput:
    """Where a running stage puts its tables, files, notes and facts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tables: dict[str, TableRecord] = {}
        self.files: dict[str, FileRecord] = {}
        self.notes: list[str] = []
        self.facts: dict[str, Any] = {}
        self.sources: dict[str, SourceRecord] | None = None

    @contextmanager
    def table(self, table: Table) -> Iterator[TableWriter]:
        """Write one table, in key order."""
        from unisono.study.writer import TableWriter  # compiles; who only reads needs none of it

        with TableWriter(table, self.folder / f"{table.name}.parquet") as writer:
            yield writer
        self.tables[table.name] = writer.record

    @contextmanager
    def file(self, name: str) -> Iterator[Path]:
        """Write one other file (a report, a network); `name` may hold one folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        yield path
        with path.open("rb") as f:
            os.fsync(f.fileno())
        self.files[name] = FileRecord(sha256=sha256_file(path), bytes=path.stat().st_size)

    def note(self, text: str) -> None:
        """Say something that was refused, left out or assumed."""
        self.notes.append(text)


class Study:
    """A study folder that exists. `open_study` makes or opens one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest: Manifest = load_manifest(path / "manifest.json")

    def has(self, table: str) -> bool:
        """Whether the study holds this table."""
        return table in self.manifest.tables

    def file(self, table: str) -> Path:
        """The Parquet file of a table. Raises UserError where a stage is still to be run."""
        if not self.has(table):
            raise UserError(f"{self.path} has no table {table} yet", f"make it: {_remedy(table, self.path)}")
        return self.path / next(iter(self.manifest.tables[table].files))

    def read(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        where: pc.Expression | None = None,
        dictionary: Sequence[str] = (),
    ) -> pa.Table:
        """A table, or some of its columns and rows, in key order; columns in `dictionary` come encoded."""
        names = None if columns is None else list(columns)
        return pq.read_table(self.file(table), columns=names, filters=where, read_dictionary=list(dictionary))

    def batches(
        self, table: str, columns: Sequence[str] | None = None, rows: int = 1 << 18
    ) -> Iterator[pa.RecordBatch]:
        """A table in pieces, in key order."""
        with pq.ParquetFile(self.file(table)) as f:
            yield from f.iter_batches(batch_size=rows, columns=None if columns is None else list(columns))

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep a second run out. The system frees the lock when its holder dies. Raises UserError."""
        lock = filelock.FileLock(self.path / ".lock", blocking=False)
        try:
            lock.acquire()
        except filelock.Timeout:
            raise UserError(f"another unisono is at work in {self.path}", "wait for it, or use another --out") from None
        try:
            self.manifest = load_manifest(self.path / "manifest.json")
            yield
        finally:
            lock.release()

    def stage(
        self,
        name: str,
        *,
        needs: Sequence[str],
        settings: Mapping[str, Any],
        make: Callable[[StageOutput], None],
    ) -> bool:
        """Run a stage, unless its results are there already. Returns whether it ran."""
        inputs = {t: self.manifest.tables[t].content_hash for t in needs if self._sound(t)}
        key = _key(name, inputs, settings)
        old = self.manifest.stages.get(name)
        aside = self.path / f".{name}.new"
        shutil.rmtree(aside, ignore_errors=True)  # what a killed run left
        if old and old.key == key and self._whole(old):
            return False
        aside.mkdir()
        out = StageOutput(aside)
        try:
            make(out)
            record = StageRecord(
                key=key, inputs=inputs, settings=dict(settings),
                tables=out.tables, files=out.files, notes=out.notes, facts=out.facts,
            )  # fmt: skip
            self._commit(name, record, out)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        return True

    def _whole(self, stage: StageRecord) -> bool:
        files = stage.files | {n: f for t in stage.tables.values() for n, f in t.files.items()}
        return all(self._unchanged(n, f) for n, f in files.items())

    def _unchanged(self, name: str, file: FileRecord) -> bool:
        path = self.path / name
        return path.is_file() and path.stat().st_size == file.bytes and sha256_file(path) == file.sha256

    def _sound(self, table: str) -> Path:
        """The file of a table that a stage is about to read. Raises UserError where it is not what was written."""
        path = self.file(table)
        if not all(self._unchanged(n, f) for n, f in self.manifest.tables[table].files.items()):
            raise UserError(
                f"{path} is damaged: it is not what was written", f"make it again: {_remedy(table, self.path)}"
            )
        return path

    def _commit(self, name: str, record: StageRecord, out: StageOutput) -> None:
        for old in self._replaced_by(name, record):
            del self.manifest.stages[old]
        self.manifest.unisono = __version__
        self.manifest.save(self.path / "manifest.json")
        for file in sorted(p for p in out.folder.rglob("*") if p.is_file()):
            target = self.path / file.relative_to(out.folder)
            target.parent.mkdir(exist_ok=True)
            os.replace(file, target)
            fsync_folder(target.parent)
        self.manifest.stages[name] = record
        if out.sources is not None:
            self.manifest.sources = out.sources
        self.manifest.save(self.path / "manifest.json")
        self._remove_unnamed()

    def _remove_unnamed(self) -> None:
        """Remove results that the manifest no longer names: nobody shall open a report of other numbers."""
        named = {*self.manifest.files, *(n for t in self.manifest.tables.values() for n in t.files)}
        for pattern in ("*.parquet", "report.html", "network.*", "csv/*.csv"):
            for path in self.path.glob(pattern):
                if path.relative_to(self.path).as_posix() not in named:
                    path.unlink()

    def _replaced_by(self, name: str, record: StageRecord) -> set[str]:
        """The stage itself, stages that made the same tables, and all that was made from what now changes."""
        stages, gone = self.manifest.stages, {s for s in (name,) if s in self.manifest.stages}
        gone |= {s for s, r in stages.items() if s != name and r.tables.keys() & record.tables.keys()}
        now = {t: r.content_hash for t, r in record.tables.items()}
        while True:
            lost = {t for s in gone for t in stages[s].tables} - now.keys()
            more = {
                s for s, r in stages.items()
                if s not in gone and any(t in lost or now.get(t, h) != h for t, h in r.inputs.items())
            }  # fmt: skip
            if not more:
                return gone
            gone |= more


_MADE_BY = {
    "traces": "trace", "pairs": "pair", "edges": "test", "evidence": "test", "groups": "group", "members": "group",
    "synchrony": "test", "moments": "moment", "reactions": "react", "profiles": "profile", "calibration": "calibrate",
    "checks": "check",
}  # fmt: skip
_ADDED = {"signals": "--signals", "accounts_added": "--accounts"}


def _remedy(table: str, study: Path) -> str:
    if table in _ADDED:
        return f"`unisono add {study} {_ADDED[table]} FILE`"
    return f"`unisono {_MADE_BY[table]} {study}`" if table in _MADE_BY else f"`unisono run SOURCE --out {study}`"


def _key(name: str, inputs: Mapping[str, str], settings: Mapping[str, Any]) -> str:
    """sha256 of all that decides what a stage makes: inputs, settings, version."""
    text = json.dumps([__version__, name, dict(inputs), dict(settings)], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def open_study(path: Path, *, create: bool = False) -> Study:
    """Open a study folder. Raises UserError where it is none (with `create`: where it holds other things)."""
    if create:
        if path.exists() and not path.is_dir():
            raise UserError(f"{path} is a file", "give a folder with --out")
        others = [p.name for p in path.iterdir() if not p.name.startswith(".")] if path.is_dir() else []
        if others and not (path / "manifest.json").exists() and not (path / "study.yaml").exists():
            raise UserError(f"{path} holds other files ({others[0]} ...)", "give a new or empty folder with --out")
        path.mkdir(parents=True, exist_ok=True)
    elif not (path / "manifest.json").is_file():
        raise UserError(f"{path} is no study folder", "make one with `unisono run SOURCE --out STUDY`")
    return Study(path)


def schema_of(table: str) -> Table:
    """The schema of a table by name. Raises UserError naming those that exist."""
    if table not in TABLES:
        raise UserError(f"there is no table {table!r}", f"{close_to(table, TABLES)}the tables are: {', '.join(TABLES)}")
    return TABLES[table]
