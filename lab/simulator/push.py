"""Push messages: a service tells its users of an object, and those who are awake may act on it at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.causes import SECOND_US
from lab.simulator.grow import add_acts
from lab.simulator.plant import choose, ordinary
from lab.simulator.timing import asleep
from lab.simulator.world import World

POPULAR = 0.2
"""The service writes of the most popular fifth of the objects."""
FRESH_S = (120.0, 1800.0)


@dataclass(frozen=True)
class Push:
    """A share of the accounts has the messages of one service on; it sends n_pushes, each on another object.

    reacts: probability that a user who is awake acts on the object, within_s x Beta(2, 4) seconds after the message
    """

    share: float = 0.04
    n_pushes: int = 40
    reacts: float = 0.5
    within_s: float = 30.0


def add_push(world: World, plan: Push | None = None, seed: int = 0, label: str = "push") -> World:
    """A new world; labels[label] are the users, ordinary accounts; targets[label] what was sent, when it was fresh.

    Raises ValueError where accounts or objects are too few.
    """
    plan = plan or Push()
    rng = np.random.default_rng(seed)
    users = ordinary(world, round(plan.share * world.n_accounts), rng)
    acts = np.bincount(world.object, minlength=world.n_objects)
    popular = np.argsort(-acts, kind="stable")[: round(POPULAR * np.count_nonzero(acts))]
    objects = choose(popular, plan.n_pushes, "popular objects", rng)
    sent = world.born[objects] + (rng.uniform(*FRESH_S, plan.n_pushes) * SECOND_US).astype(np.int64)
    i, j = np.nonzero(rng.random((plan.n_pushes, len(users))) < plan.reacts)
    awake = (asleep(users[j], sent[i], world.people) == 0) & (sent[i] < world.end_us)
    i, j = i[awake], j[awake]
    late = (plan.within_s * rng.beta(2, 4, len(i)) * SECOND_US).astype(np.int64)
    return add_acts(world, users[j], objects[i], sent[i] + late).with_label(label, users, objects)
