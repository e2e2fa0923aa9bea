"""Worlds with dependence that nobody planned: accounts do act in unison in them, and there is a reason to be told.

Each is a function of its seed, as those of `independent`, with one cause in ordinary life; those it moves carry its
label. What nature does not fix varies a little with the seed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lab.simulator.amplifiers import Amplifiers, plant_amplifiers
from lab.simulator.causes import Causes
from lab.simulator.forwarding import Forwarding, add_forwarding
from lab.simulator.households import Households, add_households
from lab.simulator.independent import ORDINARY, part
from lab.simulator.lookalikes import Rss, add_rss
from lab.simulator.organic import simulate
from lab.simulator.push import Push, add_push
from lab.simulator.tv_goals import TvGoals, add_tv_goals
from lab.simulator.world import World


def push(seed: int, causes: Causes = ORDINARY) -> World:
    """Persistent push users: 4 % act within 30 s of a message on many objects. Label "push"."""
    rng = _rng(seed)
    plan = Push(n_pushes=int(rng.integers(30, 61)), reacts=float(rng.uniform(0.4, 0.6)))
    return add_push(simulate(causes, seed), plan, part(seed, 1))


def mild_push(seed: int, causes: Causes = ORDINARY) -> World:
    """A service that 10 % have on, and one message in ten is answered, within two minutes. Label "push"."""
    plan = Push(0.1, int(_rng(seed).integers(30, 61)), 0.1, 120.0)
    return add_push(simulate(causes, seed), plan, part(seed, 1))


def tv_goals(seed: int, causes: Causes = ORDINARY) -> World:
    """Two to four evenings with two to five goals each that a tenth watches. Label "tv_goals"."""
    plan = TvGoals(n_evenings=int(_rng(seed).integers(2, 5)))
    return add_tv_goals(simulate(causes, seed), plan, part(seed, 1))


def fans(seed: int, causes: Causes = ORDINARY, median_s: float = 20.0) -> World:
    """20 to 40 fans of one source, each on 30 to 50 % of its 60 posts, after a median of median_s. Label "fans"."""
    rng = _rng(seed)
    plan = Amplifiers(int(rng.integers(20, 41)), fidelity=float(rng.uniform(0.3, 0.5)), median_s=median_s, sigma=0.8)
    return plant_amplifiers(simulate(causes, seed), plan, part(seed, 1), "fans")[0]


def feed_relays(seed: int, causes: Causes = ORDINARY) -> World:
    """5 to 10 accounts that repeat a feed, looking at it every 1, 2, 5 or 10 minutes. Label "rss"."""
    plan = Rss(int(_rng(seed).integers(5, 11)), delay_s=5.0, polls_min=(1, 2, 5, 10))
    return add_rss(simulate(causes, seed), plan, part(seed, 1))


def households(seed: int, causes: Causes = ORDINARY, mean_s: float = 60.0) -> World:
    """40 households of 2 to 4, in which the others follow one with a mean of mean_s. Label "households", and each."""
    follows = float(_rng(seed).uniform(0.3, 0.5))
    return add_households(simulate(causes, seed), Households(follows=follows, mean_s=mean_s), part(seed, 1))


def forwarding(seed: int, causes: Causes = ORDINARY, median_s: float = 90.0) -> World:
    """Followers who forward, with a median of median_s: some two fifths of all acts. Label "forwarders"; and graph."""
    world = simulate(replace(causes, n_acts=round(causes.n_acts * 0.6)), seed)
    branching = float(_rng(seed).uniform(0.5, 0.7))
    return add_forwarding(world, Forwarding(branching=branching, median_s=median_s), part(seed, 1))


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(part(seed, 0))
