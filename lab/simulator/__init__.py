"""Worlds of traces whose truth is known: organic causes that can be switched, operations, and look-alikes.

`simulate(Causes(), seed)` makes an organic world; every other function takes a world and returns a new one
with acts added and labels saying whose they are. Nothing here is text: an act is (account, object, time).
"""

from lab.simulator.amplifiers import Amplifiers, assign_authors, plant_amplifiers
from lab.simulator.causes import Causes
from lab.simulator.disposable import Disposable, plant_disposable
from lab.simulator.inject import inject
from lab.simulator.lookalikes import FanCall, Newsrooms, Rss, add_fan_call, add_newsrooms, add_rss
from lab.simulator.organic import simulate
from lab.simulator.plant import Plan, plant
from lab.simulator.strong_exposure import StrongExposure, add_strong_exposure
from lab.simulator.task_sheet import TaskSheet, plant_task_sheet
from lab.simulator.world import People, World

__all__ = [
    "Amplifiers", "Causes", "Disposable", "FanCall", "Newsrooms", "People", "Plan", "Rss", "StrongExposure",
    "TaskSheet", "World", "add_fan_call", "add_newsrooms", "add_rss", "add_strong_exposure", "assign_authors",
    "inject", "plant", "plant_amplifiers", "plant_disposable", "plant_task_sheet", "simulate",
]  # fmt: skip
