"""How fast accounts are, and how often two touches of an object coincide given that: q_o[l, l'].

Shuffling an object's times over its accounts keeps the object's curve and forgets that some people always come
early. Two of them meet within a minute on everything that both touch. So accounts are put into `N_CLASSES`
classes by how early they are on their *other* objects, and coincidences are counted by class.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from scipy import special

from unisono.maths.types import F64, I8, I32, I64
from unisono.nulls.touches import FirstTouches, slot_share

N_CLASSES = 7
_CUTS = np.array([-2.6, -2.1, -1.75, -1.4, -1.1, -0.8])
"""Borders of the classes in units of the shrunken mean score (log relative rank); with one object: in the middle."""
N_CLOCKS = 11
ON_SCHEDULE = N_CLOCKS - 2
"""Clock classes from here on are of accounts that act at full quarters of an hour, and at full hours: their posts are
sent by a tool."""
_DAY, _HOUR, _QUARTER, _MINUTE = 86_400_000_000, 3_600_000_000, 900_000_000, 60_000_000
_RARELY = 0.01
"""p of so many acts in the first minute of a quarter of an hour, one in fifteen by chance, for a tool to be assumed."""
_TRUST_CLOCKS = 50.0
"""Coincidences' worth of "the hours do not matter" that every pair of clock classes starts with."""
_SHRINK = 2.0
"""Objects' worth of "neither early nor late" that every account starts with."""
LEAST_SHARERS, LEAST_ACCOUNTS = 3, 20
_TRUST = 20.0
"""Slot pairs' worth of the object's overall rate that every class of an object starts with."""


class Chances(NamedTuple):
    """Probability that two given slots of an object lie within a window. Kernels take it as it is.

    place: (n_objects,) of each object in the tables by object, which hold those of two sharers or more alone
    q: (n_places, N_CLASSES, N_CLASSES) symmetric, by latency classes
    usual: the same as the classes would have it on all objects, to which no group contributes much
    circadian: (N_CLOCKS, N_CLOCKS) symmetric, factor on both by the hours of the two accounts
    share: (n_objects,) over all slot pairs, NaN where the object has one sharer
    overall: (N_CLASSES, N_CLASSES) share of slot pairs by classes, pooled over objects
    typical: see `typical_share`
    """

    window_us: int
    place: I32
    q: F64
    usual: F64
    circadian: F64
    share: F64
    overall: F64
    typical: float


class _Touches(NamedTuple):
    """First touches sorted by (object, time), as the kernels below take them. slots: (n_objects + 1,) where each object
    begins; t, classes, clocks: (n,) time, latency class and clock class of each."""

    slots: I64
    t: I64
    classes: I8
    clocks: I8


def latency_classes(first: FirstTouches) -> tuple[F64, I8, I8]:
    """(n,) score of each touch's account from its other objects, lower is earlier; and as class 0 (early) to
    N_CLASSES - 1 (late); and (n_accounts,) class of each account, from all of its objects.

    An account's score on an object is the log of its relative mid-rank among the object's sharers (-1 on average);
    its class for object o is that of its mean score over all objects but o, shrunk towards -1. Objects of its own say
    nothing about its speed and do not count.
    """
    rank = _mid_ranks(first.slots, first.t)
    n = first.n_sharers[first.object]
    shared = n >= 2  # the only sharer of an object is neither early nor late on it
    score = np.where(shared, np.log((rank + 0.5) / np.maximum(n, 1)), 0.0)
    total = np.bincount(first.account, weights=score, minlength=first.n_accounts)
    count = np.bincount(first.account, weights=shared, minlength=first.n_accounts)
    others = (total[first.account] - score - _SHRINK) / (count[first.account] - shared + _SHRINK)
    overall = (total - _SHRINK) / (count + _SHRINK)
    return others, np.digitize(others, _CUTS).astype(np.int8), np.digitize(overall, _CUTS).astype(np.int8)


def clock_classes(first: FirstTouches) -> I8:
    """(n_accounts,) when an account acts: sector of the day, 0 to 7, in which its first touches have their circular
    mean; 8 for accounts whose touches show no preference (Rayleigh, n R^2 < 3, p about 0.05); ON_SCHEDULE and the next.

    Tools that send at the full or half hour let strangers coincide to the second (Zhang and Paxson, "Detecting and
    analyzing automated activity on Twitter", PAM 2011). Where most touches are at such times it is the data's clock.
    """
    angle = (first.t % _DAY) * (2 * np.pi / _DAY)
    x = np.bincount(first.account, weights=np.cos(angle), minlength=first.n_accounts)
    y = np.bincount(first.account, weights=np.sin(angle), minlength=first.n_accounts)
    n = np.bincount(first.account, minlength=first.n_accounts)
    sector = np.floor((np.arctan2(y, x) / (2 * np.pi) % 1.0) * 8).astype(np.int8) % 8
    out = np.where((x * x + y * y) / np.maximum(n, 1) < 3, 8, sector).astype(np.int8)
    on_mark = first.t % _QUARTER < _MINUTE
    if 2 * np.count_nonzero(on_mark) < len(on_mark):
        k = np.bincount(first.account[on_mark], minlength=first.n_accounts)
        full = np.bincount(first.account[first.t % _HOUR < _MINUTE], minlength=first.n_accounts)
        tool = (k >= 2) & (special.bdtrc(k - 1.0, n, _MINUTE / _QUARTER) <= _RARELY) & (2 * k > n)
        out[tool] = ON_SCHEDULE + (10 * full > 9 * k)[tool]
    return out


def chances(first: FirstTouches, classes: I8, clocks: I8, window_us: int) -> Chances:
    """q_o by class: counted, and shrunk towards the object's own share times how much the classes differ overall."""
    shared = first.n_sharers >= 2
    rows = shared[first.object]
    touches = _Touches(
        np.concatenate([[0], np.cumsum(first.n_sharers[shared])]), first.t[rows], classes[rows],
        clocks[first.account[rows]],
    )  # fmt: skip
    close, slots = _by_class(touches.slots, touches.t, touches.classes, window_us)
    share = slot_share(first, window_us)
    possible = _slot_pairs(slots)
    for i in range(N_CLASSES):  # counted as (lower, higher): now both ways
        close[:, i + 1 :, i] = close[:, i, i + 1 :]
    base = share[shared, None, None]
    q = base * possible  # written into again below: with a million objects each copy costs more than the sums
    ratio = (close.sum(0) + _TRUST) / (q.sum(0) + _TRUST)
    overall = close.sum(0) / np.maximum(possible.sum(0), 1.0)
    prior = base * ratio
    np.minimum(np.maximum(prior, overall, out=prior), 1.0, out=prior)
    np.add(np.multiply(prior, _TRUST, out=q), close, out=q)
    possible += _TRUST
    np.minimum(np.divide(q, possible, out=q), 1.0, out=q)
    seen, expected = _by_clock(touches, q, window_us)
    circadian = (seen + seen.T + _TRUST_CLOCKS) / (expected + expected.T + _TRUST_CLOCKS)
    place = np.maximum(np.cumsum(shared) - 1, 0).astype(np.int32)
    return Chances(window_us, place, q, prior, circadian, share, overall, typical_share(account_shares(first, share)))


def typical_share(share: F64) -> float:
    """How likely two touches of what accounts usually touch are within the window: the mean over accounts of the mean
    share of their objects, so that no group weighs more than its accounts. 1 where fewer than LEAST_ACCOUNTS can say.

    share: (n,) those of `account_shares`, of the accounts that count.
    """
    known = share[~np.isnan(share)]
    return float(known.mean()) if len(known) >= LEAST_ACCOUNTS else 1.0


def account_shares(first: FirstTouches, share: F64) -> F64:
    """(n_accounts,) mean share of each account's objects of LEAST_SHARERS or more; NaN without any.

    share: (n_objects,).
    """
    use = (first.n_sharers >= LEAST_SHARERS)[first.object]
    n = np.bincount(first.account[use], minlength=first.n_accounts)
    total = np.bincount(first.account[use], weights=share[first.object[use]], minlength=first.n_accounts)
    return np.where(n > 0, total / np.maximum(n, 1), np.nan)


def _slot_pairs(slots: F64) -> F64:
    """Pairs of slots of an object by their classes, unordered."""
    pairs = slots[:, :, None] * slots[:, None, :]
    own = np.arange(N_CLASSES)
    pairs[:, own, own] = slots * (slots - 1) / 2
    return pairs


@njit(cache=True, nogil=True)
def _by_clock(touches: _Touches, q: F64, window: int) -> tuple[F64, F64]:
    """Coincidences by the clock classes of the two, over all objects: seen, and expected by the latency classes."""
    slots, t, classes, clocks = touches.slots, touches.t, touches.classes, touches.clocks
    seen, expected = np.zeros((N_CLOCKS, N_CLOCKS)), np.zeros((N_CLOCKS, N_CLOCKS))
    inside, table = np.zeros(N_CLOCKS), np.zeros((N_CLASSES, N_CLOCKS))
    for o in range(slots.size - 1):
        left, begin, end = slots[o], slots[o], slots[o + 1]
        if end - begin < 2:
            continue
        inside[:] = 0
        table[:] = 0
        for i in range(begin, end):
            while t[i] - t[left] > window:
                inside[clocks[left]] -= 1
                left += 1
            mine = clocks[i]
            for x in range(N_CLOCKS):
                seen[mine, x] += inside[x]
            inside[mine] += 1
            table[classes[i], mine] += 1
        if end - begin < N_CLASSES * N_CLOCKS:
            for i in range(begin, end):
                for j in range(begin, i):
                    expected[clocks[i], clocks[j]] += q[o, classes[i], classes[j]]
            continue
        for i in range(begin, end):
            expected[clocks[i], clocks[i]] -= 0.5 * q[o, classes[i], classes[i]]
        for c in range(N_CLASSES):
            for d in range(N_CLASSES):
                for x in range(N_CLOCKS):
                    if table[c, x]:
                        weight = 0.5 * q[o, c, d] * table[c, x]
                        for y in range(N_CLOCKS):
                            expected[x, y] += weight * table[d, y]
    return seen, expected


@njit(cache=True, nogil=True)
def _mid_ranks(slots: I64, t: I64) -> F64:
    """Rank 0, 1, ... of each touch on its object; touches at the same time share the middle of theirs."""
    out = np.empty(t.size)
    for o in range(slots.size - 1):
        i = slots[o]
        while i < slots[o + 1]:
            j = i
            while j + 1 < slots[o + 1] and t[j + 1] == t[i]:
                j += 1
            for k in range(i, j + 1):
                out[k] = (i + j) / 2 - slots[o]
            i = j + 1
    return out


@njit(cache=True, nogil=True)
def _by_class(slots: I64, t: I64, classes: I8, window: int) -> tuple[F64, F64]:
    """Pairs within the window by the classes of the two (lower class first), and slots by class, per object."""
    n = slots.size - 1
    close, size = np.zeros((n, N_CLASSES, N_CLASSES)), np.zeros((n, N_CLASSES))
    inside = np.zeros(N_CLASSES, np.int64)
    for o in range(n):
        inside[:] = 0
        left = slots[o]
        for i in range(slots[o], slots[o + 1]):
            while t[i] - t[left] > window:
                inside[classes[left]] -= 1
                left += 1
            mine = classes[i]
            for k in range(N_CLASSES):
                close[o, min(k, mine), max(k, mine)] += inside[k]
            inside[mine] += 1
            size[o, mine] += 1
    return close, size
