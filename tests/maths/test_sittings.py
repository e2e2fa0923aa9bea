"""Sittings beside a brute force, and what they are for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.maths.sittings import DAY_US, MOST_ACCOUNTS, PAUSE_US, sittings_of, turns_of_day
from unisono.maths.types import I32, I64

MINUTE = 60_000_000
Acts = list[tuple[int, int]]
TIMES = st.integers(-(10**15), 10**15) | st.integers(-50, 50) | st.integers(-9000, 9000).map(lambda m: m * MINUTE)
ACTS = st.lists(st.tuples(st.integers(0, 4), TIMES), max_size=40)


def arrays(acts: Acts) -> tuple[I32, I64]:
    return np.array([a for a, _ in acts], np.int32), np.array([t for _, t in acts], np.int64)


def turn(times: list[int]) -> int:
    """The middle of the largest gap around the clock, as one would draw it."""
    clock = sorted({t % DAY_US for t in times})
    gaps = [(b - a, -k, a) for k, (a, b) in enumerate(zip(clock, [*clock[1:], clock[0] + DAY_US], strict=True))]
    size, _, begin = max(gaps)
    return (begin + (size + 1) // 2) % DAY_US


def brute(acts: Acts, pause: int) -> list[int]:
    turns = {a: turn([t for b, t in acts if a == b]) for a, _ in acts}
    numbers: dict[tuple[int, int], int] = {}
    before: tuple[int, int] | None = None
    for a, t in sorted(set(acts)):
        if before is None:
            number = 0
        else:
            same = a == before[0] and t - before[1] <= pause
            same = same and (t - turns[a]) // DAY_US == (before[1] - turns[a]) // DAY_US
            number = numbers[before] + (not same)
        numbers[a, t] = number
        before = a, t
    return [numbers[act] for act in acts]


@given(ACTS, st.sampled_from([0, 1, MINUTE, PAUSE_US, DAY_US, 10 * DAY_US]))
def test_as_by_hand(acts: Acts, pause: int) -> None:
    account, t = arrays(acts)
    assert sittings_of(account, t, 5, pause).tolist() == brute(acts, pause)


@given(ACTS)
def test_turns_as_by_hand(acts: Acts) -> None:
    account, t = arrays(acts)
    times = {a: [s for b, s in acts if a == b] for a in range(5)}
    assert turns_of_day(account, t, 5).tolist() == [turn(own) if own else 0 for own in times.values()]


@given(ACTS, st.sampled_from([0, MINUTE, PAUSE_US, 10 * DAY_US]))
def test_none_is_longer_than_a_day_and_none_has_a_long_pause(acts: Acts, pause: int) -> None:
    account, t = arrays(acts)
    sitting = sittings_of(account, t, 5, pause)
    for s in range(len(set(sitting.tolist()))):
        own = np.sort(t[sitting == s])
        assert len(set(account[sitting == s])) == 1
        assert own[-1] - own[0] < DAY_US
        assert not len(own) or (np.diff(own) <= pause).all()


@given(ACTS)
def test_the_order_of_the_rows_is_of_no_matter(acts: Acts) -> None:
    account, t = arrays(acts)
    mixed = np.random.default_rng(len(acts)).permutation(len(acts))
    assert sittings_of(account[mixed], t[mixed], 5).tolist() == sittings_of(account, t, 5)[mixed].tolist()


def test_an_account_that_acts_around_the_clock_has_a_sitting_a_day() -> None:
    """Every ten minutes, but for one rest of 20 minutes at 04:00: no pause is long enough, the rest ends the day."""
    every = np.arange(0, 5 * DAY_US, 10 * MINUTE)
    t = every[every % DAY_US != 4 * 60 * MINUTE + 10 * MINUTE]
    sitting = sittings_of(np.zeros(len(t), np.int32), t, 1)
    begins = t[np.flatnonzero(np.diff(sitting, prepend=-1))]
    assert (begins[1:] % DAY_US == 4 * 60 * MINUTE + 20 * MINUTE).all()
    assert sitting.max() == 5


def test_no_act_and_too_many_accounts() -> None:
    nobody = np.zeros(0, np.int32), np.zeros(0, np.int64)
    assert sittings_of(*nobody, 0).tolist() == sittings_of(*nobody, 3).tolist() == []
    with pytest.raises(ValueError, match="sittings"):
        sittings_of(*nobody, MOST_ACCOUNTS + 1)
