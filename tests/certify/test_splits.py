"""Halves of the time: every sitting in one of them, and what pairs do in each half beside plain loops."""

from __future__ import annotations

from itertools import combinations
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.nulls.made import DAY, Touch, all_pairs, crowd, first_of, rows_of, touches
from tests.nulls.met import bound, clusters, hits, n_sittings
from unisono.certify.splits import deal, half_shares, sitting_begins, stand_out
from unisono.maths.tails import log_poisson_binomial_tail
from unisono.nulls.reference import BLOCK_US

N = 3
STEP = BLOCK_US // 4
W = 2 * STEP


def apart(rows: list[Touch]) -> list[Touch]:
    """The same with times over several blocks."""
    return [(a, o, t * STEP, p) for a, o, t, p in rows]


WORLDS = touches(5, 6, last=12, n_posts=3).map(apart)


@given(WORLDS, st.integers(0, 9))
def test_stretches_of_time_are_dealt_as_by_hand_and_a_sitting_is_in_one_half(rows: list[Touch], seed: int) -> None:
    first = first_of(rows, 5, 6)
    begin = {r[3]: min(t for _, _, t, p in rows if p == r[3]) for r in rows}
    assert sitting_begins(first).tolist() == [begin[r[3]] for r in rows_of(first)]
    splits, rng = deal(first, N, np.random.default_rng(seed)), np.random.default_rng(seed)
    for k in range(N):
        offset = int(rng.integers(BLOCK_US))
        stretches = sorted({(t + offset) // BLOCK_US for t in begin.values()})
        half = dict(zip(stretches, (rng.permutation(len(stretches)) % 2).tolist(), strict=True))
        own = (splits >> np.uint32(2 * k) & np.uint32(3)).tolist()
        assert own == [1 << half[(begin[r[3]] + offset) // BLOCK_US] for r in rows_of(first)]
        assert all(len({h for r, h in zip(rows_of(first), own, strict=True) if r[3] == p}) == 1 for p in begin)
        assert abs(sum(half.values()) * 2 - len(half)) <= 1  # as many of either
    assert not np.any(splits >> np.uint32(2 * N))


@pytest.mark.parametrize("days", [1, 30])
def test_a_sitting_made_of_times_is_never_in_both_halves(days: int) -> None:
    first = first_of(crowd(3, 40, 60, 1500, days), by_time=True)
    splits = deal(first, 5, np.random.default_rng(1))
    assert np.array_equal(np.bitwise_count(splits), np.full(len(first), 5))
    several = 0
    for s in range(first.sitting.max() + 1):
        own = splits[first.sitting == s]
        several += len(own) > 1
        assert len(set(own.tolist())) <= 1
    assert several > 10
    for k in range(5):  # and neither half is empty, nor the same twice
        assert 0.1 < (splits >> np.uint32(2 * k) & np.uint32(1)).mean() < 0.9
    assert days == 1 or len({(splits >> np.uint32(2 * k) & np.uint32(1)).tobytes() for k in range(5)}) == 5


@given(WORLDS, st.integers(0, 9))
def test_pairs_and_shares_are_those_of_plain_loops(rows: list[Touch], seed: int) -> None:
    first = first_of(rows, 5, 6)
    splits = deal(first, N, np.random.default_rng(seed))
    shares = half_shares(first.slots, first.t, splits, 2 * N, W)
    (a, b), all_rows = all_pairs(5), rows_of(first)
    odd, together = stand_out(first, splits, shares, W, a, b, 2, log(0.3))
    for h in range(2 * N):
        here = [r for r, bits in zip(all_rows, splits.tolist(), strict=True) if bits >> h & 1]
        for o in range(6):
            pairs = [abs(x[2] - y[2]) <= W for x, y in combinations([r for r in here if r[1] == o], 2)]
            assert shares[h, o] == pytest.approx(sum(pairs) / len(pairs) if pairs else 0.0)
        for k, (u, v) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
            of = clusters([(x, y) for x in here for y in here if x[0] == u and y[0] == v and x[1] == y[1]])
            s = n_sittings([c for c in of if hits(c, W) > len(c) / 2])
            assert together[h, k] == (s >= 2 and 2 * s >= len(of))
            q = np.array([bound([shares[h, x[1]] for x, _ in c]) for c in of])
            assert odd[h, k] == (s >= 2 and log_poisson_binomial_tail(q, s) < log(0.3))


def test_pairs_that_stand_out_do() -> None:
    """Two who meet every day on things that others come to at any hour, and two who do so on one day alone."""
    rng = np.random.default_rng(2)
    noise = [(4 + a, o, o * DAY + int(rng.integers(DAY)), 0) for o in range(40) for a in range(12)]
    daily = [(a, o, o * DAY + 1000 + a, 0) for o in range(40) for a in (0, 1)]
    rich = [(a, 40 + o, 3 * DAY + 60_000_000 * o + a, 0) for o in range(40) for a in (2, 3)]
    others = [(4 + a, 40 + o, o * DAY + int(rng.integers(DAY)), 0) for o in range(40) for a in range(12)]
    first = first_of(noise + daily + rich + others, by_time=True)
    splits = deal(first, 5, np.random.default_rng(3))
    shares = half_shares(first.slots, first.t, splits, 10, 1000)
    odd, together = stand_out(first, splits, shares, 1000, np.array([0, 2]), np.array([1, 3]), 2, log(0.01))
    assert odd.tolist() == together.tolist() == [[True, False]] * 10
