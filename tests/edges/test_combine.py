"""From rows to pairs: each number by its definition."""

from __future__ import annotations

from math import inf, log
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.edges.combine import combine

LOG_P = st.sampled_from([0.0, -0.5, -1.0, -3.0, -3.0000001, -6.0, -9.0, -40.0, -800.0, -900.0])
ROWS = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(4, 7), st.integers(0, 2)), LOG_P, max_size=24
)  # a, b, layer


def columns(rows: dict[tuple[int, int, int], float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Layer after layer, as the rows come."""
    ordered = sorted(rows.items(), key=lambda r: r[0][::-1])
    a, b = (np.array([key[i] for key, _ in ordered], np.int64) for i in (0, 1))
    return a, b, np.array([p for _, p in ordered], np.float64)


def discovered(p: list[float], n_tests: int, alpha: float) -> list[bool]:
    """Benjamini and Hochberg, in their words: reject all up to the largest k with p_(k) <= k alpha / m."""
    ordered = sorted(p)
    k = max((i + 1 for i, x in enumerate(ordered) if x <= (i + 1) * alpha / n_tests), default=0)
    return [bool(k) and x <= ordered[k - 1] for x in p]


@given(ROWS, st.integers(0, 200))
def test_a_pair_is_k_times_its_smallest_p(rows: dict[tuple[int, int, int], float], more: int) -> None:
    n_tests = len(rows) + more
    a, b, log_p = columns(rows)
    found = combine(a, b, log_p, 3, n_tests)
    best: dict[tuple[int, int], float] = {}
    for (u, v, _), p in rows.items():
        if p + log(3) < 0:
            best[u, v] = min(best.get((u, v), 0.0), p + log(3))
    assert list(zip(found.a.tolist(), found.b.tolist(), strict=True)) == sorted(best)
    assert found.log_p == pytest.approx([best[k] for k in sorted(best)])
    for i, pair in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        own = min(log_p[i] + log(3), 0.0)
        assert found.log_p_row[i] == pytest.approx(own)
        assert (found.row[i] >= 0) == (own < 0)
        if own < 0:
            assert (found.a[found.row[i]], found.b[found.row[i]]) == pair


@given(ROWS, st.integers(0, 200), st.sampled_from([0.001, 0.01, 0.05, 0.2]))
def test_q_is_at_most_alpha_where_the_family_is_discovered(
    rows: dict[tuple[int, int, int], float], more: int, alpha: float
) -> None:
    a, b, log_p = columns(rows)
    found = combine(a, b, log_p, 3, len(rows) + more)
    p = np.exp(found.log_p).tolist()
    assert (found.q <= alpha).tolist() == discovered(p, found.n_tests, alpha)
    # A row is a discovery where its own p is not above the family's threshold; in logs, for exp(-800) is 0.
    called = discovered(p, found.n_tests, alpha)
    threshold = max((x for x, yes in zip(found.log_p.tolist(), called, strict=True) if yes), default=-inf)
    assert (found.q_row <= alpha).tolist() == [x <= threshold for x in found.log_p_row]


@given(ROWS, st.randoms())
def test_the_order_of_rows_does_not_matter(rows: dict[tuple[int, int, int], float], random: Random) -> None:
    a, b, log_p = columns(rows)
    order = list(range(len(a)))
    random.shuffle(order)
    one, other = combine(a, b, log_p, 3, 100), combine(a[order], b[order], log_p[order], 3, 100)
    for name in ("a", "b", "log_p", "q"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    for name in ("row", "log_p_row", "q_row"):
        assert np.array_equal(getattr(one, name)[order], getattr(other, name))


def test_another_layer_without_evidence_costs_its_share() -> None:
    a, b, p = np.array([0]), np.array([1]), np.array([log(0.01)])
    assert combine(a, b, p, 1, 1).q[0] == pytest.approx(0.01)
    assert combine(a, b, p, 4, 1).q[0] == pytest.approx(0.04)
    assert combine(a, b, p, 4, 10).q[0] == pytest.approx(0.4)


def test_nothing_to_combine() -> None:
    nobody = np.empty(0, np.int64)
    found = combine(nobody, nobody, np.empty(0), 0, 0)
    assert (len(found.a), len(found.q), len(found.q_row)) == (0, 0, 0)
    explained = combine(np.array([0]), np.array([1]), np.array([-0.5]), 3, 5)
    assert (explained.row.tolist(), explained.q_row.tolist()) == ([-1], [1.0])
