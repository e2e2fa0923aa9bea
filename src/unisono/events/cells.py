"""Cells of a batch as what a field asks for: whole numbers, lists, times."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import orjson

from unisono.clean.time import BadTime, NaiveTime, TimeRule, parse_time
from unisono.events.batch import as_text

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}(?:\.0*)?")
_SEPARATORS = {"space": None, "comma": ",", "semicolon": ";", "pipe": "|"}


def numbers(values: list[Any], field: str, tally: Counter[str]) -> list[int | None]:
    """Whole numbers; any other value is left empty and counted."""
    found = [v if type(v) is int and -(1 << 63) <= v < 1 << 63 else _number(v) for v in values]
    if lost := sum(n is None and as_text(v) is not None for n, v in zip(found, values, strict=True)):
        tally[f"values of {field} that are no whole numbers; left empty"] += lost
    return found


def _number(value: Any) -> int | None:
    text = as_text(value)
    return int(text.strip().partition(".")[0]) if text and _WHOLE.fullmatch(text.strip()) else None


def lists(values: list[Any], separator: str | None, field: str, tally: Counter[str]) -> list[list[str]]:
    """Lists of texts, empty ones where there is nothing; a text without a declared separator is one value."""
    found = [_items(v, separator) for v in values]
    if lost := sum(f is None for f in found):
        tally[f"values of {field} that are no JSON lists; left empty"] += lost
    return [f or [] for f in found]


def _items(value: Any, separator: str | None) -> list[str] | None:
    if value is None or value == "":
        return []
    if isinstance(value, str) and separator == "json":
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return None
        if not isinstance(value, list):
            return None
    elif isinstance(value, str) and separator is not None:
        value = value.split(_SEPARATORS[separator])
    texts = value if isinstance(value, list) else [value]
    try:
        return [t for v in texts if (t := str.strip(v))]  # nearly always texts
    except TypeError:
        return [t for v in texts if (t := (as_text(v) or "").strip())]


def times_or_none(values: list[Any], rule: TimeRule, field: str, tally: Counter[str]) -> list[int | None]:
    """Times that a row can do without; what is none is left empty and counted."""
    found: list[int | None] = []
    for value in values:
        try:
            found.append(None if value is None or value == "" else parse_time(value, rule)[0])
        except (BadTime, NaiveTime):
            found.append(None)
            tally[f"values of {field} that are no times with a zone; left empty"] += 1
    return found
