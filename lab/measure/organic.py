"""Row 2: worlds without a plan. Whatever is reported there is an error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from lab.measure.analysis import SECOND, find
from lab.measure.cases import HOUR, INDEPENDENT, MINUTE, WINDOWS_US, named
from lab.measure.mixed import in_company
from lab.measure.nominal import below
from lab.measure.row import Record, Row
from lab.measure.worlds import CAUSES, organic
from unisono.nulls.layer import Tested

WINDOW = 60 * SECOND
BASES, TENTHS = ("joint", "timing", "reference"), 6
NAMES = {MINUTE: "60 s", 10 * MINUTE: "10 min", HOUR: "1 h"}
CELLS = {f"{name}, {NAMES[window]}": (name, window) for window in WINDOWS_US for name in INDEPENDENT}
"""Worlds of accounts that depend on nobody, each at every window."""


def one(cell: str, seed: int) -> Record:
    """Edges, groups, and accounts reported in one organic world, in groups or as co-actors."""
    name, window_us = CELLS.get(cell, (cell, WINDOW))
    world = named(name, seed) if cell in CELLS else organic(cell, seed)
    found = find(world.arrays(), window_us)
    company = in_company(found.layer.ground.first, window_us)
    return {
        "edges": int(found.called.is_edge.sum()), "groups": len(found.groups),
        "accounts": len(np.union1d(found.accounts, company)), "in_company": len(company),
        **by_basis(found.layer.tested),
    }  # fmt: skip


def by_basis(t: Tested) -> Record:
    """Pairs of each basis's family with p <= 1e-2 and so on: those that are no candidates have p = 1, as in a run."""
    log_p = (t.log_p_edge, t.log_p_timing, t.log_p_reference)
    sizes = (t.n_pairs, t.n_timing, t.n_timing)
    return {name: below(p, n, TENTHS) for name, p, n in zip(BASES, log_p, sizes, strict=True)}


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Worlds with any group or account, by cause and pooled, against the limits (scaled where seeds are fewer)."""
    seen: Record = {}
    within = True
    for cause in (*CAUSES, *CELLS):
        own = [r for r in records if r["cell"] == cause]
        if own:
            bad = sum(r["accounts"] > 0 for r in own)
            with_edge = sum(r["edges"] > 0 for r in own)
            seen[cause] = {"worlds": len(own), "with_accounts": bad, "with_an_edge": with_edge}
            within &= bad <= limit(len(own))
    for window, its in NAMES.items():
        own = [r for r in records if CELLS.get(r["cell"], ("", WINDOW))[1] == window]
        if not own:
            continue
        bad, most = sum(r["accounts"] > 0 for r in own), 0.05 + 2.3 * np.sqrt(0.05 * 0.95 / len(own))
        seen[f"pooled, {its}"] = {
            "worlds": len(own),
            "with_accounts": bad,
            "with_an_edge": sum(r["edges"] > 0 for r in own),
            "share": bad / len(own),
            "largest_allowed": round(float(most), 4),
        }
        within &= bad / len(own) <= most
    return seen, bool(within)


def limit(n: int) -> int:
    """Most worlds of n with an error: 99 % binomial limit of 5 % (7 of 50, 4 of 20)."""
    return int(stats.binom.ppf(0.99, n, 0.05))


ROW = Row(
    2, "organic worlds without a plan: worlds with any account or group reported",
    "simulated: 4,000 accounts, 3,000 objects, window 60 s; and 2,000 accounts, 1,500 objects, 60 s, 10 min, 1 h",
    "<= 7 of 50 each, <= 5 % + 2.3 standard errors pooled, for each window", (*CAUSES, *CELLS), 50, one, judge,
)  # fmt: skip
