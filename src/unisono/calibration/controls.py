"""Controls: first touches with the coordination destroyed, and something named kept.

A control is a draw from a null hypothesis on the study's own accounts and objects; what the tests find in it is
error. All but one keep every object's times and its number of sharers; `by_sittings` keeps those of accounts instead.
A draw is fixed by the generator and the order of the touches, which is fixed by the study.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from unisono.maths import curveball as matrices
from unisono.maths.sittings import DAY_US
from unisono.maths.types import I32, I64
from unisono.nulls.latency import N_CLASSES, latency_classes
from unisono.nulls.touches import FirstTouches, index_touches
from unisono.pairs.arrays import Flags, starts

I = TypeVar("I", bound=np.integer[Any])  # noqa: E741
LIKE_HOURS_US = 2 * 3_600_000_000


def by_slots(first: FirstTouches, rng: np.random.Generator) -> FirstTouches:
    """Each object's accounts in random order over its times: the exact null of the timing test.

    Kept: who touched what; each object's slots, that is, times with their posts. Not kept: the accounts' speed, and
    that a post stood on several objects at once (`by_posts` keeps that).
    """
    return with_accounts(first, shuffled(first.account, first.object, rng))


def keeping_latency(first: FirstTouches, rng: np.random.Generator) -> FirstTouches:
    """As `by_slots`, but only among an object's touches of one latency class.

    The class of a touch comes from its account's other objects, so a touch's own time has no part in it. Kept besides:
    on every object the slots that each class holds, and with it how often classes coincide, on which q_o[l, l'] rests.
    Coordination among accounts that alone fill their class on their objects survives.
    """
    _, classes, _ = latency_classes(first)
    return with_accounts(first, shuffled(first.account, first.object.astype(np.int64) * N_CLASSES + classes, rng))


def by_sittings(first: FirstTouches, rng: np.random.Generator) -> FirstTouches:
    """Every sitting moved whole to the day of another sitting of its account, up to LIKE_HOURS_US earlier or later.

    Kept: who touched what; each account's sittings, with all that stands in them and the pauses between; about its
    hours, its days, and how much it does on them. Not kept: objects' curves, and who was there at the same time. (At
    the very same hours, accounts that met at a few moments would meet again where their days fall alike.)
    """
    order = np.lexsort((first.t, first.account))
    sitting = first.sitting[order]
    begins = np.flatnonzero(np.diff(sitting, prepend=-1) != 0)
    day = first.t[order][begins] // DAY_US
    moved = (shuffled(day, first.account[order][begins], rng) - day) * DAY_US
    moved += rng.integers(-LIKE_HOURS_US, LIKE_HOURS_US, len(begins), endpoint=True)
    t = np.empty_like(first.t)
    t[order] = first.t[order] + np.repeat(moved, np.diff(begins, append=len(order)))
    rows = np.lexsort((first.account, t, first.object))
    return index_touches(
        first.account[rows], first.object[rows], first.post[rows], t[rows], first.n_accounts, len(first.slots) - 1
    )


def without_accounts(first: FirstTouches, left_out: Flags) -> FirstTouches:
    """The touches of the other accounts; all keep their numbers. left_out: (n_accounts,)."""
    keep = ~left_out[first.account]
    return index_touches(
        first.account[keep], first.object[keep], first.post[keep], first.t[keep], first.n_accounts,
        len(first.slots) - 1, first.sitting[keep],
    )  # fmt: skip


def curveball(
    first: FirstTouches, stratum: I32, rng: np.random.Generator, trades: int = matrices.TRADES
) -> FirstTouches:
    """Who touched what drawn anew inside each stratum, then each object's sharers in random order over its slots.

    stratum: (n_accounts,), -1 for accounts that keep their objects. trades: per account. Kept: the number of objects
    of each account, and the number of sharers that each object has in each stratum. Objects with one sharer stay
    where they are, so both hold for shared objects alone too, and so does the test family.
    """
    moves = (stratum[first.account] >= 0) & (first.n_sharers >= 2)[first.object]
    account = first.account.copy()
    account[moves] = _drawn_anew(first.account[moves], first.object[moves], stratum, rng, trades)
    return with_accounts(first, shuffled(account, first.object, rng))


def _drawn_anew(account: I32, obj: I32, stratum: I32, rng: np.random.Generator, trades: int) -> I32:
    """(n,) new accounts of touches that are sorted by object; an object's new sharers are in order of stratum."""
    rank = np.lexsort((np.arange(len(stratum)), stratum))  # accounts by stratum: a stratum is a run of rows
    row_of = np.empty(len(rank), np.int64)
    row_of[rank] = np.arange(len(rank))
    row = row_of[account]
    order = np.lexsort((obj, row))
    start = starts(row, len(rank))
    blocks = np.searchsorted(stratum[rank], np.arange(int(stratum.max(initial=-1)) + 2)).astype(np.int64)
    columns = matrices.curveball(start, obj[order], blocks, rng, trades)
    by_object = np.argsort(columns, kind="stable")
    return rank[row[order][by_object]].astype(np.int32)


def with_accounts(first: FirstTouches, account: I32) -> FirstTouches:
    """The same slots in the hands of others. account: (n,), none twice on an object."""
    return index_touches(account, first.object, first.post, first.t, first.n_accounts, len(first.slots) - 1)


def shuffled(values: npt.NDArray[I], group: npt.NDArray[np.integer], rng: np.random.Generator) -> npt.NDArray[I]:
    """The values in uniformly random order inside each group; values, group: (n,)."""
    places: I64 = np.argsort(group, kind="stable")
    out = np.empty_like(values)
    out[places] = values[np.lexsort((rng.random(len(values)), group))]
    return out
