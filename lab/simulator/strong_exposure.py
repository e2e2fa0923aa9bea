"""Strong exposure: followers who react within seconds of a hub's post, because they all are shown it at once.

By timing alone nothing tells it from an operation (design/statistics, part 1); the report has to say so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.causes import SECOND_US
from lab.simulator.grow import add_acts
from lab.simulator.plant import Plan, draw_moments, ordinary, targets
from lab.simulator.world import World
from unisono.maths.types import I32, I64


@dataclass(frozen=True)
class StrongExposure:
    """n_hubs hubs, each with its own n_followers followers, each posting on n_objects objects.

    A follower reacts to a hub's post with probability reacts, Exp(delay_s) seconds after it.
    """

    n_hubs: int = 20
    n_followers: int = 20
    n_objects: int = 30
    reacts: float = 0.4
    delay_s: float = 20.0


def add_strong_exposure(
    world: World, plan: StrongExposure | None = None, seed: int = 0, label: str = "strong_exposure"
) -> World:
    """A new world; labels[label] are all followers, and labels[label + "_00"] and so on those of each hub.

    Followers are ordinary accounts, and hubs post on objects of any popularity at one of their organic acts.
    Raises ValueError where accounts or objects are too few.
    """
    plan = plan or StrongExposure()
    rng = np.random.default_rng(seed)
    followers = ordinary(world, plan.n_hubs * plan.n_followers, rng).reshape(plan.n_hubs, plan.n_followers)
    look = Plan(plan.n_followers, plan.n_objects, "any", moment="act")
    who: list[I32] = []
    what: list[I32] = []
    when: list[I64] = []
    for mine in followers:
        objects = targets(world.account, world.object, world.n_objects, look, rng)
        posts_at = draw_moments(world.object, world.t, objects, look, rng)
        i, j = np.nonzero(rng.random((plan.n_objects, plan.n_followers)) < plan.reacts)
        late = (rng.exponential(plan.delay_s, len(i)) * SECOND_US).astype(np.int64)
        who, what, when = [*who, mine[j]], [*what, objects[i]], [*when, posts_at[i] + late]
    world = add_acts(world, np.concatenate(who), np.concatenate(what), np.concatenate(when))
    world = world.with_label(label, followers.ravel(), np.unique(np.concatenate(what)))
    for hub, mine in enumerate(followers):
        world = world.with_label(f"{label}_{hub:02d}", mine, np.unique(what[hub]))
    return world
