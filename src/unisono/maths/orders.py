"""Orders of the same things: how far two are apart, and how likely one is where somebody has a habit.

Mallows' model (Biometrika 44 (1957)): an order at Kendall distance d from a centre has probability exp(-theta d) / Z,
with Z = product over j = 1 .. k of (1 - exp(-j theta)) / (1 - exp(-theta)). theta = 0 is any order; theta < 0 prefers
the reverse.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.maths.types import F64, I64

MOST = 60
"""Longest order that is compared."""
HABITS = np.linspace(-6.0, 6.0, 121)
"""Strengths of a habit that are tried: at 6 nearly everybody keeps to the centre."""
ALIKE = np.array([1.0, 2.0, 4.0])
"""Strengths with which one order may follow another."""


def log_normaliser(theta: F64, most: int = MOST) -> F64:
    """(len(theta), most + 1) log Z by strength and length."""
    j = np.arange(1, most + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        up, down = -np.expm1(-np.abs(theta)[:, None] * j), -np.expm1(-np.abs(theta))[:, None]
        terms = np.where(theta[:, None] == 0, np.log(j), np.log(up) - np.log(down))
    terms = terms + np.where(theta < 0, -theta, 0.0)[:, None] * (j - 1)  # the reverse: d becomes its complement
    return np.concatenate([np.zeros((len(theta), 1)), np.cumsum(terms, axis=1)], axis=1)


@njit(cache=True, nogil=True)
def apart(x: I64, y: I64) -> tuple[int, int]:
    """(pairs in opposite order, pairs with a tie in either) of two orders given as ranks or times; both (k,)."""
    opposite, ties = 0, 0
    for i in range(x.size):
        for j in range(i):
            a, b = x[i] - x[j], y[i] - y[j]
            if a == 0 or b == 0:
                ties += 1
            elif (a < 0) != (b < 0):
                opposite += 1
    return opposite, ties


@njit(cache=True, nogil=True)
def log_likeliest(opposite: int, ties: int, k: int, habits: F64, log_z: F64) -> float:
    """Largest log probability of an order over all habits towards a centre or away from it; ties are broken as the
    habit would have them, so it is never too small."""
    best = -np.inf
    for h in range(habits.size):
        d = opposite if habits[h] >= 0 else opposite + ties
        best = max(best, -habits[h] * d - log_z[h, k])
    return best


@njit(cache=True, nogil=True)
def log_follows(opposite: int, ties: int, k: int, alike: F64, log_z: F64) -> float:
    """Log probability of an order that follows another, mean over strengths; ties are broken against it."""
    total = 0.0
    for h in range(alike.size):
        total += np.exp(-alike[h] * (opposite + ties) - log_z[h, k])
    return float(np.log(max(total / alike.size, 1e-300)))
