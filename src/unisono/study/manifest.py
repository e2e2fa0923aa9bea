"""manifest.json: what a study holds and how it was made. What it does not name does not exist."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from unisono.study.errors import UserError, setting
from unisono.study.files import is_name_inside, read_bytes, replace_file
from unisono.version import __version__

MANIFEST, SETTINGS = "manifest.json", "study.yaml"
MOST_BYTES = 64 << 20
"""A longer manifest was not written by unisono."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FileRecord(_Record):
    """One file in the study folder."""

    sha256: str
    bytes: int


class TableRecord(_Record):
    """One table: rows, content hash and its files."""

    rows: int
    content_hash: str
    files: dict[str, FileRecord] = Field(min_length=1)


class SourceRecord(_Record):
    """One input file and where its rows went."""

    sha256: str
    bytes: int
    format: str
    rows: int
    kept: int
    rejects: dict[str, int]
    resolution_us: int | None = None


class StageRecord(_Record):
    """One stage that ran to its end.

    inputs: content hash of every table it was made from; said: for each of these, the hash of what its maker noted
    beside the table (facts, notes); key: hash of these, the settings and the version.
    """

    unisono: str
    key: str
    inputs: dict[str, str]
    said: dict[str, str]
    settings: dict[str, Any]
    tables: dict[str, TableRecord] = Field(default_factory=dict)
    files: dict[str, FileRecord] = Field(default_factory=dict)
    notes: list[str] = Field(default_factory=list)
    facts: dict[str, Any] = Field(default_factory=dict)

    @property
    def all_files(self) -> dict[str, FileRecord]:
        """Every file it made, by its path in the study."""
        return {**self.files, **{n: f for t in self.tables.values() for n, f in t.files.items()}}

    @property
    def says(self) -> str:
        """Hash of what it notes beside its tables."""
        return digest([self.facts, self.notes])

    def made_key(self, name: str) -> str:
        """The key that its inputs, settings and version make."""
        return stage_key(name, self.unisono, self.inputs, self.said, self.settings)


class Manifest(_Record):
    """The whole study. It carries no clock time, so that the same input and settings give the same bytes.

    settings: the study.yaml that was used last; unfinished: files that were being replaced or removed when a run was
    stopped, with the sha256 of what unisono wrote there; fingerprint: hash of all the rest.
    """

    unisono: str = __version__
    sources: dict[str, SourceRecord] = Field(default_factory=dict)
    stages: dict[str, StageRecord] = Field(default_factory=dict)
    settings: FileRecord | None = None
    unfinished: dict[str, list[str]] = Field(default_factory=dict)
    fingerprint: str = ""

    @property
    def tables(self) -> dict[str, TableRecord]:
        """Every table that exists, by name."""
        return {name: t for s in self.stages.values() for name, t in s.tables.items()}

    @property
    def files(self) -> dict[str, FileRecord]:
        """Every other file that exists (the report, the networks), by its path in the study."""
        return {name: f for s in self.stages.values() for name, f in s.files.items()}

    @property
    def all_files(self) -> dict[str, FileRecord]:
        """Every file that exists, tables and study.yaml included."""
        found = {name: f for s in self.stages.values() for name, f in s.all_files.items()}
        return found | ({SETTINGS: self.settings} if self.settings else {})

    @property
    def notes(self) -> list[str]:
        """What was refused, left out or assumed, and why."""
        return [n for s in self.stages.values() for n in s.notes]

    def maker(self, table: str) -> str:
        """The stage that made a table."""
        return next(name for name, s in self.stages.items() if table in s.tables)

    def made_fingerprint(self) -> str:
        """The hash of everything that it says; the order in which stages ran is no part of it."""
        return digest(self.model_dump(mode="json", exclude={"fingerprint"}))

    def save(self, path: Path) -> None:
        """Replace the file atomically."""
        self.fingerprint = self.made_fingerprint()
        replace_file(path, (json.dumps(self.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n").encode())


def digest(value: Any) -> str:
    """sha256 over a JSON value, whatever the order of its keys, 64 hex characters."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def stage_key(name: str, version: str, inputs: dict[str, str], said: dict[str, str], settings: dict[str, Any]) -> str:
    """Hash of all that decides what a stage makes."""
    return digest([version, name, inputs, said, settings])


def load_manifest(path: Path) -> Manifest:
    """Read a manifest; an absent one is an empty study. Raises UserError for a damaged one."""
    try:
        manifest = Manifest.model_validate_json(read_bytes(path, MOST_BYTES))
    except FileNotFoundError:
        return Manifest()
    except ValidationError as e:
        raise UserError(
            f"{path} is damaged or of another version ({e.error_count()} fields do not fit)",
            f"run into a new folder with {setting('out')}",
        ) from None
    for name in _named(manifest):
        if not is_name_inside(name) or name == MANIFEST:
            raise UserError(
                f"{path} names a file that is not in the study: {name}",
                f"unisono did not write that; do not trust this folder, and run into a new one with {setting('out')}",
            )
    return manifest


def _named(manifest: Manifest) -> Iterator[str]:
    for stage in manifest.stages.values():
        yield from stage.all_files
        yield from (f"./{t}" if "/" in t else f"{t}.parquet" for t in stage.tables)  # a table is no folder deep
    yield from manifest.unfinished
