"""Accounts that act in the same seconds on objects that they do not share: what synchrony is for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator import World
from lab.simulator.causes import DAY_US, SECOND_US, START_US
from lab.simulator.grow import add_acts
from lab.simulator.plant import choose, ordinary


@dataclass(frozen=True)
class Together:
    """n_accounts ordinary accounts act at n_moments common moments, each with probability fidelity and at
    Uniform(0, width_s) seconds after it, each on an object of its own."""

    n_accounts: int = 15
    n_moments: int = 10
    fidelity: float = 0.6
    width_s: float = 1.0


def plant_together(world: World, plan: Together, seed: int = 0, label: str = "together") -> World:
    """A new world with the acts in it. Raises ValueError where the world has too few accounts or objects."""
    rng = np.random.default_rng(seed)
    accounts = ordinary(world, plan.n_accounts, rng)
    # From the third day on: enough objects are born by then, and no two accounts may take the same one.
    moments = rng.integers(START_US + 2 * DAY_US, world.end_us - DAY_US, plan.n_moments)
    i, j = np.nonzero(rng.random((plan.n_moments, plan.n_accounts)) < plan.fidelity)
    what = np.empty(len(i), np.int32)
    for k in range(plan.n_moments):
        own = i == k
        what[own] = choose(np.flatnonzero(world.born < moments[k]), int(own.sum()), "objects born by then", rng)
    when = moments[i] + (rng.uniform(0, plan.width_s, len(i)) * SECOND_US).astype(np.int64)
    return add_acts(world, accounts[j], what, when).with_label(label, accounts)
