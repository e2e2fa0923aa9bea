"""A month that changes: the crowd grows or shrinks, accounts come and go, interests wander, topics have their day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.causes import START_US, Causes
from lab.simulator.grow import assemble
from lab.simulator.people import activity, draw_people, popularity
from lab.simulator.selection import select
from lab.simulator.timing import after_sleep, draw_births, draw_medians, react
from lab.simulator.world import World
from unisono.maths.types import F64, I32, I64

N_TOPICS = 8


@dataclass(frozen=True)
class Drift:
    """What changes from one of n_phases phases to the next; an object belongs to the phase of its birth.

    growth: activity of all in the last phase over that in the first
    activity: standard deviation of the step of each account's log activity (a random walk: some fade, others rise)
    interest: standard deviation per axis of the step of each account's place (the torus has side 1)
    fashion: standard deviation of the step of each topic's log popularity (8 points; an object is of the nearest)
    """

    n_phases: int = 10
    growth: float = 2.0
    activity: float = 0.5
    interest: float = 0.04
    fashion: float = 0.5


def simulate_drift(causes: Causes, drift: Drift | None = None, seed: int = 0) -> World:
    """A world of accounts that know nothing of one another, in which nothing stays as it was.

    One rate per account and per object, which every null model of margins assumes, is wrong in it. Of the causes it
    knows sizes, heavy tails, sleep and quick reactors; people.place is where the accounts were before the month.
    """
    drift = drift or Drift()
    rng = np.random.default_rng(seed)
    people = draw_people(causes, rng)
    born, median = draw_births(causes, rng), draw_medians(causes.n_objects, rng)
    phase = (born - START_US) * drift.n_phases // (causes.end_us - START_US)
    wanted, weight = activity(causes, rng) / drift.n_phases, popularity(causes, rng)
    spot, topics = rng.random((causes.n_objects, 3)), rng.random((N_TOPICS, 3))
    topic = _nearest(spot, topics)
    place, level, heat = people.place, np.zeros(causes.n_accounts), np.zeros(N_TOPICS)
    who: list[I32] = []
    what: list[I64] = []
    for p in range(drift.n_phases):
        mine = np.flatnonzero(phase == p)
        place = (place + rng.normal(0, drift.interest, place.shape)) % 1
        level, heat = level + rng.normal(0, drift.activity, len(level)), heat + rng.normal(0, drift.fashion, N_TOPICS)
        crowd = drift.growth ** (p / max(drift.n_phases - 1, 1) - 0.5) * wanted.sum()
        expected = wanted * np.exp(level)
        expected = np.minimum(expected * crowd / expected.sum(), len(mine) / 2)
        n_acts: I64 = np.floor(expected + rng.random(len(expected))).astype(np.int64)
        account, obj = select(n_acts, weight[mine] * np.exp(heat[topic[mine]]), place, spot[mine], rng)
        who, what = [*who, account], [*what, mine[obj]]
    account, obj = np.concatenate(who), np.concatenate(what).astype(np.int32)
    t = after_sleep(account, react(account, born[obj], median[obj], people, rng), people, rng)
    return assemble(causes, people, born, account, obj, t)


def _nearest(spot: F64, topics: F64) -> I64:
    apart = np.abs(spot[:, None] - topics[None])
    nearest: I64 = (np.minimum(apart, 1 - apart) ** 2).sum(2).argmin(1)
    return nearest
