"""manifest.json: what a study holds and how it was made. What it does not name does not exist."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from unisono.study.errors import UserError, setting
from unisono.study.files import replace_file
from unisono.version import __version__


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
    """One stage that ran to its end."""

    key: str
    inputs: dict[str, str]
    settings: dict[str, Any]
    tables: dict[str, TableRecord] = Field(default_factory=dict)
    files: dict[str, FileRecord] = Field(default_factory=dict)
    notes: list[str] = Field(default_factory=list)
    facts: dict[str, Any] = Field(default_factory=dict)


class Manifest(_Record):
    """The whole study. It carries no clock time, so that the same input and settings give the same bytes."""

    unisono: str = __version__
    sources: dict[str, SourceRecord] = Field(default_factory=dict)
    stages: dict[str, StageRecord] = Field(default_factory=dict)

    @property
    def tables(self) -> dict[str, TableRecord]:
        """Every table that exists, by name."""
        return {name: t for s in self.stages.values() for name, t in s.tables.items()}

    @property
    def files(self) -> dict[str, FileRecord]:
        """Every other file that exists (the report, the networks), by its path in the study."""
        return {name: f for s in self.stages.values() for name, f in s.files.items()}

    @property
    def notes(self) -> list[str]:
        """What was refused, left out or assumed, and why."""
        return [n for s in self.stages.values() for n in s.notes]

    def save(self, path: Path) -> None:
        """Replace the file atomically."""
        replace_file(path, (json.dumps(self.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n").encode())


def load_manifest(path: Path) -> Manifest:
    """Read a manifest; an absent one is an empty study. Raises UserError for a damaged one."""
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Manifest()
    except ValidationError as e:
        raise UserError(
            f"{path} is damaged or of another version ({e.error_count()} fields do not fit)",
            f"run into a new folder with {setting('out')}, or delete this file to have every stage run again",
        ) from None
