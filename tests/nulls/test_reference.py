"""Groups that have their objects to themselves: blocks of time, the e-value over them, pairs without their group."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.nulls.made import DAY, S, Touch, all_pairs, first_of, touches
from tests.nulls.met import bound, clusters, common, meetings
from unisono.maths.tails import log_poisson_binomial_tail
from unisono.nulls.latency import N_CLASSES
from unisono.nulls.meetings import LEAST
from unisono.nulls.reference import (
    BLOCK_US,
    THETA,
    _blocks,
    _log_e,
    dominated_tail,
    everyone,
    usual_tails,
)
from unisono.nulls.touches import slot_share

TIMES = st.integers(-(10**15), 10**15) | st.integers(-20, 20).map(lambda k: k * BLOCK_US // 4)


@given(st.lists(TIMES, max_size=30))
def test_a_block_begins_where_the_one_before_is_over(t: list[int]) -> None:
    expected: dict[int, int] = {}
    begin, number = 0, -1
    for x in sorted(set(t)):
        if number < 0 or x - begin >= BLOCK_US:
            begin, number = x, number + 1
        expected[x] = number
    assert _blocks(np.array(t, np.int64)).tolist() == [expected[x] for x in t]


OBJECTS = st.lists(
    st.tuples(st.integers(0, 3), st.lists(st.integers(0, 6), min_size=2, max_size=4)), min_size=1, max_size=6
)
"""Per object its block, and the times of members on it."""


@given(OBJECTS, st.integers(0, 3), st.floats(0.01, 1.2), st.integers(0, 99))
def test_e_is_the_product_over_blocks_of_means_over_objects(
    objects: list[tuple[int, list[int]]], window: int, q_ref: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    t = np.array([x for _, times in objects for x in sorted(times)], np.int64)
    begins = np.cumsum([0, *(len(times) for _, times in objects)]).astype(np.int64)
    speed, overall = rng.integers(0, N_CLASSES, len(t)).astype(np.int8), rng.random((N_CLASSES, N_CLASSES))
    overall = (overall + overall.T) / 2
    _, block = np.unique([b for b, _ in objects], return_inverse=True)
    found, close = _log_e(np.arange(len(t)), begins, block, t, speed, overall, window, q_ref)
    ratios: dict[int, list[float]] = {}
    together, near = set(), np.zeros(len(t), np.bool_)
    for k, b in enumerate(block.tolist()):
        pairs = list(combinations(range(begins[k], begins[k + 1]), 2))
        hits = [(x, y) for x, y in pairs if abs(t[x] - t[y]) <= window]
        usual = np.mean([overall[speed[x], speed[y]] for x, y in pairs])
        ratios.setdefault(b, []).append(len(hits) / len(pairs) / min(max(q_ref, usual), 1.0))
        near[[i for pair in hits for i in pair]] = True
        together |= {b} if hits else set()
    e = np.prod([1 - THETA + THETA * np.mean(r) for r in ratios.values()]) if len(together) >= LEAST else 1.0
    assert found == pytest.approx(np.log(e))
    assert close.tolist() == near.tolist()


@pytest.mark.parametrize("together", [0.0, 0.5, 1.0])
def test_p_is_valid_whatever_depends_inside_a_block(together: float) -> None:
    """Each of a block's objects coincides with q = 0.1; with probability `together` all of them hang on one throw.

    Of a pair of members, 6 blocks of 8 objects. E[e] is at most 1, and so is P(p <= x) / x.
    """
    rng, q, n_blocks, n_objects, n = np.random.default_rng(int(10 * together)), 0.1, 6, 8, 20_000
    block = np.repeat(np.arange(n_blocks), n_objects)
    begins = np.arange(0, 2 * len(block) + 1, 2)
    t, log_e = np.zeros(2 * len(block), np.int64), np.empty(n)
    flat, none = np.zeros((N_CLASSES, N_CLASSES)), np.zeros(2 * len(block), np.int8)
    for k in range(n):
        one = np.repeat(rng.random(n_blocks) < together, n_objects)
        hit = np.where(one, np.repeat(rng.random(n_blocks), n_objects), rng.random(len(block))) < q
        t[1::2] = np.where(hit, 0, 100)
        log_e[k] = _log_e(np.arange(len(t)), begins, block, t, none, flat, 1, q)[0]
    e = np.exp(log_e)
    proof = np.where(log_e == 0, 0, e)  # 0 stands for fewer blocks than count, where p is 1
    assert proof.mean() <= 1 + 4 * proof.std() / n**0.5
    for x in (0.5, 0.2, 0.1, 0.05, 0.01):
        reached = (np.exp(np.minimum(0, -log_e)) <= x).mean()
        assert reached <= x + 4 * (x / n) ** 0.5


def group_of_five(n_blocks: int, per_block: int) -> list[Touch]:
    """Five accounts with objects of their own, some within each of n_blocks days; others come to theirs hours apart."""
    rng = np.random.default_rng(1)
    own = [
        (a, k * per_block + i, k * DAY + i * 500 * S + a * S, k)
        for k in range(n_blocks) for i in range(per_block) for a in range(5)
    ]  # fmt: skip
    others = [(5 + a, 1000 + o, int(rng.integers(30 * DAY)), o) for o in range(100) for a in range(o % 7, 60, 7)]
    return own + others


def tail(rows: list[Touch]) -> tuple[float, np.ndarray]:
    """Of the first five accounts."""
    first = first_of(rows)
    usual = everyone(first, np.zeros(len(first), np.int8), slot_share(first, 60 * S), 60 * S)
    return dominated_tail(usual, np.arange(5))


@pytest.mark.parametrize(("n_blocks", "per_block"), [(1, 40), (2, 20), (8, 5), (40, 1)])
def test_many_objects_of_one_evening_are_no_more_than_one(n_blocks: int, per_block: int) -> None:
    p, came = tail(group_of_five(n_blocks, per_block))
    assert came.all()
    assert p == pytest.approx(tail(group_of_five(n_blocks, 1))[0])
    assert p == 1.0 if n_blocks == 1 else p < 0.1**n_blocks


GROUPS = st.lists(st.sets(st.integers(0, 5), min_size=2), min_size=1, max_size=3)


@given(touches(6, 8, n_posts=3), GROUPS, st.integers(0, 9))
def test_pairs_are_judged_by_clusters_and_by_the_largest_of_their_groups(
    rows: list[Touch], groups: list[set[int]], seed: int
) -> None:
    first, rng, window = first_of(rows, 6, 8), np.random.default_rng(seed), 2
    a, b = all_pairs(6)
    speed = rng.integers(0, N_CLASSES, len(first)).astype(np.int8)
    of = {(int(u), int(o)): int(s) for u, o, s in zip(first.account, first.object, speed, strict=True)}
    tables = rng.random((len(groups), N_CLASSES, N_CLASSES))
    usual = [(float(rng.random()), (x + x.T) / 2) for x in tables]
    inside = np.array([[u in g for u in range(6)] for g in groups])
    factor = 0.5 + rng.random(len(a))
    s = np.array([meetings(common(rows, u, v), window) for u, v in zip(a, b, strict=True)], np.int64)
    found = usual_tails(first, speed, usual, inside, a, b, factor, s)
    for k, (u, v) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        tails = []
        for group, (typical, overall) in zip(groups, usual, strict=True):
            if {u, v} <= group:
                q = {
                    x[1]: min(factor[k] * max(typical, overall[of[u, x[1]], of[v, x[1]]]), 1.0)
                    for x, _ in common(rows, u, v)
                }
                each = np.array([bound([q[x[1]] for x, _ in c]) for c in clusters(common(rows, u, v))])
                tails.append(log_poisson_binomial_tail(each, int(s[k])))
        assert found[k] == pytest.approx(max(tails, default=0.0), abs=1e-12)
