"""The detector as a target: accounts that follow an ordinary one step by step, to make it look like one of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.causes import SECOND_US
from lab.simulator.circles import first_of
from lab.simulator.grow import add_acts
from lab.simulator.plant import choose, ordinary, ordinary_pool
from lab.simulator.world import World


@dataclass(frozen=True)
class Shadowing:
    """n_shadows accounts copy n_objects acts of each of n_bystanders, each act with probability fidelity.

    lag_s: each copy is Uniform(lag_s) seconds after the bystander's own act, which stays as it was
    """

    n_shadows: int = 10
    n_bystanders: int = 1
    n_objects: int = 20
    lag_s: tuple[float, float] = (5.0, 50.0)
    fidelity: float = 1.0


def plant_shadows(world: World, plan: Shadowing | None = None, seed: int = 0) -> World:
    """A new world; labels["shadows"] are the ring, labels["bystander"] those it follows, targets of both the objects.

    All are ordinary accounts. Where two bystanders act on one object, a shadow follows one of them. Raises ValueError
    where accounts are too few, or too few of them touch n_objects objects.
    """
    plan = plan or Shadowing()
    rng = np.random.default_rng(seed)
    rows = np.lexsort((world.t, world.account))
    rows = rows[first_of(world.account[rows].astype(np.int64) * world.n_objects + world.object[rows])]
    rows = rows[world.t[rows] + plan.lag_s[1] * SECOND_US < world.end_us]
    n_objects = np.bincount(world.account[rows], minlength=world.n_accounts)
    pool = ordinary_pool(world)
    pool = pool[n_objects[pool] >= plan.n_objects]
    bystanders = choose(pool, plan.n_bystanders, f"ordinary accounts with {plan.n_objects} objects", rng)
    world_without = world.with_label("bystander", bystanders)
    shadows = ordinary(world_without, plan.n_shadows, rng)
    followed = np.concatenate(
        [rng.choice(rows[world.account[rows] == b], plan.n_objects, replace=False) for b in bystanders]
    )
    i, j = np.nonzero(rng.random((len(followed), plan.n_shadows)) < plan.fidelity)
    who, what = shadows[j], world.object[followed[i]]
    lag = (rng.uniform(*plan.lag_s, len(i)) * SECOND_US).astype(np.int64)
    once = first_of(who.astype(np.int64) * world.n_objects + what)
    objects = np.unique(world.object[followed])
    world = add_acts(world, who[once], what[once], (world.t[followed[i]] + lag)[once])
    return world.with_label("bystander", bystanders, objects).with_label("shadows", shadows, objects)
