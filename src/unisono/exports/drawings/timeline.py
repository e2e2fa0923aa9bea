"""When a group acted: bars for all members, and a lane per member in which unison is a vertical line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from unisono.clean.time import format_time
from unisono.exports.drawings.svg import Svg, element, label, number, picture

WIDTH, LEFT, RIGHT = 720.0, 150.0, 12.0
TOP, BARS, LANE = 20.0, 90.0, 12.0
LANE_CHARS = 19
_DAY = 86_400_000_000
_MINUTE = 60_000_000


@dataclass(frozen=True)
class Axis:
    """Time in equal steps: start and width in microseconds UTC, and the width in words."""

    t0_us: int
    width_us: int
    width: str
    n_steps: int

    @property
    def pixels(self) -> float:
        """Width of one step."""
        return (WIDTH - LEFT - RIGHT) / self.n_steps

    def x(self, step: int) -> float:
        """Where a step begins."""
        return LEFT + step * self.pixels


def draw_timeline(
    axis: Axis, total: Mapping[int, int], lanes: Sequence[tuple[str, Mapping[int, int]]], title: str
) -> Svg:
    """Draw posts per step: `total` as bars, and each lane (name, posts per step) as marks below."""
    base = TOP + BARS
    bottom = base + 8 + LANE * len(lanes)
    parts = [
        *_scale(axis, max(total.values(), default=0)),
        _bars(axis, total, base),
        *(_lane(axis, name, posts, base + 8 + LANE * i) for i, (name, posts) in enumerate(lanes)),
        *_times(axis, base, bottom),
    ]
    return picture(WIDTH, bottom + 34, title, "timeline", *parts)


def draw_bars(axis: Axis, total: Mapping[int, int], title: str, what: str) -> Svg:
    """Posts (or `what` else is counted) per step as bars."""
    base = TOP + BARS
    most = max(total.values(), default=0)
    parts = [*_scale(axis, most, what), _bars(axis, total, base), *_times(axis, base, base)]
    return picture(WIDTH, base + 34, title, "timeline", *parts)


def _scale(axis: Axis, most: int, what: str = "posts") -> Iterator[Svg]:
    yield label(LEFT, 12, f"{what} per {axis.width or 'step'}", "unit")
    for value in sorted({0, most // 2, most}):
        y = TOP + BARS * (1 - value / max(most, 1))
        yield element("line", {"class": "grid", "x1": LEFT, "x2": WIDTH - RIGHT, "y1": y, "y2": y})
        yield label(LEFT - 6, y + 4, f"{value:,}", "tick", "end")


def _bars(axis: Axis, total: Mapping[int, int], base: float) -> Svg:
    most, wide = max(total.values(), default=1), number(max(axis.pixels * 0.85, 0.6))
    steps = []
    for step, n in sorted(total.items()):
        high = number(max(BARS * n / most, 1.0))
        steps.append(f"M{number(axis.x(step))} {number(base)}h{wide}v-{high}h-{wide}z")
    return element("path", {"class": "bars", "d": "".join(steps)})


def _lane(axis: Axis, name: str, posts: Mapping[int, int], y: float) -> Svg:
    wide = number(max(axis.pixels * 0.85, 1.5))
    marks = "".join(f"M{number(axis.x(step))} {number(y + 1)}h{wide}v9h-{wide}z" for step in sorted(posts))
    short = name if len(name) <= LANE_CHARS else name[: LANE_CHARS - 1] + "…"
    line: dict[str, str | float] = {
        "class": "grid",
        "x1": LEFT,
        "x2": WIDTH - RIGHT,
        "y1": y + 11,
        "y2": y + 11,
    }
    return element(
        "g", {}, element("title", {}, name), element("line", line),
        label(LEFT - 6, y + 10, short, "lane", "end"), element("path", {"class": "mark", "d": marks}),
    )  # fmt: skip


def _times(axis: Axis, base: float, bottom: float) -> Iterator[Svg]:
    for step in sorted({round(axis.n_steps * i / 3) for i in range(4)}):
        x, t = axis.x(step), axis.t0_us + step * axis.width_us
        anchor = "end" if step == axis.n_steps else "start" if step == 0 else "middle"
        yield element("line", {"class": "grid", "x1": x, "x2": x, "y1": base, "y2": bottom + 4})
        yield label(x, bottom + 16, moment(t, axis.width_us), "tick", anchor)
    yield label(WIDTH - RIGHT, bottom + 30, "time, UTC", "unit", "end")


def moment(t_us: int, width_us: int) -> str:
    """A time as exact as steps of that width are."""
    text = format_time(t_us).removesuffix(" UTC")
    return text[:10] if width_us >= _DAY else text[:16] if width_us >= _MINUTE else text[:19]
