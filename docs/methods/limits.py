"""Where the nulls are blind, measured: python -m docs.methods.limits sizes 2 (or windows 2)

One: groups of growing size planted in simulated worlds, and how many of their pairs each route calls: a group that
fills a stratum, or its objects, becomes its own chance. Two: what is called at wider windows where nobody is
coordinated, by the cause of the coincidences.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from lab.measure.analysis import FDR, candidates
from lab.measure.worlds import CAUSES
from lab.simulator import Causes, Plan, World, plant, simulate
from unisono.edges.call import Called, Layer, call, layer
from unisono.nulls.layer import background
from unisono.nulls.touches import first_touches

SECOND, FIRST_SEED = 1_000_000, 31_000
SIZES, WINDOWS_S = (15, 60, 120), (60, 600, 3600)
PLANS = {
    "viral objects, ordinary accounts": Plan(n_objects=10),
    "niche objects, ordinary accounts": Plan(n_objects=10, target="niche"),
    "viral objects, accounts that do nothing else": Plan(n_objects=10, cover=False),
    "niche objects, accounts that do nothing else": Plan(n_objects=10, target="niche", cover=False),
}
SHOWN = ("heavy tails", "circles", "time zones", "all together")


def found(world: World, window_us: int) -> tuple[Layer, Called]:
    """One layer of a world, tested and called."""
    arrays = world.arrays()
    first = first_touches(arrays)
    tested = layer("x", window_us, background(first), *candidates(first, arrays, window_us))
    return tested, call([tested], FDR)[0][0]


def swallowed(plan: Plan, size: int, seed: int) -> tuple[float, ...]:
    """Of the candidate pairs of a planted group: their number; the share called by the joint test, and by any route;
    the mean coincidences seen, and expected where the strata explain most; how much of the finest stratum that holds
    most of the group is the group."""
    world = plant(simulate(Causes(), seed), replace(plan, n_accounts=size), seed)
    mine = world.labels["planted"]
    tested, called = found(world, 60 * SECOND)
    t = tested.tested
    own = np.flatnonzero(np.isin(t.a, mine) & np.isin(t.b, mine) & (t.observed.occasions >= 2))
    stratum = tested.ground.models[-1].stratum
    mixed = np.bincount(stratum[mine]).max() / np.bincount(stratum[stratum >= 0])[np.bincount(stratum[mine]).argmax()]
    joint = called.is_edge[own] & ~called.by_group[own]
    seen, expected = t.observed.occasions[own].mean(), np.nanmean(t.expected[own])
    numbers = len(own), joint.mean(), called.is_edge[own].mean(), seen, expected, mixed
    return tuple(map(float, numbers))


def organic(cause: str, window_s: int, seed: int) -> tuple[int, int, int, int]:
    """Candidates of a world in which nobody is coordinated; edges by the joint test, and by certified groups; pairs
    called selection-driven."""
    tested, called = found(simulate(CAUSES[cause], seed), window_s * SECOND)
    by_joint = int((called.is_edge & ~called.by_group).sum())
    return len(tested.tested.a), by_joint, int(called.by_group.sum()), int(called.selection_driven.sum())


def sizes(seeds: range) -> Iterator[str]:
    """Lines of the first table: means over worlds."""
    for name, plan in PLANS.items():
        for size in SIZES:
            means = np.mean([swallowed(plan, size, s) for s in seeds], axis=0)
            yield f"{name}, {size}: " + " ".join(f"{x:.2f}" for x in means)


def windows(seeds: range) -> Iterator[str]:
    """Lines of the second table: every world."""
    for window_s in WINDOWS_S:
        for cause in SHOWN:
            each = [organic(cause, window_s, s) for s in seeds]
            yield f"{window_s} s, {cause}: " + "; ".join(" ".join(map(str, e)) for e in each)


if __name__ == "__main__":
    part = {"sizes": sizes, "windows": windows}[sys.argv[1]]
    for line in part(range(FIRST_SEED, FIRST_SEED + int(sys.argv[2]))):
        print(line, flush=True)
