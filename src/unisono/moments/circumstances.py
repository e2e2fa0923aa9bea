"""What stands around a moment: who its accounts are, and what its times look like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from unisono.maths.sorting import distinct
from unisono.maths.types import F64, I32, I64
from unisono.moments.chance import hypergeometric_tail
from unisono.moments.curve import FLANK
from unisono.moments.scan import Scan, births, only_here, rows_before

HALVINGS = 3
"""Distances that halve, one after another, from which times look filled in."""
BY_CHANCE = 1e-3
"""Share of moments in which that many would halve by chance."""
SECOND_US = 1_000_000


@dataclass(frozen=True)
class Circumstances:
    """One moment. All counts are of accounts by their first touch.

    n: in the moment; n_object: of the object; n_before: that came to it earlier
    age_us: from the object's first touch to the moment
    n_only_here: in it, that touch nothing else in the trace; p_only_here: probability of as many or more, were
        those that touch nothing else spread evenly over the object's accounts (hypergeometric)
    n_same_time: in it, with the one commonest time
    filled_in: whether times around it close in on one time by halves, as no people do
    n_alongside: other objects with a moment that overlaps it; n_objects, n_tests: with a moment; tested, this trace
    """

    n: int
    n_object: int
    n_before: int
    age_us: int
    n_only_here: int
    p_only_here: float
    n_same_time: int
    filled_in: bool
    n_alongside: int
    n_objects: int
    n_tests: int


def circumstances(scan: Scan, found: I64) -> list[Circumstances]:
    """Circumstances of the candidates `found` (their numbers in the scan), in that order."""
    rows, born, alone = scan.touches, births(scan.touches), only_here(scan.touches)
    obj, t0 = scan.object[found], scan.t0_us[found]
    low, high = np.iinfo(np.int64).min, np.iinfo(np.int64).max
    first = rows_before(rows.object, rows.t, obj, np.full(len(obj), low))
    last = rows_before(rows.object, rows.t, obj, np.full(len(obj), high))
    begin = rows_before(rows.object, rows.t, obj, t0)
    end = rows_before(rows.object, rows.t, obj, t0 + scan.window_us + 1)
    alongside, n_objects = _alongside(scan, obj, t0), len(distinct(obj))
    out = []
    for i in range(len(found)):
        a, b, f, z = (int(x[i]) for x in (begin, end, first, last))
        t, here, all_here = rows.t[a:b], int(alone[a:b].sum()), int(alone[f:z].sum())
        p_here = hypergeometric_tail(here, b - a, all_here, z - f)
        ties = int(np.unique(t, return_counts=True)[1].max())
        near = rows.t[max(f, a - 2 * (b - a)) : min(z, b + FLANK * (b - a))]
        out.append(Circumstances(
            b - a, z - f, a - f, int(t0[i] - born[obj[i]]), here, p_here, ties,
            filled_in(near, int(t[0]), int(t[-1])), int(alongside[i]), n_objects, scan.n_tests,
        ))  # fmt: skip
    return out


def _alongside(scan: Scan, obj: I32, t0: I64) -> I64:
    """(m,) other objects with a moment that overlaps each; an object's own moments are disjoint."""
    starts = np.sort(t0)
    near = np.searchsorted(starts, t0 + scan.window_us, "right") - np.searchsorted(starts, t0 - scan.window_us, "left")
    return (near - 1).astype(np.int64)


def filled_in(t: I64, begin: int, end: int) -> bool:
    """Whether times close in by halves on the commonest time of [begin, end]. t: sorted microseconds around it.

    A collector that knows only some times, and puts each unknown one half-way between the one before and the next
    known one, leaves distances to the known time of D, D/2, D/4, ... and a pile at its end. Looks for HALVINGS or
    more such distances in a row before the pile, each to within the clock's step, that the touches around them would
    leave by chance in fewer than BY_CHANCE of moments. The retweet cascades of the shared data are full of them.
    """
    times, counts = np.unique(t[(t >= begin) & (t <= end)], return_counts=True)
    if counts.max(initial=0) < 3:
        return False
    pile = times[np.argmax(counts)]
    step = int(np.diff(np.unique(t)).min(initial=SECOND_US))
    away = (pile - t[t < pile])[::-1].astype(np.float64)
    return any(_by_chance(away, distance, step) * len(away) < BY_CHANCE for distance in np.unique(away))


def _by_chance(away: F64, distance: float, step: int) -> float:
    """How likely the halvings of a distance that are there would be, at the density of touches around each.

    away: sorted distances. 1 where fewer than HALVINGS in a row are there.
    """
    chance, n = 1.0, 0
    while (distance := distance / 2) >= 4 * step and _between(away, distance - step, distance + step):
        others = max(_between(away, 0.75 * distance, 1.25 * distance) - 1, 0.5)
        chance *= min(1.0, others * 3 * step / (0.5 * distance))
        n += 1
    return chance if n >= HALVINGS else 1.0


def _between(away: F64, low: float, high: float) -> int:
    return int(np.searchsorted(away, high, "right") - np.searchsorted(away, low, "left"))
