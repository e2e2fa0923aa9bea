"""The joint null: both touch an object by interest, activity and popularity, and by its curve and their speed they
coincide. lambda_uv = sum over objects of p_uo p_vo q_o[l_u, l_v]."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit, prange

from unisono.edges.latency import I8
from unisono.edges.margins import Margins
from unisono.edges.touches import matches
from unisono.maths.bounds import log_tail_or_bound
from unisono.maths.tails import log_poisson_tail
from unisono.pairs.arrays import I32, I64

F64 = npt.NDArray[np.float64]


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
    _expected(*args, a, b, expected)
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
    out: F64,
) -> None:  # fmt: skip
    for p in prange(a.size):
        out[p] = _chances(stratum, x, start, objects, y, speed, clocks, q, awake, a[p], b[p]).sum()


@njit(cache=True, nogil=True, parallel=True)
def _exact(
    stratum: I32, x: F64, start: I64, objects: I32, y: F64, speed: I8, clocks: I8, q: F64, awake: F64, a: I64, b: I64,
    s: I64, out: F64,
) -> None:  # fmt: skip
    for p in prange(a.size):
        chance = _chances(stratum, x, start, objects, y, speed, clocks, q, awake, a[p], b[p])
        out[p] = log_tail_or_bound(chance, s[p])
