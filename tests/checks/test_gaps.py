"""Gaps: bursts, growth and quiet nights are none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from unisono.checks.gaps import LEVEL, empty_runs

WEEKS = 8


def hours(seed: int, level: float = 3.0) -> np.ndarray:
    draw = np.random.default_rng(seed)
    rate = level * (1.1 + np.sin(np.arange(WEEKS * 168) / 24 * 2 * np.pi))
    return draw.poisson(rate).astype(np.int64)


def test_false_alarms_are_rare() -> None:
    alarms = sum(bool(empty_runs(hours(seed))) for seed in range(300))
    assert alarms <= stats.binom.ppf(0.9999, 300, 10 * LEVEL)


@pytest.mark.parametrize("length", [24, 48, 100])
def test_a_day_without_posts_is_found_with_its_hours(length: int) -> None:
    counts = hours(1)
    counts[500 : 500 + length] = 0
    (gap,) = empty_runs(counts)
    assert gap[0] <= 500
    assert gap[1] >= 500 + length
    assert gap[1] - gap[0] <= length + 8


def test_bursts_and_growth_are_no_gaps() -> None:
    for seed in range(20):
        counts = hours(seed, 0.3)
        counts[600:640] += 200  # a burst lifts no median
        assert empty_runs(counts) == []
        grown = np.random.default_rng(seed).poisson(np.linspace(0, 6, WEEKS * 168)).astype(np.int64)
        grown[0] = 1
        assert empty_runs(grown) == []
