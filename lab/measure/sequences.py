"""Row 16: lists worked through in order at lags of hours; the same in any order; and worlds without a list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lab.measure.analysis import FDR
from lab.measure.cases import INDEPENDENT, PLANNED, named
from lab.measure.organic import limit
from lab.measure.row import Record, Row
from lab.simulator import World
from unisono.maths.types import I64
from unisono.nulls.touches import first_touches
from unisono.sequences.find import find_lists, q_of_pairs

ORDERED = ("object sequence", "object sequence, three lists")
PERMUTED = "object sequence, permuted"
CELLS = (*ORDERED, PERMUTED, *INDEPENDENT)
FOUND = 0.90


def worked(world: World) -> tuple[I64, int]:
    """Accounts that are called as having worked through a list, and how many were tested."""
    found = find_lists(first_touches(world.arrays()))
    (q,), n_tests = q_of_pairs([found])
    called, runs = q <= FDR, found.found.runs
    return np.unique(runs.account[np.r_[found.found.a[called], found.found.b[called]]]).astype(np.int64), n_tests


def one(cell: str, seed: int) -> Record:
    """Accounts called in one world, and how many of them are planted."""
    world = named(cell, seed)
    accounts, n_tests = worked(world)
    planted = world.labels[PLANNED[cell][1]] if cell in PLANNED else np.empty(0, np.int64)
    true = int(np.isin(accounts, planted).sum())
    return {"tested": n_tests, "planted": len(planted), "accounts": len(accounts), "true": true}


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Planted accounts found where the order is one; permuted, none in any world; elsewhere as in row 2."""
    seen: Record = {}
    holds = True
    for cell in CELLS:
        own = [r for r in records if r["cell"] == cell]
        if not own:
            continue
        if cell in ORDERED:
            share = sum(r["true"] for r in own) / sum(r["planted"] for r in own)
            others = sum(r["accounts"] - r["true"] for r in own)
            seen[cell] = {"worlds": len(own), "found": round(share, 4), "other_accounts": others}
            holds &= share >= FOUND and others <= FDR * sum(r["accounts"] for r in own)
            continue
        bad = sum(r["accounts"] > 0 for r in own)
        seen[cell] = {"worlds": len(own), "with_accounts": bad, "tested": sum(r["tested"] for r in own)}
        holds &= bad <= (0 if cell == PERMUTED else limit(len(own)))
    return seen, bool(holds)


ROW = Row(
    16, "12 accounts that work through the same list of 8 objects in order at lags of hours; the same in any order; "
    "worlds without a list",
    "simulated, 2,000 accounts, 1,500 objects; one list or three",
    "found >= 90 %, others <= 5 % of the called; permuted order: nothing; worlds of row 2 with an account <= 4 of 20",
    CELLS, 20, one, judge,
)  # fmt: skip
