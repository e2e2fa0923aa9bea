"""Where whole networks stand beside each other: boxes on shelves, the largest first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

GAP = 1.2
"""Space between boxes, in the side of a box for one node."""


def shelves(sizes: Sequence[int], aspect: float = 1.6) -> list[tuple[float, float, float]]:
    """(left, top, side) of a square for each of `sizes`, in the order given; no two overlap.

    A side grows with the root of the size, so that nodes are as dense everywhere. aspect: width by height aimed at.
    """
    sides = [float(np.sqrt(max(n, 1))) for n in sizes]
    area = sum((s + GAP) ** 2 for s in sides)
    width = max([np.sqrt(area * aspect), *(s + GAP for s in sides)])
    boxes, left, top, high = [], 0.0, 0.0, 0.0
    for side in sides:
        if left + side > width:
            left, top, high = 0.0, top + high + GAP, 0.0
        boxes.append((left, top, side))
        left, high = left + side + GAP, max(high, side)
    return boxes
