"""NDJSON and JSON arrays: one object per row, read by its own bytes so that one bad row stays one row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

import orjson

from unisono.clean.text import well_formed
from unisono.events.batch import RawBatch, Reject, as_lines, row_sha256
from unisono.events.json_array import elements
from unisono.events.lines import Damage, physical_lines
from unisono.events.unpack import Stream
from unisono.study import Limits, UserError

ROWS, BYTES = 20_000, 8 << 20
_PEEK, _PEEK_BYTES = 1_000, 4 << 20
_OUTSIDE_STRINGS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|([\[{])|([\]}])', re.DOTALL)

Parsed = tuple[dict[str, Any] | str, bytes]
"""The object of a row and its bytes, or the reason why there is none."""


class _JsonRows:
    """Rows that are JSON objects. Where a key stands twice in an object the last one counts."""

    open_ended = True

    def __init__(self, raws: Iterator[bytes], name: str, limits: Limits) -> None:
        self._limits = limits
        parsed = (self._parse(r) for r in raws)
        first: list[Parsed] = []
        size = 0
        for row in islice(parsed, _PEEK):
            first.append(row)
            size += len(row[1])
            if size > _PEEK_BYTES:
                break
        self.empty = not first
        self._parsed = chain(first, parsed)
        objects = (o for o, _ in first if isinstance(o, dict))
        self.columns = list(dict.fromkeys(k for o in objects for k in _keys(o)))

    def batches(self, wanted: Sequence[str]) -> Iterator[RawBatch]:
        """All rows. Reasons: bad_utf8, bad_json, not_an_object, too_deep, field_too_long."""
        paths = {c: tuple(c.split(".")) for c in wanted}
        objects: list[dict[str, Any]] = []
        raws: list[bytes] = []
        lines: list[int] = []
        rejects: list[Reject] = []
        size = n = 0
        for value, raw in self._parsed:
            whole = isinstance(raw, Damage) and raw.whole
            n += not whole
            if isinstance(value, str):
                sha = raw.sha256 if isinstance(raw, Damage) else row_sha256(raw)
                rejects.append(Reject(0 if whole else n, value, sha))
            else:
                objects.append(value)
                raws.append(raw)
                lines.append(n)
            size += len(raw)
            if len(objects) >= ROWS or size >= BYTES or len(rejects) >= ROWS:
                yield RawBatch(as_lines(lines), _columns(objects, paths), raws, rejects, records=objects)
                objects, raws, lines, rejects, size = [], [], [], [], 0
        if objects or rejects:
            yield RawBatch(as_lines(lines), _columns(objects, paths), raws, rejects, records=objects)

    def _parse(self, raw: bytes) -> Parsed:
        if isinstance(raw, Damage):
            return raw.reason, raw
        nesting = raw.count(b"{") + raw.count(b"[")
        if nesting > self._limits.nesting and depth(raw) > self._limits.nesting:
            return "too_deep", raw
        try:
            value = orjson.loads(raw)
        except orjson.JSONDecodeError:
            value = _lenient(raw)
            if isinstance(value, str):
                return value, raw
        if not isinstance(value, dict):
            return "not_an_object", raw
        limit = self._limits.field_chars
        return ("field_too_long" if len(raw) > limit and _longest(value) > limit else value), raw


class NdjsonRows(_JsonRows):
    """One JSON object per line; blank lines are none."""

    def __init__(self, stream: Stream, name: str, limits: Limits) -> None:
        lines = physical_lines(stream, limits)
        super().__init__((r for r in lines if isinstance(r, Damage) or r.strip()), name, limits)
        if self.empty:
            raise UserError(f"{name} is empty", "give a file with one JSON object per line")


class ArrayRows(_JsonRows):
    """A JSON array of objects, read piece by piece."""

    def __init__(self, stream: Stream, name: str, limits: Limits) -> None:
        super().__init__(elements(stream, name, limits), name, limits)


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
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return max(map(_longest, inner), default=0)


def _keys(value: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for key, inner in value.items():
        yield prefix + key
        if isinstance(inner, dict):
            yield from _keys(inner, f"{prefix}{key}.")


def _columns(objects: list[dict[str, Any]], paths: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    return {
        c: [o.get(c) for o in objects] if len(path) == 1 else [_at(o, c, path) for o in objects]
        for c, path in paths.items()
    }


def _at(value: Any, column: str, path: tuple[str, ...]) -> Any:
    if column in value:
        return value[column]
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value
