"""Caps: counts that stop at the number at which a collector or an interface stops."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import special

from unisono.checks.row import Question, Row
from unisono.checks.view import View
from unisono.maths.types import I64

ROUND = (100, 200, 500, 1000, 1500, 2000, 3200, 5000, 10000)
"""Posts at which interfaces stop: 3,200 is the longest timeline that X gave."""
LEVEL = 0.001
DAY_US = 86_400_000_000

CAPPED = Question(
    "caps", "accounts_at_a_cap",
    "the older posts of these accounts are missing: they look less active and younger than they are, and "
    "coincidences are lost",
    "collect in shorter periods, or judge only the period in which all timelines are whole",
)  # fmt: skip
DAYS = Question(
    "caps", "days_of_round_totals",
    "on these days a sample was taken, so coincidences are lost; p stays as it is if the sample took no side",
    "collect these days in shorter pieces",
)  # fmt: skip
SOURCES = Question(
    "caps", "source_of_a_round_total",
    "the source may end where the collector stopped and not where the posts end: its end or its beginning is missing",
    "see whether the collector had a limit, and collect the rest",
)  # fmt: skip


def caps(view: View) -> Iterator[Row]:
    """Accounts, days and sources that end at a cap."""
    yield _accounts(view)
    yield _days(view)
    for name, rows in view.source_rows.items():
        if rows >= 1000 and rows % 500 == 0:
            yield SOURCES.found("note", f"{name} has exactly {rows:,} rows", rows, rows, name)
        else:
            yield SOURCES.absent(f"{name} has {rows:,} rows", rows, rows, name)


def _accounts(view: View) -> Row:
    if view.n_accounts < 10:
        return CAPPED.unknown(f"{view.n_accounts} accounts, and 10 are needed", view.n_accounts)
    posts = np.bincount(view.account)
    top = int(posts.max())
    candidates = sorted({*ROUND, top} if top >= 50 else ROUND)
    at = {c: int(np.sum(posts == c)) for c in candidates if capped(posts, c, len(candidates))}
    if not at:
        return CAPPED.absent(
            f"no count of posts is unusually frequent; the most active has {top:,}", 0, view.n_accounts
        )
    seen = "; ".join(f"{n:,} accounts have exactly {c:,} posts" for c, n in at.items())
    return CAPPED.found("warning", seen, sum(at.values()), view.n_accounts)


def capped(posts: I64, at: int, n_tests: int) -> bool:
    """Whether more accounts have exactly `at` posts than the counts around it explain (three or more).

    Poisson, with the mean of the ten counts around (one act added to them, so that nothing around is no proof),
    Bonferroni over `n_tests`.
    """
    here = int(np.sum(posts == at))
    around = int(np.sum((posts >= at - 5) & (posts <= at + 5))) - here
    return here >= 3 and float(special.pdtrc(here - 1, (around + 1) / 10)) * n_tests < LEVEL


def _days(view: View) -> Row:
    totals = np.unique(view.t_us // DAY_US, return_counts=True)[1] if view.n else np.zeros(0, np.int64)
    large = totals[totals >= 100]
    if len(large) < 5:
        return DAYS.unknown(f"{len(large)} days of 100 posts or more, and 5 are needed", len(large))
    n = int(np.sum(large % 100 == 0))
    seen = f"{n} of {len(large)} days of 100 posts or more have a multiple of 100"
    if n >= 3 and float(special.bdtrc(n - 1, len(large), 0.01)) < LEVEL:
        return DAYS.found("warning", seen, n, len(large))
    return DAYS.absent(seen, n, len(large))
