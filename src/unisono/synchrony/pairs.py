"""p of a pair: on how many days would two independent accounts meet?

Null (interval jitter; Amarasingham, Harrison, Hatsopoulos and Geman, J. Neurophysiol. 107 (2012)): each account's
number of acts in each cell is kept, and inside the cell its acts fall independently of the other account's. On day d
the chance of one meeting or more is at most (Boole) q_d = sum over cells of n_u n_v x chance per pair of acts; the
number of days is Poisson-binomial over q_d. Two such chances are used:

own rhythm: acts are uniform in their cell.
crowd: acts fall where the crowd of that cell was, moment by moment, uniformly inside a moment; and where the two
accounts' habits on the clock (`habit`) make meetings likelier than that, by their habits.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from unisono.maths.tails import log_poisson_binomial_tail
from unisono.maths.types import F64, I32, I64
from unisono.synchrony.acts import Acts
from unisono.synchrony.habit import habit

Runs = tuple[I64, I32, I64]
"""CSR from account to its cells; the cells; acts in each."""
Cells = tuple[I64, I32, F64, F64]
"""Of each cell: its place on the grid, its day, meet, meet_next."""


def pair_tests(acts: Acts, a: I32, b: I32, days: I32) -> tuple[F64, F64]:
    """Expected days and p, each (pairs, 2): by the crowd null and by the own-rhythm null. a, b, days: (pairs,)."""
    grid = acts.grid
    run = np.ones(len(acts), np.bool_)
    run[1:] = (acts.cell[1:] != acts.cell[:-1]) | (acts.account[1:] != acts.account[:-1])
    row = np.flatnonzero(run)
    runs = np.searchsorted(row, acts.start), acts.cell[row], np.diff(np.append(row, len(acts))).astype(np.int64)
    cells = acts.cell_at, acts.cell_day, acts.meet, acts.meet_next
    flat = grid.chances(grid.cell)
    by_moment = grid.chances(grid.moment)[0]
    expected, log_p = np.empty((len(a), 2)), np.empty((len(a), 2))
    lengths = grid.cell, grid.moment, grid.reach
    places = acts.tick % grid.cell, acts.tick % grid.moment
    _test(a, b, days, acts.start, acts.cell_day[acts.cell], places, lengths, runs, cells, flat, by_moment,
          expected, log_p)  # fmt: skip
    return expected, np.exp(log_p)


@njit(cache=True, nogil=True)
def _test(
    a: I32, b: I32, days: I32, start: I64, day: I32, places: tuple[I64, I64], lengths: tuple[int, int, int], runs: Runs,
    cells: Cells, flat: tuple[float, float], by_moment: float, expected: F64, log_p: F64,
) -> None:  # fmt: skip
    for k in range(a.size):
        in_cell, in_moment = habit(a[k], b[k], start, day, places, lengths)
        factor = max(1.0, in_moment / by_moment)
        crowd, own = _chances_by_day(a[k], b[k], runs, cells, flat, factor, in_cell)
        expected[k, 0], log_p[k, 0] = crowd.sum(), log_poisson_binomial_tail(crowd, days[k])
        expected[k, 1], log_p[k, 1] = own.sum(), log_poisson_binomial_tail(own, days[k])


@njit(cache=True, nogil=True)
def _chances_by_day(
    a: int, b: int, runs: Runs, cells: Cells, flat: tuple[float, float], factor: float, in_cell: float
) -> tuple[F64, F64]:
    """q_d by crowd and habit, and by own rhythm, for days on which both were in one cell or in adjacent ones."""
    begin, cell, count = runs
    cell_at, cell_day, meet, meet_next = cells
    n = min(begin[a + 1] - begin[a], begin[b + 1] - begin[b]) * 3
    crowd, own = np.zeros(n), np.zeros(n)
    last, d = -1, -1
    j = begin[b]
    for i in range(begin[a], begin[a + 1]):
        at = cell_at[cell[i]]
        while j < begin[b + 1] and cell_at[cell[j]] < at - 1:
            j += 1
        for k in range(j, min(j + 3, begin[b + 1])):
            apart = cell_at[cell[k]] - at
            if apart > 1:
                break
            first = cell[i] if apart >= 0 else cell[k]
            if cell_day[first] != last:
                last, d = cell_day[first], d + 1
            pairs = count[i] * count[k]
            chance = meet[first] if apart == 0 else meet_next[first]
            crowd[d] += pairs * max(factor * chance, in_cell)
            own[d] += pairs * (flat[0] if apart == 0 else flat[1])
    return np.minimum(crowd[: d + 1], 1.0), np.minimum(own[: d + 1], 1.0)
