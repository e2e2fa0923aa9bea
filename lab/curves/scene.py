"""A planner with a fixed group and fixed posts: what it would do unwatched, and its moves when it is watched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from lab.curves.trials import FIRST_SEED, organic
from lab.simulator import Causes, Plan, World
from lab.simulator.causes import DAY_US, HOUR_US, SECOND_US
from lab.simulator.grow import add_acts
from lab.simulator.plant import carry_out, draw_moments, ordinary, targets
from unisono.maths.types import I32, I64

UNWATCHED = Plan(n_accounts=20, n_objects=15, fidelity=1.0, jitter_s=60.0, moment="act")
"""All twenty accounts push all fifteen viral posts, each within a minute, where the post is busy anyway."""
APART_US = 1200 * SECOND_US
"""Between one cell's turn on a post and the next cell's: twice the wider of the windows that a plain report has."""
Acts = tuple[I32, I32, I64]
Moved = tuple[World, Acts]


@dataclass(frozen=True)
class Scene:
    """accounts: (20,) of the group; objects, moments: (15,) its posts, and when each is pushed, microseconds."""

    world: World
    accounts: I32
    objects: I32
    moments: I64
    seed: int

    def acts(self, plan: Plan) -> Acts:
        """The group's touches of its posts under a plan: account, object, time."""
        rng = np.random.default_rng([FIRST_SEED + self.seed, 1])
        return carry_out(plan, self.accounts, self.objects, self.moments, rng)


def scene(causes: Causes, seed: int) -> Scene:
    """The same group and posts for every move. Posts are pushed a day before the world's end or earlier, so that no
    delay runs into it."""
    world, rng = organic(causes, seed), np.random.default_rng([FIRST_SEED + seed, 0])
    early = world.t < world.end_us - DAY_US
    obj, t = world.object[early], world.t[early]
    accounts = ordinary(world, UNWATCHED.n_accounts, rng)
    objects = targets(world.account[early], obj, world.n_objects, UNWATCHED, rng)
    return Scene(world, accounts, objects, draw_moments(obj, t, objects, UNWATCHED, rng), seed)


@dataclass(frozen=True)
class Move:
    """One way to be seen less. apply(scene, strength): the world, with what the move adds to it, and the touches."""

    name: str
    unit: str
    strengths: tuple[float, ...]
    apply: Callable[[Scene, float], Moved]


def with_plan(field: str, factor: float, at: Scene, strength: float) -> Moved:
    """One number of the plan changed to strength x factor."""
    changed: dict[str, Any] = {field: strength * factor}
    return at.world, at.acts(replace(UNWATCHED, **changed))


def in_turn(at: Scene, strength: float) -> Moved:
    """So many cells do every post, one APART_US after the other: accounts of different cells never meet."""
    who, what, when = at.acts(UNWATCHED)
    cell = np.argsort(at.accounts)[np.searchsorted(np.sort(at.accounts), who)] % int(strength)
    return at.world, (who, what, when + cell * APART_US)


def cover(at: Scene, strength: float) -> Moved:
    """Every account touches so many other objects as well, each within an hour after somebody else's touch of it."""
    rng = np.random.default_rng([FIRST_SEED + at.seed, 2])
    others = np.flatnonzero(~np.isin(at.world.object, at.objects))
    rows = rng.choice(others, (len(at.accounts), int(strength)))
    who = np.repeat(at.accounts, int(strength))
    when = at.world.t[rows.ravel()] + rng.integers(0, HOUR_US, len(who))
    _, first = np.unique(who.astype(np.int64) * at.world.n_objects + at.world.object[rows.ravel()], return_index=True)
    return add_acts(at.world, who[first], at.world.object[rows.ravel()][first], when[first]), at.acts(UNWATCHED)


SHARES = (0.7, 0.5, 0.4, 0.3, 0.2, 0.1)
MOVES = (
    Move("wait at random", "minutes at most", (5, 20, 60, 120, 180, 300, 480), partial(with_plan, "jitter_s", 60.0)),
    Move("take part less", "share of the posts", SHARES, partial(with_plan, "fidelity", 1.0)),
    Move("rotate", "share on duty", SHARES, partial(with_plan, "rotation", 1.0)),
    Move("cells with posts of their own", "cells", (2, 3, 4, 5, 7, 10, 20), partial(with_plan, "shifts", 1)),
    Move("cells in turn", "cells", (2, 4, 7, 10, 20), in_turn),
    Move("cover activity", "other touches each", (30, 100, 300), cover),
)
