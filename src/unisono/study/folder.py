"""The study folder: tables, manifest, lock, and stages that run once and resume.

A stage writes aside, fsyncs, takes its old results out of the manifest, renames, then names the new ones.
Killed anywhere, the manifest still names only files that are whole.

Nothing of the user's is deleted: only files whose bytes are what unisono wrote under that name are removed or
replaced. A file of a study that somebody changed is kept beside as NAME.kept; one that is no file of the study is
never touched, and where its name is needed the stage is refused. No link inside the folder is followed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from unisono.study.errors import UserError, close_to, either, setting
from unisono.study.files import fsync_folder, inside, replace_file, sha256_file, sha256_inside
from unisono.study.lock import locked
from unisono.study.manifest import (
    MANIFEST,
    SETTINGS,
    FileRecord,
    Manifest,
    SourceRecord,
    StageRecord,
    TableRecord,
    digest,
    load_manifest,
)
from unisono.study.settings import Settings, settings_text
from unisono.tables import TABLES, Table
from unisono.version import __version__

if TYPE_CHECKING:
    from unisono.study.writer import TableWriter

Loaded = TypeVar("Loaded")
ROOM = 256 << 20
"""Bytes that a study keeps of its tables from one stage to the next."""
KEPT = ".kept"
"""Ending of a file of the study that somebody changed, and that made way."""
_OWN = re.compile(r"\.lock|\.[a-z_]+\.new|\.DS_Store")
"""What may lie in a folder that is to become a study: what a run that was killed early leaves (and macOS)."""


class UndeclaredTable(Exception):  # noqa: N818
    """A stage read a table that is not part of its key: a fault of ours, found by the first test that runs it."""


class StageOutput:
    """Where a running stage puts its tables, files, notes and facts."""

    def __init__(self, folder: Path, refuse: Callable[[str], None] = lambda name: None) -> None:
        self.folder = folder
        self.tables: dict[str, TableRecord] = {}
        self.files: dict[str, FileRecord] = {}
        self.notes: list[str] = []
        self.facts: dict[str, Any] = {}
        self.sources: dict[str, SourceRecord] | None = None
        self._refuse = refuse

    @contextmanager
    def table(self, table: Table) -> Iterator[TableWriter]:
        """Write one table, in key order. Raises UserError where a file of the user's has its name."""
        from unisono.study.writer import TableWriter  # compiles; who only reads needs none of it

        self._refuse(f"{table.name}.parquet")
        with TableWriter(table, self.folder / f"{table.name}.parquet") as writer:
            yield writer
        self.tables[table.name] = writer.record

    @contextmanager
    def file(self, name: str) -> Iterator[Path]:
        """Write one other file (a report, a network); `name` may hold one folder. Raises UserError as `table`."""
        self._refuse(name)
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
    """A study folder that exists. `open_study` makes or opens one.

    kept: files that somebody had changed and that made way, each with where it is now; made: whether the folder is new.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest: Manifest = load_manifest(path / MANIFEST)
        self.kept: dict[str, str] = {}
        self.made = False
        self._shown: frozenset[str] | None = None
        self._seen: dict[str, tuple[tuple[int, ...], str]] = {}
        self._loaded: dict[tuple[str, str], tuple[str, object, int]] = {}

    def has(self, table: str) -> bool:
        """Whether the study holds this table. Raises UndeclaredTable inside a stage that does not declare it."""
        if self._shown is not None and table not in self._shown:
            raise UndeclaredTable(f"a stage reads the table {table!r}, which it does not declare")
        return table in self.manifest.tables

    def file(self, table: str) -> Path:
        """The Parquet file of a table. Raises UserError where a stage is still to be run."""
        if not self.has(table):
            raise UserError(f"{self.path} has no table {table} yet", f"make it: {_remedy(table, self.path)}")
        return inside(self.path, next(iter(self.manifest.tables[table].files)))

    @property
    def settings_file(self) -> Path:
        """The study.yaml that was used. Raises UserError where it is a link."""
        return inside(self.path, SETTINGS)

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

    def kept_in_memory(
        self, table: str, part: str, load: Callable[[], Loaded], size: Callable[[Loaded], int]
    ) -> Loaded:
        """What `load` makes of a part of a table, made once for all stages of a run as long as its `size` in bytes is
        small; nobody may change it."""
        made_of = self.manifest.tables[table].content_hash if self.has(table) else ""
        known, kept, _ = self._loaded.pop((table, part), ("", None, 0))
        loaded = cast("Loaded", kept) if known and known == made_of else load()
        if size(loaded) + sum(n for *_, n in self._loaded.values()) <= ROOM:
            self._loaded[table, part] = made_of, loaded, size(loaded)
        return loaded

    def batches(
        self, table: str, columns: Sequence[str] | None = None, rows: int = 1 << 18
    ) -> Iterator[pa.RecordBatch]:
        """A table in pieces, in key order."""
        with pq.ParquetFile(self.file(table)) as f:
            yield from f.iter_batches(batch_size=rows, columns=None if columns is None else list(columns))

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep a second run out; a folder in which nothing was finished does not stay. Raises UserError."""
        try:
            with locked(self.path):
                self.manifest = load_manifest(self.path / MANIFEST)
                if self.manifest != Manifest() and self.manifest.fingerprint != self.manifest.made_fingerprint():
                    raise UserError(
                        f"{self.path / MANIFEST} was edited since unisono wrote it, and no run goes on from that",
                        f"`unisono verify {self.path}` says what is wrong; run into a new folder with {setting('out')}",
                    )
                yield
        finally:
            if self.made:
                with suppress(OSError):  # it holds something: it stays
                    self.path.rmdir()

    def refuse_sources_inside(self, paths: Sequence[Path]) -> None:
        """Raise UserError where a file that is to be read lies in this folder, by whatever name it is called."""
        here = self.path.stat()
        for path in paths:
            if any(os.path.samestat(p.stat(), here) for p in path.resolve().parents):
                raise UserError(
                    f"{path} lies inside the study folder {self.path}",
                    f"keep sources and results apart: give another folder with {setting('out')}, or move the source",
                )

    def use(self, settings: Settings) -> None:
        """Write study.yaml, where it is not what it would be. Raises UserError."""
        data = settings_text(settings).encode()
        record = FileRecord(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
        if record == self.manifest.settings and self._unchanged(SETTINGS, record):
            return
        self._refuse(SETTINGS)
        self._disown({SETTINGS: self.manifest.settings} if self.manifest.settings else {}, {SETTINGS: record})
        self.manifest.settings = None
        self._save()
        self._make_way(SETTINGS, remove=False)
        replace_file(self.path / SETTINGS, data)
        self.manifest.settings = record
        self._done((SETTINGS,))

    def stage(
        self,
        name: str,
        *,
        needs: Sequence[str],
        settings: Mapping[str, Any],
        make: Callable[[StageOutput], None],
        uses: Sequence[str] = (),
    ) -> bool:
        """Run a stage, unless its results are there already. Returns whether it ran. Raises UserError.

        needs: tables without which it cannot run; uses: tables that it reads where they are there.
        """
        tables = [*needs, *(t for t in uses if self.has(t) and t not in needs)]
        inputs = {t: self.manifest.tables[t].content_hash for t in tables if self._sound(t)}
        said = {t: self.manifest.stages[self.manifest.maker(t)].says for t in tables}
        record = StageRecord(unisono=__version__, key="", inputs=inputs, said=said, settings=dict(settings))
        record.key = record.made_key(name)
        old = self.manifest.stages.get(name)
        aside = self._aside(name)
        if old and old.key == record.key and all(self._unchanged(n, f) for n, f in old.all_files.items()):
            return False
        aside.mkdir()
        out = StageOutput(aside, self._refuse)
        self._shown = frozenset((*needs, *uses))
        try:
            make(out)
            self._shown = None
            record.tables, record.files, record.notes, record.facts = out.tables, out.files, out.notes, out.facts
            if out.sources is not None:
                record.facts["sources"] = digest({n: s.model_dump(mode="json") for n, s in out.sources.items()})
            self._commit(name, record, out)
        finally:
            self._shown = None
            shutil.rmtree(aside, ignore_errors=True)
        return True

    def _aside(self, name: str) -> Path:
        """Where a stage writes; what a killed run left there is cleared."""
        aside = self.path / f".{name}.new"
        if aside.is_symlink():
            raise UserError(f"{aside} is a link, and none is followed inside a study", f"remove it: rm {aside}")
        shutil.rmtree(aside, ignore_errors=True)
        return aside

    def _unchanged(self, name: str, file: FileRecord) -> bool:
        """Whether a file is what was written. It is read again only where its size, times or inode changed."""
        try:
            return self.path.joinpath(name).lstat().st_size == file.bytes and self._sha256(name) == file.sha256
        except FileNotFoundError:
            return False

    def _sha256(self, name: str) -> str:
        mark = _mark(inside(self.path, name))
        if name not in self._seen or self._seen[name][0] != mark:
            self._seen[name] = mark, sha256_inside(self.path, name)
        return self._seen[name][1]

    def _sound(self, table: str) -> Path:
        """The file of a table that a stage is about to read. Raises UserError where it is not what was written."""
        path = self.file(table)
        if not all(self._unchanged(n, f) for n, f in self.manifest.tables[table].files.items()):
            raise UserError(
                f"{path} is damaged: it is not what was written", f"make it again: {_remedy(table, self.path)}"
            )
        return path

    def _commit(self, name: str, record: StageRecord, out: StageOutput) -> None:
        for file in record.all_files:
            self._refuse(file)
        for old in self._replaced_by(name, record):
            self._disown(self.manifest.stages.pop(old).all_files, {})
        self._disown({}, record.all_files)
        self.manifest.unisono = __version__
        self._save()
        stay = self.manifest.all_files
        gone = [f for f in self.manifest.unfinished if f not in stay]
        for file in gone:
            self._make_way(file)
        for file in sorted(record.all_files):
            target = self.path / file
            target.parent.mkdir(exist_ok=True)
            os.replace(out.folder / file, target)
            fsync_folder(target.parent)
            self._seen[file] = _mark(target), record.all_files[file].sha256
        self.manifest.stages[name] = record
        if out.sources is not None:
            self.manifest.sources = out.sources
        self._done(gone)

    def _disown(self, old: Mapping[str, FileRecord], new: Mapping[str, FileRecord]) -> None:
        """Write down what lies, or is about to lie, under these names: it alone may be removed."""
        for name, file in [*old.items(), *new.items()]:
            known = self.manifest.unfinished.setdefault(name, [])
            if file.sha256 not in known:
                known.append(file.sha256)

    def _done(self, names: Sequence[str]) -> None:
        stay = self.manifest.all_files
        for name in [*names, *stay]:
            self.manifest.unfinished.pop(name, None)
        self._save()

    def _save(self) -> None:
        self.manifest.save(self.path / MANIFEST)

    def _refuse(self, name: str) -> None:
        """Raise UserError where a file that is none of the study's has a name that is needed."""
        path = inside(self.path, name)
        if path.exists() and name not in self.manifest.all_files and name not in self.manifest.unfinished:
            raise UserError(
                f"{path} is in the way: unisono did not write it, and would have to replace it",
                f"move it out of the study folder, or give another folder with {setting('out')}",
            )

    def _make_way(self, name: str, *, remove: bool = True) -> None:
        """Remove a file if it is what unisono wrote; one that somebody changed since is kept beside."""
        path = inside(self.path, name)
        if not path.exists():
            return
        if self._sha256(name) in self.manifest.unfinished[name]:
            if remove:
                path.unlink()
            return
        names = (f"{name}{KEPT}{n or ''}" for n in count())
        kept = next(n for n in names if not os.path.lexists(self.path / n))
        path.rename(self.path / kept)
        self.kept[name] = kept

    def _replaced_by(self, name: str, record: StageRecord) -> set[str]:
        """The stage itself, stages that made the same tables, and all that was made from what now changes."""
        stages, gone = self.manifest.stages, {s for s in (name,) if s in self.manifest.stages}
        gone |= {s for s, r in stages.items() if s != name and r.tables.keys() & record.tables.keys()}
        now = {t: (r.content_hash, record.says) for t, r in record.tables.items()}
        while True:
            lost = {t for s in gone for t in stages[s].tables} - now.keys()
            more = {
                s for s, r in stages.items()
                if s not in gone
                and any(t in lost or (t in now and now[t] != (h, r.said.get(t))) for t, h in r.inputs.items())
            }  # fmt: skip
            if not more:
                return gone
            gone |= more


def _mark(path: Path) -> tuple[int, ...]:
    """What changes when a file does."""
    stat = path.lstat()
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


_MADE_BY = {
    "traces": "trace", "twins": "pair", "pairs": "pair", "edges": "test", "evidence": "test", "groups": "group",
    "members": "group", "synchrony": "test", "moments": "moment",
    "co_actors": "coact", "sequences": "sequence", "reactions": "react", "profiles": "profile",
    "calibration": "calibrate", "checks": "check",
}  # fmt: skip
_ADDED = {"signals": "--signals", "accounts_added": "--accounts"}


def _remedy(table: str, study: Path) -> str:
    if table in _ADDED:
        return f"`unisono add {study} {_ADDED[table]} FILE`" + either("", " in a terminal")
    command = f"unisono {_MADE_BY[table]} {study}" if table in _MADE_BY else f"unisono run SOURCE --out {study}"
    return either(f"`{command}`", f"`unisono.study(SOURCE, out={str(study)!r})`")


def open_study(path: Path, *, create: bool = False) -> Study:
    """Open a study folder. Raises UserError where it is none (with `create`: where it holds other things)."""
    if create:
        refuse_dangling(path)
        if path.exists() and not path.is_dir():
            raise UserError(f"{path} is a file", f"give a folder with {setting('out')}")
        others = sorted(p.name for p in path.iterdir() if not _OWN.fullmatch(p.name)) if path.is_dir() else []
        if others and MANIFEST not in others:
            raise UserError(
                f"{path} holds other files ({others[0]}{' ...' if others[1:] else ''}) and no study",
                f"give a new or empty folder with {setting('out')}",
            )
        made = not path.exists()
        path.mkdir(parents=True, exist_ok=True)
        study = Study(path)
        study.made = made
        return study
    if not (path / MANIFEST).is_file():
        raise UserError(
            f"{path} is no study folder",
            either(
                "make one with `unisono run SOURCE --out STUDY`", 'make one with `unisono.study(SOURCE, out="STUDY")`'
            ),
        )
    return Study(path)


def refuse_dangling(path: Path) -> None:
    """Raise UserError where a path, or a folder on the way to it, is a link to nothing."""
    for part in (path, *path.parents):
        if part.is_symlink() and not part.exists():
            raise UserError(f"{part} is a link to a folder that is not there", "make that folder, or remove the link")


def schema_of(table: str) -> Table:
    """The schema of a table by name. Raises UserError naming those that exist."""
    if table not in TABLES:
        raise UserError(f"there is no table {table!r}", f"{close_to(table, TABLES)}the tables are: {', '.join(TABLES)}")
    return TABLES[table]
