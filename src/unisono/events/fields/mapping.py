"""`--map`: which column is what."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field

from unisono.study import UserError, either, setting
from unisono.tables import KINDS

FIELDS = (
    "account", "account_kind", "handle", "name", "label", "description", "location", "avatar_hash",
    "followers", "following", "account_created",
    "id", "time", "text", "kind", "lang", "urls", "hashtags", "mentions", "repost_of", "quote_of", "reply_to",
    "target", "thread", "place", "media_hash", "media_url", "client", "reach", "permalink", "platform",
)  # fmt: skip
LISTS = frozenset({"urls", "hashtags", "mentions", "media_hash", "media_url"})
SEPARATORS = ("space", "comma", "semicolon", "pipe", "json")
TRACE_FIELDS = ("account", "time", "event")
_TABLE_LINE = setting("map", "account=author,time=created,text=body")
_TRACE_LINE = either(
    "--as traces --map account=user,time=created,object=page",
    'as_="traces", map="account=user,time=created,object=page"',
)


@dataclass(frozen=True)
class Mapping:
    """Fields of events: their columns, the separators of list cells, and what kinds are called."""

    columns: dict[str, str]
    separators: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    """Columns of the file that a format makes all of `columns` from; those not in `needs` may be absent."""
    needs: tuple[str, ...] = ()

    @property
    def wanted(self) -> list[str]:
        """The columns to read."""
        return list(dict.fromkeys(self.reads or self.columns.values()))

    @property
    def required(self) -> list[str]:
        """Columns without which no row can be read."""
        return list(self.needs) if self.reads else [self.columns["account"], self.columns["time"]]

    @property
    def expected(self) -> list[str]:
        """Columns whose absence from a whole file is a mistake."""
        return self.required if self.reads else self.wanted


@dataclass(frozen=True)
class TraceMapping:
    """Columns of traces: account, time, event (or none), and the column of each trace's object."""

    columns: dict[str, str]
    objects: dict[str, str]

    @property
    def wanted(self) -> list[str]:
        """The columns to read."""
        return list(dict.fromkeys([*self.columns.values(), *self.objects.values()]))

    @property
    def required(self) -> list[str]:
        """Columns without which no row can be read."""
        return [self.columns["account"], self.columns["time"]]

    @property
    def expected(self) -> list[str]:
        """Columns whose absence from a whole file is a mistake."""
        return self.wanted


def parse_map(text: str) -> Mapping:
    """Parse `field=column,...`, e.g. `account=author,time=created,urls=links:pipe,kind=type:R=repost,=post`.

    Raises UserError for an unknown or repeated field, an empty column, and where account or time is absent.
    """
    columns: dict[str, str] = {}
    separators: dict[str, str] = {}
    kinds: dict[str, str] = {}
    in_kind = False
    for token in text.split(","):
        name, equals, column = (part.strip() for part in token.partition("="))
        if in_kind and name not in FIELDS and column in KINDS:
            kinds[name] = column
            continue
        in_kind = False
        _check(name, equals, column, columns, FIELDS, _TABLE_LINE)
        if name == "kind" and "=" in column:
            column, value, kind = _first_kind(column)
            kinds[value], in_kind = kind, True
        elif name in LISTS and column.rpartition(":")[2] in SEPARATORS and ":" in column:
            column, _, separators[name] = column.rpartition(":")
        columns[name] = column
    _need(columns, ("account", "time"), _TABLE_LINE)
    return Mapping(columns, separators, kinds)


def parse_trace_map(text: str) -> TraceMapping:
    """Parse `account=..,time=..[,event=..],object=..` or, for a wide table, `object:url=url_id,...`.

    Without any object the only trace is `synchrony`. Raises UserError.
    """
    columns: dict[str, str] = {}
    objects: dict[str, str] = {}
    for token in text.split(","):
        name, equals, column = (part.strip() for part in token.partition("="))
        head, colon, trace = name.partition(":")
        if head == "object" and (trace or not colon):
            _check(head, equals, column, {}, ("object",), _TRACE_LINE)
            if (trace or "object") in objects:
                raise UserError(
                    f"{setting('map')} names {name} twice", "give each object its own name: object:NAME=COLUMN"
                )
            objects[trace or "object"] = column
        else:
            _check(name, equals, column, columns, (*TRACE_FIELDS, "object"), _TRACE_LINE)
            columns[name] = column
    _need(columns, ("account", "time"), _TRACE_LINE)
    return TraceMapping(columns, objects)


def _check(name: str, equals: str, column: str, columns: dict[str, str], fields: tuple[str, ...], line: str) -> None:
    if not equals or not column:
        raise UserError(f"{setting('map')} says {name + equals!r}", f"write field=column pairs, such as {line}")
    if name not in fields:
        near = difflib.get_close_matches(name, fields, 1, 0.5)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UserError(f"{setting('map')} knows no field {name!r}", f"{hint}fields are: {', '.join(fields)}")
    if name in columns:
        raise UserError(f"{setting('map')} names {name} twice", "give each field one column")


def _need(columns: dict[str, str], names: tuple[str, ...], line: str) -> None:
    if missing := [n for n in names if n not in columns]:
        raise UserError(
            f"{setting('map')} does not say which column is {' and '.join(missing)}", f"write it like {line}"
        )


def _first_kind(column: str) -> tuple[str, str, str]:
    """`post_type:R=repost` as column, value, kind."""
    left, _, kind = (part.strip() for part in column.partition("="))
    column, colon, value = left.rpartition(":")
    if not colon or not column or kind not in KINDS:
        raise UserError(
            f"{setting('map')} says kind={column or left}... with the kind {kind!r}",
            f"write kind=COLUMN:VALUE=KIND,VALUE=KIND; kinds are: {', '.join(KINDS)}",
        )
    return column.strip(), value.strip(), kind
