"""A farm: many accounts, each of which does a few of many tasks, so that a pair shares one or two at most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.causes import DAY_US, HOUR_US, SECOND_US, START_US
from lab.simulator.grow import add_acts
from lab.simulator.plant import choose, ordinary
from lab.simulator.world import World
from unisono.maths.types import I32, I64


@dataclass(frozen=True)
class Farm:
    """n_tasks objects to be pushed in n_sessions sessions of so many hours; n_accounts accounts do tasks_each each.

    sessions_each: an account is there in so many of the sessions (a whole number, uniform) and does its tasks in turns
        in them, each task once
    jitter_s: each act is Uniform(0, jitter_s) seconds after the task's moment, at which the task was handed out

    What is handed out is fresh: a session needs the births of some days before it.
    Two accounts share tasks_each^2 / n_tasks tasks on average (.18 by default), and a task has n_accounts x tasks_each
    / n_tasks accounts on it (9): no pair says anything, each moment a little.
    """

    n_accounts: int = 300
    n_tasks: int = 200
    tasks_each: int = 6
    n_sessions: int = 4
    sessions_each: tuple[int, int] = (2, 3)
    hours: float = 3.0
    jitter_s: float = 60.0

    def __post_init__(self) -> None:
        if not 1 <= self.sessions_each[0] <= self.sessions_each[1] <= min(self.n_sessions, self.tasks_each):
            raise ValueError("an account comes to at least one session, and at most to all or as often as it has tasks")
        if self.tasks_each > self.sessions_each[0] * (self.n_tasks // self.n_sessions):
            raise ValueError(f"{self.tasks_each} tasks for each do not fit the sessions it comes to")


def plant_farm(world: World, plan: Farm | None = None, seed: int = 0, label: str = "planted") -> World:
    """A new world with the tasks done by ordinary accounts. Raises ValueError where accounts, objects or days are few.

    targets[label] are the tasks; a session is on a day of its own, between 6 and 18 o'clock UTC at its begin.
    """
    plan = plan or Farm()
    rng = np.random.default_rng(seed)
    accounts = ordinary(world, plan.n_accounts, rng)
    starts = _starts(world, plan, rng)
    tasks = _tasks(world, starts, plan, rng)
    moments = [s + rng.integers(0, int(plan.hours * HOUR_US), len(mine)) for s, mine in zip(starts, tasks, strict=True)]
    who: list[int] = []
    what: list[I32] = []
    when: list[I64] = []
    for account in accounts.tolist():
        there = rng.permutation(plan.n_sessions)[: rng.integers(plan.sessions_each[0], plan.sessions_each[1] + 1)]
        for turn, session in enumerate(there):
            n = len(range(turn, plan.tasks_each, len(there)))
            mine = rng.choice(len(tasks[session]), n, replace=False)
            who, what, when = [*who, *[account] * n], [*what, tasks[session][mine]], [*when, moments[session][mine]]
    late = (rng.uniform(0, plan.jitter_s, len(who)) * SECOND_US).astype(np.int64)
    world = add_acts(world, np.array(who), np.concatenate(what), np.concatenate(when) + late)
    return world.with_label(label, accounts, np.concatenate(tasks))


def _starts(world: World, plan: Farm, rng: np.random.Generator) -> I64:
    """(n_sessions,) begins, in order of time, late enough that twice the tasks have been born."""
    begin = START_US + np.arange((world.end_us - START_US) // DAY_US) * DAY_US
    enough = np.sort(world.born)[min(2 * plan.n_tasks, world.n_objects) - 1]
    days = np.sort(choose(np.arange(len(begin))[begin > enough], plan.n_sessions, "days for sessions", rng))
    return begin[days] + (rng.uniform(6, 18, plan.n_sessions) * HOUR_US).astype(np.int64)


def _tasks(world: World, starts: I64, plan: Farm, rng: np.random.Generator) -> list[I32]:
    """The tasks of each session: half of the freshest objects that have been touched and were no task before."""
    first = np.full(world.n_objects, world.end_us)
    np.minimum.at(first, world.object, world.t)
    newest, taken, out = np.argsort(-first, kind="stable"), np.zeros(world.n_objects, np.bool_), []
    for k, start in enumerate(starts):
        n = len(range(k, plan.n_tasks, plan.n_sessions))
        fresh = newest[(first[newest] < start) & ~taken[newest]][: 2 * n]
        out.append(choose(fresh, n, "tasks", rng))
        taken[out[-1]] = True
    return out
