"""Sheets of Excel (.xlsx): the values that the file holds. Nothing is computed, followed or run.

Read with openpyxl (MIT), row by row. A formula counts as the value that was last computed for it; where the file
holds none the cell is empty, and counted. Excel keeps 15 digits of a number: a longer one is given in scientific
notation, so that an id that was made of it is recognised as mangled, as in every other source.
"""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from unisono.events.files.batch import RawBatch, as_numbers, as_text
from unisono.events.files.gather import gathered
from unisono.events.files.headers import check_names
from unisono.events.files.sources import Source
from unisono.events.files.unpack import check_expansion
from unisono.study import Limits, UserError

_DIGITS = 10**15
"""Whole numbers from here on are not what was typed."""
_BEYOND = 64
"""Columns beyond the header in which a value is looked for."""
NO_VALUE = (
    "formulas without a computed value; left empty. Open the workbook in a spreadsheet program and save it, so that it "
    "holds the values"
)

_PROLOG = 16 << 10
"""Bytes of a part of the workbook in which its first element begins."""

Sheet = Iterator[tuple[Any, ...]]


class XlsxRows:
    """The one sheet of a workbook that holds anything; its first row is the header."""

    open_ended = False

    def __init__(
        self, columns: list[str], rows: Iterator[tuple[Any, Any]], limits: Limits, on_read: Callable[[int], None] | None
    ) -> None:
        self.columns, self._rows, self._limits, self._on_read = columns, rows, limits, on_read

    @classmethod
    @contextmanager
    def open(
        cls, source: Source, limits: Limits, temp: Path, on_read: Callable[[int], None] | None = None
    ) -> Iterator[XlsxRows]:
        """Open it. Raises UserError where it is no workbook, holds several sheets with rows, or no header."""
        with source.on_disk(limits, temp) as path:
            _check_size(path, source.name, limits.expand_ratio)
            with _damage(source.name):
                values, formulas, name = _books(path, source.name)
            try:
                columns = _header(next(_all(values[name], 0, source.name), ()), source.name, limits.field_chars)
                both = zip(
                    _all(values[name], len(columns), source.name), _all(formulas[name], len(columns), source.name),
                    strict=True,
                )  # fmt: skip
                next(both, None)
                yield cls(columns, both, limits, on_read)
            finally:
                values.close()
                formulas.close()

    def batches(self, wanted: Sequence[str]) -> Iterator[RawBatch]:
        """All rows up to the last that holds anything. Reasons: empty_row, bad_row (values beyond the header),
        field_too_long."""
        index = {c: i for i, c in enumerate(self.columns) if c in set(wanted)}
        notes: Counter[str] = Counter()
        for batch in gathered(self._read(notes)):
            if self._on_read:
                self._on_read(len(batch.values) + len(batch.rejects))
            columns = {c: [row[i] if i < len(row) else None for row in batch.values] for c, i in index.items()}
            rows, lines = as_numbers(batch.rows), as_numbers(batch.lines)
            yield RawBatch(rows, columns, batch.raws, batch.rejects, notes=+notes, places=lines)
            notes.clear()

    def _read(self, notes: Counter[str]) -> Iterator[tuple[list[Any] | str, bytes, int]]:
        empty: list[tuple[str, bytes, int]] = []
        for line, (cells, formulas) in enumerate(self._rows, 2):
            row = [_plain(c) for c in cells]
            raw = orjson.dumps(row)
            notes[NO_VALUE] += sum(c is None and f is not None for c, f in zip(cells, formulas, strict=False))
            if all(c is None for c in row):
                empty.append(("empty_row", raw, line))
                continue
            yield from empty
            empty = []
            yield self._wrong(row) or row, raw, line

    def _wrong(self, row: list[Any]) -> str | None:
        width, limit = len(self.columns), self._limits.field_chars
        if any(c is not None for c in row[width:]):
            return "bad_row"
        return "field_too_long" if any(isinstance(c, str) and len(c) > limit for c in row) else None


def _plain(value: Any) -> Any:
    """A cell as JSON has it: times in ISO 8601, numbers of more than 15 digits as they may no longer be trusted."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return f"{float(value):E}" if abs(value) >= _DIGITS else value
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value) or None


def _header(cells: Sequence[Any], name: str, longest: int) -> list[str]:
    columns = [as_text(_plain(c)) or "" for c in cells]
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise UserError(f"{name} is empty", "give a sheet with a header row and rows")
    check_names((c for c in columns if c), name, longest)
    return columns


def _books(path: Path, name: str) -> tuple[Any, Any, str]:
    """The workbook by its values and by its formulas, and the name of the sheet with rows."""
    from openpyxl import load_workbook  # late: it takes a fifth of a second

    values, formulas = (load_workbook(path, read_only=True, data_only=v, keep_links=False) for v in (True, False))
    for sheet in chain(values.worksheets, formulas.worksheets):
        sheet.reset_dimensions()  # what the file says of its size may be a lie
    full = [
        s.title for s in values.worksheets if any(any(c is not None for c in r) for r in s.iter_rows(values_only=True))
    ]
    if len(full) > 1:
        raise UserError(
            f"{name} has more than one sheet with rows: {', '.join(repr(f) for f in full[:9])}",
            "keep one, or save each as a file of its own",
        )
    if not full and any(c is not None for s in formulas.worksheets for r in s.iter_rows(values_only=True) for c in r):
        raise UserError(
            f"{name} holds formulas and none of the values that were computed for them",
            "open it in a spreadsheet program and save it, or save the sheet as CSV in UTF-8",
        )
    if not full:
        raise UserError(f"{name} is empty", "give a sheet with a header row and rows")
    return values, formulas, full[0]


def _all(sheet: Any, width: int, name: str) -> Sheet:
    """All rows of a sheet; of each no more than _BEYOND cells beyond the width, where there is one."""
    rows = sheet.iter_rows(values_only=True, max_col=width + _BEYOND if width else None)
    while True:
        with _damage(name):
            row = next(rows, None)
        if row is None:
            return
        yield row


def _check_size(path: Path, name: str, ratio: int) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            check_expansion(name, sum(i.file_size for i in parts), path.stat().st_size, ratio)
            for part in parts:
                if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise _no_workbook(name, f"{part.filename[:80]!a} is packed as no spreadsheet program does")
                with archive.open(part) as opened:
                    begin = opened.read(_PROLOG)
                if (_is_named_xml(part.filename) or _may_be_xml(begin)) and not _is_plain_xml(begin):
                    raise _no_workbook(name, f"{part.filename[:80]!a} declares entities, or is no XML in UTF-8")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, NotImplementedError, ValueError, OSError):
        raise _no_workbook(name, "it is no zip of sheets") from None


def _is_named_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def _may_be_xml(data: bytes) -> bool:
    """Whether a parser would take it for XML: a workbook may call the part of a sheet what it likes. Like expat, it
    takes a NUL among the first two bytes for UTF-16."""
    codec = "utf-16-le" if data[1:2] == b"\0" or data[:2] == b"\xff\xfe" else "latin-1"
    codec = "utf-16-be" if data[:1] == b"\0" or data[:2] == b"\xfe\xff" else codec
    return data.removeprefix(b"\xef\xbb\xbf").decode(codec, "ignore").lstrip("\ufeff \t\r\n").startswith("<")


def _is_plain_xml(data: bytes) -> bool:
    """Whether it comes to its first element without a document type, in which entities are declared: a file with one is
    made to take up memory, or to show what stands in other files."""
    at = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    while True:
        at = len(data) - len(data[at:].lstrip())
        end = next((e for b, e in ((b"<?", b"?>"), (b"<!--", b"-->")) if data.startswith(b, at)), b"")
        if not end:
            return data[at : at + 1] == b"<" and (data[at + 1 : at + 2].isalpha() or data[at + 1 : at + 2] == b"_")
        at = data.find(end, at) + len(end)
        if at < len(end):
            return False


@contextmanager
def _damage(name: str) -> Iterator[None]:
    """The library raises whatever a damaged file makes it stumble on: of every class."""
    try:
        yield
    except UserError:
        raise
    except Exception as e:
        raise _no_workbook(name, f"{type(e).__name__}: {str(e).splitlines()[0][:200] if str(e) else ''}") from None


def _no_workbook(name: str, why: str) -> UserError:
    return UserError(
        f"{name} is no workbook (.xlsx) that can be read ({why})", "save it again, or save the sheet as CSV in UTF-8"
    )
