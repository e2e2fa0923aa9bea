"""One door to every kind of file: a source's columns, and its rows in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from unisono.events.files.bare_rows import Bare, BareRows
from unisono.events.files.batch import RawBatch
from unisono.events.files.csv_rows import CsvRows
from unisono.events.files.encodings import likely_encoding
from unisono.events.files.json_rows import NdjsonRows, json_rows
from unisono.events.files.pages import NONE, Pages
from unisono.events.files.parquet_rows import ParquetRows
from unisono.events.files.sources import Source
from unisono.events.files.unpack import Truncated
from unisono.events.files.xlsx_rows import XlsxRows
from unisono.study import Limits, UserError, setting

_LOOK = 1 << 20
"""Bytes of a file by which its encoding is judged."""


class Rows(Protocol):
    """A source that is open."""

    columns: list[str]
    """Columns it has; for JSON those of the first rows."""
    open_ended: bool
    """Whether later rows may show further columns (JSON)."""

    def batches(self, wanted: Sequence[str]) -> Iterator[RawBatch]:
        """All rows from the first on, once, with the wanted columns that exist."""


@contextmanager
def open_rows(
    source: Source, limits: Limits, temp: Path, on_read: Callable[[int], None] | None = None,
    pages: Pages | None = None, bare: Bare | None = None,
) -> Iterator[Rows]:  # fmt: skip
    """Open a source; `temp` takes what must be unpacked to disk, `pages` is how its format takes pages apart, `bare`
    the columns of its tables where these have no header.

    Raises UserError for an empty file, and where a text file is likely written in another way than was said.
    """
    if source.kind == "parquet":
        with ParquetRows.open(source, limits, temp, on_read) as rows:
            yield rows
        return
    if source.kind == "xlsx":
        with XlsxRows.open(source, limits, temp, on_read) as sheet:
            yield sheet
        return
    if source.encoding is None and bare is None:
        _refuse_encoding(source, limits)
    with source.open(limits, on_read) as stream:
        match source.kind:
            case "csv" | "tsv" if bare is not None:
                yield BareRows(stream, source.name, bare, limits)
            case "csv" | "tsv":
                delimiter = source.delimiter or ("," if source.kind == "csv" else "\t")
                yield CsvRows(stream, source.name, delimiter, limits, declared=source.delimiter is not None)
            case "ndjson":
                yield NdjsonRows(stream, source.name, limits, pages or NONE)
            case "json":
                yield json_rows(stream, source.name, limits, pages)


def _refuse_encoding(source: Source, limits: Limits) -> None:
    with source.open(limits) as stream:
        try:
            likely = likely_encoding(stream.read(_LOOK))
        except Truncated:
            return
    if likely:
        raise UserError(
            f"{source.name} is no UTF-8; it is likely written in {likely}",
            f"if so, say {setting('encoding', likely)}; {setting('encoding', 'utf-8')} leaves out rows that are none",
        )
