"""What the values of a column of texts are made of, all at once: which of them need no look by Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numba import njit

from unisono.maths.types import I32, U8

Bytes = U8
Offsets = I32
Flags = U8

WORD, DIGITS, PRINTED, TRIMMED, DIGIT = 1, 2, 4, 8, 16
"""Bits of `letters`. WORD: only 0-9, A-Z, a-z and _. DIGITS: only 0-9. PRINTED: only the letters of ASCII that print,
the space among them. TRIMMED: begins and ends with one that is no space (or, without any letter at all, is none of
these). DIGIT: at least one of 0-9."""


def buffers(texts: pa.Array) -> tuple[Offsets, Bytes]:
    """Offsets (n + 1) and bytes of a string array; what is null has any bytes or none."""
    _, offsets, data = texts.buffers()
    letters = _fixed(np.frombuffer(data or b"", np.uint8))
    if not len(texts) or offsets is None:
        return np.frombuffer(bytes(4 * (len(texts) + 1)), np.int32), letters
    return _fixed(np.frombuffer(offsets, np.int32))[texts.offset : texts.offset + len(texts) + 1], letters


def _fixed(array: Any) -> Any:
    """Not to be written to: a kernel is compiled anew for arrays that can be, and Arrow gives now these, now those."""
    array.flags.writeable = False
    return array


def letters(texts: Any) -> Flags:
    """Bits for each value of a string array: 0 for those that are null or empty."""
    flags = _letters(*buffers(texts), _BITS)
    if texts.null_count:
        flags[np.asarray(texts.is_null(), bool)] = 0
    return flags


def _bits() -> Flags:
    bits = np.zeros(256, np.uint8)
    for b in range(256):
        c = chr(b)
        digit = c.isascii() and c.isdigit()
        word = c.isascii() and (c.isalnum() or c == "_")
        printed = 0x20 <= b <= 0x7E
        bits[b] = WORD * word | DIGITS * digit | PRINTED * printed | TRIMMED * (printed and c != " ") | DIGIT * digit
    return bits


_BITS = _bits()


@njit(nogil=True, cache=True)
def _letters(ends: Offsets, data: Bytes, bits: Flags) -> Flags:
    flags = np.zeros(len(ends) - 1, np.uint8)
    for i in range(len(flags)):
        begin, end = ends[i], ends[i + 1]
        if begin == end:
            continue
        every, some = np.uint8(255), np.uint8(0)
        for k in range(begin, end):
            one = bits[data[k]]
            every &= one
            some |= one
        around = bits[data[begin]] & bits[data[end - 1]]
        flags[i] = (every & np.uint8(WORD | DIGITS | PRINTED)) | (around & np.uint8(TRIMMED)) | (some & np.uint8(DIGIT))
    return flags
