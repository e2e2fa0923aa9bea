"""Tables without a header and without quotes, whose columns a format names by their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from unisono.events.files.batch import RawBatch, as_numbers
from unisono.events.files.gather import gathered
from unisono.events.files.lines import Damage, Lines
from unisono.events.files.unpack import Stream
from unisono.study import Limits, UserError

NO_UTF8 = "rows that are no UTF-8 and were read byte by byte (latin-1)"


@dataclass(frozen=True)
class Bare:
    """What a format says of its tables. columns: names of all cells of a row; parted: by what.

    Rows that are no UTF-8 are read as latin-1, in which every byte is a letter, and counted.
    """

    columns: tuple[str, ...]
    parted: bytes = b"\t"


class BareRows:
    """A source whose first line is a row. Reasons: bad_row (too many or too few cells), field_too_long."""

    open_ended = False

    def __init__(self, stream: Stream, name: str, bare: Bare, limits: Limits) -> None:
        self._lines, self._bare, self._limits = iter(Lines(stream, limits)), bare, limits
        self._first = next(self._lines, None)
        self.columns = list(bare.columns)
        if self._first is None:
            raise UserError(f"{name} is empty", "give a file with rows")

    def batches(self, wanted: Sequence[str]) -> Iterator[RawBatch]:
        """All rows that are not blank."""
        index = {c: i for i, c in enumerate(self.columns) if c in set(wanted)}
        for batch in gathered((self._cells(raw), raw, line) for line, raw in self._all()):
            notes: Counter[str] = Counter()
            rows = [_texts([cells[i] for i in index.values()], notes) for cells in batch.values]
            columns = {c: [row[k] for row in rows] for k, c in enumerate(index)}
            numbers, lines = as_numbers(batch.rows), as_numbers(batch.lines)
            yield RawBatch(numbers, columns, batch.raws, batch.rejects, notes=notes, places=lines)

    def _all(self) -> Iterator[tuple[int, bytes]]:
        lines = chain([] if self._first is None else [self._first], self._lines)
        return ((n, raw) for n, raw in enumerate(lines, 1) if isinstance(raw, Damage) or raw.strip(b"\r\n"))

    def _cells(self, raw: bytes) -> list[bytes] | str:
        if isinstance(raw, Damage):
            return raw.reason
        cells = raw.rstrip(b"\r\n").split(self._bare.parted)
        if len(cells) != len(self.columns):
            return "bad_row"
        limit = self._limits.field_chars
        return "field_too_long" if len(raw) > limit and max(map(len, cells)) > limit else cells


def _texts(cells: list[bytes], notes: Counter[str]) -> list[str]:
    try:
        return [c.decode() for c in cells]
    except UnicodeDecodeError:
        notes[NO_UTF8] += 1
        return [c.decode("latin-1") for c in cells]
