"""Where the nodes of a small network stand: Fruchterman and Reingold's forces, the same on every run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STEPS = 120
PULL = 6.0


def force_layout(n: int, ends: Ints, weights: Floats) -> Floats:
    """Positions in the unit square, shape (n, 2), of n nodes joined by `ends` (m, 2) of `weights` (m,).

    Nodes start on a sunflower in the order given, so no random number is drawn. Source: Fruchterman and
    Reingold (1991), with a pull to the middle that keeps components together.
    """
    if n < 2:
        return np.full((n, 2), 0.5)
    at = _sunflower(n)
    pull = _adjacency(n, ends, weights)
    ideal = 1 / np.sqrt(n)
    for step in range(STEPS):
        gap = at[:, None, :] - at[None, :, :]
        far = np.maximum(np.sqrt((gap**2).sum(axis=2)), 1e-6)
        force = (ideal**2 / far - pull * far**2 / ideal) / far
        move = (gap * force[:, :, None]).sum(axis=1) - 0.6 * at
        length = np.maximum(np.sqrt((move**2).sum(axis=1, keepdims=True)), 1e-9)
        at = at + move / length * np.minimum(length, 0.12 * (1 - step / STEPS) + 0.002)
    return _fit(at)


def _sunflower(n: int) -> Floats:
    i = np.arange(n)
    angle, radius = i * np.pi * (3 - np.sqrt(5)), np.sqrt((i + 0.5) / n)
    return 0.5 * np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _adjacency(n: int, ends: Ints, weights: Floats) -> Floats:
    pull = np.zeros((n, n))
    if len(ends):
        strength = np.sqrt(weights / weights.max())
        np.maximum.at(pull, (ends[:, 0], ends[:, 1]), strength)
        np.maximum.at(pull, (ends[:, 1], ends[:, 0]), strength)
    # A member of a clique is pulled by all the others; without this, cliques collapse into a dot.
    fair: Floats = PULL * pull / np.maximum(pull.sum(axis=1), 1)[:, None]
    return fair


def _fit(at: Floats) -> Floats:
    low, high = at.min(axis=0), at.max(axis=0)
    fitted: Floats = (at - low) / np.maximum(high - low, 1e-9)
    return fitted
