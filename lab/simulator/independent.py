"""Worlds without dependence between accounts: whatever a test calls in them is called wrongly.

Each is a function of its seed: about 2,000 accounts and 1,500 objects in 30 days. Friends and shared exposure are off,
since they are dependence; interests, sleep, quick reactors and repeats are ordinary life and are on, except where a
generator of its own says otherwise. What nature does not fix varies a little with the seed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lab.simulator.causes import SECOND_US, Causes
from lab.simulator.drift import Drift, simulate_drift
from lab.simulator.live_event import LiveEvent, add_live_event
from lab.simulator.organic import simulate
from lab.simulator.outages import Gaps, Outage, flush_outages, lose_gaps
from lab.simulator.schedulers import Schedulers, on_schedule
from lab.simulator.sittings import Sittings, simulate_sittings
from lab.simulator.super_users import SuperUsers, add_super_users
from lab.simulator.weekly import weekly
from lab.simulator.world import World

ORDINARY = Causes(n_accounts=2_000, n_objects=1_500, n_acts=40_000, circles=0.0, shared_exposure=0.0)
"""Ordinary life of people who know nothing of one another."""


def part(seed: int, k: int) -> int:
    """The seed of the k-th part of a world, far from those of the others: two parts must not draw alike."""
    return int(np.random.SeedSequence([seed, k]).generate_state(1, np.uint64)[0])


def heavy_tails(seed: int, causes: Causes = ORDINARY) -> World:
    """Activity and popularity with heavy tails, and nothing else: no interests, no sleep, all equally fast."""
    return simulate(replace(causes, interests=False, time_zones=False, quick_reactors=0.0), seed)


def drift(seed: int, causes: Causes = ORDINARY) -> World:
    """Popularity, interest and activity drift over the month; the crowd halves to doubles."""
    growth = float(np.exp2(_rng(seed).uniform(-1, 1)))
    return simulate_drift(causes, Drift(growth=growth), seed)


def zones(seed: int, causes: Causes = ORDINARY) -> World:
    """Three regions, with nights and weekends of their own."""
    return weekly(simulate(replace(causes, n_acts=round(causes.n_acts * 1.4)), seed), part(seed, 1))


def super_users(seed: int, causes: Causes = ORDINARY) -> World:
    """10 to 20 accounts, each on half to nine tenths of all objects: a fifth to two fifths of everything."""
    rng = _rng(seed)
    plan = SuperUsers(int(rng.integers(10, 21)), float(rng.uniform(0.5, 0.9)))
    return add_super_users(simulate(replace(causes, n_acts=causes.n_acts * 3 // 4), seed), plan, part(seed, 1))


def schedulers(seed: int, causes: Causes = ORDINARY) -> World:
    """15 to 30 % of the accounts post by a tool, 30 % to all of what they do, at :00 or at :00 and :30."""
    return on_schedule(simulate(causes, seed), Schedulers(float(_rng(seed).uniform(0.15, 0.3))), part(seed, 1))


def gaps(seed: int, causes: Causes = ORDINARY) -> World:
    """The collector has recorded nothing in three to six stretches of 2 to 12 hours."""
    return lose_gaps(simulate(causes, seed), Gaps(int(_rng(seed).integers(3, 7))), part(seed, 1))


def outage(seed: int, causes: Causes = ORDINARY) -> World:
    """One to three outages of the platform of 1 to 4 hours, each with its queue flushed in the minutes after."""
    return flush_outages(simulate(causes, seed), Outage(int(_rng(seed).integers(1, 4))), part(seed, 1))


def minute_clock(seed: int, causes: Causes = ORDINARY) -> World:
    """Ordinary life, shown by a clock of minutes."""
    return simulate(replace(causes, resolution_us=60 * SECOND_US), seed)


def sittings(seed: int, causes: Causes = ORDINARY) -> World:
    """Once or a few times a month, five things some 10 s apart, from popular current objects."""
    return simulate_sittings(causes, Sittings(), seed)


def sessions(seed: int, causes: Causes = ORDINARY) -> World:
    """Two to eight times a month, 3 to 8 things some 10 to 60 s apart, from popular current objects."""
    return simulate_sittings(causes, Sittings((2, 8), (3, 8), (10.0, 60.0)), seed)


def feed(seed: int, causes: Causes = ORDINARY) -> World:
    """Two to eight times a month the feed is read, newest first, and 2 to 8 things in it acted on in that order."""
    return simulate_sittings(causes, Sittings((2, 8), (2, 8), (4.0, 15.0), "feed"), seed)


def live_event(seed: int, causes: Causes = ORDINARY) -> World:
    """Ordinary life, and one evening of 3 hours that 12 % watch, with 60 objects born in it."""
    return add_live_event(simulate(causes, seed), LiveEvent(start_h=float(_rng(seed).uniform(16, 20))), part(seed, 1))


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(part(seed, 0))
