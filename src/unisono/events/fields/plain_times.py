"""The commonest written times of a column at once: ISO 8601 in UTC, down to the minute, second or less; unix time.

2014-08-21T08:29:01Z with a T or a space, with none, three or six decimals or without seconds; without the Z where the
declared zone is UTC. Whole numbers, where no format or a unix one is declared. Says exactly what
`clean.time.parse_time` says of these, and nothing of any other (tested against it).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numba import njit

from unisono.clean.time import TimeRule
from unisono.events.files.letters import Bytes, Offsets, buffers
from unisono.maths.types import I64, Bools, int64

Flags = Bools
SCALES = {None: 1_000_000, "unix": 1_000_000, "unix_ms": 1_000, "unix_us": 1}
"""Microseconds of a whole number under each declared format that has one."""
YEAR_1990, YEAR_2100 = 631_152_000_000_000, 4_102_444_800_000_000
YEAR_1, YEAR_10000 = -62_135_596_800_000_000, 253_402_300_800_000_000
_MOST_DIGITS = 17
_MONTHS = np.array([0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365])
_BAD = -(1 << 63)
_N = int64


def bounds(rule: TimeRule) -> tuple[int, int]:
    """From when to before when a whole number is a time, microseconds: undeclared it could be anything."""
    return (YEAR_1990, YEAR_2100) if rule.format is None else (YEAR_1, YEAR_10000)


def plain_times(written: pa.Array, rule: TimeRule) -> tuple[I64, I64, Flags]:
    """(microseconds since 1970 UTC, smallest step as written, which cells are of such a form; 0 and 1 for others)."""
    t_us, steps, known = np.zeros(len(written), np.int64), np.ones(len(written), np.int64), np.zeros(len(written), bool)
    if rule.format in SCALES:
        in_utc = (rule.zone or "").strip().upper() in ("UTC", "Z")
        low, high = bounds(rule)
        valid = np.asarray(written.is_valid(), bool)
        _read(*buffers(written), valid, rule.format is None, in_utc, SCALES[rule.format], low, high, t_us, steps, known)
    return t_us, steps, known


@njit(nogil=True, cache=True)
def _read(
    ends: Offsets, data: Bytes, valid: Flags, iso: bool, in_utc: bool, scale: int, low: int, high: int,
    t_us: I64, steps: I64, known: Flags,
) -> None:  # fmt: skip
    for i in range(len(valid)):
        cell = data[ends[i] : ends[i + 1]]
        if not valid[i] or not len(cell):
            continue
        step: int = scale
        number = _digits(cell, _N(0), _N(len(cell))) if len(cell) <= _MOST_DIGITS else -1
        if number >= 0:
            when = number * scale if number < high // scale + 1 else _BAD
            when = when if low <= when < high else _BAD
        elif iso:
            zoned = cell[-1] == ord("Z")
            when, step = _iso(cell, len(cell) - zoned) if zoned or in_utc else (_BAD, 1)
        else:
            continue
        if when != _BAD:
            t_us[i], steps[i], known[i] = when, step, True


@njit(nogil=True, cache=True)
def _digits(cell: Bytes, begin: int, end: int) -> int:
    """The whole number there; -1 where there is anything but digits."""
    total = int64(0)
    for k in range(begin, end):
        digit = int64(cell[k]) - ord("0")
        if digit < 0 or digit > 9:
            return -1
        total = 10 * total + digit
    return int(total)


@njit(nogil=True, cache=True)
def _iso(cell: Bytes, n: int) -> tuple[int, int]:
    """(microseconds, step) of the first n letters."""
    if n != 16 and n != 19 and n != 23 and n != 26:
        return _BAD, 1
    if cell[4] != ord("-") or cell[7] != ord("-") or cell[13] != ord(":") or (cell[10] != ord("T") and cell[10] != 32):
        return _BAD, 1
    if (n > 16 and cell[16] != ord(":")) or (n > 19 and cell[19] != ord(".")):
        return _BAD, 1
    year, month, day = _digits(cell, _N(0), _N(4)), _digits(cell, _N(5), _N(7)), _digits(cell, _N(8), _N(10))
    hour, minute = _digits(cell, _N(11), _N(13)), _digits(cell, _N(14), _N(16))
    second = _digits(cell, _N(17), _N(19)) if n > 16 else 0
    fraction = _digits(cell, _N(20), _N(n)) if n > 19 else 0
    if year < 1 or not 1 <= month <= 12 or day < 1 or min(hour, minute, second, fraction) < 0:
        return _BAD, 1
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    length = _MONTHS[month] - _MONTHS[month - 1] + (leap and month == 2)
    if day > length or hour > 23 or minute > 59 or second > 59:
        return _BAD, 1
    past = year - 1
    days = 365 * past + past // 4 - past // 100 + past // 400 - 719_163
    days += _MONTHS[month - 1] + (leap and month > 2) + day
    us = fraction * 1_000 if n == 23 else fraction
    step = 60_000_000 if n == 16 else 1_000_000 if n == 19 else 1_000 if n == 23 else 1
    return ((days * 24 + hour) * 3_600 + minute * 60 + second) * 1_000_000 + us, step
