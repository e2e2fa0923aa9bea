"""Look-alikes: accounts that do act in unison and are no operation. A test may find them; words must not judge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.audience import add_audience, unlabelled
from lab.simulator.causes import DAY_US, SECOND_US, START_US
from lab.simulator.grow import add_acts, new_accounts, new_objects
from lab.simulator.plant import choose, ordinary
from lab.simulator.world import World
from unisono.maths.types import I64


@dataclass(frozen=True)
class Newsrooms:
    """Outlets that publish an agency's stories, each with probability fidelity, lognormal after the release."""

    n_outlets: int = 10
    n_stories: int = 60
    fidelity: float = 0.8
    median_s: float = 180.0
    sigma: float = 0.7
    audience: tuple[int, int] = (5, 40)


@dataclass(frozen=True)
class Rss:
    """Relays that post every item of one feed within delay_s seconds of learning of it.

    polls_min: a relay looks at the feed every so many minutes, one of these, at a phase of its own; where there are
        none it is told of an item as soon as it appears
    """

    n_relays: int = 6
    n_items: int = 200
    delay_s: float = 30.0
    audience: tuple[int, int] = (2, 15)
    polls_min: tuple[float, ...] = ()


@dataclass(frozen=True)
class FanCall:
    """Fans who follow a call: on each occasion the same few objects, Exp(delay_s) seconds after the call."""

    n_fans: int = 80
    n_occasions: int = 2
    n_objects: int = 3
    joins: float = 0.8
    pushes: float = 0.9
    delay_s: float = 180.0


def add_newsrooms(world: World, plan: Newsrooms | None = None, seed: int = 0, label: str = "newsrooms") -> World:
    """A new world with outlets (fresh accounts, around the clock) and their stories (new objects)."""
    plan = plan or Newsrooms()
    rng = np.random.default_rng(seed)
    readers = unlabelled(world)
    world, outlets = new_accounts(world, plan.n_outlets)
    world, stories = new_objects(world, _round_the_clock(world, plan.n_stories, rng))
    world = add_audience(world, stories, plan.audience, readers, rng)
    i, j = np.nonzero(rng.random((plan.n_stories, plan.n_outlets)) < plan.fidelity)
    late = (plan.median_s * rng.lognormal(0, plan.sigma, len(i)) * SECOND_US).astype(np.int64)
    return add_acts(world, outlets[j], stories[i], world.born[stories[i]] + late).with_label(label, outlets, stories)


def add_rss(world: World, plan: Rss | None = None, seed: int = 0, label: str = "rss") -> World:
    """A new world with relays (fresh accounts, around the clock) and the items of their feed (new objects)."""
    plan = plan or Rss()
    rng = np.random.default_rng(seed)
    readers = unlabelled(world)
    world, relays = new_accounts(world, plan.n_relays)
    world, items = new_objects(world, _round_the_clock(world, plan.n_items, rng))
    world = add_audience(world, items, plan.audience, readers, rng)
    who, what = np.tile(relays, plan.n_items), np.repeat(items, plan.n_relays)
    late = (rng.uniform(0, plan.delay_s, len(who)) * SECOND_US).astype(np.int64)
    learns = world.born[what]
    if plan.polls_min:
        every = (rng.choice(plan.polls_min, plan.n_relays) * 60 * SECOND_US).astype(np.int64)
        phase = (rng.random(plan.n_relays) * every).astype(np.int64)
        every, phase = np.tile(every, plan.n_items), np.tile(phase, plan.n_items)
        learns = -(-(learns - phase) // every) * every + phase
    return add_acts(world, who, what, learns + late).with_label(label, relays, items)


def add_fan_call(world: World, plan: FanCall | None = None, seed: int = 0, label: str = "fan_call") -> World:
    """A new world with the calls followed by ordinary accounts, on objects at most a day old.

    Raises ValueError where accounts are too few, or no day has enough objects.
    """
    plan = plan or FanCall()
    rng = np.random.default_rng(seed)
    fans = ordinary(world, plan.n_fans, rng)
    what, when = [], []
    for call in rng.choice(world.born, plan.n_occasions, replace=False) + DAY_US // 4:
        fresh = np.flatnonzero((world.born < call) & (world.born >= call - DAY_US))
        what.append(choose(fresh, plan.n_objects, "objects at most a day old", rng))
        when.append(np.full(plan.n_objects, call))
    joins = np.repeat(rng.random((plan.n_occasions, plan.n_fans)) < plan.joins, plan.n_objects, axis=0)
    i, j = np.nonzero(joins & (rng.random(joins.shape) < plan.pushes))
    late = (rng.exponential(plan.delay_s, len(i)) * SECOND_US).astype(np.int64)
    objects, calls = np.concatenate(what), np.concatenate(when)
    return add_acts(world, fans[j], objects[i], calls[i] + late).with_label(label, fans, np.unique(objects))


def _round_the_clock(world: World, n: int, rng: np.random.Generator) -> I64:
    """Moments at any hour of any day, the last half day excepted."""
    return rng.integers(START_US, max(START_US + 1, world.end_us - DAY_US // 2), n)
