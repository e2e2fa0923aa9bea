"""First touches with their delays: the slots that an object's reactors could have exchanged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.maths.types import I64, U64
from unisono.pairs.arrays import UNKNOWN, TraceArrays
from unisono.pairs.ranges import touches
from unisono.reactions.origins import NOBODY, Layer

_S = 1_000_000
WINDOWS_US = (10 * _S, 30 * _S, 60 * _S, 300 * _S)
"""From birth to first touch, inclusive. Fixed without looking at the data."""
MIN_OBJECTS = 3
"""Fewest objects of one author that an account must have touched, at any time, to be tested."""
DAY_PARTS = 8
"""Parts of the day: three hours, within which an account is about as likely to be active."""
_PART_US = 86_400 * _S // DAY_PARTS


@dataclass(frozen=True)
class Slots:
    """First touches of objects by accounts that did not make them, sorted by (object, time, tie-break).

    account, object: (n,) ranks of their ids in UTF-8 byte order, so that nothing depends on how rows were numbered
    delay: (n,) microseconds since the object's birth; means nothing where the author is unknown
    author: (n,) number of the author of the object, NOBODY where unknown
    size: (n,) slots of the row's object
    hour: (n,) which part of the (UTC) day the object was born in, 0 .. DAY_PARTS - 1; where its birth is unknown, the
    part of its first slot
    """

    account: I64
    object: I64
    delay: I64
    author: I64
    size: I64
    hour: I64


@dataclass(frozen=True)
class Followers:
    """Pairs of author and account with at least MIN_OBJECTS shared objects; m pairs, sorted by (author, account).

    author, account: (m,); rows start[i] to start[i + 1] - 1 of `rows` are the slots of pair i
    """

    author: I64
    account: I64
    start: I64
    rows: I64


def slots_of(layer: Layer) -> Slots:
    """Slots of a layer: first touches, without an author's own and without those before the birth.

    A touch before the birth is two clocks that disagree: its delay is unknown. Ties in time are broken at random, by
    the ids' ranks, so that no row order and no alphabet decides who came first.
    """
    a, made = layer.arrays, layer.origins
    first, _ = touches(a.account, a.object, len(a.account_ids))
    account, obj, t = a.account[first].astype(np.int64), a.object[first].astype(np.int64), a.t[first]
    author, born = made.author[obj].astype(np.int64), made.born[obj]
    known = author != NOBODY
    delay = np.where(known, t - born, 0)
    own = known & (_accounts_of_authors(a, made.author_ids)[author] == account)
    fits = ~own & (delay >= 0)
    obj = _rank(a.object_ids)[obj]
    account, obj, t, author, born, known, delay = (x[fits] for x in (account, obj, t, author, born, known, delay))
    order = np.lexsort((_tie_breaks(account, obj), t, obj))
    account, obj, t, author, born, known, delay = (x[order] for x in (account, obj, t, author, born, known, delay))
    begun = t[np.searchsorted(obj, obj)]
    hour = np.where(known, born, begun) // _PART_US % DAY_PARTS
    size = np.bincount(obj, minlength=len(a.object_ids))[obj]
    return Slots(account, obj, delay, author, size, hour)


def followers_of(slots: Slots) -> Followers:
    """Who is tested: a function of who touched what, never of when. Objects with one reactor do not count."""
    rows = np.flatnonzero((slots.author != NOBODY) & (slots.size > 1))
    rows = rows[np.lexsort((slots.object[rows], slots.account[rows], slots.author[rows]))]
    author, account = slots.author[rows], slots.account[rows]
    new = np.r_[True, (author[1:] != author[:-1]) | (account[1:] != account[:-1])][: len(rows)]
    pair = np.cumsum(new) - 1
    many = np.bincount(pair, minlength=int(new.sum())) >= MIN_OBJECTS
    kept = many[pair] if len(rows) else np.zeros(0, bool)
    begin = np.flatnonzero(new)[many]
    start = np.r_[0, np.cumsum(np.bincount(pair, minlength=int(new.sum()))[many])].astype(np.int64)
    return Followers(author[begin], account[begin], start, rows[kept])


def usable_windows(clock_us: int) -> list[int]:
    """Windows that a clock of such steps can tell apart: steps at most half of the window."""
    return [w for w in WINDOWS_US if clock_us == UNKNOWN or 2 * clock_us <= w]


def _accounts_of_authors(arrays: TraceArrays, author_ids: pa.Array) -> I64:
    """Rank as an account of each author, -1 if it is none; one more row at the end, for NOBODY."""
    rank = pc.fill_null(pc.index_in(author_ids, value_set=arrays.account_ids), -1)
    ranks: I64 = np.append(np.asarray(rank, dtype=np.int64), -1)
    return ranks


def _rank(ids: pa.Array) -> I64:
    order = np.asarray(pc.array_sort_indices(ids))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _tie_breaks(account: I64, obj: I64) -> U64:
    """A scrambled number for each row (splitmix64: Steele, Lea, Flood, OOPSLA 2014)."""
    x = account.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + obj.astype(np.uint64) * np.uint64(
        0xD1342543DE82EF95
    )
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    out: U64 = x ^ (x >> np.uint64(31))
    return out
