"""Tables without a header and without quotes, whose columns a format names by their place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from unisono.events.batch import RawBatch, Reject, as_lines, row_sha256
from unisono.events.lines import Damage, physical_lines
from unisono.events.unpack import Stream
from unisono.study import Limits, UserError

ROWS, BYTES = 20_000, 8 << 20
"""A batch ends at either."""
NO_UTF8 = "rows that are no UTF-8 and were read byte by byte (latin-1)"


@dataclass(frozen=True)
class Bare:
    """What a format's module says in `BARE`. columns: names of all cells of a row; parted: by what.

    Rows that are no UTF-8 are read as latin-1, in which every byte is a letter, and counted.
    """

    columns: tuple[str, ...]
    parted: bytes = b"\t"


def bare_of(fmt: Any) -> Bare | None:
    """What the module of a format says, or that its tables have headers."""
    found = getattr(fmt, "BARE", None)
    assert found is None or isinstance(found, Bare)
    return found


class BareRows:
    """A source whose first line is a row. Reasons: bad_row (too many or too few cells), field_too_long."""

    open_ended = False

    def __init__(self, stream: Stream, name: str, bare: Bare, limits: Limits) -> None:
        self._lines, self._bare, self._limits = physical_lines(stream, limits), bare, limits
        self._first = next(self._lines, None)
        self.columns = list(bare.columns)
        if self._first is None:
            raise UserError(f"{name} is empty", "give a file with rows")

    def batches(self, wanted: Sequence[str]) -> Iterator[RawBatch]:
        """All rows that are not blank."""
        index = {c: i for i, c in enumerate(self.columns) if c in set(wanted)}
        made = _Batch(index)
        n = 0
        for raw in self._all():
            if isinstance(raw, Damage):
                n += not raw.whole
                made.rejects.append(Reject(0 if raw.whole else n, raw.reason, raw.sha256))
            elif raw.strip(b"\r\n"):
                n += 1
                made.take(n, raw, self._cells(raw))
            if made.full:
                yield made.done()
                made = _Batch(index)
        if made.lines or made.rejects:
            yield made.done()

    def _all(self) -> Iterator[bytes]:
        if self._first is not None:
            yield self._first
        yield from self._lines

    def _cells(self, raw: bytes) -> list[bytes] | str:
        cells = raw.rstrip(b"\r\n").split(self._bare.parted)
        if len(cells) != len(self.columns):
            return "bad_row"
        limit = self._limits.field_chars
        return "field_too_long" if len(raw) > limit and max(map(len, cells)) > limit else cells


class _Batch:
    """Rows on their way."""

    def __init__(self, index: dict[str, int]) -> None:
        self._index, self._size = index, 0
        self._rows: list[list[str]] = []
        self._raws: list[bytes] = []
        self._notes: Counter[str] = Counter()
        self.lines: list[int] = []
        self.rejects: list[Reject] = []

    def take(self, n: int, raw: bytes, cells: list[bytes] | str) -> None:
        if isinstance(cells, str):
            self.rejects.append(Reject(n, cells, row_sha256(raw)))
            return
        mine = [cells[i] for i in self._index.values()]
        try:
            self._rows.append([c.decode() for c in mine])
        except UnicodeDecodeError:
            self._notes[NO_UTF8] += 1
            self._rows.append([c.decode("latin-1") for c in mine])
        self._raws.append(raw)
        self.lines.append(n)
        self._size += len(raw)

    @property
    def full(self) -> bool:
        return len(self.lines) >= ROWS or self._size >= BYTES or len(self.rejects) >= ROWS

    def done(self) -> RawBatch:
        cells = zip(*self._rows, strict=True) if self._rows else ([] for _ in self._index)
        columns = {c: list(values) for c, values in zip(self._index, cells, strict=True)}
        return RawBatch(as_lines(self.lines), columns, self._raws, self.rejects, notes=self._notes)
