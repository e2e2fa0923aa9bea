"""The draw of slots beside its exact distribution, and the statistic by blocks of time beside plain loops."""

from __future__ import annotations

from itertools import product
from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.nulls.made import DAY, S, Touch, crowd, first_of, rows_of, touches
from unisono.certify import permutation
from unisono.certify.permutation import _rows_of, _some_objects, _span, draw_until, held_out
from unisono.certify.slot_sampler import SAME_HOURS, SAME_SCHEDULE, WIDTH, narrowed, slot_sampler
from unisono.nulls.latency import ON_SCHEDULE
from unisono.nulls.reference import BLOCK_US
from unisono.nulls.touches import FirstTouches

APART = 2 * BLOCK_US
"""What is so far apart is in two blocks, however time is cut."""
Shown = list[tuple[float, int]]
"""Per object what it shows, and when."""


def statistic(shown: Shown, origin: int) -> float:
    """Of each block the most that an object shows; the smaller sum of two ways to cut time."""
    ways = []
    for begin in (origin, origin - BLOCK_US // 2):
        blocks: dict[int, float] = {}
        for value, at in shown:
            b = (at - begin) // BLOCK_US
            blocks[b] = max(blocks.get(b, 0.0), value)
        ways.append(sum(blocks.values()))
    return min(ways)


def concentration(
    first: FirstTouches, score: np.ndarray, clocks: np.ndarray, window: int, weight: np.ndarray, members: np.ndarray,
    seed: int, most: int, enough: int = 10**9,
) -> tuple[int, int, np.ndarray]:  # fmt: skip
    """(draws that reached what was seen, draws, members that came), of at most `most` draws."""
    group, came = held_out(first, score, clocks, window, weight, members, seed)
    slots = slot_sampler(first, score, clocks, group.objects[np.argsort(group.objects)])
    return *draw_until(slots, group, window, 0, 0, most, enough), came


def largest(times: list[int], window: int) -> tuple[int, int]:
    """Most times within the window, and the first time from which on there are as many."""
    return max((sum(t <= u <= t + window for u in times), -t) for t in times)


def outcomes(
    first: FirstTouches, score: np.ndarray, clocks: np.ndarray, own: list[int], window: int
) -> dict[tuple[int, int], float]:
    """Probability of each largest number and its time on one object: every way in which members can take slots."""
    o = first.object[own[0]]
    slots = list(range(first.slots[o], first.slots[o + 1]))

    def weight(i: int, j: int) -> float:
        mine, theirs = clocks[first.account[i]], clocks[first.account[j]]
        same = (SAME_SCHEDULE if mine >= ON_SCHEDULE else SAME_HOURS) if mine == theirs else 1.0
        return exp(-abs(score[i] - score[j]) / WIDTH) * same

    found: dict[tuple[int, int], float] = {}

    def go(left: list[int], taken: list[int], p: float) -> None:
        if not left:
            n = largest([int(first.t[j]) for j in taken], window)
            found[n] = found.get(n, 0.0) + p
            return
        free = [j for j in slots if j not in taken]
        total = sum(weight(left[0], j) for j in free)
        for j in free:
            go(left[1:], [*taken, j], p * weight(left[0], j) / total)

    go(own, [], 1.0)
    return found


def seen_by(first: FirstTouches, members: int, window: int, weight: np.ndarray) -> Shown:
    """What the accounts below `members` show."""
    shown = []
    for o in range(len(first.n_sharers)):
        own = [int(first.t[i]) for i in range(first.slots[o], first.slots[o + 1]) if first.account[i] < members]
        if own:
            n, minus_at = largest(own, window)
            shown.append(((n - 1) * float(weight[o]), -minus_at))
    return shown


def exactly(first: FirstTouches, score: np.ndarray, clocks: np.ndarray, weight: np.ndarray, window: int) -> float:
    """P(a draw is at least as concentrated as what was seen) for the members 0, 1 and 2."""
    origin, per_object = int(first.t.min()) - BLOCK_US // 2, []
    for o in range(len(first.n_sharers)):
        own = [i for i in range(first.slots[o], first.slots[o + 1]) if first.account[i] < 3]
        if len(own) >= 2:
            ways = outcomes(first, score, clocks, own, window).items()
            per_object.append([((n - 1) * float(weight[o]), -minus_at, p) for (n, minus_at), p in ways])
    seen, total = statistic(seen_by(first, 3, window, weight), origin), 0.0
    for drawn in product(*per_object):
        if statistic([(value, at) for value, at, _ in drawn], origin) >= seen - 1e-9:
            total += float(np.prod([p for _, _, p in drawn]))
    return total


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("spread", [0.1, 0.6])
def test_p_is_that_of_all_ways_to_take_slots(seed: int, spread: float) -> None:
    """With a wide spread of scores most tries fail, and slots are found by walking over what is free. Objects share
    blocks, and slots of one object lie in several."""
    rng, step = np.random.default_rng(seed), BLOCK_US // 5
    rows = [
        (a, o, (int(rng.integers(0, 7)) + 4 * o) * step, 0)
        for o in range(3) for a in range(5) if a < 2 or rng.random() < 0.6
    ]  # fmt: skip
    first = first_of(rows, 5, 3)
    score, clocks = spread * rng.standard_normal(len(rows)), rng.choice([0, ON_SCHEDULE], 5).astype(np.int8)
    weight = rng.random(3) + 0.5
    truth = exactly(first, score, clocks, weight, step)
    reached, n, came = concentration(first, score, clocks, step, weight, np.arange(3), seed, 20_000)
    found = rows_of(first)
    for m in range(3):
        near = [x for x in found for y in found if x[0] == m and y[0] < 3 and y[0] != m and x[1] == y[1]
                and abs(x[2] - y[2]) <= step]  # fmt: skip
        assert came[m] == bool(near)
    assert reached / n == pytest.approx(truth, abs=5 * max(truth * (1 - truth) / 20_000, 0) ** 0.5 + 1e-4)


QUARTERS = touches(5, 7, last=30).map(lambda rows: [(a, o, t * BLOCK_US // 4, p) for a, o, t, p in rows])
WEIGHTS = st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.7, 1.1, 2.9]), min_size=7, max_size=7)


@given(QUARTERS, WEIGHTS, st.integers(0, 4))
def test_the_statistic_is_that_of_plain_loops(rows: list[Touch], weight: list[float], quarters: int) -> None:
    """Members 0 to 2; time is far from 1970."""
    rows = [(a, o, t + 20_000 * DAY, p) for a, o, t, p in rows]
    first, window = first_of(rows, 5, 7), quarters * BLOCK_US // 4
    flat, clocks = np.zeros(len(rows)), np.zeros(5, np.int8)
    group, _ = held_out(first, flat, clocks, window, np.array(weight), np.arange(3), 1)
    origin, _ = _span(first.t)
    assert group.seen == pytest.approx(statistic(seen_by(first, 3, window, np.array(weight)), origin), abs=1e-9)


@given(QUARTERS)
def test_blocks_are_counted_from_half_a_block_before_the_first_touch(rows: list[Touch]) -> None:
    """Regression: from 1970 on, with room in every draw for each quarter of a day since then."""
    for shift in (0, 20_000 * DAY, -20_000 * DAY):
        origin, n = _span(np.array([t + shift for _, _, t, _ in rows], np.int64))
        if rows:
            times = [t + shift for _, _, t, _ in rows]
            assert origin == min(times) - BLOCK_US // 2
            assert (max(times) - origin + BLOCK_US // 2) // BLOCK_US < n <= (max(times) - min(times)) // BLOCK_US + 3


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from([0.1, 0.2, 0.3, 0.7])), min_size=1, max_size=12))
def test_what_is_shown_in_one_evening_counts_once_as_much_as_the_most_of_it(objects: list[tuple[int, float]]) -> None:
    late = [(a, o, (o + 1) * APART + 50 * S * a, 0) for o in range(len(objects)) for a in range(3, 12)]
    minute = 60 * S
    rows = [(a, o, k * minute + a, 0) for o, (k, _) in enumerate(objects) for a in range(3)]
    first = first_of(rows + late)
    weight = np.array([w for _, w in objects])
    group, came = held_out(first, np.zeros(len(first)), np.zeros(12, np.int8), S, weight, np.arange(3), 1)
    assert came.all()
    assert group.seen == pytest.approx(2 * max(w for _, w in objects))


@pytest.mark.parametrize("seed", range(2))
def test_one_evening_is_no_surer_with_twenty_objects_than_with_its_best(seed: int) -> None:
    """Draws scatter over the objects' own days, so that with more objects more of them reach it by chance."""

    def share(n: int) -> float:
        rows = [(a, o, 1000 * DAY + 60 * S * o + a, 0) for o in range(n) for a in range(3)]
        late = [(a, o, (1000 + o) * DAY + (a % 4) * 7 * S * 3600, 0) for o in range(n) for a in range(3, 12)]
        first = first_of(rows + late, 12, n)
        args = (first, np.zeros(len(first)), np.zeros(12, np.int8), S, np.ones(n), np.arange(3))
        reached, draws, _ = concentration(*args, seed, 4000)
        return reached / draws

    assert share(20) > share(1)


def test_a_second_evening_counts_whichever_way_time_is_cut() -> None:
    """What lies on either side of one border does not lie so of the other, half a block away."""
    for gap, seen in ((APART, 2 * (2.0 + 8.0)), (BLOCK_US // 2 - 200 * S, 2 * 8.0)):
        rows = [(a, o, (o // 2) * gap + 60 * S * (o % 2) + a, 0) for o in range(4) for a in range(3)]
        weight = np.array([1.0, 2.0, 4.0, 8.0])
        group, _ = held_out(first_of(rows), np.zeros(12), np.zeros(3, np.int8), S, weight, np.arange(3), 1)
        assert group.seen == pytest.approx(seen)


def test_members_who_are_all_the_sharers_take_turns_and_come_to_an_end() -> None:
    """Regression: the last of them waited for a slot of weight exp(-20) among those that were taken."""
    rows = [(a, o, APART * o + 20 * a, 0) for o in range(40) for a in range(30)]
    first = first_of(rows)
    score = -0.2 * first.account.astype(np.float64)
    group, _ = held_out(first, score, np.zeros(30, np.int8), 50, np.ones(40), np.arange(30), 1)
    assert group.seen == 2 * 40  # three within the window
    reached, n, _ = concentration(first, score, np.zeros(30, np.int8), 50, np.ones(40), np.arange(30), 1, 200)
    assert reached == n == 200


def test_draws_end_when_enough_were_as_concentrated() -> None:
    first = first_of([(a, o, APART * o + 7 * a, 0) for o in range(4) for a in range(20)])
    flat, clocks = np.zeros(80), np.zeros(20, np.int8)
    never = concentration(first, flat, clocks, 7, np.ones(4), np.array([3, 9]), 1, 10**6, 10)
    assert never[:2] == (10, 10)  # never together: no draw is needed
    reached, n, _ = concentration(first, flat, clocks, 7, np.ones(4), np.array([3, 4]), 1, 10**6, 10)
    assert reached == 10
    assert 1e-5 < 10 / n < 1e-3  # 4 of 4 objects, about 1 in 10,000: ends long before a million draws


@pytest.mark.parametrize("seed", range(3))
def test_draws_are_the_same_however_they_are_dealt_into_batches(seed: int) -> None:
    """Of one group, and of a group whose slots were narrowed to its own objects in between."""
    first = first_of(crowd(seed, 30, 20, 400))
    score, clocks = np.random.default_rng(seed).standard_normal(len(first)), np.arange(30, dtype=np.int8) % 3
    group, _ = held_out(first, score, clocks, 12 * 3600 * S, np.ones(20), np.arange(0, 12, 2), seed)
    slots = slot_sampler(first, score, clocks, np.arange(20))
    at_once = draw_until(slots, group, 12 * 3600 * S, 0, 0, 1000, 10**9)
    reached, n = 0, 0
    for goal in (1, 7, 64, 500, 1000):
        reached, n = draw_until(slots, group, 12 * 3600 * S, reached, n, goal, 10**9)
        slots = narrowed(slots, np.unique(np.r_[group.objects, slots.objects[: len(slots.objects) // 2]]))
    assert (reached, n) == at_once
    assert 0 < reached < 1000


@pytest.mark.parametrize("most", [1, 10, 37, 10_000])
def test_a_large_group_is_tested_where_most_of_it_was(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permutation, "_MOST_ROWS", most)
    first = first_of(crowd(3, 30, 20, 400))
    rows, begins = _rows_of(first, np.arange(12))
    some, starts = _some_objects(rows, begins, 5)
    sizes = np.diff(begins)
    kept = first.object[some[starts[:-1]]]
    left = np.setdiff1d(first.object[rows[begins[:-1]]], kept)
    size_of = dict(zip(first.object[rows[begins[:-1]]].tolist(), sizes.tolist(), strict=True))
    assert sorted(some.tolist()) == some.tolist() == [r for r in rows if first.object[r] in kept]
    assert len(some) <= most or len(kept) == 1
    assert all(size_of[int(o)] >= size_of[int(x)] for o in kept for x in left)
    assert np.diff(starts).tolist() == [size_of[int(o)] for o in kept]
