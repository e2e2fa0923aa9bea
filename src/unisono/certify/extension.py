"""Who else acts with a core: accounts that come within its bursts too often, tested on accounts outside it alone.

A burst is two or more of the core within the window on one object. An account outside the core played no part in
finding it, so given its interest (p_uo, the strata's) and the object's other touches its presence in a burst is
chance: lambda_v = sum over bursts of p_vo x r_o, r_o the share of the object's slots outside the core that lie
within the window of the burst. Poisson tail (an upper bound for s >= lambda + 1), over the strata where chance explains
most, Benjamini-Hochberg over all accounts of the test family.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from unisono.maths.sorting import distinct
from unisono.maths.tails import log_poisson_tail
from unisono.maths.types import F64, I64
from unisono.nulls.configuration import ConfigurationModel
from unisono.nulls.layer import Background
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import Flags

_LEAST = 2
"""Fewest bursts that an account must be in."""


@dataclass(frozen=True)
class Bursts:
    """objects: (k,) with a burst of the core; share: r_o; inside: (m,) accounts outside the core that came within one,
    one entry per sitting: what one sitting shows is one meeting."""

    objects: I64
    share: F64
    inside: I64


def companions(ground: Background, window_us: int, core: I64) -> tuple[I64, F64]:
    """Accounts outside the core that come within `_LEAST` of its bursts or more, and the log p of each.

    core: accounts of the trace. Accounts of the family that are not returned count as p = 1.
    """
    first = ground.first
    found = bursts(first, window_us, core)
    accounts, hits = np.unique(found.inside, return_counts=True)
    keep = (hits >= _LEAST) & first.tested[accounts]
    accounts, hits = accounts[keep], hits[keep].astype(np.int64)
    log_p = np.full(len(accounts), -np.inf)
    for model in ground.models:
        expected = _expected(model, found, accounts)
        tail = log_poisson_tail(expected, hits)
        log_p = np.maximum(log_p, np.where(hits >= expected + 1, tail, 0.0))
    return accounts, log_p


def bursts(first: FirstTouches, window_us: int, core: I64) -> Bursts:
    """The core's bursts and who else is in them."""
    inside = np.zeros(first.n_accounts, np.bool_)
    inside[core] = True
    near = _near_bursts(first.slots, first.t, inside[first.account], window_us)
    objects = distinct(first.object[near]).astype(np.int64)
    outside = ~inside[first.account]
    others = np.bincount(first.object[outside], minlength=len(first.n_sharers))[objects]
    close = np.bincount(first.object[outside & near], minlength=len(first.n_sharers))[objects]
    share = np.where(others > 0, close / np.maximum(others, 1), 0.0)
    rows = np.flatnonzero(outside & near)
    once = distinct(first.account[rows].astype(np.int64) << 32 | first.sitting[rows])
    return Bursts(objects, share, once >> 32)


@njit(cache=True, nogil=True)
def _near_bursts(slots: I64, t: I64, core: Flags, window: int) -> Flags:
    """Rows within the window of a core row that has another core row within the window."""
    out = np.zeros(t.size, np.bool_)
    for o in range(slots.size - 1):
        last = -1
        for i in range(slots[o], slots[o + 1]):
            if not core[i]:
                continue
            if last >= 0 and t[i] - t[last] <= window:
                for c in (last, i):
                    _mark(t, out, c, slots[o], slots[o + 1], window)
            last = i
    return out


@njit(cache=True, nogil=True)
def _mark(t: I64, out: Flags, i: int, begin: int, end: int, window: int) -> None:
    j = i
    while j >= begin and t[i] - t[j] <= window:
        out[j] = True
        j -= 1
    j = i
    while j < end and t[j] - t[i] <= window:
        out[j] = True
        j += 1


def _expected(model: ConfigurationModel, found: Bursts, accounts: I64) -> F64:
    out, of = np.zeros(len(accounts)), model.stratum[accounts]
    for stratum in distinct(of):
        objects = model.objects[model.start[stratum] : model.start[stratum + 1]]
        y = model.y[model.start[stratum] : model.start[stratum + 1]]
        at = np.minimum(np.searchsorted(objects, found.objects), max(len(objects) - 1, 0))
        level = np.where(objects[at] == found.objects, y[at], 0.0)
        for i in np.flatnonzero(of == stratum):
            z = level * model.x[accounts[i]]
            out[i] = float((z / (1 + z) * found.share).sum())
    return out
