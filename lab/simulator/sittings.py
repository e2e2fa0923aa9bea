"""Sittings: people who come by, do several things in a row and go. Nobody knows anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from lab.simulator.causes import DAY_US, HOUR_US, SECOND_US, START_US, Causes
from lab.simulator.grow import assemble
from lab.simulator.people import draw_people, popularity
from lab.simulator.timing import SLEEP_US, draw_births
from lab.simulator.world import NONE, People, World
from unisono.maths.types import F64, I32, I64

CURRENT_US = 2 * DAY_US
"""Nobody is shown anything older."""
FADES_US = 12 * HOUR_US
"""How attention to an object fades: exp(-age / 12 h)."""
PAUSE_SIGMA = 0.4


@dataclass(frozen=True)
class Sittings:
    """Every account sits down per_30_days times (a whole number, uniform) and does n_acts things (likewise) each time.

    pause_s: seconds from one act to the next: each sitting has its own median, log-uniform, and sigma .4
    reads: "current", objects by popularity and freshness; "feed", the newest first: the account reads down its feed,
        at those pauses, takes each object with probability takes, and has read at most depth of them

    Activity that comes in sessions with short pauses is the rule on every platform (Halfaker et al. 2015, "User session
    identification based on strong regularities in inter-activity time"); what stands on top is what is acted on (Hodas
    and Lerman 2012, "How visibility and divided attention constrain social contagion").
    """

    per_30_days: tuple[int, int] = (1, 4)
    n_acts: tuple[int, int] = (5, 5)
    pause_s: tuple[float, float] = (8.0, 12.0)
    reads: Literal["current", "feed"] = "current"
    takes: float = 0.3
    depth: int = 40


def simulate_sittings(causes: Causes, plan: Sittings | None = None, seed: int = 0) -> World:
    """A world made of sittings only, at moments at which each account is awake; no account acts on an object twice.

    Of the causes it knows sizes (n_acts follows from the plan), heavy tails of popularity, and sleep. Interests are
    off: all choose from the same. So two sittings that overlap by chance have much in common.
    """
    plan = plan or Sittings()
    rng = np.random.default_rng(seed)
    people, weight = draw_people(causes, rng), np.log(popularity(causes, rng))
    born = np.sort(draw_births(causes, rng))
    account, start = _starts(causes, plan, people, rng)
    known = np.zeros((causes.n_accounts, causes.n_objects), np.bool_)
    who: list[I32] = []
    what: list[I64] = []
    when: list[I64] = []
    low, high = np.log(plan.pause_s)
    for a, t in zip(account, start, strict=True):
        n = int(rng.integers(plan.n_acts[0], plan.n_acts[1] + 1))
        shown = np.arange(*np.searchsorted(born, [t - CURRENT_US, t]))
        shown = shown[~known[a, shown]]
        pause = np.exp(rng.uniform(low, high)) * SECOND_US
        obj, steps = _feed(shown, n, plan, rng) if plan.reads == "feed" else _current(shown, t - born, weight, n, rng)
        at = np.cumsum(pause * rng.lognormal(0, PAUSE_SIGMA, steps.max(initial=-1) + 1)).astype(np.int64)
        known[a, obj] = True
        who, what, when = [*who, np.full(len(obj), a)], [*what, obj], [*when, t + at[steps]]
    return assemble(causes, people, born, np.concatenate(who), np.concatenate(what), np.concatenate(when))


def _starts(causes: Causes, plan: Sittings, people: People, rng: np.random.Generator) -> tuple[I32, I64]:
    """Who sits down when: (k,) each, in order of time; towards the evening more often than in the morning."""
    low, high = plan.per_30_days
    n = rng.binomial(rng.integers(low, high + 1, causes.n_accounts), min(causes.days / 30, 1))
    account = np.repeat(np.arange(causes.n_accounts, dtype=np.int32), n)
    wakes = people.wakes_us[account]
    awake = np.where(wakes == NONE, rng.random(len(account)), rng.beta(2, 1.5, len(account)) * (1 - SLEEP_US / DAY_US))
    hour = (np.maximum(wakes, 0) + (awake * DAY_US).astype(np.int64)) % DAY_US
    start = START_US + rng.integers(0, max(1, round(causes.days)), len(account)) * DAY_US + hour
    order = np.argsort(start, kind="stable")
    return account[order], start[order]


def _current(shown: I64, age: I64, weight: F64, n: int, rng: np.random.Generator) -> tuple[I64, I64]:
    """n of the objects shown, by weight and freshness, none twice (Gumbel's trick); and the step of each act."""
    score = weight[shown] - age[shown] / FADES_US + rng.gumbel(size=len(shown))
    best = np.argsort(-score, kind="stable")[:n]
    return shown[best], np.arange(len(best))


def _feed(shown: I64, n: int, plan: Sittings, rng: np.random.Generator) -> tuple[I64, I64]:
    """Up to n objects of the feed, newest first; and how many had been read before each."""
    newest = shown[::-1][: plan.depth]
    steps = np.flatnonzero(rng.random(len(newest)) < plan.takes)[:n]
    return newest[steps], steps
