"""Time: what a source wrote becomes microseconds UTC and the smallest step that was written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from numbers import Integral, Real

from unisono.clean import clock
from unisono.clean.clock import BadTime, NaiveTime
from unisono.clean.durations import format_duration, format_time, parse_duration

__all__ = [
    "BadTime", "NaiveTime", "TimeRule", "format_duration", "format_time", "parse_duration", "parse_time",
    "snowflake_us",
]  # fmt: skip

_EPOCH = datetime(1970, 1, 1)
_NOTHING = timedelta(0)
_NUMBER = re.compile(r"([+-]?[0-9]{1,20})(?:\.([0-9]{0,20}))?")
_MANGLED = re.compile(r"[+-]?[0-9.,]+[eE][+-]?[0-9]+")
_SCALES = {"unix": 1_000_000, "unix_ms": 1_000, "unix_us": 1}
_YEAR_1990_US, _YEAR_2100_US = 631_152_000_000_000, 4_102_444_800_000_000
_YEAR_1_US, _YEAR_10000_US = -62_135_596_800_000_000, 253_402_300_800_000_000

_SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
_FIRST_SNOWFLAKE = 29_700_859_247


@dataclass(frozen=True)
class TimeRule:
    """How a source writes its times.

    `format`: None is ISO 8601, RFC 822 or unix seconds, as they come; "unix", "unix_ms", "unix_us"; or a
    strptime pattern. `zone`: an IANA name, "UTC" or a fixed offset such as "+03:00", for times that carry
    none; a zone written in the time itself wins. Raises ValueError for a zone or format that cannot work.
    """

    format: str | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        if self.zone is not None:
            clock.zone(self.zone)
        if self.format is not None and self.format not in _SCALES:
            clock.check_pattern(self.format)


def parse_time(value: object, rule: TimeRule) -> tuple[int, int]:
    """Return (microseconds since 1970 UTC, smallest step as written in microseconds).

    "2014-08-21" has a step of one day, "08:29" of 60 s, ".123" of 1 ms; whole unix seconds 1 s, a float with
    a fraction 1 ms; a datetime 1 us. Unix seconds that nobody declared must lie in 1990..2100. A local time
    that the clocks jumped over is read with the offset before the jump; one that comes twice is the first of
    the two (fold=0). Raises NaiveTime where no zone is written or declared, BadTime for anything else.
    """
    if isinstance(value, str):
        return _from_text(value.strip(), rule)
    if value is None or value != value:
        raise BadTime("there is no time")
    if isinstance(value, datetime):
        return _to_us(value, rule), 1
    if isinstance(value, date):
        return _to_us(datetime(value.year, value.month, value.day), rule), clock.DAY
    if isinstance(value, Integral) and not isinstance(value, bool):
        if abs(int(value)) >= 1 << 63:
            raise BadTime("an integer of more than 63 bits is no time")
        return _from_text(str(int(value)), rule)
    if isinstance(value, Real | Decimal) and not isinstance(value, bool) and abs(float(value)) < 1e18:
        # Milliseconds are what a double holds safely beside ten digits of seconds.
        return _from_text(f"{value:.3f}", rule)
    raise BadTime(f"{clock.shown(value)} is no time")


def _from_text(s: str, rule: TimeRule) -> tuple[int, int]:
    if rule.format is None and (plain := clock.plain(s)):
        when, step = plain
    elif rule.format is not None and rule.format not in _SCALES:
        when, step = clock.from_pattern(s, rule.format)
    elif number := _NUMBER.fullmatch(s):
        return _from_unix(number[1], number[2] or "", rule)
    elif _MANGLED.fullmatch(s):
        raise BadTime(f"{clock.shown(s)} was mangled by a spreadsheet; export the column as text")
    elif rule.format is not None:
        raise BadTime(f"{clock.shown(s)} is no number, as the time format {rule.format} asks")
    else:
        when, step = clock.from_words(s, rule.zone)
    return _to_us(when, rule), step


def _to_us(when: datetime, rule: TimeRule) -> int:
    tz = when.tzinfo
    if tz is None:
        if rule.zone is None:
            raise NaiveTime(f"{when.isoformat(' ')} has no time zone; declare the one that the source uses")
        tz = clock.zone(rule.zone)
        when = when.replace(fold=0) if when.fold else when
    since = when.replace(tzinfo=None) - _EPOCH
    if tz is not UTC:
        since -= when.replace(tzinfo=tz).utcoffset() or _NOTHING
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _from_unix(number: str, fraction: str, rule: TimeRule) -> tuple[int, int]:
    """`number` and its decimals as written, in seconds or in the declared unit."""
    scale = _SCALES[rule.format or "unix"]
    micros = int(fraction or "0") * scale // 10 ** len(fraction)
    t_us = int(number) * scale + (-micros if number.startswith("-") else micros)
    if rule.format is None and not _YEAR_1990_US <= t_us < _YEAR_2100_US:
        raise BadTime(f"{number} is no number of seconds between 1990 and 2100{_fitting(number)}")
    if not _YEAR_1_US <= t_us < _YEAR_10000_US:
        raise BadTime(f"{number} lies outside the years 1 to 9999")
    # Decimals that are all zero are how a table writes a whole number in a float column.
    digits = len(fraction) if fraction.strip("0") else 0
    return t_us, max(scale // 10**digits, 1)


def _fitting(number: str) -> str:
    """Name the format under which the number would be a time, if there is one."""
    for name, scale in (("unix_ms", 1_000), ("unix_us", 1)):
        if _YEAR_1990_US <= int(number) * scale < _YEAR_2100_US:
            return f"; the time format {name} would fit"
    for length, pattern in ((14, "%Y%m%d%H%M%S"), (12, "%Y%m%d%H%M"), (8, "%Y%m%d"), (4, "%Y")):
        if len(number) == length and "1990" <= number[:4] < "2100":
            return f"; the time format {pattern} would fit"
    return ""


def snowflake_us(tweet_id: int) -> int | None:
    """Return the time in an X post id, microseconds UTC with a step of 1 ms; None where the id holds none.

    Ids below 29700859247 (4 November 2010) are a plain count, and ids beyond 63 bits are no post ids.
    """
    if not _FIRST_SNOWFLAKE <= tweet_id < 1 << 63:
        return None
    return ((tweet_id >> 22) + _SNOWFLAKE_EPOCH_MS) * 1_000
