"""Gaps: hours without any post where the collection's own week says that there should be some.

Each hour's rate is the median, over weeks, of the accounts that act in that hour of the week (over days, of the hour
of the day, where the study is shorter than three weeks): a burst moves no median, and an account that posts a
hundred times counts once. A lull before or after lowers the rate: the level is the lower of the two sides. Hours
vary more than a Poisson count does; the variance found makes it a negative binomial. A run of empty hours is a gap
where its probability, times all runs that there could be, is below LEVEL.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unisono.checks.row import Question, Row
from unisono.checks.view import View
from unisono.clean.time import format_time
from unisono.maths.sorting import distinct
from unisono.maths.types import F64, I64

LEVEL = 0.001
HOUR_US = 3_600_000_000
_DAY, _WEEK = 24, 168

GAPS = Question(
    "gaps", "gaps",
    "co-actions inside a gap cannot be seen, and what was posted late because of it may look simultaneous; no p "
    "becomes too small by it",
    "collect the missing hours again, or leave them out on both sides",
)  # fmt: skip


def gaps(view: View) -> Iterator[Row]:
    """Runs of empty hours."""
    if view.n < 100:
        yield GAPS.unknown(f"{view.n:,} posts, and 100 are needed", view.n)
        return
    begin = int(view.t_us.min()) // HOUR_US
    hours = int(view.t_us.max()) // HOUR_US - begin + 1
    if hours < 3 * _DAY or hours > 1 << 20:
        yield GAPS.unknown(f"the posts span {hours:,} hours; three days to a hundred years are needed", view.n)
        return
    if float(np.mean(view.t_us % HOUR_US == 0)) > 0.5:
        yield GAPS.unknown("the times are whole hours or days", view.n)
        return
    counts = accounts_per_hour(view, begin, hours)
    found = empty_runs(counts)
    if not found:
        yield GAPS.absent(f"{hours:,} hours, no run of empty ones that is unlikely", 0, hours)
        return
    lost = sum(b - a for a, b in found)
    first = max(found, key=lambda r: (r[1] - r[0], -r[0]))
    a, b = (format_time((begin + x) * HOUR_US) for x in first)
    many = "1 gap" if len(found) == 1 else f"{len(found)} gaps"
    yield GAPS.found("warning", f"{many}, {lost:,} of {hours:,} hours; the longest from {a} to {b}", lost, hours)


def accounts_per_hour(view: View, begin: int, hours: int) -> I64:
    """Accounts that act in each hour from `begin` (hours since 1970) on."""
    both = distinct((view.t_us // HOUR_US - begin) * view.n_accounts + view.account)
    return np.bincount(both // view.n_accounts, minlength=hours).astype(np.int64)


def empty_runs(counts: I64) -> list[tuple[int, int]]:
    """Begin and end (exclusive) of the runs of empty hours that are gaps."""
    period = _WEEK if len(counts) >= 3 * _WEEK else _DAY
    rate = _rate(counts, period)
    edges = np.flatnonzero(np.diff(np.r_[0, counts == 0, 0]))
    inside = counts > 0
    spread = _spread(counts[inside], rate[inside])
    runs = len(counts) * (len(counts) + 1) / 2
    return [
        (int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)
        if _log_p(rate[a:b] * _level(counts, rate, int(a), int(b)), spread) + np.log(runs) < np.log(LEVEL)
    ]  # fmt: skip


def _rate(counts: I64, period: int) -> F64:
    padded = np.full(-(-len(counts) // period) * period, np.nan)
    padded[: len(counts)] = counts
    usual = np.nanmedian(padded.reshape(-1, period), axis=0)
    return np.asarray(np.resize(usual, len(counts)), dtype=np.float64)


def _spread(counts: I64, rate: F64) -> float:
    """Variance over mean of an hour's count, 1 or more."""
    fit = rate > 0
    return max(1.0, float(np.mean((counts[fit] - rate[fit]) ** 2 / rate[fit]))) if fit.any() else 1.0


def _level(counts: I64, rate: F64, a: int, b: int) -> float:
    """How busy the time around the run is beside its rate: the quieter of the two sides, at most 1."""
    width = max(_DAY, b - a)
    sides = [slice(max(0, a - width), a), slice(b, b + width)]
    return min([1.0, *(float(counts[s].sum() / max(rate[s].sum(), 1e-9)) for s in sides)])


def _log_p(rate: F64, spread: float) -> float:
    """Log probability of no act in these hours."""
    total = float(rate.sum())
    return -total if spread <= 1 + 1e-9 else -total * float(np.log(spread)) / (spread - 1)
