"""Who lives in a world: interests, sleep, speed, circles, activity."""

from __future__ import annotations

import numpy as np

from lab.simulator.causes import DAY_US, HOUR_US, SECOND_US, Causes
from lab.simulator.world import NONE, People
from unisono.maths.types import F64, I32, I64

REGIONS_H = np.array([-6.0, 1.0, 7.0])
"""Hours east of Greenwich around which accounts live; a region is some 3 hours wide."""
CIRCLE_SIZE = (5, 12)
FRIENDS_APART = 0.05
"""Standard deviation, per axis, of friends around their circle's interest (the torus has side 1)."""
SPEED_SIGMA = 0.9
QUICK_S = (20.0, 40.0)


def draw_people(causes: Causes, rng: np.random.Generator) -> People:
    """Facts about all accounts. Friends share a region's time and lie near in interest."""
    n = causes.n_accounts
    circle = _circles(causes, rng)
    place = rng.random((n, 3)) if causes.interests else np.zeros((n, 3))
    zone_h = rng.choice(REGIONS_H, n) + rng.normal(0, 1.5, n)
    friends = circle != NONE
    n_circles = int(circle.max(initial=-1)) + 1
    if n_circles and causes.interests:
        near = rng.random((n_circles, 3))[circle[friends]] + rng.normal(0, FRIENDS_APART, (friends.sum(), 3))
        place[friends] = near % 1
    if n_circles:
        zone_h[friends] = (rng.choice(REGIONS_H, n_circles) + rng.normal(0, 1.5, n_circles))[circle[friends]]
    wakes_h = 7 - zone_h + rng.normal(0, 1, n)
    wakes_us = np.full(n, NONE) if not causes.time_zones else (wakes_h * HOUR_US).astype(np.int64) % DAY_US
    return People(place, wakes_us, _speed(causes, rng), circle, _quick(causes, rng))


def activity(causes: Causes, rng: np.random.Generator) -> I64:
    """(n_accounts,) acts aimed at by each account, summing to n_acts within rounding."""
    n = causes.n_accounts
    weight = rng.pareto(1.3, n) + 1 if causes.heavy_tails else rng.lognormal(0, 0.5, n)
    most = min(causes.max_acts, causes.n_objects)
    scale = causes.n_acts / weight.sum()
    for _ in range(50):  # what the cap cuts from the most active goes to all the others
        scale *= causes.n_acts / np.minimum(weight * scale, most).sum()
    expected = np.minimum(weight * scale, most)
    acts: I64 = np.floor(expected + rng.random(n)).astype(np.int64)
    return acts


def popularity(causes: Causes, rng: np.random.Generator) -> F64:
    """(n_objects,) relative weight of each object before anyone's interests."""
    n = causes.n_objects
    weight: F64 = rng.pareto(1.1, n) + 1 if causes.heavy_tails else rng.lognormal(0, 0.5, n)
    return weight


def _circles(causes: Causes, rng: np.random.Generator) -> I32:
    """Circles of random size, filled with accounts in random order until the share is reached."""
    n = causes.n_accounts
    circle = np.full(n, NONE, np.int32)
    low, high = CIRCLE_SIZE
    sizes = rng.integers(low, high + 1, n // low + 1)
    begin = np.concatenate([[0], np.cumsum(sizes)])
    whole = int(np.searchsorted(begin, causes.circles * n, side="right")) - 1
    members = rng.permutation(n)[: begin[whole]]
    circle[members] = np.repeat(np.arange(whole), sizes[:whole])
    return circle


def _speed(causes: Causes, rng: np.random.Generator) -> F64:
    speed: F64 = rng.lognormal(0, SPEED_SIGMA, causes.n_accounts)
    return speed if causes.quick_reactors else np.ones(causes.n_accounts)


def _quick(causes: Causes, rng: np.random.Generator) -> I64:
    quick = rng.random(causes.n_accounts) < causes.quick_reactors
    median = rng.uniform(*QUICK_S, causes.n_accounts) * SECOND_US
    return np.where(quick, median, NONE).astype(np.int64)
