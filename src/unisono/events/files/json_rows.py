"""NDJSON, JSON arrays and JSON objects: records read by their own bytes, so that one bad row stays one row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from unisono.events.files.batch import RawBatch, as_numbers
from unisono.events.files.gather import gathered
from unisono.events.files.json_array import JsonBytes, begin, elements, elements_at, no_array, root_value
from unisono.events.files.lines import Damage, Lines
from unisono.events.files.pages import NONE, PAGE, Pages
from unisono.events.files.parse import Parsed, parse, records
from unisono.events.files.unpack import Stream
from unisono.study import Limits, UserError

_PEEK, _PEEK_BYTES, _PEEK_ITEMS = 1_000, 4 << 20, 20


class JsonRows:
    """Records that are JSON objects. Where a key stands twice in an object the last one counts."""

    open_ended = True

    def __init__(self, parsed: Iterator[Parsed]) -> None:
        first: list[Parsed] = []
        size = 0
        for row in islice(parsed, _PEEK):
            first.append(row)
            size += len(row[1])
            if size > _PEEK_BYTES:
                break
        self.empty = not first
        self._parsed = chain(first, parsed)
        self.marks = list(dict.fromkeys(k for o, _, _ in first if isinstance(o, dict) for k in _keys(o)))
        """Dotted keys of the first rows; `data[].id` is one of the objects in a list."""
        self.columns = [k for k in self.marks if "[]" not in k]

    def batches(self, wanted: Sequence[str]) -> Iterator[RawBatch]:
        """All rows. Reasons: bad_utf8, bad_json, not_an_object, too_deep, field_too_long, empty_page."""
        paths = {c: tuple(c.split(".")) for c in wanted}
        for batch in gathered(self._parsed):
            yield RawBatch(
                as_numbers(batch.rows), _columns(batch.values, paths), batch.raws, batch.rejects,
                records=batch.values, places=as_numbers(batch.lines),
            )  # fmt: skip


class NdjsonRows(JsonRows):
    """One JSON object per line, a record or a page of them; blank lines are none."""

    def __init__(self, stream: Stream, name: str, limits: Limits, pages: Pages = NONE) -> None:
        lines = ((r, n) for n, r in enumerate(Lines(stream, limits), 1) if isinstance(r, Damage) or r.strip())
        super().__init__(records(lines, limits, pages))
        if self.empty:
            raise UserError(f"{name} is empty", "give a file with one JSON object per line")


class ArrayRows(JsonRows):
    """A JSON array of objects, each a record or a page of them, read piece by piece."""

    def __init__(
        self, stream: Stream, name: str, limits: Limits, pages: Pages = NONE, text: JsonBytes | None = None
    ) -> None:
        super().__init__(records(((e, 0) for e in elements(text or begin(stream, name, limits), name)), limits, pages))


class ObjectRows(JsonRows):
    """A file that is one JSON object: a page, or one whose arrays are read element by element.

    Without `pages` only its `marks` can be had, of its first 4 MB; reading it raises `error`.
    """

    def __init__(self, text: JsonBytes, name: str, limits: Limits, pages: Pages | None) -> None:
        self.error = no_array(text, name)
        if pages is None:
            keys: dict[str, None] = {}
            while len(text.data) < _PEEK_BYTES and text.more(0):
                pass
            for _ in elements_at(JsonBytes(None, text.data, limits), frozenset(), NONE.mend, keys):
                pass
            super().__init__(iter(()))
            self.marks, self._parsed = list(keys), chain(self._refused())
        elif pages.arrays:
            super().__init__(self._streamed(text, limits, pages))
        else:
            super().__init__(records(((raw, 0) for raw in self._one(text)), limits, pages))

    def _refused(self) -> Iterator[Parsed]:
        raise self.error
        yield

    def _streamed(self, text: JsonBytes, limits: Limits, pages: Pages) -> Iterator[Parsed]:
        for raw, head in elements_at(text, pages.arrays, pages.mend):
            value = parse(raw, limits, pages.mend)
            if isinstance(value, dict):
                value[PAGE] = head
            yield value, raw, 0
        if text.damage is None:
            yield from ((d.reason, d, 0) for d in self._behind(text))

    def _one(self, text: JsonBytes) -> Iterator[bytes]:
        yield root_value(text)
        if text.damage is None:
            yield from self._behind(text)

    def _behind(self, text: JsonBytes) -> Iterator[Damage]:
        """What stands behind the object; raises UserError where it is one more object."""
        for damage in text.rest():
            if text.data[:1] == b"{":
                raise self.error
            yield damage


def json_rows(stream: Stream, name: str, limits: Limits, pages: Pages | None) -> JsonRows:
    """The rows of a `.json`: an array, or an object where the format knows its pages (None: not asked yet)."""
    text = begin(stream, name, limits)
    if text.data[:1] == b"{":
        return ObjectRows(text, name, limits, pages)
    return ArrayRows(stream, name, limits, pages or NONE, text)


def _keys(value: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for key, inner in value.items():
        yield prefix + key
        if isinstance(inner, dict):
            yield from _keys(inner, f"{prefix}{key}.")
        elif isinstance(inner, list):
            for item in inner[:_PEEK_ITEMS]:
                if isinstance(item, dict):
                    yield from _keys(item, f"{prefix}{key}[].")


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
