"""Measured error against promised error: a test that keeps its promise lies on the diagonal or below it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from unisono.exports.drawings.svg import Svg, element, label, picture

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 420.0, 300.0, 62.0, 40.0, 12.0, 96.0
_Place = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Dot:
    """Promised and measured error; n tests. Where none of n went wrong, it is drawn hollow at one in n."""

    nominal: float
    empirical: float
    n: int

    @property
    def height(self) -> float:
        """Where it stands, as an error."""
        return self.empirical or 1 / self.n


def draw_calibration(series: Sequence[tuple[str, Sequence[Dot]]], title: str) -> Svg:
    """Both axes logarithmic; one colour per series (name, dots with n > 0). Names stand at the right, in that order."""
    dots = [d for _, own in series for d in own]
    low = math.floor(min((math.log10(min(d.height, d.nominal)) for d in dots), default=-5.0))
    high = math.ceil(max((math.log10(max(d.height, d.nominal)) for d in dots), default=-2.0))
    left = math.floor(min((math.log10(d.nominal) for d in dots), default=-5.0))
    right = math.ceil(max((math.log10(d.nominal) for d in dots), default=-2.0))

    def at(nominal: float, error: float) -> tuple[float, float]:
        wide, tall = (math.log10(nominal) - left) / (right - left), (math.log10(error) - low) / (high - low)
        return LEFT + wide * (WIDTH - LEFT - RIGHT), TOP + (1 - tall) * (HEIGHT - TOP - BOTTOM)

    right, high = max(right, left + 1), max(high, low + 1)
    grid: list[Svg] = []
    for e in range(low, high + 1):
        y = at(10.0**left, 10.0**e)[1]
        grid += [_line(LEFT, y, WIDTH - RIGHT, y, "grid"), label(LEFT - 6, y + 4, _power(e), "tick", "end")]
    for e in range(left, right + 1):
        x = at(10.0**e, 10.0**low)[0]
        grid.append(label(x, HEIGHT - BOTTOM + 16, _power(e), "tick", "middle"))
    diagonal = _line(*at(10.0**left, 10.0**left), *at(10.0**right, 10.0**right), "l")
    names = [
        label(LEFT, HEIGHT - 4, "promised: p at most", "unit"),
        label(WIDTH - RIGHT + 6, TOP + 4, "measured", "unit"),
    ]
    own = [part for i, (name, points) in enumerate(series) for part in _series(i, name, points, at)]
    return picture(WIDTH, HEIGHT, title, "calibration", *grid, diagonal, *names, *own)


def _series(i: int, name: str, points: Sequence[Dot], at: _Place) -> Iterator[Svg]:
    for d in points:
        x, y = at(d.nominal, d.height)
        shape: dict[str, str | float] = {
            "cx": x,
            "cy": y,
            "r": 4.0,
            "class": f"c{i % 8} n" + ("" if d.empirical else " ring"),
        }
        seen = f"{d.empirical:.2g}" if d.empirical else f"none of {d.n:,}"
        yield element("circle", shape, element("title", {}, f"{name}: promised {d.nominal:g}, measured {seen}"))
    y = TOP + 22 + 16 * i
    yield element("circle", {"cx": WIDTH - RIGHT + 14, "cy": y, "r": 4.0, "class": f"c{i % 8}"})
    yield label(WIDTH - RIGHT + 24, y + 4, name, "tick")


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Svg:
    return element("line", {"class": kind, "x1": x1, "x2": x2, "y1": y1, "y2": y2})


def _power(e: int) -> str:
    """1, 0.1, 0.01, then 1e-3."""
    return f"{10.0**e:g}" if e >= -2 else f"1e{e}"
