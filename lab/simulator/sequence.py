"""The same list, worked through in the same order, by each account when it gets to it: bought packages, task lists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.causes import DAY_US, HOUR_US, SECOND_US, START_US
from lab.simulator.grow import add_acts
from lab.simulator.plant import choose, ordinary
from lab.simulator.world import World
from unisono.maths.types import I32


@dataclass(frozen=True)
class Sequence:
    """n_accounts accounts do n_lists lists of n_objects objects, each list in one sitting, on a day of its own.

    An account begins Uniform(0, within_h) hours after the list is out, so that two accounts are hours apart, and goes
    on after pauses lognormal with median pause_s and sigma .5. fidelity: probability that it does an item.
    in_order: all keep to the order of the list; else each has an order of its own, which is the control.
    """

    n_accounts: int = 12
    n_objects: int = 8
    n_lists: int = 1
    within_h: float = 24.0
    pause_s: float = 40.0
    fidelity: float = 1.0
    in_order: bool = True


def plant_sequence(world: World, plan: Sequence | None = None, seed: int = 0, label: str = "planted") -> World:
    """A new world with the lists worked off by ordinary accounts; a list is of objects born in the day before it.

    Raises ValueError where accounts, objects or days are too few.
    """
    plan = plan or Sequence()
    rng = np.random.default_rng(seed)
    accounts = ordinary(world, plan.n_accounts, rng)
    days = np.arange(1, (world.end_us - START_US - int((plan.within_h + 1) * HOUR_US)) // DAY_US)
    outs = START_US + choose(days, plan.n_lists, "days for lists", rng).astype(np.int64) * DAY_US
    taken: list[I32] = []
    k, m = plan.n_objects, plan.n_accounts
    for out in outs.tolist():
        fresh = np.flatnonzero((world.born < out) & (world.born >= out - DAY_US))
        items = choose(np.setdiff1d(fresh, taken), k, "objects born on a day", rng)
        own = np.argsort(rng.random((m, k)), axis=1)  # drawn in any case: a control has the lags of what it controls
        begin = rng.uniform(0, plan.within_h * 3600, (m, 1))
        at = begin + np.cumsum(plan.pause_s * rng.lognormal(0, 0.5, (m, k)), axis=1)
        i, j = np.nonzero(rng.random((m, k)) < plan.fidelity)
        what = items[j if plan.in_order else own[i, j]]
        world = add_acts(world, accounts[i], what, out + (at[i, j] * SECOND_US).astype(np.int64))
        taken.append(items)
    return world.with_label(label, accounts, np.concatenate(taken))
