"""p of an account: does it keep time with the rest, whoever that is on a given day?

Large groups are drawn anew from one occasion to the next, so that hardly any pair meets often while every member
always has company. Null: the account's acts fall independently of everybody else's, in the cell where they are; the
others stay where they are, so the p of one act is the chance to find at least as much company within the window as
it did (a randomisation test). Own rhythm: places are uniform in the cell. Crowd: they follow the cell's crowd moment
by moment. A day's p is Bonferroni over its acts, after correction for the account's habits on the clock; days are
independent and combined by Fisher's method.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from scipy import stats

from unisono.edges.synchrony.acts import F64, I32, I64, Acts
from unisono.edges.synchrony.habit import SAMPLE


def account_tests(acts: Acts) -> tuple[I64, F64]:
    """Days with an act (accounts,), and log p (accounts, 2) by the crowd null and by the own-rhythm null."""
    grid = acts.grid
    order = np.lexsort((acts.account, acts.tick))
    ticks, cell, day = acts.tick[order], acts.cell[order], acts.cell_day[acts.cell]
    company = _company(acts.start, acts.tick, ticks, grid.reach)
    lengths = grid.cell, grid.moment, grid.reach
    n_cells = len(acts.cell_at)
    whole = acts.cell_at, np.arange(n_cells, dtype=np.int32), np.ones(n_cells)  # cells as moments: uniform in them
    crowd = acts.moment_at, acts.moment_cell, acts.crowd
    days, log_p = np.zeros(acts.n_accounts, np.int64), np.zeros((acts.n_accounts, 2))
    for k, (moments, length) in enumerate(((crowd, grid.moment), (whole, grid.cell))):
        p = np.empty(len(acts))
        p[order] = _chance_of_company(ticks, company[order], cell, moments, length, grid.reach)
        share = acts.crowd[acts.moment] if k == 0 else np.full(len(acts), grid.moment / grid.cell)
        days, fisher = _by_day(acts.start, acts.tick, ticks, day, share, company, p, lengths)
        log_p[:, k] = np.where(days > 0, stats.chi2.logsf(fisher, 2 * np.maximum(days, 1)), 0.0)
    return days, log_p


@njit(cache=True, nogil=True)
def _within(ticks: I64, at: int, reach: int) -> int:
    """Acts in the sorted ticks within reach of a tick."""
    return int(np.searchsorted(ticks, at + reach, side="right") - np.searchsorted(ticks, at - reach, side="left"))


@njit(cache=True, nogil=True)
def _company(start: I64, tick: I64, ticks: I64, reach: int) -> I64:
    """Acts of others within reach of each act."""
    out = np.empty(tick.size, np.int64)
    for a in range(start.size - 1):
        own = tick[start[a] : start[a + 1]]
        for i in range(own.size):
            out[start[a] + i] = _within(ticks, own[i], reach) - _within(own, own[i], reach)
    return out


@njit(cache=True, nogil=True)
def _chance_of_company(
    ticks: I64, company: I64, cell: I32, moments: tuple[I64, I32, F64], moment: int, reach: int
) -> F64:
    """Per act, sorted by tick: chance of as much company or more at a place drawn from the crowd of its cell.

    Everybody's acts are counted there, the account's own as well: that can only make the chance larger.
    """
    moment_at, moment_cell, crowd = moments
    most = 1
    for i in range(ticks.size):
        most = max(most, _within(ticks, ticks[i] + reach, reach))
    weight = np.zeros(most + 2)
    out = np.ones(ticks.size)
    enter = leave = act = b = 0
    while b < moment_at.size:
        c, top = moment_cell[b], 0
        while b < moment_at.size and moment_cell[b] == c:
            at, end = moment_at[b] * moment, (moment_at[b] + 1) * moment
            while at < end:  # from one change of the number of acts within reach to the next
                while enter < ticks.size and ticks[enter] - reach <= at:
                    enter += 1
                while leave < ticks.size and ticks[leave] + reach < at:
                    leave += 1
                until = end
                if enter < ticks.size:
                    until = min(until, ticks[enter] - reach)
                if leave < ticks.size:
                    until = min(until, ticks[leave] + reach + 1)
                weight[enter - leave] += crowd[b] * (until - at) / moment
                top = max(top, enter - leave)
                at = until
            b += 1
        for m in range(top - 1, -1, -1):
            weight[m] += weight[m + 1]
        while act < ticks.size and cell[act] == c:
            if company[act] > 0:
                out[act] = min(1.0, weight[company[act]])
            act += 1
        weight[: top + 1] = 0.0
    return out


@njit(cache=True, nogil=True)
def _by_day(
    start: I64, tick: I64, ticks: I64, day: I32, share: F64, company: I64, p: F64, lengths: tuple[int, int, int]
) -> tuple[I64, F64]:
    """Days with acts, and Fisher's sum of -2 log p over them, by account."""
    days, fisher = np.zeros(start.size - 1, np.int64), np.zeros(start.size - 1)
    for a in range(start.size - 1):
        i = start[a]
        while i < start[a + 1]:
            best, end = i, i
            while end < start[a + 1] and day[end] == day[i]:
                if p[end] < p[best]:
                    best = end
                end += 1
            days[a] += 1
            if p[best] * (end - i) < 1:
                in_cell, in_moment = _by_habit(a, best, start, tick, ticks, day, company[best], lengths)
                worst = max(p[best] + share[best] * in_moment, in_cell)
                fisher[a] -= 2 * np.log(min(1.0, worst * (end - i)))
            i = end
    return days, fisher


@njit(cache=True, nogil=True)
def _by_habit(
    a: int, act: int, start: I64, tick: I64, ticks: I64, day: I32, company: int, lengths: tuple[int, int, int]
) -> tuple[float, float]:
    """Shares of its acts of other days that would have as much company at their places in this cell, moment."""
    cell, moment, reach = lengths
    n = in_cell = in_moment = 0
    for j in range(start[a], start[a + 1], max(1, -(-(start[a + 1] - start[a]) // SAMPLE))):
        if day[j] != day[act]:
            n += 1
            in_cell += _within(ticks, tick[act] // cell * cell + tick[j] % cell, reach) >= company
            in_moment += _within(ticks, tick[act] // moment * moment + tick[j] % moment, reach) >= company
    if n == 0:
        return 0.0, 0.0
    return in_cell / n, in_moment / n
