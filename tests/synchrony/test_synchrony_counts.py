"""Synchrony: every count and chance against a brute force over ticks."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.synchrony.accounts import _chance_of_co_actors, _co_actors
from unisono.synchrony.acts import DAY, Acts, Grid, place
from unisono.synchrony.describe import describe
from unisono.synchrony.find import family
from unisono.synchrony.habit import habit
from unisono.synchrony.join import companions
from unisono.synchrony.pairs import pair_tests

S = 1_000_000
SMALL = Grid(window_us=S, tick_us=S, moment_us=10 * S, cell_us=40 * S)
ROWS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 130), st.integers(0, 2)), max_size=40)
"""account, second, day."""


def on_grid(rows: list[tuple[int, int, int]], grid: Grid = SMALL, n_accounts: int = 4) -> Acts:
    account = np.array([a for a, _, _ in rows], np.int32)
    return place(account, np.array([d * DAY + s * S for _, s, d in rows], np.int64), n_accounts, grid)


def cell_day(acts: Acts, tick: int) -> int:
    return tick // acts.grid.cell * acts.grid.cell_us // DAY


@given(ROWS)
def test_places_are_as_counted_one_by_one(rows: list[tuple[int, int, int]]) -> None:
    acts = on_grid(rows)
    ticks = {(a, d * 86_400 + s) for a, s, d in rows}
    assert sorted(ticks) == list(zip(acts.account.tolist(), acts.tick.tolist(), strict=True))
    in_moment, in_cell = Counter(t // 10 for _, t in ticks), Counter(t // 40 for _, t in ticks)
    for k, at in enumerate(acts.moment_at):
        assert acts.crowd[k] == pytest.approx(in_moment[at] / in_cell[at // 4])

    def density(cell: int) -> np.ndarray:
        places = [in_moment[(cell * 40 + x) // 10] / 10 for x in range(40)]
        return np.array(places) / max(in_cell[cell], 1)

    near = np.abs(np.subtract.outer(np.arange(80), np.arange(80))) <= 1
    for k, c in enumerate(acts.cell_at):
        here, after = density(c), density(c + 1)
        assert acts.meet[k] == pytest.approx(here @ near[:40, :40] @ here)
        assert acts.meet_next[k] == pytest.approx(here @ near[:40, 40:] @ after)


def test_a_moment_is_a_minute_until_windows_grow() -> None:
    assert Grid.of(S, S).moment_us == 60 * S
    assert Grid.of(10 * S, 1000).moment_us == 300 * S
    assert Grid.of(60 * S, 60 * S).moment_us == 1800 * S
    w, n = Grid.of(S, 1000).reach, Grid.of(S, 1000).moment
    brute = sum(min(n, i + w + 1) - max(0, i - w) for i in range(n)) / n**2
    assert Grid.of(S, 1000).chances(n)[0] == pytest.approx(brute)
    for bad in ((91 * S, S), (S, 91 * S), (S, 7 * S), (-1, S), (S, 0)):
        with pytest.raises(ValueError, match=r"window|rest"):
            Grid.of(*bad)


@given(ROWS)
def test_companions_are_those_who_met(rows: list[tuple[int, int, int]]) -> None:
    acts = on_grid(rows)
    met: dict[tuple[int, int], set[int]] = {}
    everyone = list(zip(acts.account.tolist(), acts.tick.tolist(), strict=True))
    for x, y in combinations(everyone, 2):
        if x[0] != y[0] and abs(x[1] - y[1]) <= 1:
            met.setdefault((min(x[0], y[0]), max(x[0], y[0])), set()).add(cell_day(acts, min(x[1], y[1])))
    for least in (1, 2):
        a, b, days, cap = companions(acts, least)
        expected = sorted((*p, len(d)) for p, d in met.items() if len(d) >= least)
        assert list(zip(a.tolist(), b.tolist(), days.tolist(), strict=True)) == expected
        assert cap == -1


def test_crowded_windows_are_left_out_first() -> None:
    crowd = [(a, 100, d) for a in range(30) for d in range(3)]
    acts = on_grid([*crowd, (0, 5, 0), (1, 5, 0), (0, 5, 1), (1, 6, 1)], n_accounts=30)
    a, b, days, cap = companions(acts, 2, max_meetings=2)
    assert (a.tolist(), b.tolist(), days.tolist()) == ([0], [1], [2])
    assert cap >= 1
    assert len(companions(acts, 2)[0]) == 30 * 29 / 2


@given(ROWS)
def test_pairs_are_described_as_their_meetings(rows: list[tuple[int, int, int]]) -> None:
    acts = on_grid(rows)
    a, b, _, _ = companions(acts, 1)
    got = describe(acts, a, b)
    for k in range(len(a)):
        mine, theirs = (acts.t[acts.start[x] : acts.start[x + 1]].tolist() for x in (a[k], b[k]))
        met = [(t, u) for t in mine for u in theirs if abs(t // S - u // S) <= 1]
        lags = sorted(u - t for t, u in met)
        assert got["n_pairs"][k] == got["n_occasions"][k] == len(met)
        assert got["n_events_a"][k] == len({t for t, _ in met})
        assert got["n_events_b"][k] == len({u for _, u in met})
        assert got["first_us"][k] == min(min(m) for m in met)
        assert got["last_us"][k] == max(max(m) for m in met)
        assert got["median_lag_us"][k] == lags[(len(lags) - 1) // 2]
        assert got["a_first"][k] == pytest.approx(sum(1 if x > 0 else 0.5 if x == 0 else 0 for x in lags) / len(lags))


@given(ROWS)
def test_habits_are_learnt_across_days_only(rows: list[tuple[int, int, int]]) -> None:
    acts = on_grid(rows)
    day = acts.cell_day[acts.cell]
    got = habit(0, 1, acts.start, day, (acts.tick % 40, acts.tick % 10), (40, 10, 1))
    mine, theirs = (range(acts.start[k], acts.start[k + 1]) for k in (0, 1))
    apart = [abs(int(acts.tick[i] - acts.tick[j])) for i in mine for j in theirs if day[i] != day[j]]
    for share, length in zip(got, (40, 10), strict=True):
        near = [min(x % length, length - x % length) <= 1 for x in apart]
        assert share == (pytest.approx(np.mean(near)) if apart else 0)


@given(ROWS)
def test_expected_days_sum_over_cells(rows: list[tuple[int, int, int]]) -> None:
    """By own rhythm: each pair of acts in one cell or in adjacent ones adds its chance to the day, at most 1 a day."""
    acts = on_grid(rows)
    a, b, days, _ = companions(acts, 1)
    expected, p = pair_tests(acts, a, b, days)
    same, adjacent = acts.grid.chances(40)
    for k in range(len(a)):
        mine, theirs = (acts.tick[acts.start[x] : acts.start[x + 1]].tolist() for x in (a[k], b[k]))
        by_day: Counter[int] = Counter()
        for x in mine:
            for y in theirs:
                apart = abs(x // 40 - y // 40)
                if apart <= 1:
                    by_day[cell_day(acts, min(x, y))] += same if apart == 0 else adjacent
        assert expected[k, 1] == pytest.approx(sum(min(1, q) for q in by_day.values()))
        assert expected[k, 0] >= 0
    assert np.all((p > 0) & (p <= 1 + 1e-12))


@given(ROWS)
def test_chance_of_co_actors_is_a_share_of_places(rows: list[tuple[int, int, int]]) -> None:
    acts = on_grid(rows)
    order = np.lexsort((acts.account, acts.tick))
    ticks = acts.tick[order]
    co_actors = _co_actors(acts.start, acts.tick, ticks, 1)[order]
    moments = acts.moment_at, acts.moment_cell, acts.crowd
    got = _chance_of_co_actors(ticks, co_actors, acts.cell[order], moments, 10, 1)
    for k, t in enumerate(ticks):
        own = acts.tick[acts.account == acts.account[order][k]]
        assert co_actors[k] == np.sum(np.abs(ticks - t) <= 1) - np.sum(np.abs(own - t) <= 1)
        places = [
            (acts.crowd[m] / 10, x)
            for m in np.flatnonzero(acts.moment_cell == acts.cell[order][k])
            for x in range(acts.moment_at[m] * 10, acts.moment_at[m] * 10 + 10)
        ]
        chance = sum(w for w, x in places if np.sum(np.abs(ticks - x) <= 1) >= co_actors[k])
        assert got[k] == pytest.approx(chance if co_actors[k] else 1)


@given(ROWS)
def test_the_family_holds_every_pair_that_could_meet(rows: list[tuple[int, int, int]]) -> None:
    acts = on_grid(rows)
    able = 0
    for x, y in combinations(range(4), 2):
        mine, theirs = (set((acts.tick[acts.account == k] // 40).tolist()) for k in (x, y))
        able += len({cell_day(acts, min(c, d) * 40) for c in mine for d in theirs if abs(c - d) <= 1}) >= 2
    assert able <= family(acts, 2) <= 6
