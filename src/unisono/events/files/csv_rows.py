"""CSV and TSV: records by RFC 4180, where a quote that is never closed costs its own line, not the file."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from unisono.events.files.batch import RawBatch, as_lines, line_numbers
from unisono.events.files.csv_plain import plain_records
from unisono.events.files.gather import gathered
from unisono.events.files.headers import check_names
from unisono.events.files.lines import Damage, Lines
from unisono.events.files.unpack import Stream
from unisono.study import Limits, UserError

_SHORTEST = 4 << 10
_ANY = (1 << 31) - 1
_BLOCK = 4 << 20
_ENOUGH, _SHARE, _MOST = 1_000, 32, 20_000
"""Fewer plain records at once, or a smaller part of what was looked at, are not worth it (each look costs time in
proportion to the block); so many are read one by one at most before the next try."""

Record = tuple[list[str] | str, bytes]
"""The cells and the bytes of a record, or the reason why there are no cells."""


class CsvRows:
    """A CSV or TSV source; the first record is its header.

    Plain records are read many at once (`csv_plain`), any other and some behind it one by one: the more the fewer plain
    ones there were between.
    """

    open_ended = False

    def __init__(self, stream: Stream, name: str, delimiter: str, limits: Limits) -> None:
        self._limits, self._delimiter = limits, delimiter
        csv.field_size_limit(_ANY)  # our own limits hold, and reject one row instead of stopping
        self._lines = Lines(stream, limits, _BLOCK)
        self._feed = _Feed(iter(self._lines), limits.field_chars)
        self._records = _records(self._feed, delimiter)
        self.columns = _header(next(self._records, None), name)

    def batches(self, wanted: Sequence[str]) -> Iterator[RawBatch]:
        """All rows. Records that could not be split into cells, or into too many or few, are rejects."""
        index = {c: i for i, c in enumerate(self.columns) if c in set(wanted)}
        n = strict = 0
        records: Iterable[Record] = () if self._feed.settled else self._strict(1)
        while True:
            for batch in self._one_by_one(records, index, n):
                n += len(batch) + sum(r.line > 0 for r in batch.rejects)
                yield batch
            block = self._lines.block()
            if block is None:
                return
            if isinstance(block, Damage):
                records = [(block.reason, block)]
                continue
            plain = plain_records(block, self._delimiter, len(self.columns), list(index.values()), self._longest)
            if len(plain.raws):
                lines = line_numbers(n + 1, len(plain.raws))
                n += len(lines)
                yield RawBatch(lines, dict(zip(index, plain.columns, strict=True)), plain.raws)
            self._lines.put_back(block[plain.end :])
            if plain.end == len(block):
                records = ()
                continue
            enough = len(plain.raws) >= _ENOUGH and plain.end * _SHARE >= len(block)
            strict = 1 if enough else min(2 * strict + 1, _MOST)
            records = self._strict(strict)

    @property
    def _longest(self) -> int:
        return min(self._limits.field_chars, self._limits.line_bytes)

    def _one_by_one(self, records: Iterable[Record], index: dict[str, int], n: int) -> Iterator[RawBatch]:
        for batch in gathered(records, n):
            columns = {c: list(map(itemgetter(i), batch.values)) for c, i in index.items()}
            yield RawBatch(as_lines(batch.lines), columns, batch.raws, batch.rejects)

    def _strict(self, count: int) -> Iterator[Record]:
        """At least so many records, then on to where nothing is left open."""
        for done, (cells, raw) in enumerate(self._records, 1):
            yield self._checked(cells, raw), raw
            if done >= count and self._feed.settled:
                return

    def _checked(self, cells: list[str] | str, raw: bytes) -> list[str] | str:
        """The cells, or why there are none: too many, too few, or one too long."""
        if isinstance(cells, str):
            return cells
        if len(cells) != len(self.columns):
            return "bad_row"
        limit = self._limits.field_chars
        return "field_too_long" if len(raw) > limit and max(map(len, cells)) > limit else cells


def _header(record: Record | None, name: str) -> list[str]:
    if record is None:
        raise UserError(f"{name} is empty", "give a file with a header line and rows")
    cells, raw = record
    if isinstance(cells, str):
        hint = " (it begins like UTF-16)" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ""
        raise UserError(
            f"the header line of {name} cannot be read{hint}: {raw.reason if isinstance(raw, Damage) else cells}",
            "save it as UTF-8, with lines that end in LF or CRLF, and with quotes in pairs",
        )
    check_names((c for c in cells if c), name)
    return cells


class _Open(Exception):  # noqa: N818
    """A quote was opened and not closed."""


class _Feed:
    """Hands lines to the csv module one by one and knows which of them its current record is made of.

    A quoted cell may go on over lines up to `cap` characters. Each failure halves the cap, so that a file made
    of open quotes costs time in proportion to its length; each record read doubles it again.
    """

    def __init__(self, lines: Iterator[bytes], cap: int) -> None:
        self._lines, self._cap, self._most = lines, cap, cap
        self._ahead: deque[bytes] = deque()
        self._taken: list[bytes] = []
        self.bad_utf8 = False

    @property
    def settled(self) -> bool:
        """Whether nothing is left of earlier failures: what follows could be read by any other reader."""
        return not self._ahead and not self._taken and self._cap >= self._most

    def texts(self) -> Iterator[str]:
        size = 0
        while True:
            raw = self._ahead.popleft() if self._ahead else next(self._lines, None)
            size = size + len(raw or b"") if self._taken else 0
            if raw is None or type(raw) is not bytes or size > self._cap:
                if raw is not None:
                    self._ahead.appendleft(raw)
                if self._taken:
                    raise _Open
                if raw is None:
                    return
                raw = self._ahead.popleft()
            self._taken.append(raw)
            try:
                yield raw.decode()
            except UnicodeDecodeError:
                self.bad_utf8 = True
                yield raw.decode("utf-8", "surrogateescape")

    def record(self) -> bytes:
        """The bytes of the record that was just read."""
        taken, self._taken = self._taken, []
        if self._cap < self._most:
            self._cap = min(2 * self._cap, self._most)
        return taken[0] if len(taken) == 1 else b"".join(taken)

    def give_back(self) -> bytes:
        """The first line of a record that stayed open; its other lines are read anew."""
        self._cap = max(self._cap // 4, _SHORTEST)
        first, *others = self._taken
        self._ahead.extendleft(reversed(others))
        self._taken = []
        return first


def _records(feed: _Feed, delimiter: str) -> Iterator[Record]:
    """Every record that is not blank. Reasons: bad_utf8, bad_row (a CR alone), unterminated_quote."""
    reader = csv.reader(feed.texts(), delimiter=delimiter)
    while True:
        cells: list[str] | str
        try:
            cells = next(reader)
            raw = feed.record()
        except StopIteration:
            return
        except csv.Error:
            cells, raw = "bad_row", feed.record()
        except _Open:
            cells, raw = "unterminated_quote", feed.give_back()
            reader = csv.reader(feed.texts(), delimiter=delimiter)
        if feed.bad_utf8:
            feed.bad_utf8, cells = False, "bad_utf8" if isinstance(cells, list) else cells
        if isinstance(raw, Damage):
            cells = raw.reason
        if cells:
            yield cells, raw
