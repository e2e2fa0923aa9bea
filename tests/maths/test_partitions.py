"""Agreement of partitions against brute force over all pairs of nodes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.maths.partitions import agreement, best_match, contingency, jaccard, numbered_parts

TWO_PARTITIONS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=30).map(
    lambda rows: (
        np.array([a for a, _ in rows], np.int64),
        np.array([b for _, b in rows], np.int64),
    )
)


def slow_jaccard(a: np.ndarray, b: np.ndarray) -> float:
    together_a = {p for p in combinations(range(len(a)), 2) if a[p[0]] == a[p[1]]}
    together_b = {p for p in combinations(range(len(b)), 2) if b[p[0]] == b[p[1]]}
    either = together_a | together_b
    return len(together_a & together_b) / len(either) if either else 0.0


@given(TWO_PARTITIONS)
def test_jaccard_counts_pairs_of_nodes(two: tuple[np.ndarray, np.ndarray]) -> None:
    assert jaccard(*two) == pytest.approx(slow_jaccard(*two), abs=1e-12)


@given(TWO_PARTITIONS)
def test_best_match_tries_every_community(two: tuple[np.ndarray, np.ndarray]) -> None:
    ref, other = two
    found = best_match(ref, other)
    assert len(found) == (ref.max() + 1 if len(ref) else 0)
    for label, value in enumerate(found):
        mine = set(np.flatnonzero(ref == label))
        theirs = [set(np.flatnonzero(other == k)) for k in range(6)]
        assert value == pytest.approx(max((len(mine & t) / len(mine | t) if mine | t else 0) for t in theirs))


@given(TWO_PARTITIONS)
def test_contingency_counts_every_node_once(two: tuple[np.ndarray, np.ndarray]) -> None:
    cells = list(zip(*(c.tolist() for c in contingency(*two)), strict=True))
    assert cells == sorted(cells)
    assert {(i, j): n for i, j, n in cells} == {
        (i, j): sum((two[0] == i) & (two[1] == j)) for i, j in set(zip(*map(list, two), strict=True))
    }


def test_nodes_on_their_own_do_not_inflate_agreement() -> None:
    alone = np.arange(1000)
    assert jaccard(alone, alone) == 0.0
    few = np.r_[[0, 0, 1, 1], np.arange(2, 998)]
    other = np.r_[[0, 1, 0, 1], np.arange(2, 998)]
    assert jaccard(few, other) == 0.0


def test_agreement_is_symmetric_with_ones_on_the_diagonal() -> None:
    one, two = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
    assert agreement([one, two, one]) == pytest.approx(np.array([[1, 0.25, 1], [0.25, 1, 0.25], [1, 0.25, 1]]))


def test_partitions_of_different_nodes_are_refused() -> None:
    with pytest.raises(ValueError, match="3 and 2 nodes"):
        jaccard(np.zeros(3, np.int64), np.zeros(2, np.int64))
    with pytest.raises(ValueError, match="3 and 2 nodes"):
        best_match(np.zeros(3, np.int64), np.zeros(2, np.int64))


@given(st.integers(0, 9), st.data(), st.integers(1, 4))
def test_parts_are_those_of_a_walk_numbered_by_size(n: int, data: st.DataObject, least: int) -> None:
    node = st.integers(0, max(n - 1, 0))
    links = data.draw(st.lists(st.tuples(node, node), max_size=12)) if n else []
    a, b = (np.array([x[k] for x in links], np.int64) for k in range(2))
    found = numbered_parts(a, b, n, least)
    part = {k: {k} for k in range(n)}
    for x, y in links:
        both = part[x] | part[y]
        part |= dict.fromkeys(both, both)
    parts = sorted({min(p): p for p in part.values()}.values(), key=lambda p: (-len(p), min(p)))
    expected = {k: i if len(p) >= least else -1 for i, p in enumerate(parts) for k in p}
    assert found.tolist() == [expected[k] for k in range(n)]
