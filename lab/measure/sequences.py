"""Row 16: lists worked off in order, hours apart, are found; in any order, and where there is no list, nobody is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lab.measure.analysis import FDR
from lab.measure.cases import INDEPENDENT, named
from lab.measure.organic import limit
from lab.measure.row import Record, Row
from unisono.nulls.touches import first_touches
from unisono.sequences import find_alike
from unisono.sequences.find import of_accounts, q_of

LISTS = ("object sequence", "object sequence, three lists")
CONTROL = "object sequence, permuted"
CELLS = (*LISTS, CONTROL, *INDEPENDENT)
FOUND = 0.90


def one(cell: str, seed: int) -> Record:
    """Accounts called, those of the plan apart."""
    world = named(cell, seed)
    first = first_touches(world.arrays())
    log_e, n = of_accounts(find_alike(first), first.n_accounts)
    called = np.flatnonzero(q_of(log_e, n) <= FDR)
    planted = world.labels.get("planted", np.empty(0, np.int64)) if cell not in INDEPENDENT else np.empty(0, np.int64)
    true = int(np.isin(called, planted).sum())
    return {"compared": int((n > 0).sum()), "planted": len(planted), "true": true, "false": len(called) - true}


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Share of the plan's accounts that is found; worlds with a call where there is no list, by cell and pooled."""
    seen: Record = {}
    holds = True
    for cell in CELLS:
        own = [r for r in records if r["cell"] == cell]
        if not own:
            continue
        wrong = sum(r["false"] + (r["true"] if cell == CONTROL else 0) > 0 for r in own)
        seen[cell] = {"worlds": len(own), "with_a_wrong_call": wrong}
        holds &= cell in LISTS or wrong <= limit(len(own))
        if cell in LISTS:
            seen[cell]["found"] = round(sum(r["true"] for r in own) / sum(r["planted"] for r in own), 4)
            holds &= seen[cell]["found"] >= FOUND
    return seen, bool(holds)


ROW = Row(
    16, "the same list of 8 things, in order, at lags of hours; in an order of one's own; worlds without a plan",
    "simulated, 2,000 accounts, 1,500 objects, 12 accounts work through 1 or 3 lists",
    "found in >= 90 %; permuted, and in worlds without a plan: any account in <= 99 % limit of 5 %",
    CELLS, 20, one, judge,
)  # fmt: skip
