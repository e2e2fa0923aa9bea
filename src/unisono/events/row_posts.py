"""Rows of a platform's own table become posts: as `events.posts`, for formats whose columns may be there or not.

Such a format is read by `Rows(post, reads, needs)`: `post(row, notes)` gives the fields of one post, or the reason why
the row is none. A row is a dict of cells by column; columns that the file lacks are not in it. `notes` counts what a
user should know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from unisono.clean.time import TimeRule
from unisono.events.files.batch import RawBatch, as_text
from unisono.events.posts import Media, Post, media, posts_of

Row = dict[str, Any]
RowReader = Callable[[Row, "Counter[str]"], Post | str]

UTC = TimeRule(None, "UTC")
_NO_DIGITS = str.maketrans("", "", ", \u00a0\u202f'")
"""What parts thousands."""


def posts_of_rows(
    batch: RawBatch, read: RowReader, platform: str | None = None, rule: TimeRule | None = UTC
) -> RawBatch:
    """The batch with one column per field of `Post`; see `posts_of`."""
    notes: Counter[str] = Counter()
    names = list(batch.columns)
    cells = zip(*(batch.values(n) for n in names), strict=True)
    rows = [dict(zip(names, row, strict=True)) for row in cells]
    made = posts_of(replace(batch, records=rows), lambda r: read(r, notes), platform, rule)
    return replace(made, notes=batch.notes + notes)


def cell(row: Row, *columns: str) -> str | None:
    """The first of several cells that holds more than white space, as text."""
    for column in columns:
        text = as_text(row.get(column))
        if text and text.strip():
            return text
    return None


def whole(row: Row, *columns: str) -> int | None:
    """The first of several cells that holds a whole number other than 0, else 0 where one holds that.

    Thousands may be parted by commas, spaces or apostrophes: 1,234 is 1234.
    """
    found = [n for c in columns if (n := _whole(cell(row, c))) is not None]
    return next((n for n in found if n), found[0] if found else None)


def _whole(text: str | None) -> int | None:
    digits = (text or "").translate(_NO_DIGITS).removesuffix(".0")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


def parts(row: Row, column: str, separator: str = ",") -> list[str] | None:
    """A cell of joined values; None where the file has no such column."""
    if column not in row:
        return None
    return [p for part in (cell(row, column) or "").split(separator) if (p := part.strip())]


def joined_urls(row: Row, *columns: str) -> list[str]:
    """Addresses of several cells that commas join: addresses hold commas too, so only one before a scheme parts."""
    found: list[str] = []
    for column in columns:
        for part in (cell(row, column) or "").split(","):
            if part.strip().lower().startswith(("http://", "https://")) or not found:
                found.append(part.strip())
            else:
                found[-1] += f",{part}"
    return [u for u in dict.fromkeys(u.strip() for u in found) if u.lower().startswith(("http://", "https://"))]


def picture(url: str | None, kind: str = "photo") -> list[Media]:
    """Media of one address, or none."""
    return [media(kind, url)] if url else []
