"""Disposable accounts: each acts once and never again, many of them on one object in one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from lab.simulator.grow import add_acts, new_accounts
from lab.simulator.plant import Plan, carry_out, draw_moments, targets
from lab.simulator.world import World


@dataclass(frozen=True)
class Disposable:
    """n_accounts fresh accounts, some per_moment of them on each object, all within width_s seconds.

    Trend attacks of this kind are documented by Elmas et al. 2021 (ephemeral astroturfing). No pair of
    accounts shares a second object: pair tests cannot see it, a test of moments can.
    target, moment: as in `Plan`.
    """

    n_accounts: int = 200
    per_moment: int = 60
    width_s: float = 60.0
    target: Literal["viral", "niche", "any"] = "viral"
    moment: Literal["range", "act"] = "range"


def plant_disposable(world: World, plan: Disposable | None = None, seed: int = 0, label: str = "disposable") -> World:
    """A new world with the moments in it; each account acts exactly once. Raises ValueError as `plant` does."""
    plan = plan or Disposable()
    rng = np.random.default_rng(seed)
    k = max(1, round(plan.n_accounts / plan.per_moment))
    # An account on duty for one object only is a plan of k shifts, each with one object.
    one_each = Plan(plan.n_accounts, k, plan.target, 1.0, plan.width_s, shifts=k, moment=plan.moment)
    objects = targets(world.account, world.object, world.n_objects, one_each, rng)
    moments = draw_moments(world.object, world.t, objects, one_each, rng)
    world, accounts = new_accounts(world, plan.n_accounts)
    return add_acts(world, *carry_out(one_each, accounts, objects, moments, rng)).with_label(label, accounts, objects)
