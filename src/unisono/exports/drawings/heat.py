"""Counts as shades: hours of a week, and all groups over time, a row each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from unisono.exports.drawings.svg import Svg, element, label, number, picture
from unisono.exports.drawings.timeline import Axis, moment

LEVELS = 5
CELL, LEFT, TOP = 11.0, 26.0, 2.0
WIDTH, NAMES, ROW = 1120.0, 190.0, 19.0
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


@dataclass(frozen=True)
class Row:
    """A group on the time line of all: its name, posts per step, and whether an open explanation fits it."""

    name: str
    posts: Mapping[int, int]
    open: bool


def draw_week(counts: Mapping[tuple[int, int], int], title: str, said: Callable[[int, int, int], str]) -> Svg:
    """Posts by (weekday, hour), Monday first, UTC; `said` is what a field stands for."""
    most = max(counts.values(), default=1)
    frame: dict[str, str | float] = {"x": LEFT, "y": TOP, "width": 24 * CELL, "height": 7 * CELL, "class": "h"}
    parts = [element("rect", frame)]
    parts += [_field(day, hour, _level(n, most), said(day, hour, n)) for (day, hour), n in sorted(counts.items()) if n]
    parts += [label(LEFT - 5, TOP + CELL * day + 9, name, "tick", "end") for day, name in enumerate(_DAYS)]
    base = TOP + 7 * CELL + 12
    parts += [label(LEFT + CELL * hour, base, f"{hour:02}", "tick") for hour in (0, 6, 12, 18)]
    parts.append(label(LEFT + 24 * CELL, base, "UTC", "unit", "end"))
    return picture(LEFT + 24 * CELL + 2, base + 4, title, "week", *parts)


def _field(day: int, hour: int, level: int, said: str) -> Svg:
    place: dict[str, str | float] = {"x": LEFT + CELL * hour, "y": TOP + CELL * day, "class": f"h{level}"}
    return element("rect", place | {"width": CELL - 1, "height": CELL - 1}, element("title", {}, said))


def draw_groups(axis: Axis, rows: Sequence[Row], title: str) -> Svg:
    """A row per group, each step shaded by its share of the group's busiest."""
    bottom = 4 + ROW * len(rows)
    wide = (WIDTH - NAMES) / axis.n_steps
    parts = [part for i, row in enumerate(rows) for part in _row(row, 4 + ROW * i, wide)]
    return picture(WIDTH, bottom + 22, title, "groups", *parts, *_times(axis, bottom, wide))


def _row(row: Row, y: float, wide: float) -> Iterator[Svg]:
    most = max(row.posts.values(), default=1)
    yield label(0, y + 13, row.name, "name")
    yield element("line", {"class": "grid", "x1": NAMES, "x2": WIDTH, "y1": y + ROW - 2, "y2": y + ROW - 2})
    tone = "o" if row.open else "h"
    for level in range(1, LEVELS + 1):
        steps = [s for s, n in sorted(row.posts.items()) if n and _level(n, most) == level]
        if steps:
            size = number(max(wide - 0.7, 1.2))
            path = "".join(f"M{number(NAMES + s * wide)} {number(y)}h{size}v{number(ROW - 4)}h-{size}z" for s in steps)
            yield element("path", {"class": f"{tone}{level}", "d": path})


def _times(axis: Axis, bottom: float, wide: float) -> Iterator[Svg]:
    for step in sorted({round(axis.n_steps * i / 4) for i in range(5)}):
        x = NAMES + step * wide
        anchor = "end" if step == axis.n_steps else "start" if step == 0 else "middle"
        yield element("line", {"class": "grid", "x1": x, "x2": x, "y1": 2, "y2": bottom + 3})
        yield label(x, bottom + 16, moment(axis.t0_us + step * axis.width_us, axis.width_us), "tick", anchor)


def _level(n: int, most: int) -> int:
    """1 to LEVELS by the root of the share, so that single posts are seen beside bursts."""
    return max(1, min(LEVELS, round(LEVELS * math.sqrt(n / most))))
