"""Worlds with an operation in them, beside a live event, push users and circles of friends, which are none.

Each is a function of its seed, as those of `independent`. The operation is labelled "planted"; in the two worlds of
the framing attack the ring is labelled "shadows" and those whom it follows "bystander".
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lab.simulator.causes import Causes
from lab.simulator.farm import Farm, plant_farm
from lab.simulator.independent import ORDINARY, part
from lab.simulator.live_event import add_live_event
from lab.simulator.organic import simulate
from lab.simulator.plant import Plan, plant
from lab.simulator.push import Push, add_push
from lab.simulator.sequence import Sequence, plant_sequence
from lab.simulator.shadows import Shadowing, plant_shadows
from lab.simulator.world import World

SOCIABLE = replace(ORDINARY, circles=0.15, shared_exposure=0.1)
"""Ordinary life with friends who copy from one another, and hubs whose posts are followed."""
PLANS: dict[str, Plan] = {
    "20 viral, 60 s": Plan(),
    "8 viral, 60 s": Plan(n_objects=8),
    "10 niche, 60 s": Plan(n_objects=10, target="niche"),
    "20 viral, 600 s": Plan(jitter_s=600.0),
    "cell of 3": Plan(n_accounts=3),
    "cell of 5": Plan(n_accounts=5),
    "one object a day": Plan(daily=True),
    "rotation, 20 of 60": Plan(n_accounts=60, n_objects=60, target="any", rotation=1 / 3),
    "log-normal 120 s, 15 objects": Plan(n_objects=15, median_s=120.0),
    "log-normal 120 s, 10 objects, fidelity .4": Plan(n_objects=10, fidelity=0.4, median_s=120.0),
    "jitter 2 h": Plan(jitter_s=7200.0),
}
"""Plans of pushing accounts, by name; of 15 accounts, viral objects and fidelity .6 where nothing else is said."""
FARMS: dict[str, Farm] = {
    "farm of 300": Farm(),
    "farm of 300, one session": Farm(n_sessions=1, sessions_each=(1, 1), hours=6.0),
}


def mixed(seed: int, causes: Causes = SOCIABLE) -> World:
    """No operation: ordinary life with circles, a live event that 12 % watch, and 4 % who have a service's pushes on.

    Labels "live_event", "push" and "circles". A plan carried out in it takes its accounts from nobody labelled, so
    that what is called is either planted, or a look-alike by its own label, or wrong.
    """
    world = add_live_event(simulate(causes, seed), seed=part(seed, 1))
    world = add_push(world, Push(), part(seed, 2))
    friends = np.flatnonzero(world.people.circle >= 0).astype(np.int32)
    return world.with_label("circles", friends)


def operation(name: str, seed: int, causes: Causes = SOCIABLE) -> World:
    """`mixed` with the plan of this name, of PLANS or FARMS, carried out in it."""
    world, seed = mixed(seed, causes), part(seed, 3)
    return plant_farm(world, FARMS[name], seed) if name in FARMS else plant(world, PLANS[name], seed)


def shadowed(seed: int, causes: Causes = SOCIABLE) -> World:
    """`mixed` with ten accounts that shadow one bystander: 20 of its objects, 5 to 50 s after it."""
    return plant_shadows(mixed(seed, causes), Shadowing(), part(seed, 3))


def three_shadowed(seed: int, causes: Causes = SOCIABLE) -> World:
    """`mixed` with one ring of ten that shadows three bystanders."""
    return plant_shadows(mixed(seed, causes), Shadowing(n_bystanders=3), part(seed, 3))


def sequence(seed: int, causes: Causes = SOCIABLE, plan: Sequence | None = None) -> World:
    """`mixed` with twelve accounts that work through the same list of eight objects in order, hours apart."""
    return plant_sequence(mixed(seed, causes), plan, part(seed, 3))


def sequence_permuted(seed: int, causes: Causes = SOCIABLE) -> World:
    """The control of `sequence`: the same list, at the same lags, by each account in an order of its own."""
    return sequence(seed, causes, Sequence(in_order=False))
