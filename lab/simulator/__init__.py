"""Worlds of traces whose truth is known: organic causes that can be switched, operations, and look-alikes.

`simulate(Causes(), seed)` makes an organic world; `add_...` and `plant_...` take a world and return a new one with acts
added and labels saying whose they are; `independent`, `dependent` and `planned` put these together to whole worlds,
each a function of its seed. Nothing here is text: an act is (account, object, time).
"""

from lab.simulator.amplifiers import Amplifiers, assign_authors, plant_amplifiers
from lab.simulator.causes import Causes
from lab.simulator.disposable import Disposable, plant_disposable
from lab.simulator.drift import Drift, simulate_drift
from lab.simulator.farm import Farm, plant_farm
from lab.simulator.forwarding import Forwarding, add_forwarding
from lab.simulator.households import Households, add_households
from lab.simulator.inject import inject
from lab.simulator.live_event import LiveEvent, add_live_event
from lab.simulator.lookalikes import FanCall, Newsrooms, Rss, add_fan_call, add_newsrooms, add_rss
from lab.simulator.organic import simulate
from lab.simulator.plant import Plan, plant
from lab.simulator.push import Push, add_push
from lab.simulator.sequence import Sequence, plant_sequence
from lab.simulator.shadows import Shadowing, plant_shadows
from lab.simulator.sittings import Sittings, simulate_sittings
from lab.simulator.strong_exposure import StrongExposure, add_strong_exposure
from lab.simulator.super_users import SuperUsers, add_super_users
from lab.simulator.task_sheet import TaskSheet, plant_task_sheet
from lab.simulator.tv_goals import TvGoals, add_tv_goals
from lab.simulator.world import People, World

__all__ = [
    "Amplifiers", "Causes", "Disposable", "Drift", "FanCall", "Farm", "Forwarding", "Households", "LiveEvent",
    "Newsrooms", "People", "Plan", "Push", "Rss", "Sequence", "Shadowing", "Sittings", "StrongExposure", "SuperUsers",
    "TaskSheet", "TvGoals", "World", "add_fan_call", "add_forwarding", "add_households", "add_live_event",
    "add_newsrooms", "add_push", "add_rss", "add_strong_exposure", "add_super_users", "add_tv_goals", "assign_authors",
    "inject", "plant", "plant_amplifiers", "plant_disposable", "plant_farm", "plant_sequence", "plant_shadows",
    "plant_task_sheet", "simulate", "simulate_drift", "simulate_sittings",
]  # fmt: skip
