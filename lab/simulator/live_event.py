"""A live event: one evening, many watch, and what is born in it is acted on within minutes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.audience import add_audience, unlabelled
from lab.simulator.causes import DAY_US, HOUR_US, SECOND_US, START_US
from lab.simulator.grow import add_acts, new_objects
from lab.simulator.plant import ordinary
from lab.simulator.world import World


@dataclass(frozen=True)
class LiveEvent:
    """A share of the accounts watches an evening of so many hours from start_h o'clock UTC; n_objects are born in it.

    Each viewer watches from somewhere in the first third to somewhere in the last, and acts on an object born while it
    watches with a probability of its own (Beta of mean acts, 2 + 2/acts in all) times the object's own factor (mean 1),
    lognormal with median_s and sigma after the birth. audience: others who come across each object later.

    On the nights of such events the same few objects and sources take most of the attention, and people act by the
    event's clock (Lin et al. 2014, "Rising tides or rising stars?", PLoS ONE 9).
    """

    share: float = 0.12
    hours: float = 3.0
    n_objects: int = 60
    acts: float = 0.35
    median_s: float = 120.0
    sigma: float = 1.0
    start_h: float = 18.0
    audience: tuple[int, int] = (2, 20)


def add_live_event(world: World, plan: LiveEvent | None = None, seed: int = 0, label: str = "live_event") -> World:
    """A new world with the evening in it, not on its first or last day; labels[label] are the viewers.

    Viewers are ordinary accounts, and given the event they act by themselves. Raises ValueError where they are too few.
    """
    plan = plan or LiveEvent()
    rng = np.random.default_rng(seed)
    n = round(plan.share * world.n_accounts)
    viewers, length = ordinary(world, n, rng), int(plan.hours * HOUR_US)
    n_days = (world.end_us - START_US) // DAY_US
    start = START_US + int(rng.integers(1, max(2, n_days - 1))) * DAY_US + int(plan.start_h * HOUR_US)
    others = np.setdiff1d(unlabelled(world), viewers)
    world, objects = new_objects(world, start + np.sort(rng.integers(0, length, plan.n_objects)))
    born = world.born[objects][:, None]
    comes = start + rng.uniform(0, length / 3, n)
    goes = start + rng.uniform(2 * length / 3, length, n)
    eager, factor = rng.beta(2, 2 / plan.acts, n), rng.gamma(3, 1 / 3, plan.n_objects)
    eager *= plan.acts / eager.mean()
    i, j = np.nonzero((rng.random((plan.n_objects, n)) < factor[:, None] * eager) & (born >= comes) & (born < goes))
    late = plan.median_s * rng.lognormal(0, plan.sigma, len(i)) * SECOND_US
    world = add_audience(world, objects, plan.audience, others.astype(np.int32), rng)
    when = world.born[objects[i]] + late.astype(np.int64)
    return add_acts(world, viewers[j], objects[i], when).with_label(label, viewers, objects)
