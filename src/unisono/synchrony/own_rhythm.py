"""p of an account in each cell by its own rhythm: all its acts there are moved together, around the cell.

Null: where in the cell the acts begin has nothing to do with anybody else's acts, which stay where they are. Every
turn of the cell (its end is followed by its beginning) is then as likely as the one that was seen, whatever the
statistic, and p is the share of turns with a score as high or higher. The account's own sessions are kept: a burst of
eleven acts beside those of others is one turn that hits, not eleven acts to correct for.

Score of a turn: the sum over acts of -log P(X >= others within the window), X Poisson with the mean of the cell. It
only orders turns; nothing depends on its being a law.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

from unisono.maths.types import F64, I32, I64
from unisono.synchrony.acts import Acts
from unisono.synchrony.habit import SAMPLE

MOST_PLACES = 7200
"""Places of a cell at most: a finer clock is read in coarser steps here."""
UNTELLING = 0.5
"""A p from here on is below what chance adds to the evidence on average: it needs no correction for habits."""
Cell = tuple[int, I64, F64, F64, int]
"""Where it begins; everybody's acts within the window, by place; their scores, by place and by number; the window."""


class Runs(NamedTuple):
    """The acts of each account in each cell: account, cell, p; (r,) each, sorted by (account, cell)."""

    account: I64
    cell: I64
    p: F64


def own_rhythm(acts: Acts, reach: int) -> Runs:
    """p of every account in every cell in which it acted, for a window of `reach` ticks."""
    step = steps_of(acts.grid.cell, acts.grid.reach)
    place = acts.tick // step
    new = np.ones(len(acts), np.bool_)
    new[1:] = (acts.cell[1:] != acts.cell[:-1]) | (acts.account[1:] != acts.account[:-1])
    start = np.append(np.flatnonzero(new), len(acts))
    account, cell = acts.account[start[:-1]].astype(np.int64), acts.cell[start[:-1]].astype(np.int64)
    lengths = acts.grid.cell // step, max(1, acts.grid.moment // step), reach // step
    begin = acts.cell_at[cell] * lengths[0]
    p = _turns(account, begin, start, np.argsort(begin, kind="stable"), acts.start, place, np.sort(place),
               acts.cell_day[acts.cell], lengths)  # fmt: skip
    return Runs(account, cell, p)


def steps_of(cell: int, reach: int) -> int:
    """Ticks that make one place: they divide the cell, and are half the window or more and MOST_PLACES or fewer."""
    least = min(max(1, reach // 2, -(-cell // MOST_PLACES)), cell)
    return next(k for k in range(least, cell + 1) if cell % k == 0)


@njit(cache=True, nogil=True)
def _turns(
    account: I64, begin: I64, start: I64, order: I64, acts_of: I64, place: I64, places: I64, day: I32,
    lengths: tuple[int, int, int],
) -> F64:  # fmt: skip
    """p of each run; `order` takes them cell by cell, `places` are everybody's, sorted."""
    length, moment, reach = lengths
    p = np.ones(begin.size)
    last = -1
    cell = (0, np.zeros(0, np.int64), np.zeros(0), np.zeros(0), 0)
    for run in order:
        if begin[run] != last or cell[1].size == 0:
            last = begin[run]
            cell = _cell(last, length, places, reach)
        own = place[acts_of[account[run]] : acts_of[account[run] + 1]]
        mine = place[start[run] : start[run + 1]] - last
        alone = np.empty(mine.size)
        for i in range(mine.size):
            alone[i] = score_at(mine[i], cell, own)
        if alone.sum() > 0:
            turned = by_turn(mine, cell, own)
            p[run] = (turned >= turned[0] * (1 - 1e-12)).sum() / length
            if p[run] < UNTELLING:
                theirs = day[acts_of[account[run]] : acts_of[account[run] + 1]]
                habits = by_habit(mine, alone, cell, own, theirs, day[start[run]], moment)
                p[run] = min(1.0, max(p[run] + habits[1], habits[0]))
    return p


@njit(cache=True, nogil=True)
def _cell(begin: int, length: int, places: I64, reach: int) -> Cell:
    n = np.searchsorted(places, begin + length) - np.searchsorted(places, begin)
    counts = np.empty(length, np.int64)
    enter = leave = np.searchsorted(places, begin - reach)
    for x in range(length):
        while enter < places.size and places[enter] <= begin + x + reach:
            enter += 1
        while leave < places.size and places[leave] < begin + x - reach:
            leave += 1
        counts[x] = enter - leave
    by_number = scores(n * (2 * reach + 1) / length, counts.max())
    return begin, counts, by_number[counts], by_number, reach


@njit(cache=True, nogil=True)
def scores(mean: float, most: int) -> F64:
    """-log P(Poisson of this mean >= c) for c = 0 .. most, summed from the far end."""
    out = np.zeros(most + 1)
    tail = 0.0
    for c in range(most + 50 + int(2 * mean), 0, -1):
        tail += math.exp(c * math.log(mean) - mean - math.lgamma(c + 1.0))
        if c <= most:
            out[c] = -math.log(min(max(tail, 1e-300), 1.0))
    return out


@njit(cache=True, nogil=True)
def score_at(x: int, cell: Cell, own: I64) -> float:
    """Score of a place for an account whose own acts are left out."""
    begin, counts, _, by_number, reach = cell
    mine = np.searchsorted(own, begin + x + reach, side="right") - np.searchsorted(own, begin + x - reach)
    return float(by_number[counts[x] - mine])


@njit(cache=True, nogil=True)
def by_turn(mine: I64, cell: Cell, own: I64) -> F64:
    """Sum of the scores of the account's acts, by how far the cell is turned."""
    begin, counts, score, _, reach = cell
    length, free = counts.size, score.copy()
    for at in own[np.searchsorted(own, begin - reach) : np.searchsorted(own, begin + length + reach)]:
        for x in range(max(0, at - begin - reach), min(length, at - begin + reach + 1)):
            free[x] = score_at(x, cell, own)
    out = np.zeros(length)
    for x in mine:
        out[: length - x] += free[x:]
        out[length - x :] += free[:x]
    return out


@njit(cache=True, nogil=True)
def by_habit(mine: I64, alone: F64, cell: Cell, own: I64, day: I32, today: int, moment: int) -> tuple[float, float]:
    """Chance of as high a score where the account's acts of other days fall: in the cell, in the best act's moment.

    In the cell: the share of its other days whose acts, set into this cell, have as high a mean score. In the moment:
    for each of today's acts, the moment's share of the cell times the share of those acts that would score as high
    there as the best one. alone: scores of the acts of today; own, day: all acts of the account.
    """
    length, best = cell[1].size, np.argmax(alone)
    corner = mine[best] // moment * moment
    n = near = days = high = n_acts = 0
    total, last = 0.0, -1
    for i in range(0, own.size, max(1, -(-own.size // SAMPLE))):
        if day[i] == today:
            continue
        if day[i] != last:
            high += n_acts > 0 and total >= alone.mean() * n_acts
            days, last, total, n_acts = days + 1, day[i], 0.0, 0
        total += score_at(own[i] % length, cell, own)
        n_acts += 1
        n += 1
        near += score_at(corner + own[i] % moment, cell, own) >= alone[best]
    if n == 0:
        return 0.0, 0.0
    high += total >= alone.mean() * n_acts
    return high / days, mine.size * moment / length * near / n
