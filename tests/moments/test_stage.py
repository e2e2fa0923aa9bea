"""Which lengths are scanned, by which rows, and what is said where nothing could be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.moments.make import SECOND, WINDOW, burst, cascade, strangers, traces
from unisono.moments import scan_trace
from unisono.moments.stage import scan_lengths, scan_windows, untested
from unisono.pairs.arrays import UNKNOWN
from unisono.pairs.windows import clock_of

MINUTE = 60 * SECOND


@given(st.lists(st.integers(1, 10**15), max_size=4))
def test_lengths_are_the_windows_and_three_and_ten_times_the_smallest(windows: list[int]) -> None:
    lengths = scan_windows(windows)
    assert lengths == sorted(set(lengths))
    expected = set(windows) | ({3 * min(windows), 10 * min(windows)} if windows else set())
    assert set(lengths) == expected


@pytest.mark.parametrize(("steps", "clock"), [
    ([UNKNOWN, UNKNOWN], None), ([SECOND, SECOND], SECOND), ([1000, SECOND], SECOND),
    ([UNKNOWN, 1000], MINUTE), ([1000, UNKNOWN], SECOND),
])  # fmt: skip
def test_the_clock_is_the_coarsest_declared_or_shown(steps: list[int], clock: int | None) -> None:
    assert clock_of(np.array([MINUTE, MINUTE + SECOND]), np.array(steps)) == clock


def test_rows_of_a_coarse_clock_take_no_part_in_short_lengths() -> None:
    rng = np.random.default_rng(1)
    fine, coarse = strangers(cascade(rng), "fine"), strangers(cascade(rng) // 60 * 60, "coarse")
    arrays = traces({"o": (fine[0] + coarse[0], np.r_[fine[1], coarse[1]])})
    is_fine = np.array([arrays.account_ids[int(a)].as_py().startswith("fine") for a in arrays.account])
    resolution = np.where(is_fine, SECOND, MINUTE)
    short, long = scan_lengths(arrays, resolution, "url", [WINDOW, 3 * WINDOW])
    assert len(short.touches) == len(fine[0])
    assert short.n_tests == scan_trace(arrays.take(is_fine), "url", WINDOW, SECOND).n_tests
    assert len(long.touches) == len(arrays)
    assert list(scan_lengths(arrays, np.full(len(arrays), MINUTE), "url", [WINDOW])) == []


def test_lengths_share_their_first_touches_and_give_what_single_scans_give() -> None:
    rng = np.random.default_rng(2)
    accounts, seconds = strangers(np.r_[cascade(rng), burst(rng, 40_000)], "o")
    arrays = traces({"o": (accounts + accounts[:50], np.r_[seconds, seconds[:50] + 5])}, rng)
    several = list(scan_lengths(arrays, np.full(len(arrays), SECOND), "url", [WINDOW, 3 * WINDOW]))
    assert several[0].touches is several[1].touches
    assert len(several[0].touches) == len(seconds)
    for scan in several:
        alone = scan_trace(arrays, "url", scan.window_us, SECOND)
        assert np.array_equal(scan.p, alone.p)
        assert np.array_equal(scan.t0_us, alone.t0_us)
        assert len(scan.p)


def test_what_could_not_be_tested_is_said_once_per_trace() -> None:
    few = traces({"o": strangers(np.arange(5.0), "o")})
    rng = np.random.default_rng(3)
    many = traces({"o": strangers(np.r_[cascade(rng), burst(rng, 40_000)], "o")})
    scans = [scan_trace(few, "url", w, SECOND) for w in (WINDOW, 3 * WINDOW)]
    assert untested(scans) == [
        "moments of url: insufficient data; no object has 17 accounts close together after the first 3 windows of its "
        "life (windows: 60 s, 3 min)"
    ]
    assert untested([*scans, scan_trace(many, "text", WINDOW, SECOND)]) == untested(scans)
    assert untested([scan_trace(many, "url", WINDOW, SECOND), *scans]) == []
    assert untested([]) == ["moments: insufficient data; no trace is paired at any window"]
