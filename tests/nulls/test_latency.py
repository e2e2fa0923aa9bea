"""Speed and hours of accounts, and chances of a coincidence, each against loops that follow the definition."""

from __future__ import annotations

from itertools import combinations
from math import comb, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.nulls.made import DAY, S, Touch, crowd, first_of, rows_of, touches
from unisono.nulls.latency import (
    N_CLASSES,
    N_CLOCKS,
    ON_SCHEDULE,
    _by_class,
    _by_clock,
    _Touches,
    chances,
    clock_classes,
    latency_classes,
)
from unisono.nulls.touches import FirstTouches

WINDOWS = st.integers(0, 7)
NO_HOURS = ON_SCHEDULE - 1


def score(row: Touch, rows: list[Touch]) -> float | None:
    """Log of the relative mid-rank on the object; None on an object of one's own."""
    t = [r[2] for r in rows if r[1] == row[1]]
    rank = sum(x < row[2] for x in t) + (sum(x == row[2] for x in t) - 1) / 2
    return log((rank + 0.5) / len(t)) if len(t) > 1 else None


def shrunk(scores: list[float | None]) -> float:
    known = [x for x in scores if x is not None]
    return (sum(known) - 2) / (len(known) + 2)


@given(touches(5, 5))
def test_speed_is_the_mean_score_on_other_objects(rows: list[Touch]) -> None:
    first = first_of(rows, 5, 5)
    others, _, overall = latency_classes(first)
    for k, row in enumerate(rows_of(first)):
        assert others[k] == pytest.approx(shrunk([score(r, rows) for r in rows if r[0] == row[0] and r != row]))
    cuts = [-2.6, -2.1, -1.75, -1.4, -1.1, -0.8]
    for a in range(5):
        value = shrunk([score(r, rows) for r in rows if r[0] == a])
        if min(abs(value - c) for c in cuts) > 1e-9:
            assert overall[a] == sum(value >= c for c in cuts)


@given(touches(5, 4), st.permutations(range(5)))
def test_times_on_an_object_play_no_part_in_the_speed_there(rows: list[Touch], order: list[int]) -> None:
    """Who came when on object 0 is changed at will: what is said of its touches stays."""
    moved = [(a, o, order[a] if o == 0 else t, p) for a, o, t, p in rows]
    before, after = (
        {(a, o): x for (a, o, _, _), x in zip(rows_of(f), latency_classes(f)[0], strict=True) if o == 0}
        for f in (first_of(rows, 5, 4), first_of(moved, 5, 4))
    )
    assert before == pytest.approx(after)


def test_objects_of_its_own_do_not_make_a_quick_account_slow() -> None:
    """Regression: an only sharer scored log(1/2), late, and reactors with things of their own passed for late ones."""
    rows = [(a, o, a, 0) for a in range(40) for o in range(12)]
    alone = [(0, 12 + k, k, 0) for k in range(100)]
    plain, more = latency_classes(first_of(rows, 40, 112)), latency_classes(first_of(rows + alone, 40, 112))
    assert plain[2].tolist() == more[2].tolist()
    assert (plain[2][0], plain[2][39]) == (0, N_CLASSES - 1)


@given(touches(6, 4), WINDOWS)
def test_chances_are_symmetric_probabilities(rows: list[Touch], window: int) -> None:
    first = first_of(rows, 6, 4)
    chance = chances(first, latency_classes(first)[1], clock_classes(first), window)
    for table in (chance.q, chance.usual):
        assert np.all((table >= 0) & (table <= 1))
        assert table == pytest.approx(table.transpose(0, 2, 1), abs=1e-15)
    assert chance.circadian == pytest.approx(chance.circadian.T)
    assert np.all(chance.circadian > 0)
    for o in range(4):
        t = [r[2] for r in rows if r[1] == o]
        close = [abs(x - y) <= window for x, y in combinations(t, 2)]
        assert chance.share[o] == pytest.approx(np.mean(close) if close else np.nan, nan_ok=True)


def counted(first: FirstTouches, classes: np.ndarray, window: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs within the window and pairs by (object, lower class, higher class), and slots, pair by pair."""
    shape = (len(first.n_sharers), N_CLASSES, N_CLASSES)
    close, pairs, slots = np.zeros(shape), np.zeros(shape), np.zeros(shape[:2])
    for i in range(len(first)):
        slots[first.object[i], classes[i]] += 1
        for j in range(i):
            if first.object[i] == first.object[j]:
                low, high = sorted((classes[i], classes[j]))
                pairs[first.object[i], low, high] += 1
                close[first.object[i], low, high] += abs(first.t[i] - first.t[j]) <= window
    return close, pairs, slots


@given(touches(6, 3), WINDOWS, st.integers(0, 99))
def test_coincidences_by_class_are_counted_pair_by_pair(rows: list[Touch], window: int, seed: int) -> None:
    first = first_of(rows, 6, 3)
    classes = np.random.default_rng(seed).integers(0, N_CLASSES, len(first)).astype(np.int8)
    close, pairs, slots = counted(first, classes, window)
    found = _by_class(first.slots, first.t, classes, window)
    assert np.array_equal(found[0], close)
    assert np.array_equal(found[1], slots)
    chance = chances(first, classes, clock_classes(first), window)
    for o in np.flatnonzero(first.n_sharers >= 2):
        for low in range(N_CLASSES):
            for high in range(low, N_CLASSES):
                usual = chance.usual[chance.place[o], low, high]
                expected = min((close[o, low, high] + 20 * usual) / (pairs[o, low, high] + 20), 1.0)
                assert chance.q[chance.place[o], low, high] == pytest.approx(expected)


@pytest.mark.parametrize("n", [20, 62, 63, 90])
def test_coincidences_by_hours_on_small_and_large_objects(n: int) -> None:
    """From 63 sharers on the expectation is counted by class instead of pair by pair: both must agree."""
    rng = np.random.default_rng(n)
    first = first_of([(a, o, int(rng.integers(0, 50)), 0) for o in range(2) for a in range(n)])
    speed = rng.integers(0, N_CLASSES, len(first)).astype(np.int8)
    clock = rng.integers(0, N_CLOCKS, len(first)).astype(np.int8)
    q = rng.random((2, N_CLASSES, N_CLASSES))
    q = (q + q.transpose(0, 2, 1)) / 2
    seen, expected = np.zeros((N_CLOCKS, N_CLOCKS)), np.zeros((N_CLOCKS, N_CLOCKS))
    for i in range(len(first)):
        for j in range(i):
            if first.object[i] == first.object[j]:
                seen[clock[i], clock[j]] += abs(first.t[i] - first.t[j]) <= 7
                expected[clock[i], clock[j]] += q[first.object[i], speed[i], speed[j]]
    found = _by_clock(_Touches(first.slots, first.t, speed, clock), q, 7)
    assert found[0] + found[0].T == pytest.approx(seen + seen.T)
    assert found[1] + found[1].T == pytest.approx(expected + expected.T)


def test_hours_are_told_where_they_show() -> None:
    past = 7 * 60 * S
    owl = [(0, o, o * DAY + 2 * 3600 * S + past, 0) for o in range(6)]
    noon = [(1, o, o * DAY + 13 * 3600 * S + past, 0) for o in range(6)]
    round_the_clock = [(2, o, o * DAY + 4 * o * 3600 * S + past, 0) for o in range(6)]
    once = [(3, 0, 2 * 3600 * S + past, 0)]
    found = clock_classes(first_of([*owl, *noon, *round_the_clock, *once], 5))
    assert found.tolist() == [0, 4, NO_HOURS, NO_HOURS, NO_HOURS]


MINUTE, QUARTER = 60 * S, 900 * S
MOMENTS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 200), st.sampled_from([0, 1, 59, 60, 61, 300, 600, 840, 899])),
    max_size=60,
)
"""account, quarter of an hour, seconds into it."""


def by_rule(times: list[int], most_on_mark: bool) -> int | None:
    """Class of an account on a schedule, None of any other: two acts or more, and most of its acts, in the first minute
    of a quarter, of which at most one time in a hundred there would be as many by chance."""
    k = sum(t % QUARTER < MINUTE for t in times)
    n = len(times)
    by_chance = sum(comb(n, i) * (1 / 15) ** i * (14 / 15) ** (n - i) for i in range(k, n + 1))
    if most_on_mark or k < 2 or 2 * k <= len(times) or by_chance > 0.01:
        return None
    return ON_SCHEDULE + (10 * sum(t % (4 * QUARTER) < MINUTE for t in times) > 9 * k)


@given(MOMENTS)
def test_schedules_are_as_defined(moments: list[tuple[int, int, int]]) -> None:
    rows = [(a, k, q * QUARTER + s * S, k) for k, (a, q, s) in enumerate(moments)]
    found = clock_classes(first_of(rows, 5, 60))
    most = 2 * sum(t % QUARTER < MINUTE for _, _, t, _ in rows) >= len(rows)
    for a in range(5):
        expected = by_rule([t for b, _, t, _ in rows if b == a], most)
        assert found[a] == expected if expected is not None else found[a] <= NO_HOURS


def test_tools_that_send_on_the_mark_are_classes_of_their_own() -> None:
    """Full hours; quarters of an hour; by hand, at 7 past. Together with people who act at any time."""
    hour = 4 * QUARTER
    rows = [(0, o, o * DAY + (o % 24) * hour + (o % 60) * S, o) for o in range(20)]
    rows += [(1, o, o * DAY + (o % 96) * QUARTER, o) for o in range(20)]
    rows += [(2, o, o * DAY + (o % 24) * hour + 7 * MINUTE, o) for o in range(20)]
    people = crowd(1, 60, 40, 700)
    found = clock_classes(first_of(rows + [(3 + a, o, t, p) for a, o, t, p in people]))
    assert found[:3].tolist() == [ON_SCHEDULE + 1, ON_SCHEDULE, NO_HOURS]
    assert np.all(found[3:] <= NO_HOURS)


def test_where_most_touches_are_on_the_mark_it_is_the_clock_of_the_data_and_nobody_is_on_a_schedule() -> None:
    """Times known to the quarter, or to the hour."""
    for step in (QUARTER, 4 * QUARTER, DAY):
        rows = [(a, o, t // step * step, p) for a, o, t, p in crowd(1)]
        assert np.all(clock_classes(first_of(rows)) <= NO_HOURS)
    half = [(a, o, o * DAY + 4 * a * QUARTER, 0) for a in range(2) for o in range(10)]
    others = [(2 + a, o, o * DAY + 3 * QUARTER + 5 * MINUTE, 0) for a in range(2) for o in range(10)]
    assert np.all(clock_classes(first_of(half + others)) <= NO_HOURS)  # half of them are as good as most
    more = [(4, 0, 3 * QUARTER + 5 * MINUTE, 0)]
    assert clock_classes(first_of(half + others + more))[:2].tolist() == [ON_SCHEDULE + 1] * 2


@pytest.mark.parametrize("shift", [DAY, -40_000 * DAY])
def test_whole_days_of_difference_change_nothing(shift: int) -> None:
    rows = crowd(1)
    one, other = first_of(rows), first_of([(a, o, t + shift, p) for a, o, t, p in rows])
    assert all(np.array_equal(x, y) for x, y in zip(latency_classes(one), latency_classes(other), strict=True))
    assert np.array_equal(clock_classes(one), clock_classes(other))
    two = [chances(f, latency_classes(f)[1], clock_classes(f), 3600 * S) for f in (one, other)]
    assert np.array_equal(two[0].q, two[1].q)
    assert np.array_equal(two[0].circadian, two[1].circadian)


def test_new_numbers_for_accounts_change_nothing() -> None:
    rows, new = crowd(2), np.random.default_rng(3).permutation(60)
    one, other = first_of(rows, 60), first_of([(int(new[a]), o, t, p) for a, o, t, p in rows], 60)
    assert np.array_equal(latency_classes(one)[2], latency_classes(other)[2][new])
    two = [chances(f, latency_classes(f)[1], clock_classes(f), 3600 * S) for f in (one, other)]
    assert two[0].q == pytest.approx(two[1].q)
    assert two[0].typical == pytest.approx(two[1].typical)
