"""study.yaml, typed: everything that decides what a study says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from unisono.study import plain_yaml
from unisono.study.errors import UserError, either
from unisono.study.files import replace_file

_TOLD = 9
"""Wrong settings that an error names."""

FileFormat = Literal["csv", "tsv", "ndjson", "json", "parquet", "xlsx"]


MACHINE = ("threads", "memory")
"""Settings of the machine: they change no result, so every stage may read them and no study keeps them."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Limits(_Strict):
    """How much of an input is believed before it is refused."""

    line_bytes: int = Field(64 << 20, gt=0, description="longest row of a text file")
    field_chars: int = Field(1 << 20, gt=0, description="longest value; a longer one makes its row a reject")
    expand_ratio: int = Field(200, gt=0, description="most bytes a compressed byte may unpack to")
    members: int = Field(1_000, gt=0, description="most tables of a zip")
    nesting: int = Field(64, gt=0, description="deepest JSON nesting")
    rejects_share: float = Field(0.5, ge=0, le=1, description="more rejected rows than this stop the run")


class UndeclaredSetting(Exception):  # noqa: N818
    """A stage read a setting that is not part of its key: a fault of ours, found by the first test that runs it."""


class Settings(_Strict):
    """One study. Fields are the command's switches; `study.yaml` in the study folder is what was used."""

    sources: tuple[str, ...] = Field((), description="input files")
    format: str | None = Field(None, alias="as", description="named format of the sources")
    file_format: FileFormat | None = Field(None, description="how the files are written; else by their ending")
    delimiter: str | None = Field(None, description="what parts cells: comma, semicolon, tab, pipe, or the letter")
    encoding: str | None = Field(None, description="encoding of text files, such as utf-16 or windows-1252; else UTF-8")
    map: str | None = Field(None, description="which column is what")
    platform: str | None = Field(None, description="prefix of ids, for sources that name none")
    zone: str | None = Field(None, description="time zone of times that carry none")
    time_format: str | None = Field(None, description="unix, unix_ms, unix_us or a strptime pattern")
    resolution: str | None = Field(None, description="smallest step of the source's clock")
    limits: Limits = Limits()
    content_of_reposts: bool = Field(False, description="also take links, tags and texts of reposts")
    trace: tuple[str, ...] | None = Field(None, min_length=1, description="behaviours to pair; else the defaults")
    window: tuple[str, ...] | None = Field(None, min_length=1, description="co-action windows; else each trace's own")
    min_objects: int = Field(2, ge=1, description="fewest common objects of a pair that is written")
    max_pairs: int = Field(20_000_000, ge=1, description="most pairs of one trace and window; more are refused")
    resolutions: tuple[float, ...] | None = Field(None, description="CPM resolutions to try")
    n_seeds: int = Field(20, ge=2, description="Leiden runs per resolution")
    min_accounts: int = Field(3, ge=2, description="fewest accounts of a group")
    fdr: float = Field(0.05, gt=0, lt=1, description="share of false findings among those called")
    any_dependence: bool = Field(False, description="links by e-BH: valid whatever depends on what, and less is found")
    calibrations: int = Field(1, ge=1, le=1000, description="runs on permuted data that measure the error")
    control: str | None = Field(None, description="study folder of organic accounts that groups are compared with")
    known: str | None = Field(None, description="table of legitimate networks, with reasons")
    spreadsheet: bool = Field(False, description="defuse formulas in CSV files")
    seed: int = Field(0, ge=0, lt=1 << 31, description="seed of everything random")
    threads: int | None = Field(None, ge=1, le=256, description="processor threads; changes no result")
    memory: str | None = Field(None, description="memory for tables, such as 4GB; changes no result")

    def only(self, *names: str) -> Settings:
        """A view that holds these settings (and the machine's) alone; reading another raises UndeclaredSetting."""
        view = self.model_copy()
        for hidden in type(self).model_fields.keys() - {*names, *MACHINE}:
            del view.__dict__[hidden]
        return view

    if not TYPE_CHECKING:  # for a type checker an unknown name stays an error

        def __getattr__(self, name: str) -> Any:
            """Only names that are no attribute come here."""
            if name in type(self).model_fields:
                raise UndeclaredSetting(f"a stage reads the setting {name!r}, which it does not declare")
            raise AttributeError(f"settings have no {name!r}")

    def part(self, *names: str) -> dict[str, Any]:
        """The named settings as plain JSON values: what a stage's key is made of."""
        return self.model_dump(mode="json", include=set(names), by_alias=True)

    @property
    def n_threads(self) -> int:
        """Threads to use: as set, else as many as this process may run on."""
        return self.threads or len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else [0, 1])


def load_settings(path: Path) -> Settings:
    """Read a study.yaml. Raises UserError naming each wrong line's key and what it should be."""
    data = plain_yaml.load(path)
    if not isinstance(data, dict):
        raise UserError(f"{path} holds no settings", "a study.yaml is a list of `name: value` lines")
    return make_settings(data, str(path))


def changed_settings(path: Path, changes: dict[str, Any], where: str) -> Settings:
    """The settings of a study.yaml with some of them replaced; `where` as in make_settings. Raises UserError."""
    return make_settings(load_settings(path).model_dump(by_alias=True, exclude_unset=True) | changes, where)


def make_settings(data: dict[str, Any], where: str) -> Settings:
    """Validate settings; `where` names their origin in the error. Raises UserError."""
    try:
        return Settings.model_validate(data)
    except ValidationError as e:
        lines = [f"{'.'.join(str(p) for p in x['loc'])[:60] or 'settings'}: {x['msg']}" for x in e.errors()]
        more = f" and {len(lines) - _TOLD} more" if len(lines) > _TOLD else ""
        said = "; ".join(lines[:_TOLD])
        raise UserError(
            f"{where}: {said}{more}",
            either("`unisono run --help` lists the settings", "`help(unisono.study)` lists the settings"),
        ) from None


def settings_text(settings: Settings) -> str:
    """A study.yaml: the settings that differ from their defaults, each a line; what changes no result is left out."""
    data = settings.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=set(MACHINE))
    readable = json.dumps(data, ensure_ascii=False).isprintable()  # unescaped, U+0085 would come back as a space
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=readable)


def save_settings(settings: Settings, path: Path) -> None:
    """Write a study.yaml; a crash leaves the old file or the new."""
    replace_file(path, settings_text(settings).encode())
