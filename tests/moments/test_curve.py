"""Counts around each touch equal their definition, whatever the times and ties."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.moments.make import counted
from unisono.moments.curve import BIRTH, LEAST_TOUCHES, around, starts

ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 40)), max_size=40)


@given(ROWS, st.integers(1, 9), st.integers(1, 4))
def test_counts_equal_their_definition(rows: list[tuple[int, int]], window: int, flank: int) -> None:
    rows.sort()
    obj, t = [o for o, _ in rows], [s for _, s in rows]
    got = around(np.array(obj, np.int32), np.array(t, np.int64), window, flank)
    assert list(zip(*(x.tolist() for x in got), strict=True)) == counted(obj, t, window, flank)


def test_a_start_needs_age_and_touches_after_it() -> None:
    t = np.array([0, *[100 * BIRTH - 1] * 30, *[100 * BIRTH + 500] * (LEAST_TOUCHES + 1)], np.int64)
    found = starts(np.zeros(len(t), np.int32), t, np.zeros(1, np.int64), 100)
    assert found.row.tolist() == [31], "of the late touches only the first has enough after it; the early are too young"
    assert found.inside.tolist() == [LEAST_TOUCHES]
    assert found.after.tolist() == [0]


def test_whether_a_start_is_tested_does_not_depend_on_the_split() -> None:
    """Else choosing starts would bias the test."""
    base = np.array([0, 10_000], np.int64)
    for inside in range(LEAST_TOUCHES + 1):
        late = np.r_[np.full(inside, 10_050), np.full(LEAST_TOUCHES - inside, 10_150)]
        t = np.r_[base, late].astype(np.int64)
        found = starts(np.zeros(len(t), np.int32), t, np.zeros(1, np.int64), 100)
        assert 1 in found.row
