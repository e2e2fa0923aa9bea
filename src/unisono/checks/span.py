"""Span: from when to when, and times that lie far from all others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from unisono.checks.row import Question, Row
from unisono.checks.view import View
from unisono.clean.time import format_time

YEAR_US = 31_557_600_000_000
ANCIENT_US = 788_918_400_000_000
"""1 January 1995: no platform is older."""

SPAN = Question("span", "time_span", "what lies outside it cannot be seen", "none needed")
FAR = Question(
    "span", "times_far_from_the_rest",
    "such times are mostly empty or wrong ones (1970, the far future); posts that share one coincide by mistake",
    "correct or leave out these rows; check the settings `time_format` and `zone`",
)  # fmt: skip


def span(view: View) -> Iterator[Row]:
    """The span itself, and outliers: before 1995, or beyond the middle 99 % by a year and by three times its length."""
    if not view.n:
        yield SPAN.unknown("no post", 0)
        yield FAR.unknown("no post", 0)
        return
    t = view.t_us
    begin, end = int(t.min()), int(t.max())
    seen = f"{view.n:,} posts of {view.n_accounts:,} accounts from {format_time(begin)} to {format_time(end)}"
    yield SPAN.found("note", seen, (end - begin) / 86_400e6, view.n)
    if view.n < 100:
        yield FAR.unknown(f"{view.n:,} posts, and 100 are needed", view.n)
        return
    low, high = (int(q) for q in np.quantile(t, [0.005, 0.995]))
    reach = max(YEAR_US, 3 * (high - low))
    early, late = int(np.sum((t < low - reach) | (t < ANCIENT_US))), int(np.sum(t > high + reach))
    said = (
        f"{early:,} posts far before and {late:,} far after the middle 99 % ({format_time(low)} to {format_time(high)})"
    )
    if early + late:
        yield FAR.found("warning", said, early + late, view.n)
    else:
        yield FAR.absent(said, 0, view.n)
