"""One planted world, one method, and how much of the plan it finds: the trials that power curves are made of."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow.compute as pc

from lab.curves.sync import Together, plant_together
from lab.measure.analysis import FDR, SECOND, Findings, candidates, components, find
from lab.measure.beside import answering
from lab.measure.power import scores
from lab.simulator import (
    Amplifiers,
    Causes,
    Disposable,
    Plan,
    TaskSheet,
    World,
    assign_authors,
    plant,
    plant_amplifiers,
    plant_disposable,
    plant_task_sheet,
    simulate,
)
from unisono.edges.call import in_groups
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.types import I64
from unisono.moments import find_moments
from unisono.nulls.layer import assess, background, chances_of
from unisono.nulls.touches import first_touches
from unisono.pairs.arrays import Flags
from unisono.synchrony import find_synchrony, synchronous_accounts

Record = dict[str, Any]
"""planted: accounts; accounts, edges: by route, the share of the planted accounts, and of their pairs, that is found;
others: by route, accounts (moments: objects) that are found and were not planted."""
FIRST_SEED = 50_000
"""Seeds of nothing else: not of development, not of docs/measures, not of the calibration figures."""
WINDOW_US, DAY_US = 60 * SECOND, 86_400 * SECOND


@lru_cache(maxsize=4)
def organic(causes: Causes, seed: int) -> World:
    """World number `seed` (from 0); the last few are kept."""
    return simulate(causes, FIRST_SEED + seed)


def pairs(plan: Plan, causes: Causes, seed: int) -> Record:
    """The pair tests at 60 s. Routes: the report (groups of three and more by any route, and who joins them), and each
    test alone with its own groups of three and more."""
    world = plant(organic(causes, seed), plan, FIRST_SEED + seed)
    mine = world.labels["planted"].astype(np.int64)
    found = find(world.arrays(), WINDOW_US)
    seen, n_pairs = scores(found, mine), len(mine) * (len(mine) - 1) / 2
    out = _empty(mine)
    out["accounts"]["report"], out["edges"]["report"] = seen["true_accounts"] / len(mine), seen["true_edges"] / n_pairs
    out["others"]["report"] = seen["accounts"] - seen["true_accounts"]
    for route, called in routes(found).items():
        _by_pairs(out, route, found.layer.tested.a[called], found.layer.tested.b[called], mine, world.n_accounts)
    return out


def routes(found: Findings) -> dict[str, Flags]:
    """Which of the tested pairs each route calls; a pair may be called by several."""
    called = found.called
    q_group, by_reference = in_groups(
        found.layer, called.certified, called.q_timing, called.q_reference <= FDR, 1, FDR
    )  # fmt: skip
    return {"joint": called.is_edge & ~called.by_group, "timing": q_group <= FDR, "reference": by_reference}


def selection(plan: TaskSheet, causes: Causes, seed: int) -> Record:
    """The selection test at one day. Accounts: in a pair with q <= FDR."""
    world = plant_task_sheet(organic(causes, seed), plan, FIRST_SEED + seed)
    arrays, mine = world.arrays(), world.labels["task_sheet"].astype(np.int64)
    ground = background(first_touches(arrays))
    tested = assess(ground, chances_of(ground, DAY_US), *candidates(ground.first, arrays, DAY_US))
    q = benjamini_hochberg(np.exp(tested.log_p_selection), max(tested.n_pairs, len(tested.a)))
    out = _empty(mine)
    _by_pairs(out, "selection", tested.a[q <= FDR], tested.b[q <= FDR], mine, world.n_accounts, least=2)
    return out


def moments(plan: Disposable, causes: Causes, seed: int) -> Record:
    """The test of moments at 60 s. Accounts: those whose act lies in a moment that is found on its object."""
    world = plant_disposable(organic(causes, seed), plan, FIRST_SEED + seed)
    arrays, mine = world.arrays(), world.labels["disposable"]
    table = find_moments(arrays, "x", WINDOW_US, world.resolution_us, FDR)
    obj = np.asarray(pc.index_in(table["object_id"].combine_chunks(), arrays.object_ids), np.int64)
    t0, within = table["t0_us"].to_numpy(), np.zeros(len(world), np.bool_)
    for o, begin in zip(obj, t0, strict=True):
        within |= (world.object == o) & (world.t >= begin) & (world.t <= begin + WINDOW_US)
    hit = np.isin(mine, world.account[within]).mean()
    others = len(np.setdiff1d(obj, world.targets["disposable"]))
    return _empty(mine) | {"accounts": {"moments": float(hit)}, "others": {"moments": others}}


def reactions(plan: Amplifiers, causes: Causes, seed: int) -> Record:
    """The test of reactions, among 300 organic authors. Accounts: those called as reacting to the plan's author."""
    world, author = plant_amplifiers(organic(causes, seed), plan, FIRST_SEED + seed)
    world = assign_authors(world, seed=FIRST_SEED + seed)
    mine = world.labels["amplifiers"]
    hit, others = answering(world, author)
    return _empty(mine) | {"accounts": {"reactions": hit / len(mine)}, "others": {"reactions": others}}


def synchrony(plan: Together, causes: Causes, seed: int) -> Record:
    """Synchrony at 1 s. Routes: edges (crowd null) and their groups; accounts by the null of their own rhythm, and by
    that of the crowd."""
    world = plant_together(organic(causes, seed), plan, FIRST_SEED + seed)
    arrays, mine = world.arrays(), world.labels["together"].astype(np.int64)
    given = arrays.account, arrays.t, arrays.account_ids, SECOND, world.resolution_us
    accounts, edges = synchronous_accounts(*given), find_synchrony(*given, FDR)
    edges = edges.filter(edges["is_edge"])
    ends = [np.asarray(pc.index_in(edges[c].combine_chunks(), arrays.account_ids)) for c in ("account_a", "account_b")]
    out = _empty(mine)
    _by_pairs(out, "synchrony-edges", ends[0], ends[1], mine, world.n_accounts)
    for null in ("crowd", "own"):
        low = accounts.filter(pc.less_equal(accounts[f"q_{null}"], FDR))["account_id"].combine_chunks()
        named = np.asarray(pc.index_in(low, arrays.account_ids), np.int64)
        out["accounts"][f"synchrony-{null}"] = float(np.isin(mine, named).mean())
        out["others"][f"synchrony-{null}"] = len(np.setdiff1d(named, mine))
    return out


def _empty(mine: np.ndarray) -> Record:
    return {"planted": len(mine), "accounts": {}, "edges": {}, "others": {}}


def _by_pairs(out: Record, route: str, a: I64, b: I64, mine: I64, n_accounts: int, least: int = 3) -> None:
    """Enter a route that calls the pairs (a, b); accounts are those of components of `least` accounts or more."""
    inside = np.isin(a, mine) & np.isin(b, mine)
    named = np.concatenate([np.empty(0, np.int64), *components(a, b, n_accounts, least)])
    out["edges"][route] = float(inside.sum() / (len(mine) * (len(mine) - 1) / 2))
    out["accounts"][route] = float(np.isin(mine, named).mean())
    out["others"][route] = len(np.setdiff1d(named, mine))
