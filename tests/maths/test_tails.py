"""Tails of counts against exact fractions, near and very far out."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.maths.tails import log_poisson_binomial_tail, log_poisson_tail

EIGHTHS = st.lists(st.integers(0, 8).map(lambda k: Fraction(k, 8)), max_size=8)
ANY = st.floats(0, 1, allow_subnormal=False)


def log_of(x: Fraction) -> float:
    """Natural logarithm of a fraction however small."""
    with localcontext() as c:
        c.prec = 50
        return float((Decimal(x.numerator) / Decimal(x.denominator)).ln()) if x else -math.inf


def enumerated(q: list[Fraction], s: int) -> Fraction:
    """P(X >= s), outcome by outcome."""
    total = Fraction(0)
    for outcome in product((0, 1), repeat=len(q)):
        if sum(outcome) >= s:
            total += math.prod((x if hit else 1 - x for x, hit in zip(q, outcome, strict=True)), start=Fraction(1))
    return total


def floats(q: list[Fraction]) -> np.ndarray:
    return np.array([float(x) for x in q], np.float64)


def poisson_tail(m: Fraction, s: int) -> float:
    """log P(X >= s) by the series, at 60 digits."""
    with localcontext() as c:
        c.prec = 60
        mean = Decimal(m.numerator) / Decimal(m.denominator)
        term = (-mean).exp() * mean**s / math.factorial(s)
        total, k = Decimal(0), s
        while term > total * Decimal(10) ** -50:
            total += term
            k += 1
            term *= mean / k
        return float(total.ln())


def agrees(ours: float, truth: float) -> bool:
    """Never below the truth by more than 1e-12 of p, nor of a far logarithm by more than its last digits."""
    if math.isinf(truth):
        return ours == truth
    slack = 1e-12 + 1e-14 * abs(truth)
    return -slack <= ours - truth <= slack


@given(EIGHTHS, st.integers(-1, 9))
def test_poisson_binomial_is_exact(q: list[Fraction], s: int) -> None:
    assert agrees(log_poisson_binomial_tail(floats(q), s), log_of(enumerated(q, s)))


@pytest.mark.parametrize("s", [1, 2, 3, 5])
def test_poisson_binomial_far_beyond_the_smallest_double(s: int) -> None:
    q = [Fraction(1, 2**k) for k in (400, 410, 500, 700, 3)]
    assert agrees(log_poisson_binomial_tail(floats(q), s), log_of(enumerated(q, s)))
    equal = [Fraction(1, 2**70)] * 60
    tail = sum((math.comb(60, k) * equal[0] ** k * (1 - equal[0]) ** (60 - k) for k in range(40, 61)), Fraction(0))
    assert agrees(log_poisson_binomial_tail(floats(equal), 40), log_of(tail))


@pytest.mark.parametrize("s", [14, 15, 16, 17, 18])
def test_both_roads_meet_where_one_takes_over(s: int) -> None:
    """Around 1e-280 the recursion in logarithms takes over: still exact, still ordered."""
    q = [Fraction(1, 2**k) for k in range(50, 70)]
    tail = elementary_tail(q, s)
    assert -760 < log_of(tail) < -540
    assert agrees(log_poisson_binomial_tail(floats(q), s), log_of(tail))


def elementary_tail(q: list[Fraction], s: int) -> Fraction:
    return sum(
        (math.prod(q[i] if i in hit else 1 - q[i] for i in range(len(q)))
         for k in range(s, len(q) + 1) for hit in map(set, combinations(range(len(q)), k))), Fraction(0),
    )  # fmt: skip


@given(st.lists(ANY, min_size=1, max_size=12), st.data())
def test_poisson_binomial_is_monotone(q: list[float], data: st.DataObject) -> None:
    x = np.array(q)
    tails = [log_poisson_binomial_tail(x, s) for s in range(len(q) + 2)]
    assert tails[0] == 0.0
    assert tails[-1] == -np.inf
    assert all(b <= a + 1e-12 for a, b in pairwise(tails))
    y = x.copy()
    i = data.draw(st.integers(0, len(q) - 1))
    y[i] = data.draw(st.floats(float(x[i]), 1))
    s = data.draw(st.integers(1, len(q)))
    assert log_poisson_binomial_tail(y, s) >= log_poisson_binomial_tail(x, s) - 1e-12


@given(st.lists(ANY, min_size=1, max_size=12))
def test_poisson_binomial_does_not_depend_on_order(q: list[float]) -> None:
    for s in range(1, len(q) + 1):
        one, other = (log_poisson_binomial_tail(np.array(x), s) for x in (q, sorted(q)))
        assert one == other or abs(one - other) <= 1e-11 + 1e-14 * abs(one)


FAR = [(1, 10**5, 3), (3, 10, 5), (2, 1, 60), (2, 1, 170), (10, 1, 150), (10, 1, 151), (10, 1, 400), (100, 1, 120),
       (100, 1, 600), (1000, 1, 1100), (1000, 1, 2300), (1000, 1, 3000), (5000, 1, 8000), (5, 1, 2), (30, 1, 25),
       (1, 2**600, 2), (1, 2**990, 3)]  # fmt: skip


@pytest.mark.parametrize(("top", "bottom", "s"), FAR)
def test_poisson_tail_is_never_below_the_truth(top: int, bottom: int, s: int) -> None:
    m = Fraction(top, bottom)
    ours = float(log_poisson_tail(np.array([float(m)]), np.array([s]))[0])
    truth = poisson_tail(m, s)
    assert ours >= truth - 1e-12
    assert ours <= truth + (1e-10 if truth > -640 else 0.05)  # beyond 1e-280 a bound


def test_poisson_tail_edges() -> None:
    tails = log_poisson_tail(np.array([0.0, 0.0, 3.0, 3.0]), np.array([0, 1, 0, -2]))
    assert tails.tolist() == [0.0, -np.inf, 0.0, 0.0]
    million = log_poisson_tail(np.full(5, 1e6), np.array([1_001_000, 1_035_000, 1_036_000, 1_037_000, 1_050_000]))
    assert np.all(np.isfinite(million))
    assert np.all(np.diff(million) < 0)
    # Stirling at 40 digits gives -680.72305; clipping the geometric majorant once gave -683.4, below the truth
    assert -680.7231 <= million[3] < -680.70


@given(st.floats(1e-12, 1e4), st.integers(1, 20_000))
def test_poisson_tail_is_monotone(m: float, s: int) -> None:
    here, further, more = log_poisson_tail(np.array([m, m, m * 1.01]), np.array([s, s + 1, s]))
    assert further <= here + 1e-9
    assert more >= here - 1e-9
    assert np.isfinite(here)


@given(st.lists(ANY, min_size=1, max_size=30), st.integers(1, 30))
def test_poisson_bounds_the_poisson_binomial_far_enough_out(q: list[float], s: int) -> None:
    """Hoeffding: where s >= mean + 1. Nearer it is no bound, as ten certainties show."""
    x = np.array(q)
    if s >= x.sum() + 1 + 1e-9:
        assert log_poisson_tail(x.sum(), np.array(s)) >= log_poisson_binomial_tail(x, s) - 1e-10
    assert log_poisson_tail(np.array(10.0), np.array(10)) < log_poisson_binomial_tail(np.ones(10), 10)
