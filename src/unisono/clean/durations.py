"""Durations and times for people: what a user writes as a window, what a report says."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from fractions import Fraction

_EPOCH = datetime(1970, 1, 1)
_UNITS = {
    "us": 1, "ms": 1_000, "s": 1_000_000, "sec": 1_000_000, "m": 60_000_000, "min": 60_000_000,
    "h": 3_600_000_000, "d": 86_400_000_000, "w": 604_800_000_000,
}  # fmt: skip
_DURATION = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?)\s*([a-z]*)")
_MAX_US = 100 * 366 * 86_400_000_000


def parse_duration(text: str) -> int:
    """Return microseconds of "500ms", "60s", "10m", "10 min", "1h", "1d", "1w"; a bare number is seconds.

    Raises ValueError, with a sentence for the user, for anything else, for less than a microsecond, and for
    more than a hundred years.
    """
    match = _DURATION.fullmatch(text.strip().lower())
    unit = _UNITS.get(match[2] or "s") if match else None
    if match is None or unit is None:
        raise ValueError(f"{text[:40]!a} is no duration; write 500ms, 60s, 10m, 1h or 1d")
    exact = Fraction(match[1]) * unit
    if exact.denominator != 1 or exact > _MAX_US:
        raise ValueError(f"{text[:40]!a} is no whole number of microseconds up to a hundred years")
    return int(exact)


def format_duration(us: int) -> str:
    """Return microseconds for people, exactly: "500 ms", "60 s", "10 min", "1 h 30 min", "1 d"."""
    if us < 0:
        return f"-{format_duration(-us)}"
    if us < 1_000_000:
        return f"{_trimmed(us, 1_000)} ms" if us else "0 s"
    # Windows of a minute or a minute and a half are named in seconds by custom.
    if us < 120_000_000:
        return f"{_trimmed(us, 1_000_000)} s"
    parts = []
    for unit in ("d", "h", "min"):
        count, us = divmod(us, _UNITS[unit])
        parts += [f"{count} {unit}"] if count else []
    return " ".join(parts + ([f"{_trimmed(us, 1_000_000)} s"] if us else []))


def _trimmed(us: int, unit: int) -> str:
    """`us / unit` in exact decimals without trailing zeros; `unit` is a power of ten."""
    whole, rest = divmod(us, unit)
    return f"{whole}.{rest:0{len(str(unit)) - 1}d}".rstrip("0").rstrip(".")


def format_time(us: int) -> str:
    """Return "2021-03-04 05:06:07 UTC", with milliseconds (cut) where the time is no whole second.

    Total over all integers: outside the years 1 to 9999 it says the microseconds since 1970.
    """
    try:
        when = _EPOCH + timedelta(microseconds=us)
    except OverflowError:
        return f"{us} us since 1970 UTC"
    return f"{when.isoformat(' ', 'milliseconds' if us % 1_000_000 else 'seconds')} UTC"
