"""The bytes of a row become an object, or a reason why there is none; a page becomes its records."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson

from unisono.clean.text import well_formed
from unisono.events.files.lines import Damage
from unisono.events.files.pages import PAGE, Pages, as_it_is, record_bytes, whole
from unisono.study import Limits

# A string that has no end is one up to the end: so no letter is read twice.
_OUTSIDE_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|([\[{])|([\]}])', re.DOTALL)

Parsed = tuple[dict[str, Any] | str, bytes, int]
"""The object of a row, or the reason why there is none; its bytes; the line on which it begins, 0 where its number says
more (a whole file may be one line)."""


def records(raws: Iterable[tuple[bytes, int]], limits: Limits, pages: Pages) -> Iterator[Parsed]:
    """Every record of these values, each with its line; each may be a page."""
    for raw, line in raws:
        value = parse(raw, limits, pages.mend, pages.unfold is whole)
        if isinstance(value, str) or pages.unfold is whole:
            yield value, raw, line
        else:
            yield from ((record, own, line) for record, own in _unfolded(value, raw, limits, pages))


def _unfolded(
    page: dict[str, Any], raw: bytes, limits: Limits, pages: Pages
) -> Iterator[tuple[dict[str, Any] | str, bytes]]:
    """A page is at least one row: what holds no record is a reject."""
    empty = True
    for record, known in pages.unfold(page):
        empty = False
        own = raw if record is page else record_bytes(record)
        if not isinstance(record, dict):
            yield "not_an_object", own
        elif too_long(record, own, limits):
            yield "field_too_long", own
        else:
            record[PAGE] = known
            yield record, own
    if empty:
        yield "empty_page", raw


def parse(
    raw: bytes, limits: Limits, mend: Callable[[bytes], bytes] = as_it_is, check: bool = True
) -> dict[str, Any] | str:
    """The object that the bytes say, or a reason; `check`: whether too long fields are one."""
    if isinstance(raw, Damage):
        return raw.reason
    nesting = raw.count(b"{") + raw.count(b"[")
    if nesting > limits.nesting and depth(raw) > limits.nesting:
        return "too_deep"
    mended = mend(raw)
    try:
        value = orjson.loads(mended)
    except orjson.JSONDecodeError:
        value = _lenient(mended)
        if isinstance(value, str):
            return value
    if not isinstance(value, dict):
        return "not_an_object"
    return "field_too_long" if check and too_long(value, raw, limits) else value


def too_long(value: Any, raw: bytes, limits: Limits) -> bool:
    """Whether a text in the value is longer than is believed; `raw` are its bytes."""
    return len(raw) > limits.field_chars and _longest(value) > limits.field_chars


def depth(raw: bytes) -> int:
    """How deeply the brackets of a JSON text nest."""
    level = deepest = 0
    for m in _OUTSIDE_STRINGS.finditer(raw):
        if m[1]:
            level += 1
            deepest = max(deepest, level)
        elif m[2]:
            level -= 1
    return deepest


def _lenient(raw: bytes) -> Any:
    """What orjson refuses and others write: NaN and lone surrogates. Else the reason, as a string."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return "bad_utf8"
    try:
        value = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return "bad_json"
    return _well_formed(value) if isinstance(value, dict) else [value]


def _well_formed(value: Any) -> Any:
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, list):
        return [_well_formed(v) for v in value]
    if isinstance(value, dict):
        return {well_formed(k): _well_formed(v) for k, v in value.items()}
    return value


def _longest(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return max(max(map(len, value), default=0), max(map(_longest, value.values()), default=0))
    return max(map(_longest, value), default=0) if isinstance(value, list) else 0
