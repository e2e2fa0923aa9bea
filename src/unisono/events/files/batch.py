"""Rows as they were read: a piece of a source, column by column, before they mean anything."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import orjson
import pyarrow as pa

from unisono.maths.types import I64

Cells: TypeAlias = list[Any] | Any
"""One column of a batch: a list of Python values (text files) or an Arrow array (Parquet)."""

_EXACT = 1 << 53
"""Beyond this a double no longer holds every whole number."""


class Reject(NamedTuple):
    """A row that could not be used; `line` as in `RawBatch.lines`, 0 for the file itself; `sha256` is None where the
    row's bytes are still to be looked up."""

    line: int
    reason: str
    sha256: str | None


@dataclass
class Times:
    """When: microseconds UTC, the step as written, whose clock, and why a row has no time (by position).

    why: what is wrong with the first time that could not be read, in words; "" where all could.
    """

    t_us: I64
    resolution_us: I64
    basis: str | list[str] = "platform"
    reasons: dict[int, str] = field(default_factory=dict)
    why: str = ""


@dataclass
class RawBatch:
    """Some rows of one source.

    `rows`: numbers of the records from 1, each one's own. `columns`: wanted columns by name. `raw`: each row's bytes
    (text files). `rejects`: rows met in between that could not be read. `times`: set by a format that knows them
    itself. `records`: the rows as whole objects (JSON). `notes`: what is worth a note, and how often it was met.
    `places`: lines of the file in which the rows begin, where these are not their numbers.
    """

    rows: I64
    columns: dict[str, Cells]
    raw: Sequence[bytes] | None = None
    rejects: list[Reject] = field(default_factory=list)
    times: Times | None = None
    records: list[dict[str, Any]] | None = None
    notes: Counter[str] = field(default_factory=Counter)
    places: I64 | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def lines(self) -> I64:
        """Where a person finds each row: the line of the file in which it begins, else its number."""
        return self.rows if self.places is None else self.places

    def values(self, column: str | None) -> list[Any]:
        """A column as Python values; all None where there is no such column."""
        cells = None if column is None else self.columns.get(column)
        return [None] * len(self) if cells is None else python_values(cells)

    def texts(self, column: str | None) -> list[str | None]:
        """A column as text (see `as_text`)."""
        return [v if type(v) is str and v else as_text(v) for v in self.values(column)]


def python_values(cells: Cells) -> list[Any]:
    """A column as Python values; what is beyond Python's calendar in words, with its own number."""
    if isinstance(cells, list):
        return cells
    try:
        return cells.to_pylist()  # type: ignore[no-any-return]
    except (OverflowError, ValueError):
        return [_python_value(v) for v in cells]


def _python_value(value: Any) -> Any:
    try:
        return value.as_py()
    except (OverflowError, ValueError):
        return f"beyond any calendar ({getattr(value, 'value', '')} {value.type})"


def in_microseconds(array: Any) -> Any:
    """Times in nanoseconds cut to microseconds, which is all that a Python datetime can hold; others as they are."""
    kind = array.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return array.cast(pa.timestamp("us", kind.tz), safe=False)
    return array


def row_sha256(raw: bytes) -> str:
    """sha256 of a row of a text file, without its line end."""
    return hashlib.sha256(raw.rstrip(b"\r\n")).hexdigest()


def as_text(value: Any) -> str | None:
    """A cell as text: empty is None, whole numbers without a point, lists and objects as JSON.

    A float that no longer holds the whole number it once was is written in scientific notation, so that an id
    made of it is recognised as mangled.
    """
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if value != value:
            return None
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else f"{value:E}"
    if isinstance(value, list | dict):
        return _as_json(value) if value else None
    return str(value) or None


def _as_json(value: Any) -> str:
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # a whole number of more than 64 bits
        return json.dumps(value, default=str, ensure_ascii=False, separators=(",", ":"))


def row_numbers(first: int, n: int) -> I64:
    """`n` numbers of records from `first`."""
    return np.arange(first, first + n, dtype=np.int64)


def as_numbers(numbers: Sequence[int]) -> I64:
    """Numbers of records, or lines, as an array."""
    return np.asarray(numbers, dtype=np.int64)
