"""Records of CSV as nearly all are written, many at once: the cells of a block of bytes, by RFC 4180 and no more.

What is written in any other way is left to the strict parser (`csv_rows`), of which this says the same (tested).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import pyarrow as pa
from numba import njit

from unisono.events.files.letters import Bytes
from unisono.maths.types import I32, I64, int64

_QUOTE, _LF, _CR = ord('"'), ord("\n"), ord("\r")


class Slices(Sequence[bytes]):
    """Pieces of one block of bytes."""

    def __init__(self, block: bytes, begins: I32, ends: I32) -> None:
        self._block, self._begins, self._ends = block, begins, ends

    def __len__(self) -> int:
        return len(self._begins)

    @overload
    def __getitem__(self, i: int) -> bytes: ...
    @overload
    def __getitem__(self, i: slice) -> Slices: ...
    def __getitem__(self, i: int | slice) -> bytes | Slices:
        if isinstance(i, slice):
            return Slices(self._block, self._begins[i], self._ends[i])
        return self._block[self._begins[i] : self._ends[i]]


@dataclass(frozen=True)
class Plain:
    """Records from the beginning of a block: the wanted columns, their bytes, and where the rest begins.

    starts: places of the block at which they begin; bare: how many of them hold a quote in a cell without quotes.
    """

    columns: list[pa.Array]
    raws: Slices
    end: int
    starts: I32
    bare: int

    def lines(self, block: bytes) -> I64:
        """How many lines of the block stand before each."""
        if block.count(b"\n", 0, self.end) == len(self.starts):
            return np.arange(len(self.starts))
        ends = np.flatnonzero(np.frombuffer(block, np.uint8, self.end) == _LF)
        return np.searchsorted(ends, self.starts)


def plain_records(block: bytes, delimiter: str, n_columns: int, wanted: Sequence[int], longest: int) -> Plain:
    """The records up to the first that is cut off, longer than `longest`, no UTF-8 or not plain.

    Plain are cells without quotes, and quoted ones in which quotes are doubled, as many as there are columns, in lines
    that end in LF or CRLF. Blank lines are no records. wanted: positions of the columns to take.
    """
    good = len(block)
    try:
        block.decode()
    except UnicodeDecodeError as e:
        good = e.start
    data = np.frombuffer(block, np.uint8)[:good]
    slots = np.full(n_columns, -1, np.int32)
    slots[list(wanted)] = np.arange(len(wanted))
    most = block.count(b"\n") + 1  # a last record without a line end is looked at too
    cells = np.empty((len(wanted), 2, most), np.int32)
    spans = np.empty((2, most), np.int32)
    n, end, bare = _records(data, ord(delimiter), slots, longest, cells, spans)
    starts, ends = spans[0, :n], spans[1, :n]
    columns = [_texts(data, cells[k, :, :n]) for k in range(len(wanted))]
    return Plain(columns, Slices(block, starts, ends), end, starts, bare)


@njit(nogil=True, cache=True)
def _records(data: Bytes, delimiter: int, slots: I32, longest: int, cells: I32, spans: I32) -> tuple[int, int, int]:
    """Fill cells (begin, and end: negative where quotes are doubled) and spans; how many there are, their end, and how
    many hold bare quotes."""
    n, at, bare = int64(0), int64(0), 0
    while at < len(data):
        if data[at] == _LF:
            at += 1
            continue
        if data[at] == _CR and at + 1 < len(data) and data[at + 1] == _LF:
            at += 2
            continue
        end, odd = _record(data, at, delimiter, slots, cells, n)
        if end < 0 or end - at > longest:
            break
        bare += odd
        spans[0, n], spans[1, n] = at, end
        at, n = end, n + 1
    return n, at, bare


@njit(nogil=True, cache=True)
def _record(data: Bytes, at: int, delimiter: int, slots: I32, cells: I32, n: int) -> tuple[int, bool]:
    """Where the record that begins there ends, behind its line end; -1 where it is not plain. Whether it holds a bare
    quote."""
    bare = False
    for column in range(len(slots)):
        doubled = False
        if at < len(data) and data[at] == _QUOTE:
            begin = at = at + 1
            while True:
                while at < len(data) and data[at] != _QUOTE:
                    at += 1
                if at + 1 >= len(data):
                    return -1, bare
                if data[at + 1] != _QUOTE:
                    break
                doubled = True
                at += 2
            end = at
            at += 1
        else:
            begin = at
            while at < len(data) and data[at] != delimiter and data[at] != _LF and data[at] != _CR:
                bare |= data[at] == _QUOTE
                at += 1
            end = at
        if slots[column] >= 0:
            cells[slots[column], 0, n] = begin
            cells[slots[column], 1, n] = -end if doubled else end
        if at >= len(data):
            return -1, bare
        if column + 1 < len(slots):
            if data[at] != delimiter:
                return -1, bare
            at += 1
    if data[at] == _CR:
        at += 1
    return (at + 1 if at < len(data) and data[at] == _LF else -1), bare


def _texts(data: Bytes, cells: I32) -> pa.Array:
    ends = np.zeros(cells.shape[1] + 1, np.int32)
    np.cumsum(np.abs(cells[1]) - cells[0], out=ends[1:])
    out = np.empty(ends[-1], np.uint8)
    size = _copy(data, cells, ends, out)
    return pa.StringArray.from_buffers(len(ends) - 1, pa.py_buffer(ends), pa.py_buffer(out[:size]))


@njit(nogil=True, cache=True)
def _copy(data: Bytes, cells: I32, ends: I32, out: Bytes) -> int:
    """The bytes of cells one after the other, doubled quotes once; `ends` becomes their ends."""
    size = 0
    for i in range(cells.shape[1]):
        begin, end = cells[0, i], cells[1, i]
        at = begin
        while at < abs(end):
            out[size] = data[at]
            size += 1
            at += 2 if end < 0 and data[at] == _QUOTE else 1
        ends[i + 1] = size
    return size
