"""Settings as keywords: what study.yaml holds, as Python says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

from unisono.study import Limits, Settings, make_settings
from unisono.study.settings import FileFormat

_LISTS = ("trace", "window")


class ReadOptions(TypedDict, total=False):
    """How data is read."""

    as_: str | None
    map: str | None
    file_format: FileFormat | None
    delimiter: str | None
    encoding: str | None
    platform: str | None
    zone: str | None
    time_format: str | None
    resolution: str | None
    limits: Limits | Mapping[str, float]
    threads: int | None
    memory: str | None


class StudyOptions(ReadOptions, total=False):
    """How data is read, and what is asked of it."""

    content_of_reposts: bool
    trace: str | Sequence[str] | None
    window: str | Sequence[str] | None
    min_objects: int
    max_pairs: int
    resolutions: Sequence[float] | None
    n_seeds: int
    min_accounts: int
    fdr: float
    any_dependence: bool
    calibrations: int
    control: str | Path | None
    known: str | Path | None
    spreadsheet: bool
    seed: int


def settings_of(options: Mapping[str, Any], where: str) -> Settings:
    """Settings from keywords; those that are None are left at their defaults. Raises UserError.

    where: names the caller in the error.
    """
    return make_settings(plain(options), where)


def plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """Keywords as study.yaml has them."""
    given = {name.rstrip("_"): value for name, value in options.items() if value is not None}
    for name in _LISTS:
        if isinstance(value := given.get(name), str):
            given[name] = [part.strip() for part in value.split(",") if part.strip()]
    return {name: str(value) if isinstance(value, Path) else value for name, value in given.items()}
