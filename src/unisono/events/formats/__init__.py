"""Named formats: each file here holds one, `FORMAT`, which says by which columns it is known and how it is read.

Adding a file adds a format. How a file becomes posts is one of four: `Records` (whole JSON objects), `Rows` (rows of a
table), `Columns` (columns that only want their names) or `ByMap` (whatever the user says).
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import cache

from unisono.clean.time import TimeRule
from unisono.events.fields.mapping import Mapping, TraceMapping
from unisono.events.files.bare_rows import Bare
from unisono.events.files.batch import RawBatch
from unisono.events.files.pages import NONE, Pages
from unisono.events.posts import MAPPING, Reader, posts_of
from unisono.events.row_posts import RowReader, posts_of_rows
from unisono.study import UserError, setting

AnyMapping = Mapping | TraceMapping


class Way(ABC):
    """How rows of a file become posts or traces."""

    @abstractmethod
    def mapping(self, name: str, text: str | None) -> AnyMapping:
        """Which column is what; `text` is `--map`, `name` the format's. Raises UserError."""

    @abstractmethod
    def prepare(self, batch: RawBatch, fmt: Format) -> RawBatch:
        """Make a batch such as the mapping understands."""


def _own(mapping: AnyMapping, name: str, text: str | None) -> AnyMapping:
    """The mapping of a format that knows its columns. Raises UserError where the user gives another."""
    if text is None:
        return mapping
    other = "traces" if isinstance(mapping, TraceMapping) else "table"
    raise UserError(
        f"{setting('as', name)} knows its columns", f"leave out {setting('map')}, or say {setting('as', other)}"
    )


@dataclass(frozen=True)
class Records(Way):
    """JSON: `post` makes a post of each record, which `pages` take out of larger values."""

    post: Reader
    pages: Pages = NONE

    def mapping(self, name: str, text: str | None) -> AnyMapping:
        """Every field is a column of its own name."""
        return _own(MAPPING, name, text)

    def prepare(self, batch: RawBatch, fmt: Format) -> RawBatch:
        """Every record as columns."""
        return posts_of(batch, self.post, fmt.platform)


@dataclass(frozen=True)
class Rows(Way):
    """Tables: `post` makes a post of each row.

    A row is a dict of cells by column: of those that the format `reads` and the file has; the file must have `needs`.
    """

    post: RowReader
    reads: tuple[str, ...]
    needs: tuple[str, ...]
    bare: Bare | None = None
    """Of tables without a header: their columns."""

    def mapping(self, name: str, text: str | None) -> AnyMapping:
        """Every field is a column, made of those that it reads."""
        return _own(replace(MAPPING, reads=self.reads, needs=self.needs), name, text)

    def prepare(self, batch: RawBatch, fmt: Format) -> RawBatch:
        """Every row as columns; times are UTC unless the format leaves the zone to the user."""
        return posts_of_rows(batch, self.post, fmt.platform, TimeRule(None, fmt.zone) if fmt.zone else None)


def _as_it_is(batch: RawBatch) -> RawBatch:
    return batch


@dataclass(frozen=True)
class Columns(Way):
    """Tables whose columns are fields as they stand, or once `before` has been over a batch of them."""

    columns: AnyMapping
    before: Callable[[RawBatch], RawBatch] = _as_it_is

    def mapping(self, name: str, text: str | None) -> AnyMapping:
        """Its columns."""
        return _own(self.columns, name, text)

    def prepare(self, batch: RawBatch, fmt: Format) -> RawBatch:
        """What `before` makes of it."""
        return self.before(batch)


@dataclass(frozen=True)
class ByMap(Way):
    """Any table: `parse` reads what the user says of its columns, `example` shows how to say it."""

    parse: Callable[[str], AnyMapping]
    example: str
    fields: tuple[str, ...]

    def mapping(self, name: str, text: str | None) -> AnyMapping:
        """What the user says. Raises UserError where that is nothing."""
        if text is None:
            raise UserError(
                f"{setting('as', name)} needs {setting('map')}",
                f"say which column is what: {setting('map', self.example)}",
            )
        return self.parse(text)

    def prepare(self, batch: RawBatch, fmt: Format) -> RawBatch:
        """As it is."""
        return batch


@dataclass(frozen=True, kw_only=True)
class Format:
    """One format.

    name: as `--as` names it; summary: one line of help; about: what a user should know of its fields and traps
    known_by: sets of columns (of JSON: dotted keys) by any of which a file is known; none where only `--as` chooses it
    not_with: columns of another tool's wrapping, whose files are not its own
    fields: where each field is taken from, for people; where empty, the columns of its mapping
    platform: prefix of its ids, None where the files may come from anywhere
    inside: where in a record of a wrapping the platform's own object stands, such as `data.`
    time, zone: how it writes times (None is ISO 8601), and the zone that its documentation fixes for those without one
    """

    name: str
    summary: str
    about: str | None
    way: Way
    known_by: tuple[tuple[str, ...], ...] = ()
    not_with: tuple[str, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    platform: str | None = None
    inside: str = ""
    time: str | None = None
    zone: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The first set of columns by which it is known."""
        return self.known_by[0] if self.known_by else ()

    @property
    def records(self) -> bool:
        """Whether it reads whole JSON objects and names the columns itself."""
        return isinstance(self.way, Records)

    @property
    def pages(self) -> Pages:
        """How its records are taken out of pages."""
        return self.way.pages if isinstance(self.way, Records) else NONE

    @property
    def bare(self) -> Bare | None:
        """Columns of its tables where these have no header."""
        return self.way.bare if isinstance(self.way, Rows) else None

    def claims(self, columns: Collection[str]) -> bool:
        """Whether a file with these columns is one of its own."""
        found = set(columns)
        return any(found.issuperset(known) for known in self.known_by) and found.isdisjoint(self.not_with)

    def mapping(self, text: str | None) -> AnyMapping:
        """Which column is what; `text` is `--map`. Raises UserError."""
        return self.way.mapping(self.name, text)

    def prepare(self, batch: RawBatch) -> RawBatch:
        """Make a batch such as the mapping understands."""
        return self.way.prepare(batch, self)


@cache
def formats() -> dict[str, Format]:
    """Every format by name, sorted. Raises TypeError for a file here that holds none."""
    found: list[Format] = []
    for module in pkgutil.iter_modules(__path__):
        fmt = importlib.import_module(f"{__name__}.{module.name}").FORMAT
        if not isinstance(fmt, Format):
            raise TypeError(f"FORMAT in {module.name} is no Format")
        found.append(fmt)
    return {f.name: f for f in sorted(found, key=lambda f: f.name)}
