"""Ordinary people around what was planted: without them a planted object would give itself away."""

from __future__ import annotations

import numpy as np

from lab.simulator.grow import add_acts
from lab.simulator.timing import after_sleep, draw_medians, react
from lab.simulator.world import World
from unisono.maths.types import I32


def add_audience(world: World, objects: I32, n: tuple[int, int], pool: I32, rng: np.random.Generator) -> World:
    """Ordinary reactions on each object by Uniform(n[0], n[1]) accounts of the pool, ordinary delays and sleep.

    Reactions that would come after the world's end are not seen. Raises ValueError where the pool is too small.
    """
    if len(pool) < n[1]:
        raise ValueError(f"an audience of up to {n[1]} needs as many accounts, and there are {len(pool)}")
    sizes = rng.integers(n[0], n[1] + 1, len(objects))
    account = np.concatenate([np.empty(0, np.int32), *(rng.choice(pool, k, replace=False) for k in sizes)])
    account, obj = account.astype(np.int32), np.repeat(objects, sizes)
    median = np.repeat(draw_medians(len(objects), rng), sizes)
    t = after_sleep(account, react(account, world.born[obj], median, world.people, rng), world.people, rng)
    seen = t < world.end_us
    return add_acts(world, account[seen], obj[seen], t[seen])


def unlabelled(world: World) -> I32:
    """Accounts with organic acts and without a label."""
    acts = np.bincount(world.account, minlength=world.n_accounts)
    return np.flatnonzero((acts > 0) & ~world.labelled()).astype(np.int32)
