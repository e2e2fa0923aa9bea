"""Which resolution to report: the one whose partition depends least on luck.

No resolution is right by itself, so a grid is scanned. At each resolution Leiden runs once per seed (those
that five seeds show to be far behind are not run further):
stability is the mean Jaccard over every two runs (pairs of nodes together in both over together in
either; nodes on their own count for nothing). The run that agrees best with the others stands for its
resolution. The most stable resolution is reported.

Several are often equally stable, so those within `TOLERANCE` of the best count as tied. Of these wins
the one whose partition agrees best with those of all other resolutions (the structure that survives
the widest change of scale, not an accident of one value); then the lowest, which leaves the fewest
edges outside groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from unisono.groups.graph import SupraGraph
from unisono.maths.leiden import leiden_cpm
from unisono.maths.partitions import agreement, best_match
from unisono.maths.types import F64, I64

Ints = I64
Floats = F64

DEFAULT_RESOLUTIONS = (0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.3, 0.5)
"""A community holds together if at least this share of its pairs are edges."""
TOLERANCE = 0.01
"""Stability that 20 seeds cannot tell apart."""
_ROUNDING = 1e-9
HEAT = 5
"""Seeds after which a resolution that is clearly less stable than the best is not run further."""
BEHIND = 0.05
"""Stability by which it is behind; five seeds rarely err by that much, and TOLERANCE is far below it."""


@dataclass(frozen=True)
class Reading:
    """What one resolution shows.

    `labels` of the supra-nodes in the run that agrees best with the others, `stability` of the whole,
    and `stabilities`: for each community the mean over the other runs of its best Jaccard.
    """

    resolution: float
    stability: float
    labels: Ints
    stabilities: Floats


def scan(
    graph: SupraGraph,
    resolutions: Sequence[float],
    seed: int,
    n_seeds: int,
    threads: int,
    progress: Callable[[int, int], None] | None,
) -> list[Reading]:
    """One reading per resolution; the same whatever the number of threads.

    Every resolution runs HEAT seeds. The rest of them is run where it can tell something: not where these
    agree to the last node, nor where they agree clearly less than at another resolution.
    """
    seeds = [int(s) for s in np.random.SeedSequence(seed).generate_state(n_seeds, np.uint64)]
    runs: dict[float, list[Ints]] = {r: [] for r in resolutions}
    done, total = 0, len(resolutions) * n_seeds

    def run(job: tuple[float, int]) -> tuple[float, Ints]:
        return job[0], leiden_cpm(graph.indptr, graph.indices, graph.weights, *job)

    def heat(chosen: Sequence[float], some: Sequence[int]) -> None:
        nonlocal done
        for resolution, labels in pool.map(run, [(r, s) for r in chosen for s in some]):
            runs[resolution].append(labels)
            done += 1
            if progress:
                progress(done, total)

    with ThreadPoolExecutor(threads) as pool:  # the library lets go of the interpreter while it runs
        heat(resolutions, seeds[:HEAT])
        first = {r: _read(r, runs[r]).stability for r in resolutions}
        open_ = [r for r in resolutions if max(first.values()) - BEHIND <= first[r] < 1 - _ROUNDING]
        heat(open_, seeds[HEAT:])
    if progress:
        progress(total, total)
    return [_read(r, runs[r]) for r in resolutions]


def _read(resolution: float, runs: list[Ints]) -> Reading:
    table = agreement(runs)
    others = len(runs) - 1
    chosen = _first_best((table.sum(axis=0) - 1) / others)
    matches = [best_match(runs[chosen], r) for i, r in enumerate(runs) if i != chosen]
    return Reading(
        resolution,
        float((table.sum() - len(runs)) / (len(runs) * others)),
        runs[chosen],
        np.mean(matches, axis=0),
    )


def most_stable(readings: Sequence[Reading]) -> Reading:
    """The reading to report, by the rule above."""
    readings = sorted(readings, key=lambda r: r.resolution)
    stability = np.array([r.stability for r in readings])
    across = agreement([r.labels for r in readings]).mean(axis=0)
    return readings[_first_best(np.where(stability >= stability.max() - TOLERANCE, across, -1.0))]


def _first_best(score: Floats) -> int:
    """Index of the largest value; of equal ones (but for rounding) the first."""
    return int(np.flatnonzero(score >= score.max() - _ROUNDING)[0])
