"""The week: most accounts are quiet at weekends, some on working days, each by its own calendar."""

from __future__ import annotations

import numpy as np

from lab.simulator.causes import DAY_US, HOUR_US, START_US
from lab.simulator.world import NONE, World
from unisono.maths.types import I64
from unisono.pairs.arrays import Flags

AT_WORK = 0.7
"""Share of the accounts that are quiet at weekends; the others are quiet on working days."""
QUIET = (0.1, 0.5)
"""Share of its acts that an account keeps on its quiet days, uniform."""


def weekly(world: World, seed: int = 0) -> World:
    """The world without most of what accounts did on their quiet days (daily and weekly rhythms differ between people
    and places: Golder and Macy 2011, Science 333). Each act stays or goes by itself: nothing new is shared.
    """
    rng = np.random.default_rng(seed)
    at_work, keeps = rng.random(world.n_accounts) < AT_WORK, rng.uniform(*QUIET, world.n_accounts)
    quiet = at_work[world.account] == weekend(world)
    return world.with_acts(~quiet | (rng.random(len(world)) < keeps[world.account]), world.author)


def weekend(world: World) -> Flags:
    """(n,) acts on a Saturday or Sunday, where the account lives: it wakes at about seven. Worlds begin on a Monday."""
    wakes = world.people.wakes_us[world.account]
    midnight: I64 = np.where(wakes == NONE, 0, (wakes - 7 * HOUR_US + DAY_US // 2) % DAY_US - DAY_US // 2)
    flags: Flags = (world.t - START_US - midnight) // DAY_US % 7 >= 5
    return flags
