"""The joint null: both touch an object by interest, activity and popularity, and by its curve and their speed they
coincide. lambda_uv = sum over objects of p_uo p_vo q_o[l_u, l_v]."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from unisono.maths.bounds import log_tail_or_bound
from unisono.maths.tails import log_poisson_tail
from unisono.maths.threads import in_pieces, in_turn
from unisono.maths.types import F64, I8, I32, I64, U8
from unisono.nulls.configuration import ConfigurationModel
from unisono.nulls.latency import Chances
from unisono.nulls.touches import matches

_LITTLE = 0.05
"""Of a tail: what may be added to it to be sure that it is no smaller than the exact one."""


class Times(NamedTuple):
    """What times say of a coincidence, see `Chances`. speed, clocks: (n_accounts,) classes of each account; place:
    (n_objects,) of each object in q: (n_places, classes, classes); circadian: (clock classes, clock classes) factor."""

    speed: I8
    clocks: I8
    place: I32
    q: F64
    circadian: F64


def times(speed: I8, clocks: I8, chance: Chances) -> Times:
    """Coincidences within the window."""
    return Times(speed, clocks, chance.place, chance.q, chance.circadian)


def timeless(speed: I8, clocks: I8, chance: Chances) -> Times:
    """For the selection null, which is blind to time: whoever touches the same object coincides."""
    alike = np.ones((1, *chance.q.shape[1:]))
    return Times(speed, clocks, np.zeros_like(chance.place), alike, np.ones_like(chance.circadian))


def joint(model: ConfigurationModel, at: Times, a: I64, b: I64, s: I64, exact: bool = True) -> tuple[F64, F64]:
    """Expected coincidences and log p of `s` or more for the pairs (a[i], b[i]).

    The Poisson tail bounds the exact one from above for s >= lambda + 1 (Hoeffding, Ann. Math. Stat. 27 (1956)). Below
    that the two differ by (1 - exp(-lambda)) / lambda times the sum of the squared probabilities at most (Barbour and
    Hall, Math. Proc. Camb. Phil. Soc. 95 (1984)), which is added where it is little; else the exact one is computed.
    Where no more came than expected it is 1/2 or more (Jogdeo and Samuels, Ann. Math. Stat. 39 (1968)), and given as 1.
    exact: False for p = 1 instead of an exact one, which is slow where many pairs share about what is expected.
    """
    sums, n_objects = np.zeros((2, len(a))), int(model.objects.max(initial=-1)) + 1
    order = _in_order(model, at, a, b)
    runs = np.flatnonzero(np.diff(model.stratum[a[order]], prepend=-2, append=-2)).astype(np.int64)
    in_turn(lambda k, of: _expected(model, at, a, b, order, runs, n_objects, k, of, sums), len(runs) - 1)
    expected, squares = sums
    log_p = log_poisson_tail(expected, s)
    log_p[s <= (np.floor(expected) if exact else expected + 1)] = 0.0
    if not exact:
        return expected, log_p
    near = np.flatnonzero((s > np.floor(expected)) & (s < expected + 1))
    off = -np.expm1(-expected[near]) / np.maximum(expected[near], 1e-300) * squares[near]
    tail = np.exp(log_p[near])
    little = off <= _LITTLE * tail
    log_p[near[little]] = np.log(np.minimum(tail + off, 1.0)[little])
    near = near[~little]
    in_pieces(lambda begin, end: _exact(model, at, a, b, s, near[begin:end], log_p), len(near))
    return expected, log_p


def _in_order(model: ConfigurationModel, at: Times, a: I64, b: I64) -> I64:
    """Pairs by their strata, then by the speeds, then by the hours of both."""
    key = np.zeros(len(a), np.int64)
    for of, most in ((model.stratum, int(model.stratum.max(initial=0)) + 1), (at.speed, at.q.shape[1]),
                     (at.clocks, at.circadian.shape[0])):  # fmt: skip
        key = (key * most + of[a]) * most + of[b]
    return np.argsort(key, kind="stable")


@njit(cache=True, nogil=True)
def _chances(model: ConfigurationModel, at: Times, u: int, v: int) -> F64:
    """Probability that u and v coincide, by object of both their strata."""
    x, y, start, objects, stratum = model.x, model.y, model.start, model.objects, model.stratum
    i, i_end, j, j_end = start[stratum[u]], start[stratum[u] + 1], start[stratum[v]], start[stratum[v] + 1]
    room = min(i_end - i, j_end - j)
    mine, theirs = np.empty(room, np.int32), np.empty(room, np.int32)
    n, out = matches(objects, i, i_end, j, j_end, mine, theirs), np.empty(room)
    lu, lv, factor = at.speed[u], at.speed[v], at.circadian[at.clocks[u], at.clocks[v]]
    for k in range(n):
        zu, zv = x[u] * y[mine[k]], x[v] * y[theirs[k]]
        chance = at.q[at.place[objects[mine[k]]], lu, lv]
        out[k] = zu * zv / ((1.0 + zu) * (1.0 + zv)) * min(factor * chance, 1.0)
    return out[:n]


@njit(cache=True, nogil=True)
def _expected(
    model: ConfigurationModel, at: Times, a: I64, b: I64, order: I64, runs: I64, n_objects: int, thread: int,
    n_threads: int, out: F64,
) -> None:  # fmt: skip
    """Sums of `_chances` and of their squares (2, n), pair by pair in the order of their strata: two strata are matched
    once for all their pairs, by a table of the objects of the first. runs: where in `order` each first stratum begins;
    dealt to threads in turn."""
    stratum, start, objects = model.stratum, model.start, model.objects
    place, there = np.empty(n_objects, np.int32), np.zeros(n_objects // 8 + 1, np.uint8)
    for r in range(thread, runs.size - 1, n_threads):
        own = stratum[a[order[runs[r]]]]
        for i in range(start[own], start[own + 1]):
            place[objects[i]] = i
            there[objects[i] >> 3] |= np.uint8(1 << (objects[i] & 7))
        begin = runs[r]
        while begin < runs[r + 1]:
            other, end = stratum[b[order[begin]]], begin
            while end < runs[r + 1] and stratum[b[order[end]]] == other:
                end += 1
            mine, theirs = _in_both(place, there, objects, start[other], start[other + 1])
            _of_two_strata(mine, theirs, model, at, a, b, order[begin:end], out)
            begin = end
        for i in range(start[own], start[own + 1]):
            there[objects[i] >> 3] = 0


@njit(cache=True, nogil=True)
def _of_two_strata(
    mine: I32, theirs: I32, model: ConfigurationModel, at: Times, a: I64, b: I64, pairs: I64, out: F64
) -> None:
    """The pairs of two strata, in the order of their speeds and hours. mine, theirs: cells of the objects of both.

    Objects of one degree in either stratum have the same p_uo p_vo: they are one term, times the sum of their q. That
    sum is of the pair's speeds alone, but for the objects on which some factor would lift q above 1.
    """
    of, y_mine, y_theirs = _alike(mine, theirs, model, model.stratum[a[pairs[0]]], model.stratum[b[pairs[0]]])
    x, q, speed, clocks, place = model.x, at.q, at.speed, at.clocks, at.place[model.objects[mine]]
    most, high = at.circadian.max(), np.empty(of.size, np.int32)
    flat, total = np.empty((2, y_mine.size)), np.empty((2, y_mine.size))
    i = 0
    while i < pairs.size:
        lu, lv = speed[a[pairs[i]]], speed[b[pairs[i]]]
        n_high = 0
        flat[:] = 0.0
        for k in range(of.size):
            chance = q[place[k], lu, lv]
            if most * chance > 1.0:
                high[n_high] = k
                n_high += 1
            else:
                flat[0, of[k]] += chance
                flat[1, of[k]] += chance * chance
        while i < pairs.size and speed[a[pairs[i]]] == lu and speed[b[pairs[i]]] == lv:
            cu, cv = clocks[a[pairs[i]]], clocks[b[pairs[i]]]
            factor = at.circadian[cu, cv]
            for g in range(y_mine.size):
                total[0, g], total[1, g] = factor * flat[0, g], factor * factor * flat[1, g]
            for k in high[:n_high]:
                chance = min(factor * q[place[k], lu, lv], 1.0)
                total[0, of[k]] += chance
                total[1, of[k]] += chance * chance
            while (
                i < pairs.size and speed[a[pairs[i]]] == lu and speed[b[pairs[i]]] == lv
                and clocks[a[pairs[i]]] == cu and clocks[b[pairs[i]]] == cv
            ):  # fmt: skip
                xu, xv, expected, squares = x[a[pairs[i]]], x[b[pairs[i]]], 0.0, 0.0
                for g in range(y_mine.size):
                    zu, zv = xu * y_mine[g], xv * y_theirs[g]
                    both = zu * zv / ((1.0 + zu) * (1.0 + zv))
                    expected += both * total[0, g]
                    squares += both * both * total[1, g]
                out[0, pairs[i]], out[1, pairs[i]] = expected, squares
                i += 1


@njit(cache=True, nogil=True)
def _alike(mine: I32, theirs: I32, model: ConfigurationModel, own: int, other: int) -> tuple[I32, F64, F64]:
    """Objects of two strata by their degrees in both: the group of each, and the y of each group in either stratum."""
    column, columns, level = model.column, model.columns, model.level
    width = columns[other + 1] - columns[other]
    group = np.full((columns[own + 1] - columns[own]) * width, -1, np.int32)
    of, y_mine, y_theirs, n = np.empty(mine.size, np.int32), np.empty(mine.size), np.empty(mine.size), 0
    for k in range(mine.size):
        c, d = column[mine[k]], column[theirs[k]]
        key = (c - columns[own]) * width + d - columns[other]
        if group[key] < 0:
            group[key], y_mine[n], y_theirs[n] = n, level[c], level[d]
            n += 1
        of[k] = group[key]
    return of, y_mine[:n], y_theirs[:n]


@njit(cache=True, nogil=True)
def _in_both(place: I32, there: U8, objects: I32, j: int, j_end: int) -> tuple[I32, I32]:
    """Cells of the objects from j on that are there, and their places, in the order of the objects. Most are not:
    a bit for each object stays in the cache, which the places do not."""
    theirs, n = np.empty(j_end - j, np.int32), 0
    for k in range(j, j_end):
        theirs[n] = k
        n += there[objects[k] >> 3] >> (objects[k] & 7) & 1
    mine = np.empty(n, np.int32)
    for k in range(n):
        mine[k] = place[objects[theirs[k]]]
    return mine, theirs[:n]


@njit(cache=True, nogil=True)
def _exact(model: ConfigurationModel, at: Times, a: I64, b: I64, s: I64, pairs: I64, out: F64) -> None:
    for p in pairs:
        out[p] = log_tail_or_bound(_chances(model, at, a[p], b[p]), s[p])
