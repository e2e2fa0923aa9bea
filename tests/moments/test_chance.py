"""The p of one window: exact tails, and valid under the steepest wave that the null allows."""

from __future__ import annotations

from fractions import Fraction
from math import comb, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.moments.make import SECOND, WINDOW
from unisono.moments.chance import hypergeometric_tail, log_binomial_tail, log_p, share_of_wave
from unisono.moments.curve import FLANK, LEAST_TOUCHES, Starts, starts


def tail(s: int, n: int, share: float) -> float:
    """log P(X >= s) in whole numbers."""
    p = Fraction(share)
    exact = sum((comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(s, n + 1)), Fraction(0))
    return log(exact.numerator) - log(exact.denominator)


@pytest.mark.parametrize(("s", "n"), [(12, 16), (16, 16), (60, 65), (300, 400), (700, 900), (1200, 1200), (1400, 1420)])
def test_tails_are_exact_or_just_above(s: int, n: int) -> None:
    share = share_of_wave(WINDOW, SECOND)
    got = log_binomial_tail(np.array([s], np.int32), np.array([n], np.int32), share)[0]
    exact = tail(s, n, share)
    assert exact - 1e-6 <= got <= exact + 0.01 * abs(exact) + 1e-6


@given(st.integers(1, 60), st.data())
def test_draws_without_replacement_are_counted_exactly(total: int, data: st.DataObject) -> None:
    marked, n = data.draw(st.integers(0, total)), data.draw(st.integers(0, total))
    s = data.draw(st.integers(0, n))
    ways = sum(comb(marked, k) * comb(total - marked, n - k) for k in range(s, min(n, marked) + 1))
    assert hypergeometric_tail(s, n, marked, total) == pytest.approx(ways / comb(total, n), rel=1e-9)


def test_far_tails_of_draws_are_small_and_not_nothing() -> None:
    got = hypergeometric_tail(60, 60, 70, 4000)
    assert got == pytest.approx(float(Fraction(comb(70, 60), comb(4000, 60))), rel=1e-9)
    assert 0 < got < 1e-80


def test_the_share_is_that_of_a_wave_of_half_life_one_window() -> None:
    late = np.random.default_rng(1).exponential(1 / np.log(2), 400_000)
    inside = np.count_nonzero(late <= 1)
    assert inside / np.count_nonzero(late <= 1 + FLANK) == pytest.approx(share_of_wave(WINDOW, 0), abs=0.003)


def test_a_coarse_clock_puts_more_in_the_window() -> None:
    # On a clock of half a window, a closed window holds three ticks and not two.
    late = np.floor(2 * np.random.default_rng(2).exponential(1 / np.log(2), 400_000)) / 2
    share = np.count_nonzero(late <= 1) / np.count_nonzero(late <= 1 + FLANK)
    assert share == pytest.approx(share_of_wave(WINDOW, WINDOW // 2), abs=0.003)
    assert share > share_of_wave(WINDOW, 0) + 0.05


@pytest.mark.parametrize(("half_life_s", "background", "low", "high"), [
    (60, 0, 0.02, 0.05), (60, 1, 0.001, 0.05), (125, 0, 0, 0.005), (30, 0, 0.3, 1),
])  # fmt: skip
def test_the_first_touch_of_a_wave_is_tested_at_its_level(
    half_life_s: float, background: float, low: float, high: float
) -> None:
    """At the limit of the null the level is used up, slower waves stay below, and a faster one is seen.

    background: touches per window.
    """
    rng, hits, n = np.random.default_rng(3), 0, 2000
    for _ in range(n):
        wave = rng.exponential(half_life_s / np.log(2), rng.integers(30, 200))
        wave -= wave.min()  # the wave has no memory: what follows its first touch is the same wave
        rest = rng.uniform(-3600, 3600, rng.poisson(120 * background))
        t = np.sort(np.r_[-4000, wave, rest] * SECOND).astype(np.int64)
        found = starts(np.zeros(len(t), np.int32), t, t[:1], WINDOW)
        p = np.exp(log_p(found, WINDOW, 1))[t[found.row] == 0]
        hits += bool((p <= 0.05).any())
    assert low <= hits / n <= high


def test_a_stream_that_ends_is_no_burst() -> None:
    # 40 per window before, 40 in it, none after: the collection ended, or the post was deleted.
    row = np.zeros(1, np.int32)
    cut = Starts(row, np.array([40], np.int32), np.array([40 * FLANK], np.int32), np.array([0], np.int32))
    lone = Starts(row, np.array([40], np.int32), np.array([0], np.int32), np.array([0], np.int32))
    assert log_p(cut, WINDOW, 1)[0] == 0
    assert log_p(lone, WINDOW, 1)[0] < -20


def test_with_the_fewest_touches_a_discovery_is_possible_alone() -> None:
    assert share_of_wave(WINDOW, SECOND) ** LEAST_TOUCHES < 1e-3
