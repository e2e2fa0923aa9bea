"""Nominal against empirical error: every test of the study, run on draws in which nothing is coordinated.

Of a valid test at most a share x of the family has p <= x (to sampling error). A pair that is no candidate counts as
p = 1, as it does in the study. With all hypotheses true the false-discovery rate is the probability of calling
anything at all (Benjamini and Hochberg, JRSS B 57 (1995)), so the share of runs with an edge is compared with it.

The reference test (`edges.reference`) asks whether a group's objects have faster curves than other objects. Every
control keeps each object's times, so none is a draw from its null: edges by it alone are not counted here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from unisono.calibration import synchrony
from unisono.calibration.permuted import CONTROLS, candidates, permuted
from unisono.calibration.synchrony import Alone
from unisono.edges.call import Called, Layer, call, layer
from unisono.edges.rows import ALL
from unisono.maths.sorting import distinct
from unisono.maths.types import F64, I64
from unisono.nulls.layer import Asked, Background, screening_threshold
from unisono.pairs.arrays import Flags
from unisono.pairs.stage import SYNCHRONY
from unisono.tables import CALIBRATION

NOMINAL = (1e-2, 1e-3, 1e-4, 1e-5)
EDGES_CALLED, ANY_CALLED = "edges", "any edge"
"""Rows of what is called at the study's false-discovery rate: edges per run, where 0 is right, and share of runs with
an edge, where the rate is."""
Watch = Callable[[int], None]


@dataclass(frozen=True)
class Part:
    """One layer as the study has it. number: account of the study by account of the trace; called: (n_accounts of the
    trace,) those in links that the study called, None where nothing is known of them."""

    trace: str
    window_us: int
    ground: Background
    number: I64
    called: Flags | None = None


@dataclass
class Tally:
    """(hits, tests) by (trace, window_us, null, nominal), summed over runs."""

    counts: dict[tuple[str, int, str, float], tuple[int, int]] = field(default_factory=dict)

    def add(self, trace: str, window_us: int, null: str, nominal: float, hits: int, n: int) -> None:
        """More of the same."""
        key = (trace, window_us, null, nominal)
        was = self.counts.get(key, (0, 0))
        self.counts[key] = (was[0] + hits, was[1] + n)

    def table(self) -> pa.Table:
        """Rows of `calibration` in key order; empirical is null where there was nothing to test."""
        keys = sorted(self.counts, key=lambda k: (k[0].encode(), k[1], k[2].encode(), k[3]))
        hits, n = ([self.counts[k][i] for k in keys] for i in range(2))
        columns: dict[str, list[Any]] = {name: [k[i] for k in keys] for i, name in enumerate(CALIBRATION.key)}
        columns |= {"empirical": [h / m if m else None for h, m in zip(hits, n, strict=True)], "n": n}
        return pa.table(columns, schema=CALIBRATION.schema)


def calibrate(
    parts: list[Part],
    fdr: float,
    runs: int = 1,
    seed: int = 0,
    threads: int = 1,
    watch: Watch = lambda n: None,
    any_dependence: bool = False,
    alone: Alone | None = None,
) -> pa.Table:
    """Rows of the table `calibration`. watch: told of every layer that is done, of runs x CONTROLS x parts. alone: acts
    without an object, which have controls of their own.

    A draw depends on the seed, its run, its control and the place of its trace, so more runs only add draws.
    """
    tally = Tally()
    for run in range(runs):
        for control in CONTROLS:
            layers = _draw(parts, control, run, seed, threads, watch)
            called, _ = call(layers, fdr, seed + run, any_dependence, reference=False)
            for x, found in zip(layers, called, strict=True):
                _share(tally, x.trace, x.window_us, control, tests(x, control))
                _count(tally, x.trace, x.window_us, control, fdr, int(np.count_nonzero(permutable(found))))
            n_alone = _alone(tally, alone, control, np.random.default_rng([seed, run, CONTROLS.index(control)]), fdr)
            if layers or n_alone is not None:
                _count(tally, ALL, 0, control, fdr, _pairs_called(layers, called) + (n_alone or 0))
    return tally.table()


def _alone(tally: Tally, x: Alone | None, control: str, rng: np.random.Generator, fdr: float) -> int | None:
    """Links of acts without an object under a control that they have; None where they have none."""
    if x is None or control not in synchrony.CONTROLS:
        return None
    found, n_edges = synchrony.called_in(x, control, rng, fdr)
    _share(tally, SYNCHRONY, x.window_us, control, found)
    _count(tally, SYNCHRONY, x.window_us, control, fdr, n_edges)
    return n_edges


def tests(x: Layer, control: str) -> list[tuple[str, F64, int]]:
    """(null, log p of the candidates, size of the family) of the nulls that the control is a draw from.

    Selection is tested where who touched what is drawn anew: elsewhere what it finds is the study's own.
    """
    t = x.tested
    found = [("joint", t.log_p_joint, t.n_pairs), ("timing", t.log_p_timing, t.n_timing)]
    return [*found, ("selection", t.log_p_selection, t.n_pairs)] if control == "curveball" else found


def permutable(found: Called) -> Flags:
    """Edges of the joint and the timing test: those by the reference test alone stand on what no control destroys."""
    return found.is_edge & ~found.by_reference


def _draw(parts: list[Part], control: str, run: int, seed: int, threads: int, watch: Watch) -> list[Layer]:
    """Every layer of one run. Windows that share their rows share the draw."""
    known: dict[int, Background] = {}
    drawn = []
    for place, part in enumerate(parts):
        key = id(part.ground)
        if key not in known:
            rng = np.random.default_rng([seed, run, CONTROLS.index(control), place])
            known[key] = permuted(part.ground, control, rng, seed, part.called)
        ground = known[key]
        drawn.append((part, ground, candidates(ground.first, part.window_us, threads)))
    threshold = screening_threshold(
        [len(a) for _, _, (a, _) in drawn], [ground.first.n_pairs for _, ground, _ in drawn]
    )
    asked = Asked(selection=control == "curveball", reference=False)  # all that `tests` and `permutable` look at
    layers = []
    for part, ground, pairs in drawn:
        layers.append(layer(part.trace, part.window_us, ground, *pairs, part.number, threshold, asked))
        watch(1)
    return layers


def _share(tally: Tally, trace: str, window_us: int, control: str, found: list[tuple[str, F64, int]]) -> None:
    for null, log_p, n in found:
        for nominal in NOMINAL:
            tally.add(trace, window_us, f"{null}/{control}", nominal, int((log_p <= np.log(nominal)).sum()), n)


def _count(tally: Tally, trace: str, window_us: int, control: str, fdr: float, n_edges: int) -> None:
    tally.add(trace, window_us, f"{EDGES_CALLED}/{control}", 0.0, n_edges, 1)
    tally.add(trace, window_us, f"{ANY_CALLED}/{control}", fdr, int(n_edges > 0), 1)


def _pairs_called(layers: list[Layer], called: list[Called]) -> int:
    """Pairs of accounts that are an edge in some layer."""
    keys = [np.empty(0, np.int64)]
    for x, edge in zip(layers, map(permutable, called), strict=True):
        a, b = x.number[x.tested.a[edge]], x.number[x.tested.b[edge]]
        keys.append(np.minimum(a, b) << 32 | np.maximum(a, b))
    return len(distinct(np.concatenate(keys)))
