"""The cost of evasion: how much reach a planner gives up to stay below q = 0.05.

Reach. A touch of a post counts 1 at the moment at which the planner wants the post pushed, and half as much with every
hour that it is late: sum over touches of 2^-(delay / 1 h). Nothing else counts: not who sees the touch, and not what
the other posts of an account are worth. An hour, because half of the reactions to the median post of the simulated
worlds are over after about 40 minutes; the costs at half-lives of 10 minutes and 6 hours stand beside it.

Reported. Pair tests at 60 s and 10 min together (K = 2), by any route, groups of three accounts and more and those who
join them, at a false-discovery rate of 0.05. Wider: named by that report, or by a second one of 60 s, 10 min and 1 h
(K = 3) that rests on the joint test alone, since certified groups at 1 h take a minute a world. Which posts show a
moment is said beside it and is not part of the cost.

Cost of a move, against either: the smallest share of reach given up, over its strengths, at which fewer than 1 in 10
accounts are reported (means over worlds); none where no strength gets there. Cost of evasion: the cheapest move's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from lab.curves.scene import MOVES, UNWATCHED, Acts, Move, Scene, scene
from lab.measure.analysis import FDR, SECOND, candidates, components
from lab.measure.row import code
from lab.simulator import Causes, World
from lab.simulator.causes import HOUR_US
from lab.simulator.grow import add_acts
from unisono.certify.extension import companions
from unisono.edges.call import Layer, call, family, layer
from unisono.edges.combine import combine
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.types import I64
from unisono.moments.find import moments_of
from unisono.moments.scan import scan_trace
from unisono.nulls.layer import background
from unisono.nulls.touches import first_touches
from unisono.pairs.arrays import Flags
from unisono.version import __version__

Record = dict[str, Any]
WINDOWS_US = (60 * SECOND, 600 * SECOND)
WIDE_US = 3600 * SECOND
MOMENTS_US = (60 * SECOND, 180 * SECOND, 600 * SECOND)
HALF_LIVES_US = {"10 min": HOUR_US // 6, "1 h": HOUR_US, "6 h": 6 * HOUR_US}
HALF_LIFE = "1 h"
EVADED = 0.10
REPORTS = ("reported", "wider")


def reach(acts: Acts, objects: np.ndarray, moments: I64, half_life_us: int) -> float:
    """Sum over touches (account, object, time) of 2^-(delay / half-life), the delay since the object's moment.

    objects, moments: (k,) the posts and when each is to be pushed, microseconds.
    """
    order = np.argsort(objects)
    wanted = moments[order][np.searchsorted(objects[order], acts[1])]
    return float(np.sum(0.5 ** ((acts[2] - wanted) / half_life_us)))


def reported(world: World, mine: I64) -> dict[str, float]:
    """Share of the accounts `mine` that are reported, and that are with wider windows.

    What can only add accounts is left out where there is none to add: certified groups, which take most of the time,
    where the joint test alone names all of `mine`, and the window of 1 h where the report does.
    """
    arrays = world.arrays()
    first = first_touches(arrays)
    ground = background(first)

    def at(windows_us: Sequence[int]) -> list[Layer]:
        return [layer("x", w, ground, *candidates(first, arrays, w)) for w in windows_us]

    layers = at(WINDOWS_US)
    named = _named(layers, by_joint(layers))
    if not np.isin(mine, named).all():
        named = _named(layers, [called.is_edge for called in call(layers, FDR)[0]])
    short = np.isin(mine, named)
    if not short.all():
        layers += at([WIDE_US])
        named = np.union1d(named, _named(layers, by_joint(layers)))
    return {"reported": float(short.mean()), "wider": float(np.isin(mine, named).mean())}


def by_joint(layers: list[Layer]) -> list[Flags]:
    """For each layer the pairs that are edges by the joint test over all layers."""
    a, b, log_p = (np.concatenate([getattr(x.tested, f) for x in layers]) for f in ("a", "b", "log_p_edge"))
    q = combine(a, b, log_p, len(layers), family(layers)).q_row
    return np.split(q <= FDR, np.cumsum([len(x.tested.a) for x in layers])[:-1])


def _named(layers: list[Layer], edges: list[Flags]) -> I64:
    a, b = (np.concatenate([getattr(x.tested, f)[e] for x, e in zip(layers, edges, strict=True)]) for f in "ab")
    first = layers[0].ground.first
    groups = components(a, b, first.n_accounts)
    parts = [np.empty(0, np.int64), *groups]
    for group in groups:
        for x in layers:
            accounts, log_p = companions(x.ground, x.window_us, group)
            q = benjamini_hochberg(np.minimum(np.exp(log_p) * len(layers), 1.0), int(first.tested.sum()))
            parts.append(accounts[q <= FDR])
    return np.unique(np.concatenate(parts))


def bursts(world: World, objects: np.ndarray) -> float:
    """Share of the posts in which a moment is found, at any of MOMENTS_US."""
    arrays = world.arrays()
    table = moments_of([scan_trace(arrays, str(w), w, world.resolution_us) for w in MOMENTS_US], FDR)
    ids = arrays.object_ids.take(pa.array(objects))
    return float(pc.mean(pc.is_in(ids, pc.unique(table["object_id"].combine_chunks()))).as_py())


def one(move: Move | None, strength: float, at: Scene) -> Record:
    """One world: the share of the group that is reported, reach, and bursts. No move: the plan as it is."""
    world, acts = move.apply(at, strength) if move else (at.world, at.acts(UNWATCHED))
    world, mine = add_acts(world, *acts), np.sort(at.accounts).astype(np.int64)
    full = at.acts(UNWATCHED)
    kept = {
        name: reach(acts, at.objects, at.moments, h) / reach(full, at.objects, at.moments, h)
        for name, h in HALF_LIVES_US.items()
    }
    return {"seed": at.seed, **reported(world, mine), "bursts": bursts(world, at.objects), "reach": kept}


def measure(causes: Causes, n_seeds: int, moves: tuple[Move, ...] = MOVES) -> Record:
    """What evasion.json holds: the plan unevaded, every move at every strength, and what each costs."""
    scenes, sources = [scene(causes, seed) for seed in range(n_seeds)], code()
    rows: list[Record] = []
    for move in moves:
        points = [_point(move, s, scenes) for s in move.strengths]
        paid = {by: costs(points, by) for by in REPORTS}
        rows.append({"move": move.name, "unit": move.unit, "points": points, "cost": paid})
    cheapest = {by: {h: least(r["cost"][by][h] for r in rows) for h in HALF_LIVES_US} for by in REPORTS}
    return {
        "version": __version__, "code": sources, "fdr": FDR, "seeds": n_seeds,
        "windows_s": [w // SECOND for w in WINDOWS_US], "wide_s": WIDE_US // SECOND,
        "half_life": HALF_LIFE, "evaded_below": EVADED, "world": asdict(causes), "plan": asdict(UNWATCHED),
        "unevaded": _point(None, 0, scenes), "moves": rows, "cost": cheapest,
    }  # fmt: skip


def costs(points: list[Record], by: str) -> dict[str, float | None]:
    """By half-life, the smallest share of reach given up at which fewer than EVADED of the accounts are found.

    by: one of REPORTS.
    """
    evaded = [p for p in points if p[by] < EVADED]
    return {h: least(round(1 - p["reach"][h], 4) for p in evaded) for h in HALF_LIVES_US}


def least(costs: Iterable[float | None]) -> float | None:
    """The smallest, None where there is none."""
    return min((c for c in costs if c is not None), default=None)


def _point(move: Move | None, strength: float, scenes: list[Scene]) -> Record:
    records = [one(move, strength, at) for at in scenes]
    mean = {k: round(float(np.mean([r[k] for r in records])), 4) for k in (*REPORTS, "bursts")}
    kept = {h: round(float(np.mean([r["reach"][h] for r in records])), 4) for h in HALF_LIVES_US}
    print(
        f"{move.name if move else 'as planned'} {strength}: {mean}, {kept[HALF_LIFE]:.2f}", file=sys.stderr, flush=True
    )
    return {"strength": strength, **mean, "reach": kept, "per_seed": records}
