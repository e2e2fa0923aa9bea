"""The standard operation: accounts that push the same objects at the same moments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from lab.simulator.causes import DAY_US, SECOND_US, START_US
from lab.simulator.grow import add_acts, new_accounts
from lab.simulator.world import World
from unisono.maths.types import I32, I64

NICHE = 8
"""A niche object has at most this many organic sharers."""


@dataclass(frozen=True)
class Plan:
    """A planted operation.

    target: viral is the top 5 % of the touched objects by organic sharers, niche has 1 to 8 of them
    fidelity: probability that an account on duty takes part in an object
    jitter_s: each act is at the object's moment + Uniform(0, jitter_s) seconds
    rotation: share of the accounts that is on duty for an object, drawn anew for each
    shifts: the accounts are split into so many shifts; object i is done by shift i modulo shifts
    cover: planted accounts are ordinary accounts and keep their organic acts; else they have only planned acts
    moment: "range", uniform between the object's first and last organic act; "act", at one of its organic
        acts, where the object is busiest and the plan hardest to see
    median_s, sigma: with a median above 0, each act is at the object's moment + lognormal(median_s, sigma) seconds
        instead, as people react who are told and not timed
    daily: one object a day: the moments lie on n_objects different days (UTC)

    Raises ValueError where a number makes no sense.
    """

    n_accounts: int = 15
    n_objects: int = 20
    target: Literal["viral", "niche", "any"] = "viral"
    fidelity: float = 0.6
    jitter_s: float = 60.0
    rotation: float = 1.0
    shifts: int = 1
    cover: bool = True
    moment: Literal["range", "act"] = "range"
    median_s: float = 0.0
    sigma: float = 1.0
    daily: bool = False

    def __post_init__(self) -> None:
        if self.target not in ("viral", "niche", "any") or self.moment not in ("range", "act"):
            raise ValueError(f"no such target or moment: {self.target}, {self.moment}")
        if not (
            0 < self.fidelity <= 1 and 0 < self.rotation <= 1 and min(self.jitter_s, self.median_s, self.sigma) >= 0
        ):
            raise ValueError("fidelity and rotation are shares above 0, and no delay is negative")
        if not 1 <= self.shifts <= self.n_accounts or self.n_objects < 1:
            raise ValueError("a plan needs objects, and an account in every shift")


def plant(world: World, plan: Plan | None = None, seed: int = 0, label: str = "planted") -> World:
    """A new world with the plan carried out; labels[label] are its accounts, targets[label] its objects.

    Raises ValueError where the world has too few such objects or ordinary accounts.
    """
    plan = plan or Plan()
    rng = np.random.default_rng(seed)
    if plan.cover:
        accounts = ordinary(world, plan.n_accounts, rng)
    else:
        world, accounts = new_accounts(world, plan.n_accounts)
    objects, moments = occasions(world.account, world.object, world.t, world.n_objects, plan, rng)
    who, what, when = carry_out(plan, accounts, objects, moments, rng)
    return add_acts(world, who, what, when).with_label(label, accounts, objects)


def ordinary(world: World, n: int, rng: np.random.Generator) -> I32:
    """n accounts without a label, with at least 2 acts and not among the 5 % most active."""
    return choose(ordinary_pool(world), n, "ordinary accounts", rng)


def ordinary_pool(world: World) -> I32:
    """All ordinary accounts."""
    acts = np.bincount(world.account, minlength=world.n_accounts)
    most = np.quantile(acts[acts > 0], 0.95) if len(world) else 0
    return np.flatnonzero((acts >= 2) & (acts <= most) & ~world.labelled()).astype(np.int32)


def occasions(account: I32, obj: I32, t: I64, n_objects: int, plan: Plan, rng: np.random.Generator) -> tuple[I32, I64]:
    """The plan's objects and the moment at which each is pushed, (k,) each; account, obj, t: (n,) the acts.

    Raises ValueError where there are too few such objects, or too few days on which one could be pushed.
    """
    if not plan.daily:
        objects = targets(account, obj, n_objects, plan, rng)
        return objects, draw_moments(obj, t, objects, plan, rng)
    pool = rng.permutation(candidates(account, obj, n_objects, plan.target)).astype(np.int32)
    moments = draw_moments(obj, t, pool, plan, rng)
    one_a_day = np.unique((moments - START_US) // DAY_US, return_index=True)[1]
    chosen = choose(one_a_day, plan.n_objects, f"days with {plan.target} objects", rng)
    return pool[chosen], moments[chosen]


def targets(account: I32, obj: I32, n_objects: int, plan: Plan, rng: np.random.Generator) -> I32:
    """The plan's objects among those with organic acts; account, obj: (n,) the acts. In random order."""
    pool = candidates(account, obj, n_objects, plan.target)
    return choose(pool, plan.n_objects, f"{plan.target} objects", rng)


def candidates(account: I32, obj: I32, n_objects: int, target: str) -> I64:
    """Every object that a plan with this target may push; account, obj: (n,) the acts."""
    pair = np.unique(account.astype(np.int64) * n_objects + obj)
    sharers = np.bincount(pair % n_objects, minlength=n_objects)
    touched: I64 = np.flatnonzero(sharers)
    if target == "viral":
        by_size = touched[np.argsort(-sharers[touched], kind="stable")]
        return by_size[: max(1, round(0.05 * len(touched)))]
    return touched[sharers[touched] <= NICHE] if target == "niche" else touched


def draw_moments(obj: I32, t: I64, objects: I32, plan: Plan, rng: np.random.Generator) -> I64:
    """(k,) when each of the k objects is pushed, microseconds; obj sorted, t sorted inside it."""
    begin, end = np.searchsorted(obj, objects), np.searchsorted(obj, objects, side="right")
    if plan.moment == "act":
        return t[rng.integers(begin, end)]
    return rng.integers(t[begin], t[end - 1], endpoint=True)


def carry_out(plan: Plan, accounts: I32, objects: I32, moments: I64, rng: np.random.Generator) -> tuple[I32, I32, I64]:
    """The planned acts: account, object, time (microseconds); one row each."""
    m, k = plan.n_accounts, plan.n_objects
    on_shift = np.arange(m)[None, :] % plan.shifts == np.arange(k)[:, None] % plan.shifts
    n_on_duty = np.maximum(1, np.round(plan.rotation * on_shift.sum(1))).astype(np.int64)
    draw = np.where(on_shift, rng.random((k, m)), 2.0)
    on_duty = np.argsort(np.argsort(draw, axis=1), axis=1) < n_on_duty[:, None]
    i, j = np.nonzero(on_duty & (rng.random((k, m)) < plan.fidelity))
    if plan.median_s:
        late = plan.median_s * rng.lognormal(0, plan.sigma, len(i))
    else:
        late = rng.uniform(0, plan.jitter_s, len(i))
    return accounts[j], objects[i], moments[i] + (late * SECOND_US).astype(np.int64)


def choose(pool: np.ndarray, n: int, what: str, rng: np.random.Generator) -> I32:
    """n of the pool without repetition. Raises ValueError where the pool is too small."""
    if len(pool) < n:
        raise ValueError(f"the plan needs {n} {what}, and there are {len(pool)}")
    return rng.choice(pool, n, replace=False).astype(np.int32)
