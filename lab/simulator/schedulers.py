"""Scheduled posters: tools that send what has been prepared on the full or the half hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.simulator.causes import HOUR_US, SECOND_US
from lab.simulator.grow import retimed
from lab.simulator.plant import choose
from lab.simulator.world import World


@dataclass(frozen=True)
class Schedulers:
    """A share of the accounts acts through a tool: half of them at :00 only, the others at :00 and :30.

    by_tool: an account's share of acts that go through its tool, uniform; the others it does by hand. The tool sends
    within late_s seconds. Such minutes stand out in real data (Zhang and Paxson 2011, "Detecting and
    analyzing automated activity on Twitter").
    """

    share: float = 0.2
    by_tool: tuple[float, float] = (0.3, 1.0)
    late_s: float = 5.0


def on_schedule(world: World, plan: Schedulers | None = None, seed: int = 0, label: str = "schedulers") -> World:
    """The same acts, those of the schedulers at the next moment of their tool."""
    plan = plan or Schedulers()
    rng = np.random.default_rng(seed)
    accounts = choose(np.arange(world.n_accounts), round(plan.share * world.n_accounts), "accounts", rng)
    step = np.ones(world.n_accounts, np.int64)
    step[accounts] = np.where(np.arange(len(accounts)) % 2, HOUR_US, HOUR_US // 2)
    late = (rng.uniform(0, plan.late_s, len(world)) * SECOND_US).astype(np.int64)
    scheduled = rng.random(len(world)) < rng.uniform(*plan.by_tool, world.n_accounts)[world.account]
    by = np.where(scheduled, step[world.account], 1)
    return retimed(world, np.where(by > 1, -(-world.t // by) * by + late, world.t)).with_label(label, accounts)
