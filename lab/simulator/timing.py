"""When acts happen: births, delays, waves after a hub's post, sleep."""

from __future__ import annotations

import numpy as np

from lab.simulator.causes import DAY_US, HOUR_US, SECOND_US, START_US, Causes
from lab.simulator.world import NONE, People
from unisono.maths.types import F64, I32, I64

SIGMA = 1.3
MEDIAN_S = (300.0, 18_000.0)
FOLLOWS = 3
SLEEP_US = 8 * HOUR_US
MORNING_US = 90 * 60 * SECOND_US
"""Mean time after waking of an act that fell into the sleep."""


def draw_births(causes: Causes, rng: np.random.Generator) -> I64:
    """(n_objects,) births, microseconds: uniform over days, 1 + .6 sin over the day, by rejection."""
    n = causes.n_objects
    t = np.empty(0)
    while len(t) < n:
        candidate = rng.uniform(0, causes.days * DAY_US, 4 * n)
        density = 1 + 0.6 * np.sin(2 * np.pi * candidate / DAY_US)
        t = np.concatenate([t, candidate[rng.random(4 * n) * 1.6 < density]])
    return START_US + t[:n].astype(np.int64)


def draw_medians(n: int, rng: np.random.Generator) -> F64:
    """(n,) median delay of each object, microseconds: log-uniform from 5 minutes to 5 hours."""
    low, high = np.log(MEDIAN_S)
    medians: F64 = np.exp(rng.uniform(low, high, n)) * SECOND_US
    return medians


def react(account: I32, born: I64, median: F64, people: People, rng: np.random.Generator) -> I64:
    """(n,) times of ordinary reactions: lognormal delays after birth, by the account's speed.

    account: (n,); born, median: (n,) of each act's object, microseconds. Quick reactors have their own median
    (sigma .5) whatever the object's.
    """
    n = len(account)
    delay = median * rng.lognormal(0, SIGMA, n) * people.speed[account]
    own = people.quick_us[account] * rng.lognormal(0, 0.5, n)
    return born + np.where(people.quick[account], own, delay).astype(np.int64)


def waves(
    causes: Causes, account: I32, obj: I32, t: I64, born: I64, median: F64, people: People, rng: np.random.Generator
) -> I64:
    """Times after shared exposure: a share of the acts follows a hub's post on the object by Exp(delay).

    account, obj, t: (n,) acts; born, median: (n_objects,). A hub posts on an object once, when an ordinary
    account might; quick reactors need no hub.
    """
    m, n = causes.n_accounts, len(t)
    follows = np.argsort(rng.random((m, causes.n_hubs)), axis=1)[:, :FOLLOWS]
    posts_at = born + (median * rng.lognormal(0, SIGMA, (causes.n_hubs, len(born)))).astype(np.int64)
    hub = follows[account, rng.integers(0, FOLLOWS, n)]
    moved = (rng.random(n) < causes.shared_exposure) & ~people.quick[account]
    after = posts_at[hub, obj] + (rng.exponential(causes.exposure_delay_s, n) * SECOND_US).astype(np.int64)
    return np.where(moved, after, t)


def asleep(account: I32, t: I64, people: People) -> I64:
    """(n,) microseconds until each account wakes; 0 where it is awake."""
    wakes = people.wakes_us[account]
    left = (wakes - t) % DAY_US
    return np.where((wakes != NONE) & (left < SLEEP_US), left, 0)


def after_sleep(account: I32, t: I64, people: People, rng: np.random.Generator) -> I64:
    """Times with what fell into the sleep moved into the morning after it, Exp(90 minutes), before the evening."""
    left = asleep(account, t, people)
    morning = np.minimum(rng.exponential(MORNING_US, len(t)), DAY_US - SLEEP_US - SECOND_US).astype(np.int64)
    return np.where(left > 0, t + left + morning, t)
