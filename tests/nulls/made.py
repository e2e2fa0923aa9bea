"""Small worlds of first touches, written out by hand or drawn."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from unisono.nulls.touches import FirstTouches, index_touches

S = 1_000_000
DAY = 86_400 * S
Touch = tuple[int, int, int, int]
"""account, object, time in microseconds, post. Small worlds are written with a sitting for each post of an account."""


def first_of(
    rows: Iterable[Touch], n_accounts: int | None = None, n_objects: int | None = None, by_time: bool = False
) -> FirstTouches:
    """Index rows that have each account at most once on an object; ties in time by account.

    by_time: sittings are made from the times, not from the posts.
    """
    ordered = sorted(rows, key=lambda r: (r[1], r[2], r[0]))
    account, obj, t, post = (np.array([r[i] for r in ordered], np.int64) for i in range(4))
    n_accounts = int(account.max(initial=-1)) + 1 if n_accounts is None else n_accounts
    n_objects = int(obj.max(initial=-1)) + 1 if n_objects is None else n_objects
    narrow = [x.astype(np.int32) for x in (account, obj, post)]
    number = {own: k for k, own in enumerate(sorted({(r[0], r[3]) for r in ordered}))}
    sitting = np.array([number[r[0], r[3]] for r in ordered], np.int32)
    return index_touches(*narrow, t, n_accounts, n_objects, None if by_time else sitting)


def rows_of(first: FirstTouches) -> list[Touch]:
    """The touches as rows again."""
    columns = (first.account, first.object, first.t, first.post)
    return list(zip(*(c.tolist() for c in columns), strict=True))


def touches(n_accounts: int, n_objects: int, last: int = 6, n_posts: int = 0) -> st.SearchStrategy[list[Touch]]:
    """Up to one touch per account and object at 0..last; each its own post, or one of the account's n_posts."""
    cells = st.tuples(st.integers(0, n_accounts - 1), st.integers(0, n_objects - 1))
    times = st.tuples(st.integers(0, last), st.integers(0, max(n_posts - 1, 0)))

    def with_posts(found: dict[tuple[int, int], tuple[int, int]]) -> list[Touch]:
        posts = (a * n_posts + p if n_posts else k for k, ((a, _), (_, p)) in enumerate(sorted(found.items())))
        return [(a, o, t, post) for ((a, o), (t, _)), post in zip(sorted(found.items()), posts, strict=True)]

    size = n_accounts * n_objects
    sizes = st.integers(0, size) | st.integers(size // 2, size)
    return sizes.flatmap(lambda n: st.dictionaries(cells, times, min_size=n, max_size=size)).map(with_posts)


def all_pairs(n: int) -> tuple[np.ndarray, np.ndarray]:
    """a < b of n accounts."""
    pairs = np.array(list(combinations(range(n), 2)), np.int64).reshape(-1, 2)
    return pairs[:, 0].copy(), pairs[:, 1].copy()


def crowd(seed: int, n_accounts: int = 60, n_objects: int = 40, n: int = 700, days: float = 5) -> list[Touch]:
    """n touches at random (fewer, where the same account and object came twice)."""
    rng = np.random.default_rng(seed)
    cells = np.unique(rng.integers(0, n_accounts * n_objects, n))
    t = rng.integers(0, int(days * DAY), len(cells))
    return [(int(c) // n_objects, int(c) % n_objects, int(x), k) for k, (c, x) in enumerate(zip(cells, t, strict=True))]
