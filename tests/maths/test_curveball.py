"""Curveball keeps the margins, and given enough trades every matrix with these margins is equally likely."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from unisono.maths.curveball import curveball

Rows = list[frozenset[int]]
MATRICES: list[Rows] = [
    [frozenset({0}), frozenset({1}), frozenset({2})],  # 6 permutations
    [frozenset({0, 1, 2}), frozenset({0}), frozenset({0, 1}), frozenset({3})],
    [frozenset({0, 1}), frozenset({1, 2}), frozenset({2, 3}), frozenset({3, 0})],  # 90 matrices
]


def csr(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    start = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    return start, np.array([c for row in rows for c in sorted(row)], np.int32)


def apart(start: np.ndarray, columns: np.ndarray) -> Rows:
    return [frozenset(columns[a:b].tolist()) for a, b in pairwise(start)]


def all_with_margins(rows: Rows) -> set[tuple[frozenset[int], ...]]:
    """Every matrix with these row and column sums, by trying all rows."""
    sums = Counter(c for row in rows for c in row)
    choices = [[frozenset(c) for c in combinations(sorted(sums), len(row))] for row in rows]
    return {m for m in product(*choices) if Counter(c for row in m for c in row) == sums}


def p_uniform(rows: Rows, trades: int, n: int) -> float:
    """p-value of chi-square: are n draws uniform over all matrices with these margins?"""
    start, columns = csr(rows)
    blocks = np.array([0, len(rows)], np.int64)
    rng = np.random.default_rng(20)
    seen = Counter(tuple(apart(start, curveball(start, columns, blocks, rng, trades))) for _ in range(n))
    possible = all_with_margins(rows)
    assert seen.keys() <= possible
    return float(stats.chisquare([seen[m] for m in sorted(possible, key=lambda m: [sorted(r) for r in m])]).pvalue)


@pytest.mark.parametrize("rows", MATRICES)
def test_all_matrices_are_equally_likely(rows: Rows) -> None:
    assert p_uniform(rows, 30, 6_000) > 1e-3


def test_one_trade_is_not_enough_and_the_test_would_see_it() -> None:
    assert p_uniform(MATRICES[2], 1, 6_000) < 1e-6


@given(
    rows=st.lists(st.frozensets(st.integers(0, 8), max_size=6), max_size=12),
    cuts=st.lists(st.integers(0, 12), max_size=3),
    seed=st.integers(0, 99),
)
def test_margins_are_kept_in_every_block(rows: Rows, cuts: list[int], seed: int) -> None:
    start, columns = csr(rows)
    blocks = np.array(sorted({0, len(rows), *(min(c, len(rows)) for c in cuts)}), np.int64)
    before = columns.copy()
    after = curveball(start, columns, blocks, np.random.default_rng(seed), 5)
    assert (columns == before).all()
    new = apart(start, after)
    assert [len(r) for r in new] == [len(r) for r in rows]
    assert all((np.diff(after[a:b]) > 0).all() for a, b in pairwise(start))
    for a, b in pairwise(blocks):
        assert Counter(c for r in new[a:b] for c in r) == Counter(c for r in rows[a:b] for c in r)


def test_a_seed_fixes_the_draw() -> None:
    start, columns = csr(MATRICES[2])
    draws = [curveball(start, columns, np.array([0, 4]), np.random.default_rng(s), 9).tolist() for s in (1, 1, 2, 3)]
    assert draws[0] == draws[1]
    assert draws[0] not in draws[2:]


def test_rows_out_of_order_are_refused() -> None:
    for bad in ([1, 0], [1, 1]):
        with pytest.raises(ValueError, match="sorted"):
            curveball(np.array([0, 2]), np.array(bad, np.int32), np.array([0, 1]), np.random.default_rng(0))
    # From one row to the next columns may fall, also across an empty row.
    falling = np.array([5, 2], np.int32)
    kept = curveball(np.array([0, 1, 1, 2]), falling, np.array([0, 1, 2, 3]), np.random.default_rng(0))
    assert kept.tolist() == [5, 2]
