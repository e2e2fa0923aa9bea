"""Is an account faster with this author than with others? Quick people are quick with everybody.

On each object an account is early or not: among the first tenth of the reactors. Early is modelled as in Fisher's
weighted urn: odds of account u on object o are theta_uh K_o / (n_o - K_o), K_o early slots of n_o. The account's own
haste theta_uh is unknown, with one value in some stretch of the day, whichever (it sleeps by its own clock), and one
in the rest. It is removed by conditioning on how often it was early in either (Rasch 1960; Cox, "The analysis of
binary data", 1970): what remains is how these times fall on the author's objects and on the others', see
`conditional.py`.

Accounts that look quick with anybody are taken out of every object before ranks are taken (all but the account
under test): fifteen amplifiers that share an object would else push each other out of its first tenth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from unisono.maths.tails import log_poisson_binomial_tail
from unisono.maths.types import F64, I64, int64
from unisono.pairs.arrays import Flags, rows_by_account
from unisono.reactions.conditional import stretch_tail
from unisono.reactions.slots import DAY_PARTS, Followers, Slots

EARLY = 0.1
"""Share of an object's reactors that count as early."""
MIN_OTHERS = 5
"""Fewest objects of others that say how quick an account is; with fewer it is only compared with followers."""
_GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Early:
    """Per slot: was the account early, by what chance for an account of ordinary haste (0 and 1 say nothing)."""

    early: Flags
    chance: F64


def early_slots(slots: Slots, quick: Flags) -> Early:
    """Early or not against the accounts that are not `quick` ((n_accounts,) flags) and the account itself.

    A tenth of n slots is rarely whole: it is rounded up or down by a fixed sequence over objects (multiples of the
    golden ratio), so that objects of three and of three hundred reactors ask for the same share on average.
    """
    stays = ~quick[slots.account]
    before: I64 = np.cumsum(stays) - stays
    begin = np.searchsorted(slots.object, slots.object)
    earlier: I64 = before - before[begin]
    n_objects = int(slots.object.max()) + 1 if len(slots.object) else 0
    n = np.bincount(slots.object, weights=stays, minlength=n_objects)[slots.object] + ~stays
    wanted = np.floor(EARLY * n + (_GOLDEN * slots.object) % 1)
    return Early(earlier < wanted, np.minimum(wanted / n, 1.0))


@dataclass(frozen=True)
class OwnSpeed:
    """Per pair: comparable objects of others, early shares with the author and with those (NaN if none), chance of
    an account of ordinary haste to be early on so many of all these objects, p (NaN: not asked)."""

    n_others: I64
    author_fast: F64
    others_fast: F64
    p_early: F64
    p: F64


def against_itself(slots: Slots, pairs: Followers, found: Early, asked: Flags, n_accounts: int) -> OwnSpeed:
    """Compare the account's early objects of the author with those of all others, known and unknown.

    asked: (m,) pairs whose p is wanted. Objects with a single reactor take no part; nor do objects of others that
    were born in a part of the day in which the account touched none of the author's: it may have been asleep.
    """
    several = np.flatnonzero(slots.size > 1)
    start, rows = rows_by_account(slots.account[several].astype(np.int32), n_accounts)
    return OwnSpeed(*_compare(
        pairs.author, pairs.account, asked, start, several[rows], slots.author, slots.hour, found.early, found.chance
    ))  # fmt: skip


@njit(cache=True, nogil=True)
def _compare(
    author: I64, account: I64, asked: Flags, start: I64, rows: I64, author_of: I64, hour: I64, early: Flags, chance: F64
) -> tuple[I64, F64, F64, F64, F64]:
    m = author.size
    n_others = np.zeros(m, np.int64)
    mine, others, p_early, p = np.full(m, np.nan), np.full(m, np.nan), np.ones(m), np.full(m, np.nan)
    for i in range(m):
        first, room = start[account[i]], start[account[i] + 1] - start[account[i]]
        active = np.zeros(DAY_PARTS, np.bool_)
        for r in rows[first : first + room]:
            active[hour[r]] |= author_of[r] == author[i]
        q, x, by_author, part = (
            np.empty(room),
            np.empty(room, np.bool_),
            np.empty(room, np.bool_),
            np.empty(room, np.int64),
        )
        n, n_author, fast, fast_author = 0, 0, int64(0), 0
        for r in rows[first : first + room]:
            if active[hour[r]]:
                q[n], x[n], by_author[n], part[n] = chance[r], early[r], author_of[r] == author[i], hour[r]
                n_author += by_author[n]
                fast += x[n]
                fast_author += x[n] and by_author[n]
                n += 1
        n_others[i] = n - n_author
        mine[i] = fast_author / n_author
        if n > n_author:
            others[i] = (fast - fast_author) / (n - n_author)
        p_early[i] = np.exp(log_poisson_binomial_tail(q[:n], fast))
        if asked[i]:
            p[i] = stretch_tail(q[:n], x[:n], by_author[:n], part[:n], DAY_PARTS)
    return n_others, mine, others, p_early, p
