"""Clusters of common objects, and the bound on the chance that one is met: beside every law that there can be."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from tests.nulls.made import Touch, first_of, touches
from tests.nulls.met import bound, clusters, common, hits, meetings, n_sittings
from unisono.maths.types import I32
from unisono.nulls import meetings as kernels
from unisono.nulls.timing import common_rows
from unisono.nulls.touches import FirstTouches

Q = st.floats(0, 1) | st.sampled_from([0.0, 1e-9, 0.01, 0.5, 1.0])


def gathered(first: FirstTouches, a: int, b: int) -> tuple[I32, I32, I32, int]:
    """Rows of both in the order of their clusters, where each ends, and how many there are."""
    mine, theirs = (np.empty(len(first), np.int32) for _ in range(2))
    n = common_rows(first.touched, a, b, mine, theirs)
    ends = np.empty(n, np.int32)
    return mine[:n], theirs[:n], ends, kernels.into_clusters(first.sitting, mine, theirs, n, ends)


@given(touches(3, 9, n_posts=3), st.integers(0, 3))
def test_clusters_and_those_that_are_met_are_as_defined(rows: list[Touch], window: int) -> None:
    first = first_of(rows, 3, 9)
    for a, b in ((0, 1), (1, 0), (0, 2), (1, 2)):
        both = common(rows, a, b)
        mine, theirs, ends, n = gathered(first, a, b)
        found = [
            {(int(first.object[i]), int(first.object[j])) for i, j in zip(mine[s:e], theirs[s:e], strict=True)}
            for s, e in zip([0, *ends[: n - 1]], ends[:n], strict=False)
        ] if n else []  # fmt: skip
        expected = clusters(both)
        assert found == [{(x[1], y[1]) for x, y in c} for c in expected]
        met = np.zeros(n, np.bool_)
        kernels.are_met(first.t, mine, theirs, window, ends, n, met)
        assert met.tolist() == [2 * hits(c, window) > len(c) for c in expected]
        assert kernels.n_sittings(first.sitting, mine, theirs, ends, met, n) == meetings(both, window)


@given(touches(2, 30, n_posts=5))
def test_sittings_are_counted_on_the_side_that_has_fewer_of_any_clusters(rows: list[Touch]) -> None:
    """Enough common objects for every gap of the sort."""
    first = first_of(rows, 2, 30)
    expected = clusters(common(rows, 0, 1))
    mine, theirs, ends, n = gathered(first, 0, 1)
    assert n == len(expected)
    chosen = np.random.default_rng(len(rows)).random(n) < 0.5
    found = kernels.n_sittings(first.sitting, mine, theirs, ends, chosen, n)
    assert found == n_sittings([c for c, yes in zip(expected, chosen, strict=True) if yes])


def test_one_of_them_lingers_while_the_other_comes_and_goes() -> None:
    """Three sittings of one in a single sitting of the other are one meeting, whoever is named first."""
    rows = [(0, o, o, 0) for o in range(3)] + [(1, o, o, 10 + o) for o in range(3)]
    first = first_of(rows)
    for a, b in ((0, 1), (1, 0)):
        mine, theirs, ends, n = gathered(first, a, b)
        assert n == 3
        assert kernels.n_sittings(first.sitting, mine, theirs, ends, np.ones(3, np.bool_), n) == 1


def largest_chance(q: list[float]) -> float:
    """The most that P(more than half coincide) can be over all joint laws with these marginals: a linear program over
    the probabilities of all outcomes."""
    outcomes = np.array(list(product((0, 1), repeat=len(q))))
    often = outcomes.sum(1) > len(q) / 2
    best = linprog(-often.astype(float), A_eq=np.vstack([np.ones(len(outcomes)), outcomes.T]), b_eq=[1.0, *q])
    assert best.success
    return float(-best.fun)


@given(st.lists(Q, min_size=1, max_size=5))
def test_no_joint_law_meets_a_cluster_more_often_than_the_bound_and_one_does_as_often(q: list[float]) -> None:
    found = kernels.chance_met(np.array(q))
    assert found == pytest.approx(bound(q))
    assert found == pytest.approx(largest_chance(q), abs=1e-6)


@given(st.lists(Q, min_size=1, max_size=40), st.integers(0, 99))
def test_large_clusters_whose_objects_all_hang_on_one_throw(q: list[float], seed: int) -> None:
    """Joint laws made to break it: each object coincides on a stretch of length q of a circle, wherever it lies."""
    found = kernels.chance_met(np.array(q))
    assert found == pytest.approx(bound(q))
    rng = np.random.default_rng(seed)
    side_by_side = np.cumsum([0.0, *q[:-1]])  # the hardest: every point is covered as evenly as can be
    thrown = np.r_[rng.random(2000), np.linspace(0, 1, 2000, endpoint=False)]
    for begin in (np.zeros(len(q)), side_by_side, rng.random(len(q))):
        covered = ((thrown[:, None] - begin) % 1.0 < np.array(q)).sum(1)
        exact = (covered > len(q) / 2).mean()
        assert exact <= found + 4 * (0.25 / 2000) ** 0.5 * (0 < found < 1) + 1e-3


def test_known_clusters() -> None:
    def chance(*q: float) -> float:
        return kernels.chance_met(np.array(q))

    assert chance(0.3) == 0.3
    assert chance(0.3, 0.1) == 0.1  # both of two: no more likely than the less likely
    assert chance(0.1, 0.1, 0.1) == pytest.approx(0.15)  # two of three: Rueger's k q / m
    assert chance(0.1, 0.1, 1.0) == pytest.approx(0.2)  # a sure one is no evidence, and one of the others is enough
    assert chance(0.0, 0.0, 1.0) == 0.0
    assert chance(1.0, 1.0, 1.0, 0.01) == 1.0


@given(st.lists(st.lists(Q, min_size=1, max_size=6), min_size=1, max_size=6))
def test_every_cluster_has_its_own_chance(groups: list[list[float]]) -> None:
    q = np.array([x for own in groups for x in own])
    ends = np.cumsum([len(own) for own in groups]).astype(np.int32)
    found = kernels.chances_met(q, ends, len(groups))
    assert found.tolist() == pytest.approx([bound(own) for own in groups])


def test_nothing_in_common() -> None:
    first = first_of([(0, 0, 0, 0), (1, 1, 0, 0)])
    mine, theirs, ends, n = gathered(first, 0, 1)
    assert (n, kernels.n_sittings(first.sitting, mine, theirs, ends, np.zeros(0, np.bool_), 0)) == (0, 0)
