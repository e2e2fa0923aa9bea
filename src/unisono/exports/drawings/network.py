"""A group as a network: every node a member, every line a link."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from unisono.exports.drawings.layout import Floats, force_layout
from unisono.exports.drawings.svg import Svg, element, label, number, picture

WIDTH, HEIGHT, EDGE = 720.0, 460.0, 40.0
LABELS = 14
"""Most names that are written beside their nodes; all others are in the nodes' titles."""


@dataclass(frozen=True)
class Node:
    """A member: its name, its share of the evidence (0 to 1), its colour (0 to 7), filled or a ring."""

    name: str
    share: float
    colour: int
    ring: bool


def draw_network(nodes: Sequence[Node], lines: Sequence[tuple[int, int, int]], title: str) -> Svg:
    """Draw nodes, strongest first, and lines (node, node, strength)."""
    ends = np.array([(a, b) for a, b, _ in lines], dtype=np.int64).reshape(-1, 2)
    strength = np.array([s for _, _, s in lines], dtype=np.float64)
    at = force_layout(len(nodes), ends, strength)
    at = at * (WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE) + EDGE
    radii = _radii(np.array([n.share for n in nodes], dtype=np.float64))
    drawn = [_node(n, xy, r) for n, xy, r in zip(nodes, at, radii, strict=True)]
    # The strongest come last, so that they lie on top.
    parts = [*_lines(ends, strength, at), *reversed(drawn), *_names(nodes, at, radii)]
    return picture(WIDTH, HEIGHT, title, "network", *parts)


def _radii(shares: Floats) -> Floats:
    top = max(float(shares.max(initial=0)), 1e-9)
    most = 9.0 if len(shares) <= 60 else 6.0
    radii: Floats = 2.5 + (most - 2.5) * np.sqrt(shares / top)
    return radii


def _node(node: Node, at: Floats, radius: float) -> Svg:
    place = {"cx": float(at[0]), "cy": float(at[1]), "r": float(radius)}
    kind = f"n c{node.colour}" + (" ring" if node.ring else "")
    return element("circle", place | {"class": kind}, element("title", {}, node.name))


def _lines(ends: np.ndarray, strength: Floats, at: Floats) -> Iterator[Svg]:
    """Three paths, the weakest third of the scale first: one element per line would triple the file."""
    if not len(ends):
        return
    low, high = strength.min(), strength.max()
    level = np.minimum(3 * (strength - low) / (high - low + 1), 2).astype(int)
    for i in range(3):
        steps = [
            f"M{number(at[a, 0])} {number(at[a, 1])}L{number(at[b, 0])} {number(at[b, 1])}" for a, b in ends[level == i]
        ]
        if steps:
            yield element("path", {"class": f"l l{i}", "d": "".join(steps)})


def _names(nodes: Sequence[Node], at: Floats, radii: Floats) -> Iterator[Svg]:
    """Names of the strongest members, as far as they do not cover each other."""
    taken: list[tuple[float, float, float]] = []
    for node, (x, y), r in zip(nodes, at, radii, strict=True):
        wide = 6.2 * len(node.name) + 8
        left = x + r + wide < WIDTH
        start = x + r + 3 if left else x - r - 3 - wide
        if len(taken) >= LABELS:
            return
        if all(abs(y - ty) > 13 or start > tend or start + wide < tstart for tstart, tend, ty in taken):
            taken.append((start, start + wide, y))
            yield label(x + r + 3 if left else x - r - 3, y + 4, node.name, "name", "start" if left else "end")
