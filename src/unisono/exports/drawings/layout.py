"""Where the nodes of a network stand: Fruchterman and Reingold's forces, the same on every run."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
STEPS, FEW_STEPS = 120, 50
MANY = 1_000
"""Nodes beyond which FEW_STEPS have to do: every step looks at all pairs of nodes (5,000 nodes: about two seconds)."""
PULL = 6.0


def force_layout(n: int, ends: Ints, weights: Floats) -> Floats:
    """Positions in the unit square, shape (n, 2), of n nodes joined by `ends` (m, 2) of `weights` (m,).

    Nodes start on a sunflower in the order given, so no random number is drawn. Source: Fruchterman and
    Reingold (1991), with a pull to the middle that keeps components together.
    """
    if n < 2:
        return np.full((n, 2), 0.5)
    at = _sunflower(n)
    joined, pull = _springs(n, ends, weights)
    steps = STEPS if n <= MANY else FEW_STEPS
    for step in range(steps):
        move = _forces(at, joined, pull, 1 / np.sqrt(n)) - 0.6 * at
        length = np.maximum(np.sqrt((move**2).sum(axis=1, keepdims=True)), 1e-9)
        at = at + move / length * np.minimum(length, 0.12 * (1 - step / steps) + 0.002)
    return _fit(at)


def _sunflower(n: int) -> Floats:
    i = np.arange(n)
    angle, radius = i * np.pi * (3 - np.sqrt(5)), np.sqrt((i + 0.5) / n)
    return 0.5 * np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _springs(n: int, ends: Ints, weights: Floats) -> tuple[Ints, Floats]:
    """Joined pairs once (m, 2), and how strongly each pulls its two ends (m, 2)."""
    if not len(ends):
        return np.zeros((0, 2), np.int64), np.zeros((0, 2))
    sides = np.sort(ends, axis=1)
    keys, which = np.unique(sides[:, 0] * n + sides[:, 1], return_inverse=True)
    joined = np.stack([keys // n, keys % n], axis=1)
    strength = np.zeros(len(joined))
    np.maximum.at(strength, which, np.sqrt(weights / weights.max()))
    total = np.zeros(n)
    np.add.at(total, joined.reshape(-1), np.repeat(strength, 2))
    # A member of a clique is pulled by all the others; without this, cliques collapse into a dot.
    pull: Floats = PULL * strength[:, None] / np.maximum(total[joined], 1)
    return joined, pull


@njit(cache=True, nogil=True)
def _forces(at: Floats, joined: Ints, pull: Floats, ideal: float) -> Floats:
    """(n, 2): every two nodes push each other apart, joined ones pull together."""
    n = len(at)
    move = np.zeros((n, 2))
    for i in range(n):
        for j in range(i):
            x, y = at[i, 0] - at[j, 0], at[i, 1] - at[j, 1]
            push = ideal * ideal / max(x * x + y * y, 1e-12)
            move[i, 0] += x * push
            move[i, 1] += y * push
            move[j, 0] -= x * push
            move[j, 1] -= y * push
    for k in range(len(joined)):
        i, j = joined[k]
        x, y = at[i, 0] - at[j, 0], at[i, 1] - at[j, 1]
        far = np.sqrt(x * x + y * y) / ideal
        move[i, 0] -= x * far * pull[k, 0]
        move[i, 1] -= y * far * pull[k, 0]
        move[j, 0] += x * far * pull[k, 1]
        move[j, 1] += y * far * pull[k, 1]
    return move


def _fit(at: Floats) -> Floats:
    low, high = at.min(axis=0), at.max(axis=0)
    fitted: Floats = (at - low) / np.maximum(high - low, 1e-9)
    return fitted
