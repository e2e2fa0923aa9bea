"""The house as a picture: `make house` draws the rooms of the package, and what each needs, to docs/house.svg.

Floors are read from the import-linter contract in pyproject.toml, arrows from the imports themselves, so the picture
cannot say anything else than the code. A room is as wide as it is long in lines. Where a room can reach another
through a third, the direct arrow is left out; so are arrows to the ground floors, which nearly every room needs.
"""

from __future__ import annotations

import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import grimp

from unisono.exports.drawings.svg import Svg, element

ROOT = Path(__file__).parents[1]
GROUND = ("tables", "version", "study", "clean", "engine", "maths", "words")
WIDTH, ROW, HEIGHT, MARGIN, GAP = 760.0, 66.0, 40.0, 20.0, 14.0
FLOOR, WALL, WAY = "#eef2f6", "#5b6b7b", "#8797a7"


@dataclass(frozen=True)
class Room:
    """A package or module of unisono: where it stands, and how much is in it."""

    name: str
    files: int
    lines: int
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0


def floors() -> list[list[str]]:
    """Names of rooms from the top floor to the ground, as the contract has them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c.get("containers") == ["unisono"])
    return [[n.strip(" ()") for n in re.split(r"[|:]", layer)] for layer in layers]


def needs(rooms: list[str]) -> dict[str, set[str]]:
    """Room -> rooms from which its modules import, without those that it reaches through another."""
    graph = grimp.build_graph("unisono", cache_dir=None)
    direct: dict[str, set[str]] = {r: set() for r in rooms}
    for module in graph.modules:
        here = _room(module)
        for imported in graph.find_modules_directly_imported_by(module):
            if here in direct and _room(imported) in direct and _room(imported) != here:
                direct[here].add(_room(imported))
    reached: dict[str, set[str]] = {}

    def reach(room: str) -> set[str]:
        if room not in reached:
            reached[room] = direct[room].union(*(reach(r) for r in direct[room]))
        return reached[room]

    return {r: {d for d in direct[r] if not any(d in reach(o) for o in direct[r] - {d})} for r in rooms}


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def placed(plan: list[list[str]]) -> dict[str, Room]:
    """Rooms with their place, a floor a row."""
    rooms = {}
    for row, names in enumerate(plan):
        made = [_measured(n) for n in names]
        widths = [max(9.0 * max(len(r.name), 9) + 18, r.lines / 20) for r in made]
        x = (WIDTH - sum(widths) - GAP * (len(made) - 1)) / 2
        for room, width in zip(made, widths, strict=True):
            rooms[room.name] = Room(room.name, room.files, room.lines, x, MARGIN + row * ROW, width)
            x += width + GAP
    return rooms


def _measured(name: str) -> Room:
    place = ROOT / "src" / "unisono" / name
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
    return Room(name, len(files), sum(len(f.read_text().splitlines()) for f in files))


def draw() -> str:
    """The picture as SVG text."""
    plan = floors()
    rooms = placed(plan)
    height = MARGIN * 2 + ROW * len(plan)
    drawn = [element("rect", {"x": 0.0, "y": 0.0, "width": WIDTH, "height": height, "fill": "#ffffff"})]
    drawn += [
        _way(rooms[a], rooms[b]) for a, ways in needs(list(rooms)).items() for b in sorted(ways) if b not in GROUND
    ]
    drawn += [part for room in rooms.values() for part in _walls(room)]
    shape = {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH:.0f} {height:.0f}", "role": "img",
             "aria-label": "Rooms of the package and what each needs", "font-family": "sans-serif"}  # fmt: skip
    return element("svg", shape, *drawn).markup + "\n"


def _way(above: Room, below: Room) -> Svg:
    x0, y0, x1, y1 = above.x + above.width / 2, above.y + HEIGHT, below.x + below.width / 2, below.y
    path = f"M{x0:.0f} {y0:.0f} C{x0:.0f} {y0 + 30:.0f} {x1:.0f} {y1 - 40:.0f} {x1:.0f} {y1:.0f}"
    tip = f"M{x1 - 4:.0f} {y1 - 7:.0f} L{x1:.0f} {y1:.0f} L{x1 + 4:.0f} {y1 - 7:.0f}"
    return element("path", {"d": f"{path} {tip}", "fill": "none", "stroke": WAY, "stroke-width": 1.2})


def _walls(room: Room) -> list[Svg]:
    middle = room.x + room.width / 2
    size = f"{room.files} files, {room.lines:,} lines" if room.files > 1 else f"{room.lines:,} lines"
    box = {"x": room.x, "y": room.y, "width": room.width, "height": HEIGHT, "rx": 4.0, "fill": FLOOR, "stroke": WALL}
    text = {"x": middle, "text-anchor": "middle", "fill": "#1c2733"}
    return [
        element("rect", box),
        element("text", {**text, "y": room.y + 17, "font-size": 14.0, "font-weight": "bold"}, room.name),
        element("text", {**text, "y": room.y + 32, "font-size": 10.0}, size),
    ]


if __name__ == "__main__":
    target = Path(__file__).with_name("house.svg")
    target.write_text(draw())
    sys.stdout.write(f"{target.relative_to(ROOT)}\n")
