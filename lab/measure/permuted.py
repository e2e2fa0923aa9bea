"""Row 1: real accounts and objects with the coordination destroyed. Whatever is discovered there is an error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import stats

from lab.measure.analysis import FDR, SECOND, candidates
from lab.measure.real import CASCADES, GERMAN, GIT, IRA, RUSSIAN, SETS, TELEGRAM, traces
from lab.measure.row import Record, Row
from unisono.calibration import by_slots, curveball
from unisono.edges.call import layer
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.types import F64, I32
from unisono.nulls.configuration import fit_configuration_model
from unisono.nulls.layer import SELECTION_LEVELS, Tested, background
from unisono.nulls.strata import LEVELS, strata
from unisono.nulls.touches import FirstTouches, first_touches
from unisono.pairs.arrays import TraceArrays

WINDOWS = {"60 s": 60 * SECOND, "10 min": 600 * SECOND, "1 h": 3600 * SECOND}
CELLS = tuple(f"{name}; {window}" for window in WINDOWS for name in SETS if (name, window) != ("IRA, url", "60 s"))
"""The clock of the IRA's posts is too coarse for 60 s."""
NULLS = ("timing", "selection", "joint")
POOLED = 0.076


def one(cell: str, seed: int) -> Record:
    """Discoveries by each null under the control that is its own: slots for timing, curveball for the others."""
    name, window = cell.split("; ")
    arrays, window_us = traces(name), WINDOWS[window]
    first, rng = first_touches(arrays), np.random.default_rng(seed)
    shuffled = against_all(by_slots(first, rng), arrays, window_us)
    kept = strata(first, LEVELS)
    redrawn = against_all(curveball(first, kept[SELECTION_LEVELS - 1], rng), arrays, window_us, kept)
    return {
        "timing": _discoveries(shuffled.log_p_timing, shuffled.n_timing),
        "selection": _discoveries(redrawn.log_p_selection, redrawn.n_pairs),
        "joint": _discoveries(redrawn.log_p_edge, redrawn.n_pairs),
        "candidates": len(shuffled.a), "n_timing": shuffled.n_timing, "n_pairs": shuffled.n_pairs,
    }  # fmt: skip


def against_all(first: FirstTouches, arrays: TraceArrays, window_us: int, kept: Sequence[I32] | None = None) -> Tested:
    """All three nulls on permuted touches, with configuration models, speed and chances estimated anew from them.

    kept: strata that the control kept, by level; the null is that of these. Without them strata too are estimated
    anew: then heavy accounts of two strata that like the same objects are found by the selection null, rightly so.
    """
    ground = background(first)
    if kept is not None:
        ground = replace(ground, models=tuple(fit_configuration_model(first, stratum) for stratum in kept))
    return layer("x", window_us, ground, *candidates(first, arrays, window_us)).tested


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Runs with any discovery in each cell, and pooled, against the limits (scaled where seeds are fewer)."""
    seen: Record = {}
    holds = True
    for null in NULLS:
        bad = {}
        for cell in CELLS:
            own = [r[null] > 0 for r in records if r["cell"] == cell]
            if sum(own):
                bad[cell] = f"{sum(own)} of {len(own)}"
                holds &= sum(own) <= stats.binom.ppf(0.99, len(own), 0.05)
        share = float(np.mean([r[null] > 0 for r in records]))
        seen[null] = {"runs": len(records), "with_a_discovery": round(share, 4), "cells_with_any": bad}
        holds &= share <= POOLED
    return seen, bool(holds)


def _discoveries(log_p: F64, n_tests: int) -> int:
    return int((benjamini_hochberg(np.exp(log_p), max(n_tests, len(log_p))) <= FDR).sum())


ROW = Row(
    1, "accounts permuted over each object's own times (timing), redrawn within strata (selection, joint)",
    "real: cascades, telegram, git, CooRTweet, IRA; windows 60 s, 10 min, 1 h",
    "runs with any discovery <= 4 of 20 in a cell and <= 7.6 % pooled", CELLS, 20, one, judge,
    needs=(CASCADES, TELEGRAM, GIT, RUSSIAN, GERMAN, IRA),
)  # fmt: skip
