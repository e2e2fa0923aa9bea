"""Row 2: worlds without a plan. Whatever is reported there is an error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from lab.measure.analysis import SECOND, find
from lab.measure.row import Record, Row
from lab.measure.worlds import CAUSES, organic

WINDOW = 60 * SECOND


def one(cause: str, seed: int) -> Record:
    """Edges, groups and accounts reported in one organic world."""
    found = find(organic(cause, seed).arrays(), WINDOW)
    edges = int(found.called.is_edge.sum())
    return {"edges": edges, "groups": len(found.groups), "accounts": len(found.accounts)}


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Worlds with any group or account, by cause and pooled, against the limits (scaled where seeds are fewer)."""
    seen: Record = {}
    within = True
    for cause in CAUSES:
        own = [r for r in records if r["cell"] == cause]
        if own:
            bad = sum(r["accounts"] > 0 for r in own)
            with_edge = sum(r["edges"] > 0 for r in own)
            seen[cause] = {"worlds": len(own), "with_accounts": bad, "with_an_edge": with_edge}
            within &= bad <= limit(len(own))
    n, bad = len(records), sum(r["accounts"] > 0 for r in records)
    most = 0.05 + 2.3 * np.sqrt(0.05 * 0.95 / n)
    seen["pooled"] = {"worlds": n, "with_accounts": bad, "share": bad / n, "largest_allowed": round(float(most), 4)}
    return seen, bool(within and bad / n <= most)


def limit(n: int) -> int:
    """Most worlds of n with an error: 99 % binomial limit of 5 % (7 of 50, 4 of 20)."""
    return int(stats.binom.ppf(0.99, n, 0.05))


ROW = Row(
    2, "organic worlds without a plan: worlds with any account or group reported",
    "simulated, 4,000 accounts, 3,000 objects, window 60 s", "<= 7 of 50 each, <= 5 % + 2.3 standard errors pooled",
    tuple(CAUSES), 50, one, judge,
)  # fmt: skip
