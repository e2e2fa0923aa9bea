"""Parquet in batches of Arrow arrays: types as the file declares them, nothing guessed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from unisono.events.files.batch import RawBatch, Reject, row_numbers
from unisono.events.files.headers import check_names
from unisono.events.files.sources import Source
from unisono.events.files.unpack import check_expansion
from unisono.maths.types import I64, Bools
from unisono.study import Limits, UserError, setting

ROWS = 1 << 17


class ParquetRows:
    """A Parquet source."""

    open_ended = False

    def __init__(self, file: pq.ParquetFile, name: str, limit: int, on_read: Callable[[int], None] | None) -> None:
        self._file, self._name, self._limit, self._on_read = file, name, limit, on_read
        self._schema: pa.Schema = file.schema_arrow
        self.columns = [p for f in self._schema for p in _paths(f, "")]

    @classmethod
    @contextmanager
    def open(
        cls, source: Source, limits: Limits, temp: Path, on_read: Callable[[int], None] | None = None
    ) -> Iterator[ParquetRows]:
        """Open it; what is packed is unpacked into `temp` first. Raises UserError where it is no Parquet."""
        with source.on_disk(limits, temp) as path:
            with _damage(source.name):
                file = pq.ParquetFile(path)
            with file:
                _check(file, source.name, path.stat().st_size, limits)
                yield cls(file, source.name, limits.field_chars, on_read)

    def batches(self, wanted: Sequence[str]) -> Iterator[RawBatch]:
        """All rows. Reasons: bad_utf8, field_too_long."""
        there = [c for c in dict.fromkeys(wanted) if c in set(self.columns)]
        n = 0
        for batch in self._batches(there):
            if self._on_read:
                self._on_read(batch.num_rows)
            lines = row_numbers(n + 1, batch.num_rows)
            n += batch.num_rows
            yield _checked(lines, {c: _column(batch, c) for c in there}, self._limit)

    def sha256(self, lines: I64) -> Iterator[tuple[I64, list[str]]]:
        """sha256 of rows by their record numbers (sorted): that of all their values as a JSON list."""
        n = 0
        for batch in self._batches(None):
            low, high = np.searchsorted(lines, [n + 1, n + batch.num_rows + 1])
            here = lines[low:high]
            if len(here):
                columns = [_values(c) for c in batch.take(pa.array(here - n - 1)).columns]
                yield here, [_sha256(row) for row in zip(*columns, strict=True)]
            n += batch.num_rows

    def _batches(self, columns: list[str] | None) -> Iterator[pa.RecordBatch]:
        batches = self._file.iter_batches(batch_size=ROWS, columns=columns)
        while True:
            with _damage(self._name):
                batch = next(batches, None)
            if batch is None:
                return
            yield batch


def _check(file: pq.ParquetFile, name: str, size: int, limits: Limits) -> None:
    meta = file.metadata
    unpacked = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
    check_expansion(name, unpacked, size, limits.expand_ratio)
    check_names(file.schema_arrow.names, name, limits.field_chars)


def _sha256(row: tuple[Any, ...]) -> str:
    return hashlib.sha256(orjson.dumps(row, default=_plain, option=orjson.OPT_NON_STR_KEYS)).hexdigest()


def _paths(field: pa.Field, prefix: str) -> list[str]:
    """Names of a column and of all in it; none of a struct that holds nothing, which no reader gives back."""
    if not pa.types.is_struct(field.type):
        return [prefix + field.name]
    inner = [p for i in range(field.type.num_fields) for p in _paths(field.type.field(i), f"{prefix}{field.name}.")]
    return [prefix + field.name, *inner] if inner else []


def _column(batch: pa.RecordBatch, column: str) -> pa.Array:
    if column in batch.schema.names:
        return _flat(batch.column(column))
    head, *path = column.split(".")
    return _flat(pc.struct_field(batch.column(head), path))


def _flat(array: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type):
        # Some writers leave the text mark out. What is no UTF-8 becomes a reject in `_checked`.
        return array.cast(options=pc.CastOptions(pa.string(), allow_invalid_utf8=True))
    return array


def _checked(lines: I64, columns: dict[str, pa.Array], limit: int) -> RawBatch:
    """Leave out rows whose texts are no UTF-8 (Arrow itself believes the file), or too long."""
    broken, long = np.zeros(len(lines), bool), np.zeros(len(lines), bool)
    for array in columns.values():
        if _holds_text(array.type):
            try:
                array.validate(full=True)
            except pa.ArrowInvalid:
                broken |= np.array([_fails(array, i) for i in range(len(array))], bool)
            long |= _longer(array, limit)
    bad = broken | long
    if not bad.any():
        return RawBatch(lines, columns)
    reasons = np.where(broken, "bad_utf8", "field_too_long")[bad].tolist()
    rejects = [Reject(n, r, None) for n, r in zip(lines[bad].tolist(), reasons, strict=True)]
    good = pa.array(~bad)
    return RawBatch(lines[~bad], {c: a.filter(good) for c, a in columns.items()}, None, rejects)


def _longer(array: pa.Array, limit: int) -> Bools:
    """Rows that hold a text of more than `limit` characters, in lists and structs too."""
    longer = np.zeros(len(array), bool)
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        if (pc.max(pc.binary_length(array)).as_py() or 0) > limit:
            longer |= np.asarray(pc.greater(pc.utf8_length(array), limit).fill_null(False), bool)
    elif pa.types.is_list(array.type) or pa.types.is_large_list(array.type):
        inner = _longer(array.flatten(), limit)
        longer[np.asarray(pc.list_parent_indices(array))[inner]] = True
    elif pa.types.is_struct(array.type):
        for part in array.flatten():
            longer |= _longer(part, limit)
    return longer


def _holds_text(kind: pa.DataType) -> bool:
    return not (pa.types.is_primitive(kind) or pa.types.is_null(kind))


def _fails(array: pa.Array, i: int) -> bool:
    try:
        array[i].as_py()
    except UnicodeDecodeError:
        return True
    return False


def _values(array: pa.Array) -> list[Any]:
    """Python values, where a time is its integer and a text that is no UTF-8 its bytes."""
    array = _flat(array)
    if pa.types.is_temporal(array.type):
        array = array.cast(pa.int32() if array.type.bit_width == 32 else pa.int64(), safe=False)
    try:
        return array.to_pylist()  # type: ignore[no-any-return]
    except (ValueError, OverflowError):
        return [_value(array.slice(i, 1)) for i in range(len(array))]


def _value(one: pa.Array) -> Any:
    """The only value of an array; its bytes where a part of it is no UTF-8, or beyond any calendar."""
    try:
        return one[0].as_py()
    except (ValueError, OverflowError):
        if pa.types.is_string(one.type):
            return one.cast(pa.binary())[0].as_py()
        return pa.record_batch([one], names=["value"]).serialize().to_pybytes()


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else str(value)


@contextmanager
def _damage(name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowKeyError, UnicodeDecodeError, OSError) as e:
        if isinstance(e, OSError) and e.errno:
            raise
        raise UserError(
            f"{name} is no Parquet file that can be read ({str(e).splitlines()[0][:200]})",
            f"write it again, or give another format with {setting('file_format')}",
        ) from None
