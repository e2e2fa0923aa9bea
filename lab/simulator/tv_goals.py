"""Goals on television: many who watch the same match act on the same thing in the same seconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.audience import add_audience, unlabelled
from lab.simulator.causes import DAY_US, HOUR_US, SECOND_US, START_US
from lab.simulator.grow import add_acts, new_objects
from lab.simulator.plant import choose, ordinary
from lab.simulator.world import World


@dataclass(frozen=True)
class TvGoals:
    """n_evenings evenings, each with goals (a whole number, uniform) goals within two hours from start_h o'clock UTC.

    A share of the accounts are viewers. A viewer watches an evening with probability watches, and acts on the goal's
    object (the clip, the tag) with probability reacts, lognormal with median_s and sigma after the goal.
    """

    share: float = 0.1
    n_evenings: int = 3
    goals: tuple[int, int] = (2, 5)
    watches: float = 0.7
    reacts: float = 0.6
    median_s: float = 15.0
    sigma: float = 0.6
    start_h: float = 19.0
    audience: tuple[int, int] = (10, 60)


def add_tv_goals(world: World, plan: TvGoals | None = None, seed: int = 0, label: str = "tv_goals") -> World:
    """A new world; labels[label] are the viewers, ordinary accounts; targets[label] one object per goal, born with it.

    Raises ValueError where accounts or days are too few.
    """
    plan = plan or TvGoals()
    rng = np.random.default_rng(seed)
    viewers = ordinary(world, round(plan.share * world.n_accounts), rng)
    days = choose(np.arange((world.end_us - START_US) // DAY_US), plan.n_evenings, "evenings", rng).astype(np.int64)
    evening = np.repeat(np.arange(plan.n_evenings), rng.integers(plan.goals[0], plan.goals[1] + 1, plan.n_evenings))
    start = START_US + days * DAY_US + int(plan.start_h * HOUR_US)
    others = np.setdiff1d(unlabelled(world), viewers).astype(np.int32)
    world, objects = new_objects(world, start[evening] + rng.integers(0, 2 * HOUR_US, len(evening)))
    world = add_audience(world, objects, plan.audience, others, rng)
    there = rng.random((plan.n_evenings, len(viewers))) < plan.watches
    i, j = np.nonzero(there[evening] & (rng.random((len(evening), len(viewers))) < plan.reacts))
    late = (plan.median_s * rng.lognormal(0, plan.sigma, len(i)) * SECOND_US).astype(np.int64)
    return add_acts(world, viewers[j], objects[i], world.born[objects[i]] + late).with_label(label, viewers, objects)
