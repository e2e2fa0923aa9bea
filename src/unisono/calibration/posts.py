"""Whole posts change hands: the control that keeps what stands in one post together.

A post with five hashtags touches five objects at one moment. Permuting inside objects tears it apart, and a test
that takes one occasion for five then looks better than it is.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from unisono.calibration.controls import shuffled, with_accounts
from unisono.maths.types import I32, I64
from unisono.nulls.touches import FirstTouches

_FREE = -1
_GOLDEN = 0x1E3779B97F4A7C15
"""2^61 over the golden ratio, odd."""
SWAPS = 10
"""Swaps tried per touch that shares its post with others."""


class _Posts(NamedTuple):
    """CSR from a post to its objects, n_objects of them in all."""

    start: I64
    objects: I32
    n_objects: int


class _Partners(NamedTuple):
    """Per touch of a post on several objects: its post, and where in this list the run of touches begins with which it
    may swap, and how many these are."""

    post: I64
    begin: I64
    many: I64


def by_posts(first: FirstTouches, rng: np.random.Generator, swaps: int = SWAPS) -> FirstTouches:
    """Posts exchanged whole between accounts; a post here is its account's first touches in it.

    1. Posts on the same set of objects are dealt anew to their accounts: all orders equally likely, and nobody gets
       an object twice, since each gives up the very set that it gets. For posts on one object this is `by_slots`.
    2. `swaps` times per touch in a post on several objects: draw such a touch, then one of the same object whose post
       is of the same size class (2 to 3 objects, 4 to 7, 8 to 15, ...); their owners swap, unless one of them would
       then have an object twice. What is proposed does not depend on who owns what, so proposals are symmetric, and
       the law that is uniform over all deals that can be reached stays so.

    Kept exactly: every post with its objects and times, hence each object's times and number of sharers; of each
    account the number of posts of each size class. Step 2 changes what accounts touch: a post moves to somebody who
    touched one of its objects. Only a post without a partner (step 1 and 2) stays with its account.
    """
    unit, start, order = _units(first)
    objects, size = first.object[order], np.diff(start)
    owner = first.account[order][start[:-1]]
    owner = shuffled(owner, _same_objects(start, objects), rng)
    unit_of = np.repeat(np.arange(len(size)), size)
    key = objects * np.int64(64) + np.frexp(size)[1][unit_of]  # object and size class
    pool = np.flatnonzero((size > 1)[unit_of])
    pool = pool[np.argsort(key[pool], kind="stable")]
    _, begin, many = np.unique(key[pool], return_index=True, return_counts=True)
    posts = _Posts(start, objects, len(first.slots) - 1)
    partners = _Partners(unit_of[pool], np.repeat(begin, many), np.repeat(many, many))
    keys = owner[unit_of] * np.int64(posts.n_objects) + objects
    _swap(owner, posts, partners, swaps * len(pool), keys, np.full(_slots_for(len(unit_of)), _FREE), rng)
    return with_accounts(first, owner[unit])


def _units(first: FirstTouches) -> tuple[I64, I64, I64]:
    """(n,) number of each touch's post; CSR from a post to its rows in object order. An event that several accounts
    left is one post of each."""
    key = first.post * np.int64(first.n_accounts) + first.account
    _, unit = np.unique(key, return_inverse=True)
    order = np.argsort(unit, kind="stable")  # touches are sorted by object already
    start = np.concatenate([[0], np.cumsum(np.bincount(unit))]).astype(np.int64)
    return unit, start, order


def _same_objects(start: I64, objects: I32) -> I64:
    """(n_posts,) equal numbers for posts on the same set of objects."""
    size = np.diff(start)
    out = np.empty(len(size), np.int64)
    used = 0
    for k in np.unique(size):
        posts = np.flatnonzero(size == k)
        number = objects[start[posts]].astype(np.int64)
        for j in range(1, k):  # numbers of the sets' first j objects, dense, so that no product is too large
            _, number = np.unique(number << 32 | objects[start[posts] + j], return_inverse=True)
        out[posts] = used + np.unique(number, return_inverse=True)[1]
        used = int(out[posts].max()) + 1
    return out


@njit(cache=True, nogil=True)
def _swap(
    owner: I32, posts: _Posts, partners: _Partners, n: int, keys: I64, table: I64, rng: np.random.Generator
) -> None:
    """Step 2, in place. keys: account * n_objects + object of every touch; table: room for them, all _FREE."""
    start, objects, width = posts.start, posts.objects, posts.n_objects
    post, begin, many = partners.post, partners.begin, partners.many
    for key in keys:
        table[_slot(table, key)] = key
    for _ in range(n):
        i = int(rng.random() * post.size)
        p, q = post[i], post[begin[i] + int(rng.random() * many[i])]
        u, v = owner[p], owner[q]
        if u == v or _clash(u, p, q, posts, table) or _clash(v, q, p, posts, table):
            continue
        for k in range(start[p], start[p + 1]):
            _drop(table, u * width + objects[k])
        for k in range(start[q], start[q + 1]):
            _drop(table, v * width + objects[k])
        for k in range(start[p], start[p + 1]):
            table[_slot(table, v * width + objects[k])] = v * width + objects[k]
        for k in range(start[q], start[q + 1]):
            table[_slot(table, u * width + objects[k])] = u * width + objects[k]
        owner[p], owner[q] = v, u


@njit(cache=True, nogil=True)
def _clash(account: int, gives: int, gets: int, posts: _Posts, table: I64) -> bool:
    """Whether the account has an object of the post that it gets already, in another post than the one it gives."""
    start, objects = posts.start, posts.objects
    for k in range(start[gets], start[gets + 1]):
        key = account * posts.n_objects + objects[k]
        if table[_slot(table, key)] == key:
            own = False
            for j in range(start[gives], start[gives + 1]):
                own |= objects[j] == objects[k]
            if not own:
                return True
    return False


def _slots_for(n: int) -> int:
    """Places of a table of n keys: a power of two, at most half full."""
    return 1 << max(4, int(2 * n - 1).bit_length())


@njit(cache=True, nogil=True)
def _slot(table: I64, key: int) -> int:
    """Where a key is, or would be: open addressing, place after place. (Sets of Numba hang after many removals, numba
    #6543, and its dictionaries take long to compile.)"""
    mask = table.size - 1
    at = _home(key, mask)
    while table[at] != _FREE and table[at] != key:
        at = (at + 1) & mask
    return at


@njit(cache=True, nogil=True)
def _home(key: int, mask: int) -> int:
    """Fibonacci hashing: the product's high bits depend on all of the key's."""
    return ((key * _GOLDEN) >> 20) & mask


@njit(cache=True, nogil=True)
def _drop(table: I64, key: int) -> None:
    """Take a key out, and move up what stood behind it and belongs further up (Knuth, TAOCP 3, 6.4, algorithm R)."""
    mask, gap = table.size - 1, _slot(table, key)
    if table[gap] != key:
        return
    at = gap
    while True:
        at = (at + 1) & mask
        if table[at] == _FREE:
            break
        home = _home(table[at], mask)
        if (at - home) & mask >= (at - gap) & mask:
            table[gap] = table[at]
            gap = at
    table[gap] = _FREE
