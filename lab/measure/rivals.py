"""Row 12: who ranks the planted accounts best? No thresholds, hence equal alert budgets all along the list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lab.measure.analysis import evidence
from lab.measure.power import find_planted
from lab.measure.row import Record, Row
from lab.measure.worlds import PLANS
from lab.rivals import RIVALS, average_precision

OURS = "unisono"


def one(name: str, seed: int) -> Record:
    """Average precision over accounts, of each rival and of ours, in one planted world."""
    world, window_us, found = find_planted(name, seed)
    arrays = world.arrays()
    truth = np.isin(np.arange(world.n_accounts), world.labels["planted"])
    scores = {rival: score(arrays, window_us) for rival, score in RIVALS.items()}
    scores[OURS] = evidence(found)
    return {"ap": {who: round(average_precision(score, truth), 4) for who, score in scores.items()}}


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Mean average precision by plan; ours may not be below any rival's, and ties are listed."""
    seen: Record = {}
    for name in PLANS:
        own = [r["ap"] for r in records if r["cell"] == name]
        if own:
            seen[name] = {who: round(float(np.mean([ap[who] for ap in own])), 4) for who in (OURS, *RIVALS)}
            seen[name]["seeds"] = len(own)
    ahead = all(
        seen[name][OURS] > seen[name][rival] or seen[name][rival] == seen[name][OURS] == 1
        for name in seen
        for rival in RIVALS
    )
    for row in list(seen.values()):
        row["equal"] = [rival for rival in RIVALS if row[rival] == row[OURS]]
    return seen, ahead


ROW = Row(
    12, "average precision over accounts on rows 4 to 7, beside what other tools score",
    "simulated, all causes on", "ours ahead of each on every plan (a tie at 1 is none)", tuple(PLANS), 50, one, judge,
)  # fmt: skip
