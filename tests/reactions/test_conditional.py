"""The conditional tail against all outcomes that have the same sums."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from unisono.reactions.conditional import LEAST, stratified_tail, stretch_tail

Case = list[tuple[float, bool, bool, int]]
"""Chance, seen, chosen, stratum."""


def tail(case: Case) -> float:
    q, x, chosen, stratum = (np.array([r[k] for r in case], t) for k, t in enumerate((float, bool, bool, np.int64)))
    return float(stratified_tail(q, x, chosen, stratum))


def brute(case: Case) -> float:
    """The definition, outcome by outcome."""

    def sums(x: tuple[bool, ...]) -> list[int]:
        return [sum(v for v, r in zip(x, case, strict=True) if r[3] == h) for h in range(3)]

    def chosen(x: tuple[bool, ...]) -> int:
        return sum(v for v, r in zip(x, case, strict=True) if r[2])

    seen = tuple(r[1] for r in case)
    weight, above = 0.0, 0.0
    for x in product((False, True), repeat=len(case)):
        if sums(x) == sums(seen):
            w = np.prod([r[0] / (1 - r[0]) if v else 1.0 for v, r in zip(x, case, strict=True)])
            weight += w
            above += w if chosen(x) >= chosen(seen) else 0.0
    return above / weight


row = st.tuples(st.floats(0.02, 0.98), st.booleans(), st.booleans(), st.integers(0, 2))


@given(st.lists(row, max_size=8))
def test_equals_all_outcomes(case: Case) -> None:
    assert tail(case) == pytest.approx(brute(case), rel=1e-9)


@given(st.lists(row, max_size=7))
def test_the_stretch_is_the_least_favourable_one(case: Case) -> None:
    """Of three parts around the clock every set is a stretch, or the rest of one."""
    q, x, chosen, part = (np.array([r[k] for r in case], t) for k, t in enumerate((float, bool, bool, np.int64)))
    ways = [[(q, x, chosen, int(h == apart)) for q, x, chosen, h in case] for apart in (-1, 0, 1, 2)]
    assert stretch_tail(q, x, chosen, part, 3) == pytest.approx(max(brute(way) for way in ways), rel=1e-9)


def test_stretches_go_around_midnight_and_are_in_one_piece() -> None:
    """Asleep in parts 7, 0, 1: never early then, always else. Asleep in parts 1 and 5 is no stretch."""
    asleep = {frozenset({7, 0, 1}): True, frozenset({1, 5}): False}
    for parts, explained in asleep.items():
        early = np.array([k not in parts for k in range(8)] * 10)
        author = early & (np.arange(80) < 60) | (np.arange(80) == 0)
        p = stretch_tail(np.full(80, 0.1), early, author, np.arange(80) % 8, 8)
        assert (p == 1) == explained


@given(st.lists(row, min_size=1, max_size=9), st.floats(0.1, 20))
def test_the_accounts_own_haste_cancels(case: Case, theta: float) -> None:
    hasty = [(theta * q / (1 - q) / (1 + theta * q / (1 - q)), *rest) for q, *rest in case]
    assert tail(hasty) == pytest.approx(tail(case), rel=1e-6)


def test_equal_chances_are_fishers_exact_test() -> None:
    case = [(0.1, k < 9, True, 0) for k in range(12)] + [(0.1, k < 2, False, 0) for k in range(20)]
    assert tail(case) == pytest.approx(hypergeom.sf(8, 32, 11, 12))


def test_what_cannot_vary_says_nothing() -> None:
    assert tail([]) == 1
    case = [(0.1, True, True, 0), (0.3, False, False, 0)]
    assert tail([*case, (0.0, False, False, 0), (1.0, True, True, 0)]) == pytest.approx(tail(case))
    assert tail([(0.1, True, True, 0)] * 30) == 1  # no other object
    assert tail([(0.1, True, True, 0)] * 30 + [(0.1, False, False, 1)] * 30) == 1  # none at that part of the day


def test_far_tails_stay_numbers() -> None:
    case = [(0.01, True, True, 0)] * 900 + [(0.01, False, False, 0)] * 900
    assert LEAST <= tail(case) < 1e-250
    assert tail([(q, not x, c, h) for q, x, c, h in case]) == pytest.approx(1)
