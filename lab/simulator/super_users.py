"""Super-users: a few accounts that touch most of what there is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.grow import add_acts
from lab.simulator.plant import choose
from lab.simulator.timing import after_sleep, draw_medians, react
from lab.simulator.world import World


@dataclass(frozen=True)
class SuperUsers:
    """n_accounts accounts, each on a share `reach` of all objects, with ordinary delays and an ordinary night."""

    n_accounts: int = 15
    reach: float = 0.8


def add_super_users(world: World, plan: SuperUsers | None = None, seed: int = 0, label: str = "super_users") -> World:
    """A new world in which these accounts do a large share of everything; they know nothing of one another."""
    plan = plan or SuperUsers()
    rng = np.random.default_rng(seed)
    accounts = choose(np.flatnonzero(~world.labelled()), plan.n_accounts, "accounts", rng)
    i, what = np.nonzero(rng.random((plan.n_accounts, world.n_objects)) < plan.reach)
    who, median = accounts[i], draw_medians(world.n_objects, rng)
    t = after_sleep(who, react(who, world.born[what], median[what], world.people, rng), world.people, rng)
    seen = t < world.end_us
    return add_acts(world, who[seen], what[seen], t[seen]).with_label(label, accounts)
