"""Content hash: sha256 over rows in key order, in a byte form that no engine or file layout can change.

Per value: one flag byte (0 null, 1 present), then 8 bytes little endian for integers; length (8 bytes) and
UTF-8 for strings; count (8 bytes) and items for lists; fields in order for structs; floats are the string of
their 10 significant digits, so that a last bit lost on another machine does not count as another result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

U8 = npt.NDArray[np.uint8]
I64 = npt.NDArray[np.int64]
_ROWS = 1 << 16


class ContentHash:
    """Feed it a table's batches in key order; `hexdigest` is the table's content hash."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._sha = hashlib.sha256(("\n".join(f"{f.name}:{f.type}" for f in schema) + "\n").encode())

    def update(self, table: pa.Table) -> None:
        """Add rows."""
        for batch in table.to_batches(max_chunksize=_ROWS):
            self._sha.update(_rows(batch).data)

    def hexdigest(self) -> str:
        """The hash so far, 64 hex characters."""
        return self._sha.hexdigest()


def content_hash(table: pa.Table) -> str:
    """Content hash of a table whose rows are in key order."""
    h = ContentHash(table.schema)
    h.update(table)
    return h.hexdigest()


def _rows(batch: pa.RecordBatch) -> U8:
    cells = [_encode(c) for c in batch.columns]
    return _join(cells, batch.num_rows)[0]


# An encoded array: bytes of all rows one after the other, and where each row's bytes begin (n + 1 offsets).
Encoded = tuple[U8, I64]


def _encode(a: pa.Array) -> Encoded:
    if pa.types.is_dictionary(a.type):
        a = a.dictionary_decode()
    for matches, encode in _ENCODERS:
        if matches(a.type):
            return encode(a)
    raise TypeError(f"no byte form for {a.type}")


def _valid(a: pa.Array) -> U8:
    return np.asarray(a.is_valid()).astype(np.uint8) if a.null_count else np.ones(len(a), np.uint8)


def _integers(a: pa.Array) -> Encoded:
    values = np.asarray(pc.fill_null(a.cast(pa.int64()), 0)).astype("<i8", copy=False)
    return _with_prefix(_valid(a), values, np.empty(0, np.uint8), np.zeros(len(a) + 1, np.int64))


def _floats(a: pa.Array) -> Encoded:
    d = a.dictionary_encode()
    words = pa.array([f"{v + 0.0:.9e}" for v in d.dictionary.to_pylist()], pa.string())
    return _strings(words.take(d.indices))


def _strings(a: pa.Array) -> Encoded:
    a = a.cast(pa.large_binary())
    offsets = (
        np.frombuffer(a.buffers()[1], np.int64)[a.offset : a.offset + len(a) + 1] if len(a) else np.zeros(1, np.int64)
    )
    data = np.frombuffer(a.buffers()[2], np.uint8) if a.buffers()[2] is not None else np.empty(0, np.uint8)
    return _with_prefix(_valid(a), np.diff(offsets), data, offsets)


def _lists(a: pa.Array) -> Encoded:
    offsets = np.asarray(a.offsets, dtype=np.int64)
    items, starts = _encode(a.values.slice(offsets[0], offsets[-1] - offsets[0]))
    return _with_prefix(_valid(a), np.diff(offsets), items, starts[offsets - offsets[0]])


def _structs(a: pa.Array) -> Encoded:
    fields, starts = _join([_encode(f) for f in a.flatten()], len(a))
    return _with_prefix(_valid(a), None, fields, starts)


_ENCODERS: list[tuple[Callable[[Any], bool], Callable[[pa.Array], Encoded]]] = [
    (lambda t: pa.types.is_integer(t) or pa.types.is_boolean(t), _integers),
    (pa.types.is_floating, _floats),
    (lambda t: pa.types.is_string(t) or pa.types.is_large_string(t), _strings),
    (lambda t: pa.types.is_list(t) or pa.types.is_large_list(t), _lists),
    (pa.types.is_struct, _structs),
]


def _with_prefix(valid: U8, words: I64 | None, data: U8, offsets: I64) -> Encoded:
    word = np.empty(0, np.int64) if words is None else np.ascontiguousarray(words, np.int64)
    lengths = 1 + valid.astype(np.int64) * ((8 if words is not None else 0) + np.diff(offsets))
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    out = np.empty(starts[-1], np.uint8)
    _put(out, starts, valid, *(_fixed(x) for x in (word.view(np.uint8), data, offsets)))
    return out, starts


def _fixed(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """A view not to be written to: a kernel is compiled anew for arrays that can be, and Arrow gives now these, now
    those."""
    view = array.view()
    view.flags.writeable = False
    return view


def _join(cells: list[Encoded], n: int) -> Encoded:
    lengths = sum((np.diff(starts) for _, starts in cells), np.zeros(n, np.int64))
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    out, at = np.empty(starts[-1], np.uint8), starts[:-1].copy()
    for data, offsets in cells:
        _append(out, at, data, offsets)
    return out, starts


@numba.njit(cache=True, nogil=True)
def _put(out: U8, starts: I64, valid: U8, words: U8, data: U8, offsets: I64) -> None:
    width = 8 if words.size else 0
    for i in range(valid.size):
        at = starts[i]
        out[at] = valid[i]
        if valid[i]:
            for k in range(width):
                out[at + 1 + k] = words[8 * i + k]
            at += 1 + width
            begin = offsets[i]
            for k in range(offsets[i + 1] - begin):
                out[at + k] = data[begin + k]


@numba.njit(cache=True, nogil=True)
def _append(out: U8, at: I64, data: U8, offsets: I64) -> None:
    for i in range(at.size):
        begin = offsets[i]
        n = offsets[i + 1] - begin
        for k in range(n):
            out[at[i] + k] = data[begin + k]
        at[i] += n
