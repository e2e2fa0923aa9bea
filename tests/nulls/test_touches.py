"""First touches and their two indices, by definition."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.nulls.made import DAY, S, Touch, first_of, rows_of, touches
from unisono.nulls.layer import at_window, background
from unisono.nulls.touches import first_touches, in_longer_sittings
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.chance import within_window

ACTS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 5)), max_size=40)
"""account, object, time; an account may come to an object again."""


def arrays(acts: list[tuple[int, int, int]]) -> TraceArrays:
    """As a study sorts them: by object, time, account; each act its own post."""
    ordered = sorted(acts, key=lambda r: (r[1], r[2], r[0]))
    account, obj, t = (np.array([r[i] for r in ordered], np.int64) for i in range(3))
    post = np.arange(len(ordered), dtype=np.int32)
    ids = (pa.array([str(i) for i in range(n)]) for n in (5, 4, len(ordered)))
    return TraceArrays(account.astype(np.int32), obj.astype(np.int32), post, t, *ids)


@given(ACTS)
def test_the_earliest_act_of_each_account_on_each_object_is_kept(acts: list[tuple[int, int, int]]) -> None:
    first = first_touches(arrays(acts))
    earliest = {(a, o): min(t for b, p, t in acts if (b, p) == (a, o)) for a, o, _ in acts}
    found = [(a, o, t) for a, o, t, _ in rows_of(first)]
    assert sorted(found) == sorted((a, o, t) for (a, o), t in earliest.items())
    assert found == sorted(found, key=lambda r: (r[1], r[2], r[0]))
    assert len(first) == len(earliest)


@given(ACTS)
def test_acts_that_are_no_first_touch_change_nothing(acts: list[tuple[int, int, int]]) -> None:
    again = [(a, o, t + 1) for a, o, t in acts]
    one, other = first_touches(arrays(acts)), first_touches(arrays(acts + again))
    assert [r[:3] for r in rows_of(one)] == [r[:3] for r in rows_of(other)]
    assert np.array_equal(one.tested, other.tested)


@given(touches(5, 4))
def test_both_indices_and_the_family_are_as_counted(rows: list[Touch]) -> None:
    first = first_of(rows, 5, 4)
    for o in range(4):
        own = range(first.slots[o], first.slots[o + 1])
        assert [first.object[i] for i in own] == [o] * sum(r[1] == o for r in rows)
    for a in range(5):
        own_rows = first.rows[first.start[a] : first.start[a + 1]]
        assert first.account[own_rows].tolist() == [a] * sum(r[0] == a for r in rows)
        assert np.all(np.diff(first.object[own_rows]) > 0)
    sharers = Counter(o for _, o, _, _ in rows)
    assert first.n_sharers.tolist() == [sharers[o] for o in range(4)]
    tested = [sum(sharers[o] >= 2 for b, o, _, _ in rows if b == a) >= 2 for a in range(5)]
    assert first.tested.tolist() == tested
    assert first.n_pairs == len(list(combinations(np.flatnonzero(tested), 2)))
    assert first.n_accounts == 5


@given(touches(6, 3), st.integers(0, 7))
def test_pairs_within_the_window_are_counted_one_by_one(rows: list[Touch], window: int) -> None:
    first = first_of(rows, 6, 3)
    close = Counter(x[1] for x, y in combinations(rows, 2) if x[1] == y[1] and abs(x[2] - y[2]) <= window)
    assert within_window(first.slots, first.t, window).tolist() == [close[o] for o in range(3)]


@given(ACTS, st.integers(0, 99))
def test_a_first_touch_keeps_the_sitting_of_its_row(acts: list[tuple[int, int, int]], seed: int) -> None:
    made = arrays(acts)
    sitting = np.random.default_rng(seed).permutation(len(acts)).astype(np.int32)
    of_row = {(int(a), int(o), int(t)): int(s) for a, o, t, s in reversed(
        list(zip(made.account, made.object, made.t, sitting, strict=True))
    )}  # fmt: skip
    first = first_touches(made, sitting)
    assert first.sitting.tolist() == [of_row[a, o, t] for a, o, t, _ in rows_of(first)]
    assert first.touched.sitting is first.sitting


def test_sittings_are_made_of_all_acts_and_not_of_first_touches_alone() -> None:
    """Object 0 is touched again and again between the others: no pause is longer than half an hour."""
    minute = 60_000_000
    again = [(0, 0, 20 * k * minute) for k in range(4)]
    first = first_touches(arrays([*again, (0, 1, 60 * minute + 1), (1, 0, 0), (1, 1, 60 * minute)]))
    found = {(a, o): s for (a, o, _, _), s in zip(rows_of(first), first.sitting.tolist(), strict=True)}
    assert found[0, 0] == found[0, 1]
    assert len({found[0, 0], found[1, 0], found[1, 1]}) == 3


MINUTES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5000)), max_size=40)
"""account, minute; each act on an object of its own."""


def by_joining(rows: list[Touch], sitting: list[int], window: int) -> set[frozenset[int]]:
    """Rows by joined sitting: sittings in turn, each whole to the one before where the pause is no longer than the
    window and both together no longer than a day."""
    found: list[list[int]] = []
    parts = [sorted(where(sitting, s), key=lambda i: rows[i][2]) for s in set(sitting)]
    for own in sorted(parts, key=lambda own: (rows[own[0]][0], rows[own[0]][2])):
        last = found[-1] if found else []
        joins = last and rows[last[-1]][0] == rows[own[0]][0] and rows[own[0]][2] - rows[last[-1]][2] <= window
        if joins and rows[own[-1]][2] - rows[last[0]][2] <= DAY:
            last.extend(own)
        else:
            found.append(own)
    return {frozenset(own) for own in found}


def where(sitting: list[int], s: int) -> list[int]:
    return [i for i, x in enumerate(sitting) if x == s]


@given(MINUTES, st.sampled_from([10, 30, 31, 60, 120, 600]))
def test_sittings_are_joined_over_pauses_that_are_shorter_than_the_window(
    acts: list[tuple[int, int]], minutes: int
) -> None:
    """Regression: a sitting that went on beyond a day was cut in its middle, two meetings for one."""
    first = first_of([(a, o, m * 60 * S, 0) for o, (a, m) in enumerate(acts)], 3, 40, by_time=True)
    longer, rows = in_longer_sittings(first, minutes * 60 * S), rows_of(first)
    found = {frozenset(where(longer.sitting.tolist(), s)) for s in longer.sitting.tolist()}
    assert found == by_joining(rows, first.sitting.tolist(), minutes * 60 * S if minutes > 30 else -1)
    for s in set(first.sitting.tolist()):  # none is cut
        assert len({longer.sitting[i] for i in where(first.sitting.tolist(), s)}) == 1
    assert np.array_equal(longer.touched.sitting, longer.sitting)
    assert np.array_equal(longer.t, first.t)


def test_pauses_within_the_window_keep_no_two_coincidences_apart() -> None:
    """A touch every 50 minutes for three days: each its own sitting at a minute, about one a day at an hour."""
    first = first_of([(0, k, 50 * k * 60 * S, 0) for k in range(86)], by_time=True)
    assert len(set(first.sitting.tolist())) == 86
    assert in_longer_sittings(first, 1800 * S) is first
    at_an_hour = in_longer_sittings(first, 3600 * S)
    assert 3 <= len(set(at_an_hour.sitting.tolist())) <= 4
    assert np.array_equal(at_window(background(first), 3600 * S).first.sitting, at_an_hour.sitting)


def test_nothing_at_all() -> None:
    assert first_of([]).n_pairs == 0
    empty = first_of([], 3, 2)
    assert (len(empty), empty.n_accounts, empty.n_sharers.tolist()) == (0, 3, [0, 0])
    assert within_window(empty.slots, empty.t, 5).tolist() == [0, 0]


def test_rows_without_a_post_are_one_post_at_one_time() -> None:
    """Account 0 touches three objects at time 5 and one at 6; a named post at that time stays its own."""
    ids = ["row/f/1", "row/f/2", "row/f/3", "row/f/4", "p/5", "row/f/6"]
    arrays = TraceArrays(
        np.array([0, 0, 0, 0, 0, 1], np.int32), np.arange(6, dtype=np.int32), np.arange(6, dtype=np.int32),
        np.array([5, 5, 6, 5, 5, 5], np.int64), pa.array(["a", "b"]), pa.array(list("uvwxyz")), pa.array(ids),
    )  # fmt: skip
    first = first_touches(arrays)
    assert first.post.tolist() == [0, 0, 2, 0, 4, 5]
    named = first_touches(replace(arrays, post_ids=pa.array([f"p/{k}" for k in range(6)])))
    assert named.post.tolist() == list(range(6))
