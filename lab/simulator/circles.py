"""Friend circles: shared selection with loose timing, the hardest organic cause for a pair test."""

from __future__ import annotations

import numpy as np

from lab.simulator.causes import SECOND_US
from lab.simulator.timing import SIGMA
from lab.simulator.world import NONE, People
from unisono.maths.types import I32, I64
from unisono.pairs.arrays import Flags

COPIED = 0.4
"""Share of a circle member's acts that are taken from a friend."""
MEDIAN_US = 1800 * SECOND_US


def own_acts(n_acts: I64, people: People) -> I64:
    """(m,) acts that each account finds by itself: all, or for friends all but the copied share."""
    friends = people.circle != NONE
    return np.where(friends, n_acts - np.floor(COPIED * n_acts).astype(np.int64), n_acts)


def copies(
    account: I32, obj: I32, t: I64, wanted: I64, people: People, rng: np.random.Generator
) -> tuple[I32, I32, I64]:
    """Acts that members take from friends: a friend's own act, then a lognormal delay, median 30 minutes.

    account, obj, t: (n,) the accounts' own acts; wanted: (m,) copies wanted of each account, 0 outside circles.
    A member copies no object that it touches anyway and none twice; small circles run out, and then it copies
    fewer.
    """
    circle = people.circle[account]
    rows = np.flatnonzero(circle != NONE)
    rows = rows[np.argsort(circle[rows], kind="stable")]
    begin = np.searchsorted(circle[rows], np.arange(people.circle.max(initial=-1) + 2))
    who, what, when, n_objects = account, obj, t, int(obj.max(initial=0)) + 1
    for _ in range(4):  # draws that fail (own act, known object) are tried again a few times
        done = np.bincount(who[len(account) :], minlength=len(wanted))
        member = np.repeat(np.arange(len(wanted)), wanted - done)
        first, last = begin[people.circle[member]], begin[people.circle[member] + 1]
        source = rows[first + (rng.random(len(member)) * (last - first)).astype(np.int64)]
        mine = member * n_objects + obj[source]
        new = first_of(mine) & ~np.isin(mine, who.astype(np.int64) * n_objects + what)
        member, source = member[new], source[new]
        delay = (MEDIAN_US * rng.lognormal(0, SIGMA, len(member))).astype(np.int64)
        who, what = np.append(who, member.astype(np.int32)), np.append(what, obj[source])
        when = np.append(when, t[source] + delay)
    n = len(account)
    return who[n:], what[n:], when[n:]


def first_of(key: I64) -> Flags:
    """(n,) whether a row is the first with its key."""
    first = np.zeros(len(key), np.bool_)
    first[np.unique(key, return_index=True)[1]] = True
    return first
