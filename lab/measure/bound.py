"""Row 13: "at least N of M links are real". Read from the runs of rows 4 to 7."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lab.measure import power
from lab.measure.row import Record, Row
from lab.measure.worlds import PLANS, ROW_OF_PLAN

SHARE = 0.70
_STRONG = ROW_OF_PLAN[4]


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Runs in which a bound was above the truth, and the bound over the truth by plan."""
    above = sum(r["bound_above"] for r in records)
    share = {
        plan: float(np.mean([r["bound"] / max(r["links"], 1) for r in records if r["cell"] == plan]))
        for plan in PLANS
        if any(r["cell"] == plan for r in records)
    }
    seen = {"runs": len(records), "above_the_truth": above, "bound_over_truth": share}
    if _STRONG not in share:
        return seen, None
    return seen, above <= 0.09 * len(records) and share[_STRONG] >= SHARE


ROW = Row(
    13, "lower bound on true links at 95 %: planted group, reported groups, and the k smallest p for every k",
    "the runs of rows 4 to 7", "above the truth in <= 18 of 200; on row 4's plan >= 70 % of it on average",
    tuple(PLANS), 50, power.one, judge, reads=tuple(ROW_OF_PLAN),
)  # fmt: skip
