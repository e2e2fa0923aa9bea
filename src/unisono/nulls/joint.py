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


class Times(NamedTuple):
    """What times say of a coincidence. speed, clocks: (n_accounts,) classes of each account; q: (n_objects, classes,
    classes); circadian: (clock classes, clock classes) factor on it, see `Chances`; q of one object counts for all."""

    speed: I8
    clocks: I8
    q: F64
    circadian: F64


def times(speed: I8, clocks: I8, chance: Chances) -> Times:
    """Coincidences within the window."""
    return Times(speed, clocks, chance.q, chance.circadian)


def timeless(speed: I8, clocks: I8, chance: Chances) -> Times:
    """For the selection null, which is blind to time: whoever touches the same object coincides."""
    return Times(speed, clocks, np.ones((1, *chance.q.shape[1:])), np.ones_like(chance.circadian))


def joint(model: ConfigurationModel, at: Times, a: I64, b: I64, s: I64, exact: bool = True) -> tuple[F64, F64]:
    """Expected coincidences and log p of `s` or more for the pairs (a[i], b[i]).

    The Poisson tail bounds the exact one from above for s >= lambda + 1
    (Hoeffding, Ann. Math. Stat. 27 (1956)); below that the exact one is computed, or bounded where that takes too long.
    Where no more came than expected it is 1/2 or more (Jogdeo and Samuels, Ann. Math. Stat. 39 (1968)), and given as 1.
    exact: False for p = 1 instead of an exact one, which is slow where many pairs share about what is expected.
    """
    expected, n_objects = np.zeros(len(a)), int(model.objects.max(initial=-1)) + 1
    order = np.lexsort((model.stratum[b], model.stratum[a]))
    runs = np.flatnonzero(np.diff(model.stratum[a[order]], prepend=-2, append=-2)).astype(np.int64)
    in_turn(lambda k, of: _expected(model, at, a, b, order, runs, n_objects, k, of, expected), len(runs) - 1)
    log_p = log_poisson_tail(expected, s)
    log_p[s <= (np.floor(expected) if exact else expected + 1)] = 0.0
    if not exact:
        return expected, log_p
    near = np.flatnonzero((s > np.floor(expected)) & (s < expected + 1))
    in_pieces(lambda begin, end: _exact(model, at, a, b, s, near[begin:end], log_p), len(near))
    return expected, log_p


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
        o = objects[mine[k]] if at.q.shape[0] > 1 else 0
        out[k] = zu * zv / ((1.0 + zu) * (1.0 + zv)) * min(factor * at.q[o, lu, lv], 1.0)
    return out[:n]


@njit(cache=True, nogil=True)
def _expected(
    model: ConfigurationModel, at: Times, a: I64, b: I64, order: I64, runs: I64, n_objects: int, thread: int,
    n_threads: int, out: F64,
) -> None:  # fmt: skip
    """Sum of `_chances`, pair by pair in the order of their strata: two strata are matched once for all their pairs,
    by a table of the objects of the first. runs: where in `order` each first stratum begins; dealt to threads in turn.
    """
    stratum, start, objects = model.stratum, model.start, model.objects
    place, there = np.empty(n_objects, np.int32), np.zeros(n_objects // 8 + 1, np.uint8)
    for r in range(thread, runs.size - 1, n_threads):
        own = stratum[a[order[runs[r]]]]
        for i in range(start[own], start[own + 1]):
            place[objects[i]] = i
            there[objects[i] >> 3] |= np.uint8(1 << (objects[i] & 7))
        other, n = -2, 0
        mine = theirs = np.empty(0, np.int32)
        for e in range(runs[r], runs[r + 1]):
            p = order[e]
            if stratum[b[p]] != other:
                other = stratum[b[p]]
                n, mine, theirs = _in_both(place, there, objects, start[other], start[other + 1])
            out[p] = _sum(mine[:n], theirs[:n], model, at, a[p], b[p])
        for i in range(start[own], start[own + 1]):
            there[objects[i] >> 3] = 0


@njit(cache=True, nogil=True)
def _in_both(place: I32, there: U8, objects: I32, j: int, j_end: int) -> tuple[int, I32, I32]:
    """Cells of the objects from j on that are there, and their places, in the order of the objects. Most are not:
    a bit for each object stays in the cache, which the places do not."""
    theirs, n = np.empty(j_end - j, np.int32), 0
    for k in range(j, j_end):
        theirs[n] = k
        n += there[objects[k] >> 3] >> (objects[k] & 7) & 1
    mine = np.empty(n, np.int32)
    for k in range(n):
        mine[k] = place[objects[theirs[k]]]
    return n, mine, theirs


@njit(cache=True, nogil=True)
def _sum(mine: I32, theirs: I32, model: ConfigurationModel, at: Times, u: int, v: int) -> float:
    x, y, objects, q = model.x, model.y, model.objects, at.q
    lu, lv, factor, total = at.speed[u], at.speed[v], at.circadian[at.clocks[u], at.clocks[v]], 0.0
    one = q.shape[0] == 1
    for k in range(mine.size):
        zu, zv = x[u] * y[mine[k]], x[v] * y[theirs[k]]
        o = 0 if one else objects[mine[k]]
        total += zu * zv / ((1.0 + zu) * (1.0 + zv)) * min(factor * q[o, lu, lv], 1.0)
    return total


@njit(cache=True, nogil=True)
def _exact(model: ConfigurationModel, at: Times, a: I64, b: I64, s: I64, pairs: I64, out: F64) -> None:
    for p in pairs:
        out[p] = log_tail_or_bound(_chances(model, at, a[p], b[p]), s[p])
