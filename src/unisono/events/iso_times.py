"""The commonest written times of a column at once: ISO 8601 in UTC, down to the second, the millisecond or less.

2014-08-21T08:29:01Z with a T or a space, with none, three or six decimals; without the Z where the declared zone is
UTC. Says exactly what `clean.time.parse_time` says of these, and nothing of any other (tested against it).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from unisono.clean.time import TimeRule
from unisono.events.batch import I64

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
_STEPS = {19: 1_000_000, 23: 1_000, 26: 1}
_MARKS = ((4, "-"), (7, "-"), (13, ":"), (16, ":"))
_DIGITS = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)


def iso_times(cells: list[Any], rule: TimeRule) -> tuple[I64, I64, Flags]:
    """(microseconds since 1970 UTC, smallest step as written, which cells are of such a form; 0 and 1 for others)."""
    n = len(cells)
    t_us, steps, known = np.zeros(n, np.int64), np.ones(n, np.int64), np.zeros(n, np.bool_)
    if rule.format is not None:
        return t_us, steps, known
    length = np.fromiter((len(c) if type(c) is str and c.isascii() else 0 for c in cells), np.int64, n)
    in_utc = (rule.zone or "").strip().upper() in ("UTC", "Z")
    for digits, step in _STEPS.items():
        for marked in (1, 0) if in_utc else (1,):
            rows = np.flatnonzero(length == digits + marked)
            if len(rows):
                letters = np.frombuffer("".join([cells[i] for i in rows.tolist()]).encode(), np.uint8)
                when, good = _read(letters.reshape(len(rows), digits + marked), digits)
                t_us[rows[good]], steps[rows[good]], known[rows] = when[good], step, good
    return t_us, steps, known


def _read(letters: Bytes, digits: int) -> tuple[I64, Flags]:
    """letters: (n, digits) or one more, which must be a Z."""
    good = (letters[:, 10] == ord("T")) | (letters[:, 10] == ord(" "))
    for place, mark in (*_MARKS, *(((19, "."),) if digits > 19 else ())):
        good &= letters[:, place] == ord(mark)
    if letters.shape[1] > digits:
        good &= letters[:, digits] == ord("Z")
    places = [*_DIGITS, *range(20, digits)]
    values = letters[:, places].astype(np.int64) - ord("0")
    good &= ((values >= 0) & (values <= 9)).all(axis=1)
    year, month, day, hour, minute, second = (_number(values[:, a:b]) for a, b in
                                              ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14)))  # fmt: skip
    good &= (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (minute < 60) & (second < 60)
    first = _first_day(year, month)
    good &= day <= _first_day(year, month + 1) - first
    fraction = _number(values[:, 14:]) * 10 ** (26 - digits) if digits > 19 else 0
    return (((first + day - 1) * 24 + hour) * 3600 + minute * 60 + second) * 1_000_000 + fraction, good


def _number(digits: I64) -> I64:
    total = np.zeros(len(digits), np.int64)
    for k in range(digits.shape[1]):
        total = 10 * total + digits[:, k]
    return total


def _first_day(year: I64, month: I64) -> I64:
    """Days from 1970 to the first of a month."""
    return ((year - 1970) * 12 + month - 1).astype("M8[M]").astype("M8[D]").astype(np.int64)
