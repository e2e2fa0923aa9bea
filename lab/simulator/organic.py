"""An organic world: nobody in it is coordinated, whatever it looks like."""

from __future__ import annotations

import numpy as np

from lab.simulator.causes import SECOND_US, Causes
from lab.simulator.circles import copies, own_acts
from lab.simulator.grow import assemble
from lab.simulator.people import activity, draw_people, popularity
from lab.simulator.selection import select
from lab.simulator.timing import SIGMA, after_sleep, draw_births, draw_medians, react, waves
from lab.simulator.world import People, World
from unisono.maths.types import I32, I64

REPEAT_US = 2 * 3600 * SECOND_US
"""Median time between an act and its repetition."""


def simulate(causes: Causes | None = None, seed: int = 0) -> World:
    """One organic world, the same for the same causes and seed.

    Base model of design/statistics 2.2: objects are born through the day, each is touched with lognormal
    delays of its own median; the causes add what people do. Acts beyond the last day are not seen.
    """
    causes = causes or Causes()
    rng = np.random.default_rng(seed)
    people = draw_people(causes, rng)
    born, median = draw_births(causes, rng), draw_medians(causes.n_objects, rng)
    account, obj, t = _acts(causes, born, median, people, rng)
    again = np.flatnonzero(rng.random(len(t)) < causes.repeats)
    later = t[again] + (REPEAT_US * rng.lognormal(0, SIGMA, len(again))).astype(np.int64)
    later = after_sleep(account[again], later, people, rng)
    account, obj = np.concatenate([account, account[again]]), np.concatenate([obj, obj[again]])
    t = np.concatenate([t, later])
    return assemble(causes, people, born, account, obj, t)


def _acts(
    causes: Causes, born: I64, median: np.ndarray, people: People, rng: np.random.Generator
) -> tuple[I32, I32, I64]:
    """First acts, one per (account, object): account, object, time; (n,) each."""
    wanted, weight = activity(causes, rng), popularity(causes, rng)
    spot = rng.random((causes.n_objects, 3)) if causes.interests else None
    account, obj = select(own_acts(wanted, people), weight, people.place, spot, rng)
    t = react(account, born[obj], median[obj], people, rng)
    if causes.shared_exposure:
        t = waves(causes, account, obj, t, born, median, people, rng)
    t = after_sleep(account, t, people, rng)
    if causes.circles:
        who, what, when = copies(account, obj, t, wanted - own_acts(wanted, people), people, rng)
        when = after_sleep(who, when, people, rng)
        account, obj, t = np.concatenate([account, who]), np.concatenate([obj, what]), np.concatenate([t, when])
    return account, obj, t
