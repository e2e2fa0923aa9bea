"""Row 3: is a p-value what it says? Shares of the whole test family below 1e-2 to 1e-5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lab.measure.analysis import SECOND, candidates
from lab.measure.row import Record, Row
from lab.measure.worlds import FIRST_SEED, SMALL
from lab.simulator import simulate
from unisono.calibration import by_slots, curveball
from unisono.maths.types import F64, I32
from unisono.nulls.configuration import fit_configuration_model
from unisono.nulls.layer import SELECTION_LEVELS, Asked, Tested, assess, background, chances_of
from unisono.nulls.strata import LEVELS, strata
from unisono.nulls.touches import FirstTouches, first_touches
from unisono.pairs.arrays import TraceArrays

WINDOW = 60 * SECOND
ALPHAS = (1e-2, 1e-3, 1e-4, 1e-5)
BAR = 1.5
_BOOTSTRAP = 10_000
CONTROLLED = ("timing, slots", "selection, curveball", "joint, curveball")
ORGANIC = ("timing, organic", "edge, organic")
SHOWN = ("plain timing, organic", "selection, organic", "joint, organic")
"""Without a bar: interests, speed and friends are against these nulls, and the first is not used for a verdict."""


def one(cell: str, seed: int) -> Record:
    """Pairs of the family with p <= each alpha, by null, and the family's size."""
    arrays = simulate(SMALL, FIRST_SEED + seed).arrays()
    first, rng = first_touches(arrays), np.random.default_rng(seed)
    slots = everything(by_slots(first, rng), arrays)
    kept = strata(first, LEVELS)
    drawn = everything(curveball(first, kept[SELECTION_LEVELS - 1], rng), arrays, kept)
    real = everything(first, arrays)
    seen, timing, pairs = real.observed, real.n_timing, real.n_pairs
    return {
        "timing, slots": below(slots.log_p_timing, slots.n_timing),
        "selection, curveball": below(drawn.log_p_selection, drawn.n_pairs),
        "joint, curveball": below(_often(drawn, drawn.log_p_joint), drawn.n_pairs),
        "timing, organic": below(real.log_p_timing, timing),
        "edge, organic": below(real.log_p_edge, pairs),
        "plain timing, organic": below(np.where(seen.n_common >= 3, seen.log_p, 0.0), timing),
        "selection, organic": below(real.log_p_selection, pairs),
        "joint, organic": below(_often(real, real.log_p_joint), pairs),
    }


def everything(first: FirstTouches, arrays: TraceArrays, kept: Sequence[I32] | None = None) -> Tested:
    """Every pair with two common objects at any time. Others of the family have p = 1 by all nulls, as in a run."""
    ground = background(first)
    if kept is not None:  # the strata that the control kept
        ground = replace(ground, models=tuple(fit_configuration_model(first, stratum) for stratum in kept))
    a, b = candidates(first, arrays, int(first.t.max() - first.t.min()))
    return assess(ground, chances_of(ground, WINDOW), a, b, asked=Asked(everything=True))


def ratios(records: Sequence[Record], name: str) -> list[Record]:
    """Per alpha: empirical over nominal, and its 95 % interval by bootstrap over seeds."""
    counts = np.array([r[name]["below"] for r in records], np.float64)
    sizes = np.array([r[name]["family"] for r in records], np.float64)
    draws = np.random.default_rng(0).integers(0, len(records), (_BOOTSTRAP, len(records)))
    out = []
    for k, alpha in enumerate(ALPHAS):
        again = counts[draws, k].sum(1) / sizes[draws].sum(1) / alpha
        low, high = np.quantile(again, (0.025, 0.975))
        ratio = counts[:, k].sum() / sizes.sum() / alpha
        out.append({"alpha": alpha, "ratio": round(ratio, 3), "low": round(low, 3), "high": round(high, 3)})
    return out


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """The upper end of each interval against BAR, for each null under its control and in organic worlds as used."""
    seen = {name: ratios(records, name) for name in (*CONTROLLED, *ORGANIC, *SHOWN)}
    return seen, all(x["high"] < BAR for name in (*CONTROLLED, *ORGANIC) for x in seen[name])


def _often(t: Tested, log_p: F64) -> F64:
    return np.where(t.observed.meetings >= 2, log_p, 0.0)


def below(log_p: F64, family: int, n: int = len(ALPHAS)) -> Record:
    """How many p are 1e-2 or less, and so on for n tenths, and the size of the family."""
    return {"below": [int((log_p <= np.log(10.0**-k)).sum()) for k in range(2, n + 2)], "family": family}


ROW = Row(
    3, "empirical over nominal p at 1e-2 to 1e-5 over the whole family, pooled over seeds",
    "simulated, 1,500 accounts, all causes on, window 60 s: permuted for each null; as it is for what calls",
    "95 % interval by seed bootstrap below 1.5, for each null", ("all together",), 50, one, judge,
)  # fmt: skip
