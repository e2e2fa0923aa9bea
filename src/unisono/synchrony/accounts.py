"""p of an account: does it keep time with the rest, whoever that is on a given day?

Large groups are drawn anew from one occasion to the next, so that hardly any pair meets often while every member
always has co-actors. Null: the account's acts fall independently of everybody else's, in the cell where they are; the
others stay where they are (a randomisation test).

Own rhythm: the acts of a cell are turned together around it (`own_rhythm`), for windows of 1, 3 and 10 times the
study's; a day's p is Bonferroni over its cells. Crowd: one act at a time follows the cell's crowd moment by moment, and
its p is the chance to find at least as many co-actors within the window as it did; a day's p is Bonferroni over its
acts. Both are corrected for the account's habits on the clock. Days are independent, and combined (`days`).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from unisono.maths.tails import log_chi2_tail
from unisono.maths.types import F64, I32, I64
from unisono.synchrony.acts import Acts
from unisono.synchrony.days import by_day, log_p_of_days
from unisono.synchrony.habit import SAMPLE
from unisono.synchrony.own_rhythm import own_rhythm

WIDER = (1, 3, 10)
"""Windows of the own-rhythm test, as multiples of the study's: fixed without looking at the data."""


def account_tests(acts: Acts) -> tuple[I64, F64, F64]:
    """Days with an act (accounts,); log p (accounts, 2) by the crowd null and by own rhythm; score (accounts,).

    p of own rhythm: number of windows x the smallest. Score: the mean of -log p over windows, which varies less than
    the largest and is not cut where p is 1. It orders accounts, and is no p.
    """
    days, crowd = _by_crowd(acts)
    by_window = _by_own_rhythm(acts)
    own = np.minimum(by_window.min(axis=1) + math.log(by_window.shape[1]), 0.0)
    return days, np.column_stack((crowd, own)), -by_window.mean(axis=1)


def _by_own_rhythm(acts: Acts) -> F64:
    """log p (accounts, windows), not cut at p = 1. Windows below one tick are one."""
    columns = []
    for reach in np.unique(acts.grid.reach * np.array(WIDER)):
        runs = own_rhythm(acts, int(reach))
        account, p = by_day(runs.account, acts.cell_day[runs.cell].astype(np.int64), runs.p)
        columns.append(log_p_of_days(account, p, acts.n_accounts))
    return np.column_stack(columns)


def _by_crowd(acts: Acts) -> tuple[I64, F64]:
    """Days with an act, and log p by Fisher's method over them."""
    grid = acts.grid
    order = np.lexsort((acts.account, acts.tick))
    ticks, cell, day = acts.tick[order], acts.cell[order], acts.cell_day[acts.cell]
    co_actors = _co_actors(acts.start, acts.tick, ticks, grid.reach)
    moments = acts.moment_at, acts.moment_cell, acts.crowd
    p = np.empty(len(acts))
    p[order] = _chance_of_co_actors(ticks, co_actors[order], cell, moments, grid.moment, grid.reach)
    lengths, share = (grid.cell, grid.moment, grid.reach), acts.crowd[acts.moment]
    days, fisher = _by_day(acts.start, acts.tick, ticks, day, share, co_actors, p, lengths)
    return days, np.where(days > 0, log_chi2_tail(fisher, 2 * np.maximum(days, 1)), 0.0)


@njit(cache=True, nogil=True)
def _within(ticks: I64, at: int, reach: int) -> int:
    """Acts in the sorted ticks within reach of a tick."""
    return int(np.searchsorted(ticks, at + reach, side="right") - np.searchsorted(ticks, at - reach, side="left"))


@njit(cache=True, nogil=True)
def _co_actors(start: I64, tick: I64, ticks: I64, reach: int) -> I64:
    """Per act, how many acts of others are within reach."""
    out = np.empty(tick.size, np.int64)
    for a in range(start.size - 1):
        own = tick[start[a] : start[a + 1]]
        for i in range(own.size):
            out[start[a] + i] = _within(ticks, own[i], reach) - _within(own, own[i], reach)
    return out


@njit(cache=True, nogil=True)
def _chance_of_co_actors(
    ticks: I64, co_actors: I64, cell: I32, moments: tuple[I64, I32, F64], moment: int, reach: int
) -> F64:
    """Per act, sorted by tick: chance of as many co-actors or more at a place drawn from the crowd of its cell.

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
            if co_actors[act] > 0:
                out[act] = min(1.0, weight[co_actors[act]])
            act += 1
        weight[: top + 1] = 0.0
    return out


@njit(cache=True, nogil=True)
def _by_day(
    start: I64, tick: I64, ticks: I64, day: I32, share: F64, co_actors: I64, p: F64, lengths: tuple[int, int, int]
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
                in_cell, in_moment = _by_habit(a, best, start, tick, ticks, day, co_actors[best], lengths)
                worst = max(p[best] + share[best] * in_moment, in_cell)
                fisher[a] -= 2 * np.log(min(1.0, worst * (end - i)))
            i = end
    return days, fisher


@njit(cache=True, nogil=True)
def _by_habit(
    a: int, act: int, start: I64, tick: I64, ticks: I64, day: I32, co_actors: int, lengths: tuple[int, int, int]
) -> tuple[float, float]:
    """Shares of its acts of other days that would have as many co-actors at their places in this cell, moment."""
    cell, moment, reach = lengths
    n = in_cell = in_moment = 0
    for j in range(start[a], start[a + 1], max(1, -(-(start[a + 1] - start[a]) // SAMPLE))):
        if day[j] != day[act]:
            n += 1
            in_cell += _within(ticks, tick[act] // cell * cell + tick[j] % cell, reach) >= co_actors
            in_moment += _within(ticks, tick[act] // moment * moment + tick[j] % moment, reach) >= co_actors
    if n == 0:
        return 0.0, 0.0
    return in_cell / n, in_moment / n
