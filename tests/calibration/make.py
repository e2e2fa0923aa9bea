"""First touches for the controls: random ones, and a world whose posts carry several objects."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from unisono.nulls.touches import FirstTouches, index_touches

S = 1_000_000
Post = tuple[int, frozenset[int], int]
"""Account, objects, time in microseconds."""


def from_posts(posts: list[Post], n_accounts: int, n_objects: int) -> FirstTouches:
    """First touches of the posts; each post's number is its place in the list."""
    seen: set[tuple[int, int]] = set()
    rows = []
    for number, (account, objects, t) in sorted(enumerate(posts), key=lambda p: (p[1][2], p[0])):
        for o in sorted(objects):
            if (account, o) not in seen:
                seen.add((account, o))
                rows.append((o, t, account, number))
    rows.sort()
    o, t, account, number = (np.array([r[i] for r in rows], np.int64) for i in range(4))
    return index_touches(
        account.astype(np.int32), o.astype(np.int32), number.astype(np.int32), t, n_accounts, n_objects
    )


post = st.tuples(
    st.integers(0, 7), st.frozensets(st.integers(0, 5), min_size=1, max_size=4), st.integers(0, 20).map(S.__mul__)
)
posts = st.lists(post, max_size=40) | st.lists(post, min_size=20, max_size=40)
touches = posts.map(lambda p: from_posts(p, 8, 6))


def tagged_world(seed: int = 0) -> tuple[FirstTouches, np.ndarray]:
    """600 accounts with 6,000 posts of 1 to 5 of 200 tags over 10 days; 10 more accounts (returned) post the same
    three tags within 20 s, 12 times, and have 10 ordinary posts each."""
    rng = np.random.default_rng(seed)
    weight = 1 / np.arange(1, 201)
    n = 6_000
    account = np.concatenate([rng.integers(0, 600, n), np.repeat(np.arange(600, 610), 10)])
    size = rng.integers(1, 6, n + 100)
    made: list[Post] = []
    for a, k in zip(account.tolist(), size.tolist(), strict=True):
        tags = rng.choice(200, k, replace=False, p=weight / weight.sum())
        made.append((a, frozenset(tags.tolist()), int(rng.integers(0, 864_000)) * S))
    for _ in range(12):
        tags, t = frozenset(rng.choice(200, 3, replace=False).tolist()), int(rng.integers(0, 864_000))
        made.extend((a, tags, (t + int(rng.integers(0, 20))) * S) for a in range(600, 610))
    return from_posts(made, 610, 200), np.arange(600, 610)


def coincidences(first: FirstTouches, accounts: np.ndarray, window_us: int) -> int:
    """Pairs of these accounts within the window on an object, over all objects."""
    among = np.isin(first.account, accounts)
    total = 0
    for o in range(len(first.slots) - 1):
        own = slice(first.slots[o], first.slots[o + 1])
        t = first.t[own][among[own]]
        total += (int((np.abs(t[None] - t[:, None]) <= window_us).sum()) - len(t)) // 2
    return total
