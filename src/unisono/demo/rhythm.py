"""When people are awake and when an office works: 28 days across the change to summer time.

The zone rules are written out here, so that a world is the same on a machine without a zone database.
"""

from __future__ import annotations

import numpy as np

from unisono.demo.languages import Floats, Ints
from unisono.maths.types import Bools

START = 1_615_766_400
"""2021-03-15T00:00:00Z, a Monday, in Unix seconds."""
DAYS = 28
END = START + DAYS * 86_400
SUMMER = 1_616_893_200
"""2021-03-28T01:00:00Z: clocks in Europe go forward by one hour."""

OFFSETS = np.array([-5, -3, 0, 1, 2, 3, 5])
"""Standard time of each zone, hours ahead of UTC."""
EUROPEAN = np.array([False, False, True, True, True, False, False])
SITE_ZONE = 3
"""Where the operation's office stands: UTC+1, in summer UTC+2 (Central European Time)."""


def _half_hours(*spans: tuple[float, float, float]) -> Floats:
    """48 half-hour values from (from hour, to hour, value) spans; 0 elsewhere."""
    day = np.zeros(48)
    for begin, end, value in spans:
        day[int(begin * 2) : int(end * 2)] = value
    return day


HOME = _half_hours((0, 1, 0.25), (1, 6, 0.03), (6, 9, 0.45), (9, 18, 0.6), (18, 22.5, 1.0), (22.5, 24, 0.55))
OFFICE = _half_hours((8, 9, 0.5), (9, 12, 1.0), (12, 13, 0.06), (13, 16.5, 1.0), (16.5, 17.5, 0.4))
WEEKEND = np.array([1.0, 0.05])
"""How much of a weekday's activity a weekend day has: at home, in the office."""


def local(t: Ints, zone: Ints) -> Ints:
    """Unix seconds -> seconds on the wall clock of each zone (positions in OFFSETS)."""
    hours = OFFSETS[zone] + (EUROPEAN[zone] & (t >= SUMMER))
    return np.asarray(t + 3600 * hours)


def activity(t: Ints, zone: Ints, office: Bools) -> Floats:
    """How active (0 to 1) an account of that zone and habit is at that moment."""
    clock = local(t, zone)
    slot = clock % 86_400 // 1800
    weekend = (clock // 86_400 + 3) % 7 >= 5  # 1970-01-01 was a Thursday
    level = np.where(office, OFFICE[slot], HOME[slot])
    return np.where(weekend, level * WEEKEND[office.astype(np.int64)], level)


def moments(rng: np.random.Generator, zone: Ints, office: Bools) -> Ints:
    """One moment (Unix seconds) per entry, spread over the 28 days by zone and habit."""
    t = np.zeros(len(zone), dtype=np.int64)
    todo = np.arange(len(zone))
    while len(todo):  # rejection sampling; about one in three is accepted per round
        t[todo] = rng.integers(START, END, size=len(todo))
        accepted = rng.random(len(todo)) < activity(t[todo], zone[todo], office[todo])
        todo = todo[~accepted]
    return t
