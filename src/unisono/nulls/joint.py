"""The joint null: both touch an object by interest, activity and popularity, and by its curve and their speed they
coincide. lambda_uv = sum over objects of p_uo p_vo q_o[l_u, l_v]."""

from __future__ import annotations

import numpy as np
from numba import get_num_threads, njit, prange

from unisono.maths.bounds import log_tail_or_bound
from unisono.maths.tails import log_poisson_tail
from unisono.maths.types import F64, I8, I32, I64, U8
from unisono.nulls.configuration import Margins
from unisono.nulls.touches import matches

Bits = U8


def joint(
    margins: Margins, speed: I8, clocks: I8, q: F64, awake: F64, a: I64, b: I64, s: I64, exact: bool = True
) -> tuple[F64, F64]:
    """Expected coincidences and log p of `s` or more for the pairs (a[i], b[i]).

    speed: (n_accounts,) latency class of each account; q: (n_objects, classes, classes), or ones for the selection
    null, which is blind to time. The Poisson tail bounds the exact one from above for s >= lambda + 1
    (Hoeffding, Ann. Math. Stat. 27 (1956)); below that the exact one is computed, or bounded where that takes too long.
    Where no more came than expected it is 1/2 or more (Jogdeo and Samuels, Ann. Math. Stat. 39 (1968)), and given as 1.
    exact: False for p = 1 instead of an exact one, which is slow where many pairs share about what is expected.
    """
    expected = np.zeros(len(a))
    args = (margins.stratum, margins.x, margins.start, margins.objects, margins.y, speed, clocks, q, awake)
    order = np.lexsort((margins.stratum[b], margins.stratum[a]))
    runs = np.flatnonzero(np.diff(margins.stratum[a[order]], prepend=-2, append=-2)).astype(np.int64)
    _expected(*args, a, b, order, runs, len(q), get_num_threads(), expected)
    log_p = log_poisson_tail(expected, s)
    log_p[s <= (np.floor(expected) if exact else expected + 1)] = 0.0
    near = np.flatnonzero((s > np.floor(expected)) & (s < expected + 1)) if exact else np.empty(0, np.int64)
    tail = np.empty(len(near))
    _exact(*args, a[near], b[near], s[near], tail)
    log_p[near] = tail
    return expected, log_p


@njit(cache=True, nogil=True)
def _chances(
    stratum: I32, x: F64, start: I64, objects: I32, y: F64, speed: I8, clocks: I8, q: F64, awake: F64, u: int, v: int
) -> F64:  # fmt: skip
    """Probability that u and v coincide, by object of both their strata."""
    i, i_end, j, j_end = start[stratum[u]], start[stratum[u] + 1], start[stratum[v]], start[stratum[v] + 1]
    room = min(i_end - i, j_end - j)
    mine, theirs = np.empty(room, np.int32), np.empty(room, np.int32)
    n = matches(objects, i, i_end, j, j_end, mine, theirs)
    lu, lv, factor, out = speed[u], speed[v], awake[clocks[u], clocks[v]], np.empty(n)
    for k in range(n):
        zu, zv = x[u] * y[mine[k]], x[v] * y[theirs[k]]
        out[k] = zu * zv / ((1.0 + zu) * (1.0 + zv)) * min(factor * q[objects[mine[k]], lu, lv], 1.0)
    return out


@njit(cache=True, nogil=True, parallel=True)
def _expected(
    stratum: I32, x: F64, start: I64, objects: I32, y: F64, speed: I8, clocks: I8, q: F64, awake: F64, a: I64, b: I64,
    order: I64, runs: I64, n_objects: int, n_threads: int, out: F64,
) -> None:  # fmt: skip
    """Sum of `_chances`, pair by pair in the order of their strata: two strata are matched once for all their pairs,
    by a table of the objects of the first. runs: where in `order` each first stratum begins; dealt to threads in turn.
    """
    for thread in prange(n_threads):
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
                out[p] = _sum(mine[:n], theirs[:n], x, objects, y, speed, clocks, q, awake, a[p], b[p])
            for i in range(start[own], start[own + 1]):
                there[objects[i] >> 3] = 0


@njit(cache=True, nogil=True)
def _in_both(place: I32, there: Bits, objects: I32, j: int, j_end: int) -> tuple[int, I32, I32]:
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
def _sum(
    mine: I32, theirs: I32, x: F64, objects: I32, y: F64, speed: I8, clocks: I8, q: F64, awake: F64, u: int, v: int
) -> float:  # fmt: skip
    lu, lv, factor, total = speed[u], speed[v], awake[clocks[u], clocks[v]], 0.0
    for k in range(mine.size):
        zu, zv = x[u] * y[mine[k]], x[v] * y[theirs[k]]
        total += zu * zv / ((1.0 + zu) * (1.0 + zv)) * min(factor * q[objects[mine[k]], lu, lv], 1.0)
    return total


@njit(cache=True, nogil=True, parallel=True)
def _exact(
    stratum: I32, x: F64, start: I64, objects: I32, y: F64, speed: I8, clocks: I8, q: F64, awake: F64, a: I64, b: I64,
    s: I64, out: F64,
) -> None:  # fmt: skip
    for p in prange(a.size):
        chance = _chances(stratum, x, start, objects, y, speed, clocks, q, awake, a[p], b[p])
        out[p] = log_tail_or_bound(chance, s[p])
