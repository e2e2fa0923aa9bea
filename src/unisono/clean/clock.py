"""Written dates and time zones: ISO 8601, RFC 822, X's own form, strptime patterns."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from unisono.clean import zones

MS, SECOND, MINUTE, HOUR, DAY = 1_000, 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
"""In microseconds."""


class BadTime(ValueError):  # noqa: N818
    """A value that is no time under the declared rule; the message says why and what would fit."""


class NaiveTime(ValueError):  # noqa: N818
    """A time without a zone, where none is declared either."""


_CLOCK = r"([0-9]{2})(?::?([0-9]{2})(?::?([0-9]{2})(?:[.,]([0-9]+))?)?)?"
_ZONE = r"(?:\s*([Zz]|[A-Z]{2,4}|[+-][0-9]{2}(?::?[0-9]{2})?))?"
_ISO = re.compile(rf"([0-9]{{4}})-?([0-9]{{2}})-?([0-9]{{2}})(?:(?:[Tt]|\s+){_CLOCK}{_ZONE})?")
_DAYNAME = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\s+)?"
_RFC822 = re.compile(rf"{_DAYNAME}([0-9]{{1,2}})\s+([A-Z][a-z]{{2}})\s+([0-9]{{4}})\s+{_CLOCK}{_ZONE}")
_X = re.compile(rf"{_DAYNAME}([A-Z][a-z]{{2}})\s+([0-9]{{1,2}})\s+{_CLOCK}{_ZONE}\s+([0-9]{{4}})")
_MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6,
    "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip
_PLAIN = {16: MINUTE, 19: SECOND, 23: MS, 26: 1}
"""Steps of the commonest forms by their length: 2014-08-21 08:29, 2014-08-21 08:29:01, and the latter with three or six
decimals."""

# RFC 822 5.1 fixes these names; any other abbreviation means several things and is refused.
_ABBREVIATIONS = {"Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4,
                  "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}  # fmt: skip
_NAME = re.compile(r"[A-Za-z0-9_+/-]{1,64}")
"""Of a zone; what is longer would send the library a long way down."""
_OFFSET = re.compile(r"([+-])([0-9]{2})(?::?([0-9]{2}))?")


def shown(value: object) -> str:
    """Return `value` for a message: short, on one line, nothing unseen in it."""
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


@lru_cache(maxsize=256)
def zone(name: str) -> tzinfo:
    """Return the zone of an IANA name, "UTC" or an offset such as "+03:00", else ValueError."""
    name = name.strip()
    if name.upper() in ("UTC", "Z"):
        return UTC
    if offset := _OFFSET.fullmatch(name):
        return _fixed(offset)
    try:
        if _NAME.fullmatch(name):
            return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        pass
    raise ValueError(
        f"{shown(name)} is no time zone; use an IANA name such as Europe/Moscow, an offset such as +03:00, or UTC"
    )


def _fixed(offset: re.Match[str]) -> tzinfo:
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    if minutes >= 24 * 60 or int(offset[3] or 0) >= 60:
        raise BadTime(f"{shown(offset[0])} is no offset from UTC")
    return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))


@lru_cache(maxsize=256)
def _written_zone(name: str | None, declared: str | None) -> tzinfo | None:
    if not name:
        return None
    if offset := _OFFSET.fullmatch(name):
        return _fixed(offset)
    if (hours := _ABBREVIATIONS.get(name.upper())) is None:
        raise BadTime(zones.refusal(shown(name), name.upper(), declared))
    return UTC if hours == 0 else timezone(timedelta(hours=hours))


def from_words(s: str, declared: str | None = None) -> tuple[datetime, int]:
    """Return (datetime, step in microseconds) of an ISO 8601, RFC 822 or X date. Raises BadTime.

    A fraction of more than six digits is cut, not rounded. An abbreviation of a zone is what the `declared` zone calls
    itself at that time (CEST in Europe/Prague, CST in Asia/Shanghai), else what its country calls it (BRT in
    America/Sao_Paulo, see `zones`), else one of RFC 822 (EST is -05:00); no others are understood, nor are week dates,
    ordinal dates and 24:00.
    """
    if m := _ISO.fullmatch(s):
        year, month, day, *clock, name = m.groups()
    elif (m := _RFC822.fullmatch(s)) and m[2] in _MONTHS:
        day, month, year, *clock, name = m.groups()
    elif (m := _X.fullmatch(s)) and m[1] in _MONTHS:
        month, day, *clock, name, year = m.groups()
    else:
        raise BadTime(f"{shown(s)} is no ISO 8601 or RFC 822 time; give its pattern, such as %d/%m/%Y %H:%M")
    try:
        when, step = _at(int(year), _MONTHS.get(month) or int(month), int(day), clock, None)
        return _zoned(when, name, declared), step
    except BadTime:
        raise
    except ValueError as error:
        raise BadTime(f"{shown(s)}: {error}") from None


def _zoned(when: datetime, name: str | None, declared: str | None) -> datetime:
    if name and name.isalpha() and declared:
        for fold in (0, 1):  # where an hour comes twice the abbreviation says which
            local = when.replace(tzinfo=zone(declared), fold=fold)
            if local.tzname() == name.upper() or zones.means(name.upper(), declared.strip(), local):
                return local
    return when.replace(tzinfo=_written_zone(name, declared))


def plain(s: str) -> tuple[datetime, int] | None:
    """What `from_words` returns for the commonest forms, with or without Z, but four times as fast."""
    body = s[:-1] if s[-1:] == "Z" else s
    step = _PLAIN.get(len(body))
    if step is None or body[4] != "-" or body[10] not in " T" or body[16:17] not in ("", ":") or body[13] != ":":
        return None
    if len(body) > 19 and not (body[19] == "." and body[20:].isdecimal()):  # else an offset from UTC may stand there
        return None
    try:
        when = datetime.fromisoformat(body)
    except ValueError:
        return None
    return (when if len(body) == len(s) else when.replace(tzinfo=UTC)), step


def _at(year: int, month: int, day: int, clock: list[str | None], tz: tzinfo | None) -> tuple[datetime, int]:
    hour, minute, second, fraction = clock
    micros = int(fraction[:6].ljust(6, "0")) if fraction else 0
    when = datetime(year, month, day, int(hour or 0), int(minute or 0), int(second or 0), micros, tz)
    if fraction:
        return when, fraction_step(fraction)
    return when, SECOND if second else MINUTE if minute else HOUR if hour else DAY


def fraction_step(digits: str) -> int:
    """Return the step of a decimal fraction of seconds, in microseconds, at least 1."""
    return int(10 ** max(6 - len(digits), 0))


def check_pattern(pattern: str) -> None:
    """Raise ValueError with a remedy where `pattern` is no strptime pattern of an unequivocal time."""
    if "%" not in pattern:
        raise ValueError(
            f"{shown(pattern)} is no time format; use unix, unix_ms, unix_us or a pattern such as %d/%m/%Y %H:%M"
        )
    if "%Z" in pattern:
        raise ValueError("%Z (zone names) is not unequivocal; use %z for offsets, or leave it out and declare the zone")
    if not any(c in pattern for c in ("%Y", "%y", "%G", "%c", "%x")):
        raise ValueError(f"the time format {shown(pattern)} has no year (%Y)")


def from_pattern(s: str, pattern: str) -> tuple[datetime, int]:
    """Return (datetime, step in microseconds) of `s` read by a strptime pattern. Raises BadTime."""
    if not s.isascii() and any(c.isdigit() and not c.isascii() for c in s):
        raise BadTime(f"{shown(s)} is not written in the digits 0 to 9")
    try:
        when = datetime.strptime(s, pattern)
    except (ValueError, OverflowError, re.error) as error:
        raise BadTime(f"{shown(s)} does not fit the time format {shown(pattern)}") from error
    return when, _pattern_step(s, pattern)


def _pattern_step(s: str, pattern: str) -> int:
    if "%f" in pattern:
        digits = re.search(r"[.,]([0-9]{1,6})(?![0-9])", s)
        return fraction_step(digits[1]) if digits else 1
    steps = (("%S", SECOND), ("%c", SECOND), ("%X", SECOND), ("%M", MINUTE), ("%H", HOUR), ("%I", HOUR))
    for directive, step in steps:
        if directive in pattern:
            return step
    days = any(c in pattern for c in ("%d", "%j", "%x", "%u", "%w", "%a", "%A"))
    return DAY if days else 31 * DAY if any(c in pattern for c in ("%m", "%b", "%B")) else 366 * DAY
