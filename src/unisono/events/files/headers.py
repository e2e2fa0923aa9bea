"""Names of columns: each one once."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence

from unisono.study import UserError

_SHOWN, _LISTED, _COMPARED = 80, 60, 1_000


def check_names(columns: Iterable[str], name: str, longest: int) -> None:
    """Raise UserError where source `name` has two columns of one name, or one whose name is longer than a value may."""
    found = Counter(columns)
    if any(len(c) > longest for c in found):
        raise UserError(
            f"{name} has a column whose name is longer than {longest:,} characters",
            "check what parts its cells and lines; if the name is right, raise limits.field_chars in study.yaml",
        )
    twice = [c for c, n in found.items() if n > 1]
    if twice:
        raise UserError(f"{name} has more than one column {short(twice[0])!r}", "give each column its own name")


def short(column: str) -> str:
    """The name of a column in a message."""
    return column if len(column) <= _SHOWN else f"{column[:_SHOWN]}..."


def listed(columns: Sequence[str]) -> str:
    """Names of columns in a message, the first of many."""
    more = f" and {len(columns) - _LISTED:,} more" if len(columns) > _LISTED else ""
    return ", ".join(map(short, columns[:_LISTED])) + more


def close_to(column: str, columns: Sequence[str], alike: float) -> list[str]:
    """Columns whose names come close, the closest first; of many or long names those that can be compared quickly."""
    names = [c for c in columns[:_COMPARED] if len(c) <= _SHOWN]
    return difflib.get_close_matches(column[:_SHOWN], names, 1, alike)
