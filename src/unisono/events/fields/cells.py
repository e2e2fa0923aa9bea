"""One cell as what a field asks for, whatever stands there: a whole number, a list; and times that may be none."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import orjson

from unisono.clean.time import BadTime, NaiveTime, TimeRule, parse_time
from unisono.events.files.batch import as_text

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}(?:\.0*)?")
SEPARATORS = {"space": None, "comma": ",", "semicolon": ";", "pipe": "|"}


def whole_number(value: Any) -> int | None:
    """A whole number of 64 bits, also one written as text or with decimals that are zero; None for anything else."""
    if type(value) is int:
        return value if -(1 << 63) <= value < 1 << 63 else None
    text = as_text(value)
    return int(text.strip().partition(".")[0]) if text and _WHOLE.fullmatch(text.strip()) else None


def items(value: Any, separator: str | None) -> list[str] | None:
    """Texts of a cell, none of them empty; None where JSON was declared and stands not there."""
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
        value = value.split(SEPARATORS[separator])
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
