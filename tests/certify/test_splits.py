"""Halves of the objects: each post once, and what pairs do on each half beside plain loops."""

from __future__ import annotations

from itertools import combinations
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.nulls.made import Touch, all_pairs, first_of, rows_of, touches
from unisono.certify.splits import by_post, deal, half_shares, one_per_post, stand_out
from unisono.maths.tails import log_poisson_binomial_tail

N = 3
W = 2


@given(touches(5, 5, n_posts=2), st.permutations(range(5)))
def test_every_post_keeps_its_object_of_the_lowest_rank(rows: list[Touch], rank: list[int]) -> None:
    first = first_of(rows, 5, 5)
    once = one_per_post(*by_post(first), np.array(rank)[first.object])
    kept = [r for r, keeps in zip(rows_of(first), once, strict=True) if keeps]
    assert sorted(kept) == sorted(
        min((r for r in rows if r[3] == p), key=lambda r: rank[r[1]]) for p in {r[3] for r in rows}
    )


@given(touches(5, 5, n_posts=3), st.integers(0, 9))
def test_halves_share_no_object_and_hold_what_one_per_post_leaves(rows: list[Touch], seed: int) -> None:
    first = first_of(rows, 5, 5)
    splits = deal(first, N, np.random.default_rng(seed))
    for k in range(N):
        sides = [
            {r for r, h in zip(rows_of(first), splits.tolist(), strict=True) if h >> (2 * k + s) & 1} for s in (0, 1)
        ]
        assert not {r[1] for r in sides[0]} & {r[1] for r in sides[1]}
        assert not {r[3] for r in sides[0]} & {r[3] for r in sides[1]}
        assert {r[3] for r in sides[0] | sides[1]} == {r[3] for r in rows}


@given(touches(5, 6, last=5, n_posts=3), st.integers(0, 9))
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
            both = [(x, y) for x in here for y in here if x[0] == u and y[0] == v and x[1] == y[1]]
            met = [(x, y) for x, y in both if abs(x[2] - y[2]) <= W]
            s = min(len({x[3] for x, _ in met}), len({y[3] for _, y in met}))
            assert together[h, k] == (s >= 2 and 2 * s >= len(both))
            q = np.array([shares[h, x[1]] for x, _ in both])
            assert odd[h, k] == (s >= 2 and log_poisson_binomial_tail(q, s) < log(0.3))
