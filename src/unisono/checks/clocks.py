"""Clocks: whose time it is, and whether posts that carry the same time were made at the same time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow.compute as pc
from scipy import special

from unisono.checks.row import Question, Row, percent
from unisono.checks.view import View, touch_counts

MINUTE_US = 60_000_000
CROWD = 10
"""Accounts at one instant from which it is looked at."""
LEVEL = 1e-6

BASIS = Question(
    "clocks", "times_not_of_the_platform",
    "a collector's time is when a post was seen, so posts seen in one visit coincide; a client's clock may be wrong; "
    "two clocks in one study make lags between them meaningless",
    "use the platform's own time (`time` in the setting `map`), or choose windows wider than the collector's round",
)  # fmt: skip
BATCHES = Question(
    "clocks", "many_accounts_at_one_instant",
    "co-actions at these instants may be the work of an import, a scheduler or the collector; the timing tests cannot "
    "tell them from an operation",
    "see what these instants are; leave them out if a collector or an import made them",
)  # fmt: skip
MINUTES = Question(
    "clocks", "whole_minutes",
    "posts of one minute look simultaneous to the second; windows below a minute say more than the clock knows",
    "declare a `resolution` of 1m, or use windows of two minutes or more",
)  # fmt: skip


def clocks(view: View) -> Iterator[Row]:
    """Basis, batches, whole minutes."""
    yield _basis(view)
    yield _batches(view)
    yield _minutes(view)


def _basis(view: View) -> Row:
    if not view.events.num_rows:
        return BASIS.unknown("rows of traces do not say whose clock it is", 0)
    counts = {c["values"]: c["counts"] for c in view.events["t_basis"].value_counts().to_pylist()}
    n = view.events.num_rows
    seen = ", ".join(f"{b or 'unknown'} {percent(c / n)}" for b, c in sorted(counts.items(), key=lambda x: -x[1]))
    seen = f"times of {n:,} posts are by: {seen}"
    collector = counts.get("collector", 0) / n
    other = 1 - counts.get("platform", 0) / n
    if collector >= 0.5:
        return BASIS.found("stops_a_test", seen, other, n)
    if other > 0:
        return BASIS.found("warning" if collector or counts.get("client") else "note", seen, other, n)
    return BASIS.absent(seen, other, n)


def _batches(view: View) -> Row:
    if view.n < 100:
        return BATCHES.unknown(f"{view.n:,} posts, and 100 are needed", view.n)
    instants, rank = np.unique(view.t_us, return_inverse=True)
    n = touch_counts(rank, view.account)
    step = int(np.gcd.reduce(instants - instants[0])) if len(instants) > 1 else 1
    if step >= MINUTE_US:
        return BATCHES.unknown("the clock's step is a minute or more", view.n)
    before = np.concatenate([[0], np.cumsum(n)])
    around = before[np.searchsorted(instants, [instants - MINUTE_US, instants + MINUTE_US])]
    near = around[1] - around[0] - n
    # What the minutes on either side lead us to expect in one step of the clock, or in a second if that is finer.
    usual = (near + 1) * max(step, 1_000_000) / (2 * MINUTE_US)
    odd = (n >= CROWD) & (special.pdtrc(n - 1, usual) * len(instants) < LEVEL)
    share = float(n[odd].sum() / n.sum())
    seen = f"{int(odd.sum()):,} instants at which {CROWD} accounts or more act, far more than in the minutes around"
    if odd.any():
        seen += f"; {int(n.max()):,} at the busiest, {percent(share)} of the posts"
        return BATCHES.found("warning" if share >= 0.01 or odd.sum() >= 3 else "note", seen, share, view.n)
    return BATCHES.absent(seen, share, view.n)


def _minutes(view: View) -> Row:
    claims = view.t_us
    if view.events.num_rows:
        claims = claims[pc.less(view.events["t_resolution_us"], MINUTE_US).fill_null(True).to_numpy()]
    if len(claims) < 100:
        why = f"{len(claims):,} posts whose clock claims less than a minute, and 100 are needed"
        return MINUTES.unknown(why, len(claims))
    n = int(np.sum(claims % MINUTE_US == 0))
    share = n / len(claims)
    seen = f"{percent(share)} of {len(claims):,} times end in :00, and 1.67 % are expected"
    if share >= 0.05 and float(special.bdtrc(n - 1, len(claims), 1 / 60)) < LEVEL:
        return MINUTES.found("warning" if share >= 0.5 else "note", seen, share, len(claims))
    return MINUTES.absent(seen, share, len(claims))
