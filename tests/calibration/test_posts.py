"""Whole posts change hands and stay whole."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.calibration.make import S, coincidences, from_posts, tagged_world, touches
from unisono.calibration import by_posts, by_slots
from unisono.nulls.touches import FirstTouches


def posts_of(first: FirstTouches) -> dict[int, tuple[set[int], frozenset[int]]]:
    """Per post its accounts and its objects."""
    accounts, objects = defaultdict(set), defaultdict(set)
    for a, o, p in zip(first.account.tolist(), first.object.tolist(), first.post.tolist(), strict=True):
        accounts[p].add(a)
        objects[p].add(o)
    return {p: (accounts[p], frozenset(objects[p])) for p in accounts}


@given(first=touches, seed=st.integers(0, 99))
def test_posts_stay_whole_and_accounts_keep_their_number(first: FirstTouches, seed: int) -> None:
    after = by_posts(first, np.random.default_rng(seed))
    before, now = posts_of(first), posts_of(after)
    assert all(len(accounts) == 1 for accounts, _ in now.values())
    assert {p: o for p, (_, o) in now.items()} == {p: o for p, (_, o) in before.items()}
    sizes = [Counter((min(a), len(o).bit_length()) for a, o in x.values()) for x in (before, now)]
    assert sizes[0] == sizes[1]


def test_posts_on_one_object_are_dealt_like_slots() -> None:
    """The only deal of posts on one object each is a permutation of slots, and all are equally likely."""
    first = from_posts([(a, frozenset({0}), a * S) for a in range(4)], 4, 1)
    seen = Counter(tuple(by_posts(first, np.random.default_rng(s)).account.tolist()) for s in range(4_800))
    assert len(seen) == 24
    assert stats.chisquare(list(seen.values())).pvalue > 1e-3


def test_all_deals_are_equally_likely() -> None:
    """Three posts on two objects each, all with object 0: anybody may have any, but account 1 has object 1 already."""
    posts = [(0, frozenset({0, 1}), 0), (1, frozenset({0, 2}), S), (2, frozenset({0, 3}), 2 * S)]
    posts.append((1, frozenset({1}), 5))
    first = from_posts(posts, 3, 4)
    rows = [int(np.flatnonzero((first.post == p) & (first.object == 0))[0]) for p in range(3)]
    draws = (by_posts(first, np.random.default_rng(s), swaps=20) for s in range(4_000))
    seen = Counter((*after.account[rows].tolist(), int(after.account[first.post == 3][0])) for after in draws)
    # The post on object 1 alone cannot move: no other is on just that set, and swaps are for posts on several.
    assert set(seen) == {(0, 1, 2, 1), (0, 2, 1, 1), (2, 0, 1, 1), (2, 1, 0, 1)}
    assert stats.chisquare(list(seen.values())).pvalue > 1e-3


def test_an_event_of_two_accounts_is_a_post_of_each() -> None:
    first = from_posts([(0, frozenset({0, 1}), 0), (1, frozenset({0, 1}), 0), (2, frozenset({0, 1}), S)], 3, 2)
    shared = FirstTouches(
        first.account, first.object, np.minimum(first.post, 1).astype(np.int32), first.t, first.sitting,
        first.slots, first.start, first.rows, first.tested,
    )  # fmt: skip
    for seed in range(20):
        after = by_posts(shared, np.random.default_rng(seed))
        assert sorted(after.account[:3].tolist()) == [0, 1, 2]
        assert after.account[:3].tolist() == after.account[3:].tolist()


def test_a_planted_group_no_longer_coincides_and_posts_stay_occasions() -> None:
    first, group = tagged_world()
    before = coincidences(first, group, 60 * S)
    after = [by_posts(first, np.random.default_rng(s)) for s in range(3)]
    assert before > 500
    assert max(coincidences(a, group, 60 * S) for a in after) < before / 10
    # Slots tear posts apart; posts keep accounts' objects together in time.
    together = [same_moment(f) for f in (first, after[0], by_slots(first, np.random.default_rng(0)))]
    assert together[1] == together[0]
    assert together[2] < together[0] / 10


def test_many_swaps_come_to_an_end() -> None:
    """Numba's own sets never answer after so many removals."""
    first, _ = tagged_world()
    after = by_posts(first, np.random.default_rng(0), swaps=200)
    assert len({*zip(after.account.tolist(), after.object.tolist(), strict=True)}) == len(first)


def same_moment(first: FirstTouches) -> int:
    """Pairs of an account's touches at one time."""
    many = Counter(zip(first.account.tolist(), first.t.tolist(), strict=True)).values()
    return sum(n * (n - 1) // 2 for n in many)
