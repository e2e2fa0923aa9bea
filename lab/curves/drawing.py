"""Curves as SVG: panels side by side, the same lines in each, one legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from unisono.exports.drawings.svg import Svg, Value, element, number

COLOURS = ("#1b6ca8", "#c8553d", "#5b8c5a", "#8a6bb1", "#b08900", "#444444")
WIDTH, HEIGHT, LEFT, TOP, BELOW = 250, 200, 50, 44, 46
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Panel:
    """lines: (x, y) by name, y in 0..1; ticks: x-values to be written; dashed: names drawn with a broken line."""

    x_label: str
    lines: Mapping[str, Points]
    ticks: Sequence[float]
    dashed: frozenset[str] = frozenset()
    mark: float | None = None

    @property
    def logarithmic(self) -> bool:
        """Whether the axis of x is: where its values span a factor of six or more and none is 0."""
        return min(self.ticks) > 0 and max(self.ticks) / min(self.ticks) >= 6

    def x(self, value: float) -> float:
        """Pixels from the panel's left."""
        low, high, v = min(self.ticks), max(self.ticks), value
        if self.logarithmic:
            low, high, v = np.log(low), np.log(high), np.log(v)
        return float(WIDTH * (v - low) / (high - low))


def chart(title: str, y_label: str, panels: Sequence[Panel]) -> Svg:
    """The whole figure."""
    names = list(dict.fromkeys(name for panel in panels for name in panel.lines))
    width = LEFT + len(panels) * (WIDTH + 26)
    height = TOP + HEIGHT + BELOW + 16 * len(names)
    parts = [element("rect", {"width": width, "height": height, "fill": "white"}), text(10, 18, title, size=12)]
    parts += [text(14, TOP + HEIGHT / 2, y_label, "middle", turn=True)]
    for k, panel in enumerate(panels):
        parts += draw(panel, LEFT + k * (WIDTH + 26), names, first=k == 0)
    dashed = frozenset().union(*(panel.dashed for panel in panels))
    for k, name in enumerate(names):
        y = TOP + HEIGHT + BELOW + 16 * k
        parts += [line(LEFT, y - 4, LEFT + 22, y - 4, colour(names, name), dash(name, dashed), 2.0)]
        parts += [text(LEFT + 28, y, name)]
    frame: dict[str, Value] = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}"}
    return element("svg", frame | {"width": width, "role": "img", "aria-label": title}, *parts)


def draw(panel: Panel, left: float, names: Sequence[str], first: bool) -> list[Svg]:
    """One panel with its grid; numbers of the y-axis stand beside the first panel alone."""
    bottom, parts = TOP + HEIGHT, list[Svg]()
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [line(left, bottom - share * HEIGHT, left + WIDTH, bottom - share * HEIGHT, "#e4e4e4")]
        parts += [text(left - 6, bottom - share * HEIGHT + 4, f"{share:g}", "end")] if first else []
    for x in panel.ticks:
        at = left + panel.x(x)
        parts += [line(at, TOP, at, bottom, "#f0f0f0"), text(at, bottom + 14, f"{x:g}", "middle", size=9)]
    if panel.mark is not None:
        parts += [line(left, bottom - panel.mark * HEIGHT, left + WIDTH, bottom - panel.mark * HEIGHT, "#999", "3 3")]
    parts += [text(left + WIDTH / 2, bottom + 30, panel.x_label, "middle")]
    for name, points in panel.lines.items():
        seen = [(left + panel.x(x), bottom - HEIGHT * y) for x, y in points]
        where = " ".join(f"{number(x)},{number(y)}" for x, y in seen)
        stroke: dict[str, Value] = {"fill": "none", "stroke": colour(names, name), "stroke-width": 2.0}
        parts += [element("polyline", {"points": where, "stroke-dasharray": dash(name, panel.dashed)} | stroke)]
        parts += [element("circle", {"cx": x, "cy": y, "r": 2.5, "fill": colour(names, name)}) for x, y in seen]
    return parts


def colour(names: Sequence[str], name: str) -> str:
    """Of a line, the same in every panel."""
    return COLOURS[list(names).index(name) % len(COLOURS)]


def dash(name: str, dashed: frozenset[str]) -> str:
    """Pattern of a line's stroke."""
    return "6 4" if name in dashed else "none"


def line(x0: float, y0: float, x1: float, y1: float, stroke: str, dash: str = "none", width: float = 1.0) -> Svg:
    """A straight line between two points, pixels."""
    ends: dict[str, Value] = {"x1": float(x0), "y1": float(y0), "x2": float(x1), "y2": float(y1)}
    return element("line", ends | {"stroke": stroke, "stroke-dasharray": dash, "stroke-width": width})


def text(x: float, y: float, words: str, anchor: str = "start", size: int = 11, turn: bool = False) -> Svg:
    """One line of text at (x, y), pixels; turned: upwards."""
    place: dict[str, Value] = {"x": float(x), "y": float(y), "text-anchor": anchor, "font-size": size}
    if turn:
        place["transform"] = f"rotate(-90 {number(x)} {number(y)})"
    return element("text", place | {"font-family": "sans-serif"}, words)
