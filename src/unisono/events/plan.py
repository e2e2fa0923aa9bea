"""Which format reads which source: declared, or claimed by exactly one format's own columns."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from unisono.clean.time import TimeRule
from unisono.events.event_rows import EventMapper
from unisono.events.fields.mapping import Mapping, TraceMapping
from unisono.events.fields.resolution import declared_resolution
from unisono.events.fields.times import time_rule
from unisono.events.files.bare_rows import Bare
from unisono.events.files.headers import close_to, listed
from unisono.events.files.json_rows import JsonRows, ObjectRows
from unisono.events.files.pages import Pages
from unisono.events.files.rows import Rows, open_rows
from unisono.events.files.sources import Source
from unisono.events.formats import Format, formats
from unisono.events.platforms import unread
from unisono.events.trace_rows import TraceMapper
from unisono.study import Settings, UserError, setting

_GUESSES = {
    "account": ("account", "author", "user", "account_id", "author_id", "user_id", "username", "screen_name"),
    "time": ("time", "timestamp", "created_at", "created", "date", "publish_date", "datetime"),
    "text": ("text", "content", "message", "body", "tweet"),
}


_RECORDS = ("ndjson", "json")
"""Kinds of file whose rows are whole objects."""
_TABLES = ("csv", "tsv")


@dataclass(frozen=True)
class Plan:
    """How one source is read."""

    source: Source
    format: Format
    mapping: Mapping | TraceMapping
    rule: TimeRule
    platform: str | None
    resolution_us: int | None

    @property
    def wanted(self) -> list[str]:
        """Columns to read; none where the format takes whole records."""
        return [] if self.format.records else self.mapping.wanted

    @property
    def expected(self) -> list[str]:
        """Columns whose absence is a mistake."""
        return [] if self.format.records else self.mapping.expected

    @property
    def pages(self) -> Pages:
        """How its format takes pages apart."""
        return self.format.pages

    @property
    def bare(self) -> Bare | None:
        """Columns of its tables where these have no header."""
        return self.format.bare

    @property
    def traces(self) -> bool:
        """Whether its rows are traces."""
        return isinstance(self.mapping, TraceMapping)

    def mapper(self) -> EventMapper | TraceMapper:
        """A new mapper."""
        args = (self.rule, self.platform, self.source.name, self.resolution_us)
        if isinstance(self.mapping, TraceMapping):
            return TraceMapper(self.mapping, *args)
        return EventMapper(self.mapping, *args)


def make_plans(sources: Sequence[Source], settings: Settings, temp: Path) -> list[Plan]:
    """One plan for each source; all read posts, or all read traces. Raises UserError."""
    plans = [_plan(s, settings, temp) for s in sources]
    for plan in plans:
        if plan.traces != plans[0].traces:
            raise UserError(
                f"{plans[0].source.name} is {plans[0].format.name} and {plan.source.name} {plan.format.name}: "
                "one holds posts, the other traces",
                "read them into two studies",
            )
    return plans


def _plan(source: Source, settings: Settings, temp: Path) -> Plan:
    declared = settings.format or ("table" if settings.map is not None else None)
    if declared and declared not in formats():
        raise unknown_format(declared)
    chosen = formats()[declared] if declared else None
    if chosen and chosen.records and source.kind not in _RECORDS:
        raise UserError(
            f"{source.name} is {source.kind}, and {chosen.name} is written in JSON",
            f"leave out {setting('as')}, or say how the file is written with {setting('file_format')}: ndjson or json",
        )
    mapping = chosen.mapping(settings.map) if chosen else None
    bare = chosen.bare if chosen else None
    if chosen and bare and source.kind not in _TABLES:
        raise UserError(
            f"{source.name} is {source.kind}, and {chosen.name} is a text table",
            f"leave out {setting('as')}, or say how the file is written with {setting('file_format', 'tsv')}",
        )
    with open_rows(source, settings.limits, temp, bare=bare) as rows:
        columns, open_ended = rows.columns, rows.open_ended
        chosen = chosen or _claimed(source, rows)
        if isinstance(rows, ObjectRows) and not chosen.records:
            raise rows.error
    mapping = mapping or chosen.mapping(None)
    if (columns or not open_ended) and not chosen.records:
        _check(source, columns, mapping.required if open_ended else mapping.expected)
    return Plan(
        source, chosen, mapping, time_rule(settings, chosen.time, chosen.zone),
        settings.platform or chosen.platform, declared_resolution(settings),
    )  # fmt: skip


def unknown_format(name: str) -> UserError:
    """The error that names a format that there is not, and those that there are."""
    near = difflib.get_close_matches(name, formats(), 1, 0.5)
    hint = f"did you mean {near[0]}? " if near else ""
    return UserError(f"{setting('as')}: there is no format {name!r}", f"{hint}formats are: {', '.join(formats())}")


def _claimed(source: Source, rows: Rows) -> Format:
    """The one format that claims what the first rows show. Raises UserError for none, and for two."""
    marks = rows.marks if isinstance(rows, JsonRows) else rows.columns
    claims = [f for f in formats().values() if f.claims(marks) and not (f.records and source.kind not in _RECORDS)]
    if len(claims) > 1:
        names = " and ".join(f.name for f in claims)
        raise UserError(f"{source.name} could be {names}", f"say which with {setting('as', claims[0].name)}")
    if not claims:
        if isinstance(rows, ObjectRows):
            raise rows.error
        raise unread.table(source.name, rows.columns) or UserError(
            f"{source.name} is in no format that is known by its columns: {listed(rows.columns)}",
            f"say which column is what, beginning with {_map_line(rows.columns)}",
        )
    return claims[0]


def _map_line(columns: list[str]) -> str:
    """A --map to start from: columns whose names come close, others in capitals to be filled in."""
    lower = {c.lower(): c for c in reversed(columns)}
    pairs = []
    for field, names in _GUESSES.items():
        near = [n for n in names if n in lower] or close_to(field, list(lower), 0.75)
        if near or field != "text":
            pairs.append(f"{field}={lower[near[0]] if near else 'COLUMN'}")
    return setting("map", ",".join(pairs))


def _check(source: Source, columns: list[str], wanted: Sequence[str]) -> None:
    for column in wanted:
        if column not in columns:
            raise missing_column(source, column, columns)


def missing_column(source: Source, column: str, columns: list[str]) -> UserError:
    """The error that names the source, the column, those that exist and the closest of them."""
    near = close_to(column, columns, 0.5)
    hint = f"did you mean {near[0]}? " if near else ""
    return UserError(
        f"{source.name} has no column {column!r}; it has: {listed(columns)}",
        f"{hint}write the column as it stands in the file",
    )
