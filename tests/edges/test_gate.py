"""The gate beside its definition, and what it is for: interest finer than any strata."""

from __future__ import annotations

from dataclasses import replace
from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.nulls.made import S, all_pairs, crowd, first_of
from unisono.edges.call import Layer, call
from unisono.edges.gate import gated, limit
from unisono.nulls.layer import TIMING_HOLDS, assess, background, chances_of

LOG_P = st.floats(-2000, 0) | st.floats(-6, 0) | st.just(0.0)
RATES = st.sampled_from([0.01, 0.05, 0.2])


def discovered(log_p: list[float], fdr: float) -> list[bool]:
    """Benjamini and Hochberg over these alone."""
    ordered = sorted(map(exp, log_p))
    k = max((i + 1 for i, x in enumerate(ordered) if x <= (i + 1) * fdr / len(ordered)), default=0)
    return [k > 0 and exp(x) <= ordered[k - 1] for x in log_p]


@given(st.lists(LOG_P, max_size=30), RATES)
def test_it_lets_through_the_discoveries_of_the_family_at_most_those_whose_timing_holds(
    log_p: list[float], fdr: float
) -> None:
    most = limit(np.array(log_p), fdr)
    expected = [yes and x <= log(TIMING_HOLDS) for x, yes in zip(log_p, discovered(log_p, fdr), strict=True)]
    assert [x <= most for x in log_p] == expected
    assert most <= log(TIMING_HOLDS)


@pytest.mark.parametrize("log_p", [-30_000.0, -745.2, -700.0, log(1e-9), log(0.05)])
def test_the_pair_at_the_limit_passes(log_p: float) -> None:
    """Regression: with thousands of meetings p is 0, its log minus infinity, and the pair was above its own limit."""
    assert limit(np.array([log_p]), 0.06) == log_p
    assert limit(np.array([log_p, 0.0, 0.0]), 0.2) == log_p


def test_no_family_lets_nobody_through_and_a_good_one_everybody_up_to_a_tenth() -> None:
    assert limit(np.empty(0), 0.05) == -inf
    assert limit(np.log([0.2, 0.5, 0.9]), 0.05) == -inf
    assert limit(np.log([1e-6] * 50 + [0.04, 0.3]), 0.05) == pytest.approx(log(0.04))
    assert limit(np.log([1e-6] * 500 + [0.2]), 0.3) == log(TIMING_HOLDS)


@given(st.lists(st.tuples(LOG_P, LOG_P, st.booleans()), max_size=20), RATES)
def test_pairs_above_the_limit_of_those_that_are_called_have_p_1(
    rows: list[tuple[float, float, bool]], fdr: float
) -> None:
    log_p, times = (np.array([r[i] for r in rows], np.float64) for i in (0, 1))
    most = limit(np.array([t for _, t, yes in rows if yes], np.float64), fdr)
    found = gated(log_p, times, np.array([r[2] for r in rows], np.bool_), fdr)
    assert found.tolist() == [p if t <= most else 0.0 for p, t, _ in rows]


def by_interest(n_special: int, n_ordinary: int, seed: int = 1) -> tuple[Layer, np.ndarray]:
    """A layer in which the joint test calls all of some pairs, of which n_special have special times and n_ordinary a
    timing p that is uniform; and which of its rows are special. Speed explains all of them."""
    rng = np.random.default_rng(seed)
    ground, (a, b) = background(first_of(crowd(1, 60, 30, 300))), all_pairs(60)
    tested = assess(ground, chances_of(ground, 3600 * S), a, b)
    called, special = np.arange(len(a)) < n_special + n_ordinary, np.arange(len(a)) < n_special
    times = np.where(special, log(1e-7), np.log(rng.random(len(a))))
    seen = replace(
        tested.observed,
        log_p=times,
        log_p_speed=np.zeros(len(a)),
        meetings=np.full(len(a), 5),
        n_common=np.zeros(len(a), int),
    )
    log_p = np.where(called, log(1e-30), 0.0)
    return Layer("x", 3600 * S, ground, replace(tested, log_p_joint=log_p, observed=seen), np.arange(60)), special


def test_where_interest_calls_pairs_their_ordinary_times_keep_them_out() -> None:
    """Regression: the family held only pairs with a timing p of a tenth or less, so the limit stayed at a tenth where
    thousands were called by interest and one in ten of them passed by luck."""
    x, _ = by_interest(0, 1500)
    assert not call([x], 0.05)[0][0].is_edge.any()
    x, _ = by_interest(0, 1500)
    assert not call([x], 0.1)[0][0].is_edge.any()
    x, special = by_interest(100, 1000)
    found = call([x], 0.05)[0][0].is_edge
    assert np.all(found[special])
    assert (found & ~special).sum() <= 0.15 * found.sum()


def test_where_the_pairs_that_are_called_have_special_times_a_tenth_is_the_limit() -> None:
    x, special = by_interest(300, 2)
    found = call([x], 0.2)[0][0]
    t = x.tested
    assert np.array_equal(found.is_edge, (t.log_p_joint < 0) & (t.observed.log_p <= log(TIMING_HOLDS)))
    assert np.all(found.is_edge[special])


def test_interest_in_one_layer_closes_no_gate_in_another() -> None:
    (one, special), (other, _) = by_interest(20, 0), by_interest(0, 1500)
    alone, both = call([one], 0.05)[0][0], call([one, other], 0.05)[0]
    assert alone.is_edge.tolist() == special.tolist() == both[0].is_edge.tolist()
    assert not both[1].is_edge.any()


def test_pairs_that_the_gate_keeps_out_cost_nothing_and_give_nothing() -> None:
    """The second look at the joint p is over what passed: all that were called before, or fewer."""
    x, _ = by_interest(50, 400)
    t = x.tested
    (found,), verdicts = call([x], 0.05)
    passed = (t.log_p_joint < 0) & (t.observed.log_p <= limit(t.observed.log_p[t.log_p_joint < 0], 0.05))
    assert found.is_edge.tolist() == passed.tolist()
    assert len(verdicts.a) == passed.sum()
    assert np.all(found.log_p[~passed] == 0)
