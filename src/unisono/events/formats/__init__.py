"""Named formats: each module here is one, and says by which columns it is known. Adding a file adds a format."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection
from functools import cache
from typing import Protocol, cast

from unisono.events.fields.mapping import Mapping, TraceMapping
from unisono.events.files.batch import RawBatch


class Format(Protocol):
    """What a format's module offers."""

    NAME: str
    """As `--as` names it."""
    SUMMARY: str
    """One line of help."""
    COLUMNS: tuple[str, ...]
    """Columns by which it is known; empty where only `--as` can choose it."""
    TIME: str | None
    """How it writes times; None is ISO 8601."""
    ZONE: str | None
    """The zone that its documentation fixes for times that carry none."""
    PLATFORM: str | None
    """Prefix of its ids; None where the files may come from anywhere."""
    TRACES: bool
    """Whether its rows are traces and no posts."""
    RECORDS: bool
    """Whether it reads whole records (`RawBatch.records`) and names the columns itself; see `events.posts`."""

    def claims(self, columns: Collection[str]) -> bool:
        """Whether a file with these columns is one of its own."""

    def mapping(self, text: str | None) -> Mapping | TraceMapping:
        """Which column is what; `text` is `--map`. Raises UserError."""

    def prepare(self, batch: RawBatch) -> RawBatch:
        """Make a batch such as the mapping understands."""


@cache
def formats() -> dict[str, Format]:
    """Every format by name, sorted."""
    modules = [importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)]
    found = [cast(Format, m) for m in modules]
    return {f.NAME: f for f in sorted(found, key=lambda f: f.NAME)}
