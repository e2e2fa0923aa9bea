"""The timing null: exact by enumeration of who came when, and what a pair did by definition."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.nulls.made import S, Touch, all_pairs, crowd, first_of, rows_of, touches
from tests.nulls.met import bound, clusters, common, hits, meetings, n_sittings
from unisono.maths.tails import log_poisson_binomial_tail
from unisono.nulls.latency import chances, clock_classes, latency_classes
from unisono.nulls.meetings import LEAST
from unisono.nulls.timing import Observed, observe, timing_family
from unisono.nulls.touches import FirstTouches

WINDOWS = st.integers(0, 4)


def seen(first: FirstTouches, window: int, a: np.ndarray, b: np.ndarray) -> Observed:
    speed, clocks = latency_classes(first)[1], clock_classes(first)
    return observe(first, speed, clocks, chances(first, speed, clocks, window), a, b)


def truth(rows: list[Touch], a: int, b: int, window: int) -> Fraction:
    """P(S or more) when every object's times go to its sharers in any order: all orders of all common objects. 1 where
    S is below the least that counts."""
    both = common(rows, a, b)
    s = meetings(both, window)
    if s < LEAST:
        return Fraction(1)
    slots = [[r[2] for r in rows if r[1] == x[1]] for x, _ in both]
    # Only the two accounts' slots matter: every order gives them two, each ordered two as often as any other.
    total = reached = 0
    for given_times in product(*(permutations(t, 2) for t in slots)):
        total += 1
        moved = [((*x[:2], t, x[3]), (*y[:2], u, y[3])) for (x, y), (t, u) in zip(both, given_times, strict=True)]
        reached += meetings(moved, window) >= s
    return Fraction(reached, total)


@given(touches(4, 3, last=4), WINDOWS)
def test_p_is_exact_ties_included(rows: list[Touch], window: int) -> None:
    """Where every object was touched in a sitting of its own."""
    first = first_of(rows, 4, 3)
    found = seen(first, window, *all_pairs(4))
    for k, (a, b) in enumerate(zip(*all_pairs(4), strict=True)):
        assert exp(found.log_p[k]) == pytest.approx(float(truth(rows, a, b, window)))


def test_every_order_of_everybody_gives_what_the_two_slots_give() -> None:
    """The same with all 24 x 24 orders of four accounts on two objects, S as the product counts it."""
    rows = [(a, o, t, 10 * a + o) for o, times in enumerate([(0, 1, 1, 9), (0, 3, 4, 4)]) for a, t in enumerate(times)]
    found = seen(first_of(rows), 1, *all_pairs(4))
    assert (found.meetings >= LEAST).sum() == 1  # the two in the middle
    for k, (a, b) in enumerate(zip(*all_pairs(4), strict=True)):
        reached = 0
        for one, other in product(permutations((0, 1, 1, 9)), permutations((0, 3, 4, 4))):
            reached += (abs(one[a] - one[b]) <= 1) + (abs(other[a] - other[b]) <= 1) >= found.meetings[k]
        assert exp(found.log_p[k]) == pytest.approx(reached / 576 if found.meetings[k] >= LEAST else 1)


def by_outcome(rows: list[Touch], a: int, b: int, window: int) -> float:
    """The same where sittings touch several objects: over all sets of common objects that can coincide."""
    both = common(rows, a, b)
    slots = [[r[2] for r in rows if r[1] == x[1]] for x, _ in both]
    q = [np.mean([abs(t - u) <= window for t, u in permutations(times, 2)]) for times in slots]
    s, total = meetings(both, window), 0.0
    for hit in product((False, True), repeat=len(both)):
        moved = [((*x[:2], 0, x[3]), (*y[:2], window + (not h), y[3])) for (x, y), h in zip(both, hit, strict=True)]
        if meetings(moved, window) >= s:
            total += float(np.prod([x if h else 1 - x for x, h in zip(q, hit, strict=True)]))
    return total


@given(touches(4, 6, last=3, n_posts=2), WINDOWS)
def test_p_is_never_below_the_truth_where_sittings_touch_several_objects(rows: list[Touch], window: int) -> None:
    found = seen(first_of(rows, 4, 6), window, *all_pairs(4))
    for k, (a, b) in enumerate(zip(*all_pairs(4), strict=True)):
        if found.meetings[k] >= LEAST:
            assert exp(found.log_p[k]) >= by_outcome(rows, a, b, window) * (1 - 1e-12)


@given(touches(5, 7, n_posts=3), WINDOWS)
def test_what_a_pair_did_is_as_defined(rows: list[Touch], window: int) -> None:
    first = first_of(rows, 5, 7)
    speed, clocks = latency_classes(first)[1], clock_classes(first)
    chance = chances(first, speed, clocks, window)
    found = observe(first, speed, clocks, chance, *all_pairs(5))
    class_of = {(a, o): c for (a, o, _, _), c in zip(rows_of(first), speed.tolist(), strict=True)}
    for k, (a, b) in enumerate(zip(*all_pairs(5), strict=True)):
        both = common(rows, a, b)
        share = np.array([chance.share[x[1]] for x, _ in both])
        s = meetings(both, window)
        assert found.n_common[k] == len(both)
        assert found.n_first[k] == hits(both, window)
        assert found.meetings[k] == s
        assert found.n_choices[k] == n_sittings(clusters(both))
        assert found.n_open[k] == ((share > 0) & (share < 1)).sum()
        assert found.expected[k] == pytest.approx(share.sum())
        factor = chance.circadian[clocks[a], clocks[b]]
        q: dict[str, dict[int, float]] = {"log_p": {}, "log_p_speed": {}, "log_p_usual": {}}
        for x, _ in both:
            o, c, d = x[1], class_of[a, x[1]], class_of[b, x[1]]
            q["log_p"][o] = chance.share[o]
            q["log_p_speed"][o] = min(factor * chance.usual[chance.place[o], c, d], 1.0)
            q["log_p_usual"][o] = min(factor * max(chance.typical, chance.overall[c, d]), 1.0)
        for name, own in q.items():
            each = np.array([bound([own[x[1]] for x, _ in c]) for c in clusters(both)])
            exact = log_poisson_binomial_tail(each, s) if s >= LEAST else 0.0
            assert getattr(found, name)[k] == pytest.approx(exact)


def test_what_one_sitting_shows_is_one_meeting_however_rich() -> None:
    """Ten objects within a second, again and again: by the sittings of the account that had fewer."""
    one = [(a, o, 100 * o + a, 0) for o in range(10) for a in range(2)]
    others = [(a, o, 100 * o + 20 * a, 0) for o in range(30) for a in range(2, 12)]
    found = seen(first_of(one + others), 1, np.array([0]), np.array([1]))
    assert (found.n_first[0], found.meetings[0], found.log_p[0]) == (10, 1, 0.0)
    assert found.n_choices[0] == 1
    again = [(a, 10 * k + o, 100 * (10 * k + o) + a, k) for k in range(3) for o in range(10) for a in range(2)]
    found = seen(first_of(again + others), 1, np.array([0]), np.array([1]))
    assert (found.n_first[0], found.meetings[0], found.n_choices[0]) == (30, 3, 3)
    share = 1 / (12 * 11 / 2)
    assert found.log_p[0] == pytest.approx(3 * np.log(10 * share / 6))  # six of ten: Rueger's bound
    lingers = [(a, o, t, 0 if a == 0 else p) for a, o, t, p in again]
    assert seen(first_of(lingers + others), 1, np.array([0]), np.array([1])).meetings[0] == 1


def test_half_of_what_two_sittings_share_is_no_meeting() -> None:
    """Regression: a lone coincidence among three objects of two sittings counted as a meeting."""
    for k in range(5):
        rows = [(a, o, 100 * o + (a if o < k else 50 * a), 0) for o in range(4) for a in range(2)]
        found = seen(first_of(rows), 1, np.array([0]), np.array([1]))
        assert (found.n_first[0], found.meetings[0]) == (k, int(k > 2))


def test_two_sharers_or_one_second_say_nothing() -> None:
    two = [(a, o, 1000 * o + a, 0) for o in range(30) for a in range(2)]
    found = seen(first_of([(a, o, t, k) for k, (a, o, t, _) in enumerate(two)]), 60, *all_pairs(2))
    assert (found.meetings[0], found.n_open[0], found.log_p[0]) == (30, 0, 0.0)
    crowd_ = [(a, o, 5, 10 * o + a) for o in range(6) for a in range(9)]
    found = seen(first_of(crowd_), 60, *all_pairs(9))
    assert found.log_p.tolist() == [0.0] * 36
    assert found.n_open.tolist() == [0] * 36


@given(touches(7, 5), st.integers(1, 4))
def test_the_family_is_enumerated_and_its_bound_holds(rows: list[Touch], k: int) -> None:
    first = first_of(rows, 7, 5)
    n = sum(len(common(rows, a, b)) >= k for a, b in zip(*all_pairs(7), strict=True))
    assert timing_family(first, k) == max(n, 1)
    assert timing_family(first, k, work=0) >= max(n, 1)


@pytest.mark.parametrize("by_time", [False, True])
def test_the_order_of_pairs_and_of_the_two_does_not_matter(by_time: bool) -> None:
    first = first_of(crowd(1, days=1), by_time=by_time)
    a, b = all_pairs(60)
    order = np.random.default_rng(0).permutation(len(a))
    one, other = seen(first, 3600 * S, a, b), seen(first, 3600 * S, b[order], a[order])
    for name in ("n_common", "n_first", "meetings", "expected", "n_open", "n_choices"):
        assert np.array_equal(getattr(one, name)[order], getattr(other, name))
    assert (one.meetings >= LEAST).any()
    assert by_time == (one.meetings < one.n_first).any()
    for name in ("log_p", "log_p_speed", "log_p_usual"):  # clusters are summed in another order
        assert getattr(one, name)[order] == pytest.approx(getattr(other, name), rel=1e-12, abs=1e-15)


def test_new_numbers_for_accounts_change_nothing() -> None:
    rows, new = crowd(2), np.random.default_rng(1).permutation(60)
    a, b = all_pairs(60)
    one = seen(first_of(rows, 60), 3600 * S, a, b)
    other = seen(first_of([(int(new[u]), o, t, p) for u, o, t, p in rows], 60), 3600 * S, new[a], new[b])
    assert (one.meetings >= LEAST).any()
    assert one.log_p == pytest.approx(other.log_p, rel=1e-12, abs=1e-15)
    assert one.log_p_speed == pytest.approx(other.log_p_speed)


def test_thousands_of_meetings_are_a_matter_of_moments() -> None:
    """Regression: the exact tail takes objects x meetings steps for each pair, hours for a large operation."""
    together = [(a, o, 100 * o + a, 30_000 * a + o) for o in range(20_000) for a in range(2)]
    others = [(2 + o % 50, o, 100 * o + 50, 10**6 + o) for o in range(20_000)]
    found = seen(first_of(together + others), 1, *all_pairs(2))
    assert found.meetings[0] == 20_000
    assert found.log_p[0] == pytest.approx(20_000 * np.log(1 / 3))


def test_no_pairs() -> None:
    first = first_of([], 2, 1)
    nobody = np.empty(0, np.int64)
    assert len(seen(first, 1, nobody, nobody).log_p) == 0
    assert timing_family(first, 3) == 1
