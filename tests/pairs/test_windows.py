"""Windows against the clock's resolution: who takes part, what is refused, and what is said about it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.pairs import DEFAULT_WINDOWS_US, plan_windows
from unisono.pairs.stage import window_us
from unisono.pairs.windows import UNKNOWN, usable
from unisono.study import UserError
from unisono.traces import trace_kinds

S = 1_000_000
MIN, DAY = 60 * S, 86_400 * S


def clock(*resolutions: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(resolutions, np.int64)


def test_every_kind_of_trace_has_a_default_window() -> None:
    assert set(DEFAULT_WINDOWS_US) == set(trace_kinds())
    assert plan_windows("star", clock(S), None).windows == [(60 * S, None)]


def test_a_fine_clock_needs_no_words() -> None:
    plan = plan_windows("url", clock(S, S, 30 * S), None)
    assert (plan.windows, plan.notes) == ([(60 * S, None)], [])


def test_half_a_window_is_the_limit_inclusive() -> None:
    assert usable(clock(30 * S, 30 * S + 1, UNKNOWN, 0), 60 * S).tolist() == [True, False, True, True]
    assert usable(clock(0, 1, UNKNOWN), 0).tolist() == [True, False, True]


def test_a_window_that_was_asked_for_is_refused_and_the_smallest_usable_one_named() -> None:
    plan = plan_windows("url", clock(MIN, 2 * MIN), [S, 60 * S])
    assert plan.windows == []
    assert len(plan.notes) == 2
    assert "url at 1 s was refused" in plan.notes[0]
    assert "the smallest window they allow is 2 min" in plan.notes[0]
    smallest = plan_windows("url", clock(MIN, 2 * MIN), [2 * MIN])
    assert smallest.windows[0][0] == 2 * MIN


def test_a_default_window_becomes_the_smallest_usable_one_and_says_so() -> None:
    plan = plan_windows("url", clock(MIN, MIN), None)
    assert plan.windows == [(2 * MIN, None)]
    assert plan.notes == [
        "url is paired at 2 min instead of the default 60 s: the times are too coarse for less",
    ]
    days = plan_windows("text", clock(DAY, 7 * DAY), None)
    assert days.windows[0][0] == 2 * DAY
    assert days.windows[0][1] is not None
    assert days.windows[0][1].tolist() == [True, False]
    assert "1 of 2 traces take no part" in days.notes[1]


def test_rows_that_are_left_out_are_counted() -> None:
    plan = plan_windows("url", clock(S, DAY, S), [60 * S])
    ((window, part),) = plan.windows
    assert (window, part is not None and part.tolist()) == (60 * S, [True, False, True])
    assert plan.notes == ["url at 60 s: 1 of 3 traces take no part, their times are too coarse for it"]


def test_an_unknown_resolution_is_never_refused() -> None:
    plan = plan_windows("star", clock(UNKNOWN, UNKNOWN), [0, 1])
    assert (plan.windows, plan.notes) == ([(0, None), (1, None)], [])


def test_windows_are_sorted_and_single_and_nothing_has_none() -> None:
    assert [w for w, _ in plan_windows("url", clock(S), [600 * S, 60 * S, 600 * S]).windows] == [60 * S, 600 * S]
    assert plan_windows("url", clock(), None).windows == []


@given(
    resolution=st.lists(st.sampled_from([UNKNOWN, 1, S, MIN, DAY]), min_size=1, max_size=6),
    asked=st.none() | st.lists(st.sampled_from([0, S, MIN, 3 * MIN, 2 * DAY]), min_size=1, max_size=3),
)
def test_no_row_and_no_window_is_lost_silently(resolution: list[int], asked: list[int] | None) -> None:
    plan = plan_windows("url", clock(*resolution), asked)
    for window, part in plan.windows:
        fits = [r == UNKNOWN or 2 * r <= window for r in resolution]
        assert any(fits)
        assert (part is None) == all(fits)
        if part is not None:
            assert part.tolist() == fits
            assert any(f"{fits.count(False)} of {len(fits)}" in n for n in plan.notes)
    if asked is None:
        assert len(plan.windows) == 1
    else:
        refused = [n for n in plan.notes if "was refused" in n]
        assert len(plan.windows) + len(refused) == len(set(asked))


@pytest.mark.parametrize("text", ["", "nonsense", "-60s", "60 parsecs", "1e3s", "10m10", "∞", "60s\0", "9" * 20 + "d"])
def test_a_window_that_is_none(text: str) -> None:
    with pytest.raises(UserError, match="window=") as e:
        window_us(text)
    assert "60s, 10m" in e.value.remedy
