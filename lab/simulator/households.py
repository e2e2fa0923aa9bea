"""Households and desks: a few people near one another, one of whom does what another has just done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.causes import SECOND_US
from lab.simulator.circles import first_of
from lab.simulator.grow import add_acts
from lab.simulator.plant import ordinary
from lab.simulator.timing import asleep
from lab.simulator.world import World


@dataclass(frozen=True)
class Households:
    """n_households of size accounts (a whole number, uniform), of like hours of sleep.

    The most active one shows the others what it acts on: each of them follows an act with probability follows,
    Exp(mean_s) seconds after it, unless it would then be asleep. All keep what they do by themselves.
    """

    n_households: int = 40
    size: tuple[int, int] = (2, 4)
    follows: float = 0.4
    mean_s: float = 60.0


def add_households(world: World, plan: Households | None = None, seed: int = 0, label: str = "households") -> World:
    """A new world; labels[label] are all members, labels[label + "_000"] and so on those of each household.

    Raises ValueError where ordinary accounts are too few.
    """
    plan = plan or Households()
    rng = np.random.default_rng(seed)
    sizes = rng.integers(plan.size[0], plan.size[1] + 1, plan.n_households)
    members = ordinary(world, int(sizes.sum()), rng)
    members = members[np.argsort(world.people.wakes_us[members], kind="stable")]
    homes = np.split(members, np.cumsum(sizes)[:-1])
    acts = np.bincount(world.account, minlength=world.n_accounts)
    leader = np.full(world.n_accounts, -1)
    for home in homes:
        leader[home] = home[np.argmax(acts[home])]
    rows = np.lexsort((world.t, world.account))
    rows = rows[first_of(world.account[rows].astype(np.int64) * world.n_objects + world.object[rows])]
    following = members[leader[members] != members]
    led = [rows[world.account[rows] == leader[a]] for a in following]
    who, row = np.repeat(following, [len(r) for r in led]), np.concatenate(led)
    at = world.t[row] + (rng.exponential(plan.mean_s, len(row)) * SECOND_US).astype(np.int64)
    takes = (rng.random(len(row)) < plan.follows) & (asleep(who, at, world.people) == 0) & (at < world.end_us)
    who, what = who[takes], world.object[row[takes]]
    world = add_acts(world, who, what, at[takes]).with_label(label, members, np.unique(what))
    for k, home in enumerate(homes):
        world = world.with_label(f"{label}_{k:03d}", home, np.unique(what[np.isin(who, home)]))
    return world
