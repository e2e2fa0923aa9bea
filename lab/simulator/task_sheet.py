"""Task sheets: the same list of items every day, done by each account at its leisure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.causes import DAY_US, HOUR_US, SECOND_US, START_US
from lab.simulator.grow import add_acts
from lab.simulator.plant import choose, ordinary
from lab.simulator.world import World
from unisono.maths.types import I32


@dataclass(frozen=True)
class TaskSheet:
    """n_accounts ordinary accounts work off items_per_day items on n_days days of the world.

    The sheet is out at start_h o'clock UTC and lists objects born in the 24 hours before; each account does
    each item with probability fidelity, at Uniform(0, jitter_h) hours after the start, in any order.
    """

    n_accounts: int = 15
    items_per_day: int = 10
    n_days: int = 20
    fidelity: float = 0.8
    jitter_h: float = 6.0
    start_h: float = 9.0


def plant_task_sheet(world: World, plan: TaskSheet | None = None, seed: int = 0, label: str = "task_sheet") -> World:
    """A new world with the sheets worked off. Raises ValueError where days, objects or accounts are too few."""
    plan = plan or TaskSheet()
    rng = np.random.default_rng(seed)
    accounts = ordinary(world, plan.n_accounts, rng)
    starts = START_US + np.arange(1, (world.end_us - START_US) // DAY_US) * DAY_US + int(plan.start_h * HOUR_US)
    starts = starts[starts + plan.jitter_h * HOUR_US < world.end_us]
    days = np.sort(rng.permutation(starts)[: plan.n_days])
    if len(days) < plan.n_days:
        raise ValueError(f"the plan needs {plan.n_days} working days, and the world has {len(days)}")
    items = np.concatenate([_sheet(world, int(day), plan, rng) for day in days])
    item, who = np.nonzero(rng.random((len(items), plan.n_accounts)) < plan.fidelity)
    late = rng.uniform(0, plan.jitter_h * 3600, len(item)) * SECOND_US
    when = np.repeat(days, plan.items_per_day)[item] + late.astype(np.int64)
    return add_acts(world, accounts[who], items[item], when).with_label(label, accounts, items)


def _sheet(world: World, start: int, plan: TaskSheet, rng: np.random.Generator) -> I32:
    fresh = np.flatnonzero((world.born < start) & (world.born >= start - DAY_US))
    return choose(fresh, plan.items_per_day, "objects born on a day", rng)
