"""First touches and their two indices, by definition."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tests.nulls.made import Touch, first_of, rows_of, touches
from unisono.nulls.touches import first_touches
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
