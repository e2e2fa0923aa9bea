"""CSV and TSV: records by RFC 4180, where a quote in the wrong place costs its own line, not the file."""

from __future__ import annotations

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from unisono.events.files.batch import RawBatch, as_numbers, row_numbers
from unisono.events.files.csv_plain import Plain, plain_records
from unisono.events.files.gather import gathered
from unisono.events.files.headers import check_names
from unisono.events.files.lines import Damage, Lines
from unisono.events.files.unpack import Stream
from unisono.study import Limits, UserError, setting

_SHORTEST = 4 << 10
_ANY = (1 << 31) - 1
_BLOCK = 4 << 20
_ENOUGH, _SHARE, _MOST = 1_000, 32, 20_000
"""Fewer plain records at once, or a smaller part of what was looked at, are not worth it (each look costs time in
proportion to the block); so many are read one by one at most before the next try."""

Record = tuple[list[str] | str, bytes, int]
"""The cells of a record, or the reason why there are none; its bytes; the line on which it begins."""

AFTER_QUOTE = (
    "rows with text behind a closing quotation mark; each was left out, and the lines that it held were read on their "
    "own. In a quoted cell a quotation mark is written twice: export the table again with a program that does so"
)
UNTERMINATED = (
    "rows with a quotation mark that is never closed; each was left out, and the lines behind it were read on their "
    "own. Close it, or export the table again"
)
BARE = "rows with a quotation mark inside a cell that does not begin with one; it was taken as it stands"
_PARTING = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_TOLD = {"text_after_quote": AFTER_QUOTE, "unterminated_quote": UNTERMINATED}


class CsvRows:
    """A CSV or TSV source; the first record is its header.

    Plain records are read many at once (`csv_plain`), any other and some behind it one by one: the more the fewer plain
    ones there were between.
    """

    open_ended = False

    def __init__(self, stream: Stream, name: str, delimiter: str, limits: Limits, declared: bool = True) -> None:
        self._limits, self._delimiter = limits, delimiter
        csv.field_size_limit(_ANY)  # our own limits hold, and reject one row instead of stopping
        self._lines = Lines(stream, limits, _BLOCK)
        self._feed = _Feed(iter(self._lines), limits.field_chars)
        first = _records(self._feed, delimiter, 0)
        self.columns = _header(next(first, None), name, limits)
        if self.columns == ["sep=", ""]:  # so Excel says in the first line what parts its cells
            self.columns = _header(next(first, None), name, limits)
        if not declared:
            _refuse_delimiter(self.columns, delimiter, name)
        self._records = _records(self._feed, delimiter, len(self.columns))
        self._tidy = _tidy(delimiter)

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
                records = [(block.reason, block, self._feed.line)]
                self._feed.line += 1
                continue
            plain = plain_records(block, self._delimiter, len(self.columns), list(index.values()), self._longest)
            if len(plain.raws):
                yield self._plain(plain, block, index, n)
                n += len(plain.raws)
            self._feed.line += block.count(b"\n", 0, plain.end)
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

    def _plain(self, plain: Plain, block: bytes, index: dict[str, int], n: int) -> RawBatch:
        rows, columns = row_numbers(n + 1, len(plain.raws)), dict(zip(index, plain.columns, strict=True))
        notes = Counter({BARE: plain.bare} if plain.bare else {})
        return RawBatch(rows, columns, plain.raws, notes=notes, places=plain.lines(block) + self._feed.line)

    def _one_by_one(self, records: Iterable[Record], index: dict[str, int], n: int) -> Iterator[RawBatch]:
        for batch in gathered(records, n):
            columns = {c: list(map(itemgetter(i), batch.values)) for c, i in index.items()}
            notes = Counter(_TOLD[r.reason] for r in batch.rejects if r.reason in _TOLD)
            if bare := sum(b'"' in raw and not self._tidy.fullmatch(raw) for raw in batch.raws):
                notes[BARE] = bare
            yield RawBatch(
                as_numbers(batch.rows), columns, batch.raws, batch.rejects, notes=notes, places=as_numbers(batch.lines)
            )

    def _strict(self, count: int) -> Iterator[Record]:
        """At least so many records, then on to where nothing is left open."""
        for done, (cells, raw, line) in enumerate(self._records, 1):
            yield self._checked(cells, raw), raw, line
            if done >= count and self._feed.settled:
                return

    def _checked(self, cells: list[str] | str, raw: bytes) -> list[str] | str:
        limit = self._limits.field_chars
        if isinstance(cells, list) and len(raw) > limit and max(map(len, cells)) > limit:
            return "field_too_long"
        return cells


def _tidy(delimiter: str) -> re.Pattern[bytes]:
    """What matches records in which quotes stand around whole cells, or doubled in such a cell, and nowhere else."""
    by = re.escape(delimiter.encode())
    cell = rb'(?:"[^"]*+(?:""[^"]*+)*+"|[^"\r\n%b]*+)' % by
    return re.compile(rb"%b(?:%b%b)*+\r?\n?" % (cell, by, cell))


def _refuse_delimiter(columns: list[str], delimiter: str, name: str) -> None:
    """Raise UserError where another letter would part the header into more cells."""
    header = delimiter.join(columns)
    likely = max(_PARTING, key=lambda d: header.count(_PARTING[d]))
    if header.count(_PARTING[likely]) >= len(columns):
        raise UserError(
            f"the cells of {name} are likely parted by {likely}s",
            f"if so, say {setting('delimiter', likely)}, else name what parts them",
        )


def _header(record: Record | None, name: str, limits: Limits) -> list[str]:
    if record is None:
        raise UserError(f"{name} is empty", "give a file with a header line and rows")
    cells, raw, _ = record
    if isinstance(cells, str):
        raise UserError(
            f"the header line of {name} cannot be read: {raw.reason if isinstance(raw, Damage) else cells}",
            "save it as UTF-8, with lines that end in LF or CRLF, and with quotes in pairs",
        )
    check_names((c for c in cells if c), name, limits.field_chars)
    return cells


class _Open(Exception):  # noqa: N818
    """A quote was opened and not closed."""


class _Feed:
    """Hands lines to the csv module one by one and knows which of them its current record is made of.

    A quoted cell may go on over lines up to `cap` characters. Each that is never closed halves the cap, so that a file
    made of open quotes costs time in proportion to its length; each record read doubles it again.
    """

    def __init__(self, lines: Iterator[bytes], cap: int) -> None:
        self._lines, self._cap, self._most = lines, cap, cap
        self._ahead: deque[bytes] = deque()
        self._taken: list[bytes] = []
        self.bad_utf8 = False
        self.line = 1
        """Where the next record begins: lines of the file, counted from 1."""

    @property
    def settled(self) -> bool:
        """Whether nothing is left of earlier failures: what follows could be read by any other reader."""
        return not self._ahead and not self._taken and self._cap >= self._most

    @property
    def in_one_line(self) -> bool:
        """Whether the current record is."""
        return len(self._taken) == 1

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
        self.line += len(taken)
        if self._cap < self._most:
            self._cap = min(2 * self._cap, self._most)
        return taken[0] if len(taken) == 1 else b"".join(taken)

    def first_line(self) -> bytes:
        """The first line of a record that is none; its other lines are read anew."""
        first, *others = self._taken
        self._ahead.extendleft(reversed(others))
        self._taken = []
        self.line += 1
        return first

    def never_closed(self) -> bytes:
        """As `first_line`, of a record with an open quote."""
        self._cap = max(self._cap // 4, _SHORTEST)
        return self.first_line()


def _records(feed: _Feed, delimiter: str, width: int) -> Iterator[Record]:
    """Every record that is not blank; `width`: how many cells it must have, 0 for any number.

    A record that is none (bad_row: too many or few cells, or a CR alone; text_after_quote; unterminated_quote) costs
    its first line: what else it would have swallowed is read on its own. Another reason: bad_utf8.
    """
    reader = csv.reader(feed.texts(), delimiter=delimiter, strict=True)
    while True:
        cells: list[str] | str
        line = feed.line
        try:
            cells = next(reader)
            if cells and width and len(cells) != width:
                cells = "bad_row"
            raw = feed.record() if isinstance(cells, list) or feed.in_one_line else feed.first_line()
        except StopIteration:
            return
        except csv.Error as e:
            cells = "text_after_quote" if "expected after" in str(e) else "bad_row"
            raw = feed.first_line()
        except _Open:
            cells, raw = "unterminated_quote", feed.never_closed()
            reader = csv.reader(feed.texts(), delimiter=delimiter, strict=True)
        if feed.bad_utf8:
            feed.bad_utf8, cells = False, "bad_utf8" if isinstance(cells, list) else cells
        if isinstance(raw, Damage):
            cells = raw.reason
        if cells:
            yield cells, raw, line
