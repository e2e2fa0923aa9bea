"""Row 20: is the p of each basis what it says where accounts depend on nobody? Read from the runs of row 2."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lab.measure import organic
from lab.measure.nominal import BAR
from lab.measure.row import Record, Row

LEAST_EXPECTED = 10
_BOOTSTRAP = 2_000


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Empirical over nominal by window and basis with a 95 % interval over worlds, where 10 are expected or more."""
    seen: Record = {}
    holds = True
    for window, its in organic.NAMES.items():
        own = [r for r in records if organic.CELLS.get(r["cell"], ("", 0))[1] == window and "joint" in r]
        for basis in organic.BASES:
            found = _ratios(own, basis) if own else []
            holds &= all(x["high"] < BAR for x in found)
            seen[f"{basis}, {its}"] = found
    return seen, bool(holds) if any(seen.values()) else None


def _ratios(records: Sequence[Record], basis: str) -> list[Record]:
    counts = np.array([r[basis]["below"] for r in records], np.float64)
    sizes = np.array([r[basis]["family"] for r in records], np.float64)
    draws = np.random.default_rng(0).integers(0, len(records), (_BOOTSTRAP, len(records)))
    out = []
    for k in range(counts.shape[1]):
        alpha = 10.0 ** -(k + 2)
        if alpha * sizes.sum() < LEAST_EXPECTED:
            break
        again = counts[draws, k].sum(1) / np.maximum(sizes[draws].sum(1), 1) / alpha
        ratio = counts[:, k].sum() / sizes.sum() / alpha
        out.append({"alpha": alpha, "ratio": round(ratio, 3), "high": round(float(np.quantile(again, 0.975)), 3)})
    return out


ROW = Row(
    20, "empirical over nominal p by basis, tests counted", "the runs of row 2 at 60 s, 10 min, 1 h",
    "upper end of the 95 % interval over worlds below 1.5, from 1e-2 down to where 10 are expected",
    tuple(organic.CELLS), 50, organic.one, judge, reads=(2,),
)  # fmt: skip
