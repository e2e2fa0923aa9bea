"""Small traces, and the same questions answered the long way."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from tests.nulls.made import first_of
from unisono.nulls.touches import FirstTouches

MINUTE = 60_000_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
Act = tuple[int, int, int, int]
"""Account, object, microseconds, post."""


def touches(acts: list[Act]) -> FirstTouches:
    """First touches of these acts."""
    return first_of(acts, by_time=True)


def reading(account: int, objects: list[int], begin: int, step: int = MINUTE) -> list[Act]:
    """One account that touches these objects, one post each, a step apart."""
    return [(account, o, begin + k * step, account * 10_000 + begin // HOUR * 100 + k) for k, o in enumerate(objects)]


def births(objects: list[int], account: int = 90, begin: int = 0) -> list[Act]:
    """Each object brought up by an account of its own, an hour apart, in this order."""
    return [(account + k, o, begin + k * HOUR, 5_000_000 + o) for k, o in enumerate(objects)]


def brute_pairs(first: FirstTouches, least: int) -> set[tuple[int, int, int, int]]:
    """Account and first act's time of both runs, for each two runs of two accounts that share `least` objects."""
    runs: dict[tuple[int, int], set[int]] = {}
    for a, o, s in zip(first.account.tolist(), first.object.tolist(), first.sitting.tolist(), strict=True):
        if first.n_sharers[o] >= 2:
            runs.setdefault((a, s), set()).add(o)
    return {(*x, *y) for x, y in combinations(sorted(runs), 2) if x[0] != y[0] and len(runs[x] & runs[y]) >= least}


def brute_side(first: FirstTouches, run: int, other: int, least: int) -> tuple[int, int, int] | None:
    """Objects, discordant pairs, and pairs against the order of birth, of a sitting tested against another; None where
    fewer than `least` objects are left, or both were at it at once."""
    rows = {s: {int(first.object[k]): k for k in np.flatnonzero(first.sitting == s)} for s in (run, other)}
    me = first.account[next(iter(rows[run].values()))]
    begin = min(first.t[k] for o, k in rows[run].items() if first.n_sharers[o] >= 2)
    born = {o: min((first.t[k] for k in np.flatnonzero((first.object == o) & (first.account != me))), default=None)
            for o in rows[run]}  # fmt: skip
    both = [o for o in sorted(rows[run]) if o in rows[other] and born[o] is not None and born[o] < begin]
    mine, theirs = ({o: (int(first.t[rows[s][o]]), int(first.post[rows[s][o]])) for o in both} for s in (run, other))
    if both:
        (a, b), (c, d) = ((min(x.values())[0], max(x.values())[0]) for x in (mine, theirs))
        if not (b < c or d < a):
            return None
    kept: list[int] = []
    for o in both:
        if not any(x[o][part] == x[k][part] for k in kept for x in (mine, theirs) for part in (0, 1)):
            kept.append(o)
    if len(kept) < least:
        return None
    pairs = list(combinations(kept, 2))
    discordant = sum((mine[x] < mine[y]) != (theirs[x] < theirs[y]) for x, y in pairs)
    habit = sum((mine[x] < mine[y]) != ((born[x], x) < (born[y], y)) for x, y in pairs)
    return len(kept), discordant, habit
