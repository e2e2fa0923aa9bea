"""Hours that are missing: where the collector slept, and where the platform did and its queue was flushed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.causes import HOUR_US, SECOND_US, START_US
from lab.simulator.grow import retimed, to_clock
from lab.simulator.world import World
from unisono.maths.types import I64
from unisono.pairs.arrays import Flags


@dataclass(frozen=True)
class Gaps:
    """n_gaps stretches of Uniform(hours) hours of which the collector has recorded nothing."""

    n_gaps: int = 4
    hours: tuple[float, float] = (2.0, 12.0)


@dataclass(frozen=True)
class Outage:
    """n_outages stretches of Uniform(hours) hours in which the platform takes nothing.

    A share `queued` of what was tried waits and is posted Exp(flush_s) seconds after the end; the rest is lost.
    """

    n_outages: int = 2
    hours: tuple[float, float] = (1.0, 4.0)
    queued: float = 0.6
    flush_s: float = 120.0


def lose_gaps(world: World, plan: Gaps | None = None, seed: int = 0) -> World:
    """The world without what happened in the gaps. Objects born in a gap stay, with the acts after it."""
    plan = plan or Gaps()
    begin, end = stretches(world, plan.n_gaps, plan.hours, np.random.default_rng(seed))
    inside: Flags = np.any((world.t[:, None] >= begin) & (world.t[:, None] < end), axis=1)
    return world.with_acts(~inside, world.author)


def flush_outages(world: World, plan: Outage | None = None, seed: int = 0) -> World:
    """The world with outages: everybody's queue is flushed in the same minutes, whoever they are."""
    plan = plan or Outage()
    rng = np.random.default_rng(seed)
    begin, end = stretches(world, plan.n_outages, plan.hours, rng)
    inside = (world.t[:, None] >= begin) & (world.t[:, None] < end)
    late = (rng.exponential(plan.flush_s, len(world)) * SECOND_US).astype(np.int64)
    t = np.where(inside.any(1), end[inside.argmax(1)] + late, world.t)
    lost = inside.any(1) & (rng.random(len(world)) >= plan.queued)
    return retimed(world, np.where(lost, world.end_us, t))


def stretches(world: World, n: int, hours: tuple[float, float], rng: np.random.Generator) -> tuple[I64, I64]:
    """Begin and end of n stretches, (n,) each, on the world's clock, one in each n-th part of the world's time.

    The same numbers of `rng` give the same stretches: `lose_gaps` and a test draw them alike.
    """
    part = (world.end_us - START_US) // n
    length: I64 = (rng.uniform(*hours, n) * HOUR_US).astype(np.int64)
    room = np.maximum(part - length, 1)
    begin: I64 = START_US + np.arange(n) * part + (rng.random(n) * room).astype(np.int64)
    return to_clock(begin, world.resolution_us), to_clock(begin + length, world.resolution_us)
