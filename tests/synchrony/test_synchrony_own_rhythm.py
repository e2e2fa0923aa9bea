"""Synchrony by own rhythm: turns, scores, habits and days against their definitions; p is not too small."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.synchrony.test_synchrony_counts import ROWS, S, on_grid
from unisono.synchrony.accounts import account_tests
from unisono.synchrony.acts import Acts, Grid, place
from unisono.synchrony.days import TAU, by_day, log_p_of_days, log_truncated
from unisono.synchrony.own_rhythm import MOST_PLACES, UNTELLING, own_rhythm, scores, steps_of

Row = tuple[int, int, int]
LENGTH, MOMENT = 40, 10


def score(acts: Acts, account: int, tick: int, cell: int, reach: int) -> float:
    """-log P(Poisson of the cell's mean >= acts of others within reach)."""
    n = np.sum(acts.tick // LENGTH == cell) * (2 * reach + 1) / LENGTH
    others = np.sum((np.abs(acts.tick - tick) <= reach) & (acts.account != account))
    return -math.log(min(1.0, stats.poisson.sf(others - 1, n)))


def brute(acts: Acts, account: int, cell: int, reach: int) -> float:
    """All turns one by one, and the acts of other days set into the cell."""
    own = acts.tick[acts.account == account]
    day = own // 86_400
    mine = own[own // LENGTH == cell] - cell * LENGTH

    def at(x: int) -> float:
        return score(acts, account, cell * LENGTH + x % LENGTH, cell, reach)

    seen = sum(at(x) for x in mine)
    if seen == 0:
        return 1.0
    p = float(np.mean([sum(at(x + turn) for x in mine) >= seen * (1 - 1e-9) for turn in range(LENGTH)]))
    today = cell * LENGTH // 86_400
    if p >= UNTELLING or not np.any(day != today):
        return p
    means = [np.mean([at(x % LENGTH) for x in own[day == d]]) for d in np.unique(day[day != today])]
    alone = [at(x) for x in mine]
    best = mine[int(np.argmax(alone))]
    near = [at(best // MOMENT * MOMENT + x % MOMENT) >= max(alone) - 1e-9 for x in own[day != today]]
    in_moment = len(mine) * MOMENT / LENGTH * np.mean(near)
    return float(min(1.0, max(p + in_moment, np.mean(np.array(means) >= seen / len(mine) - 1e-9))))


@given(ROWS, st.sampled_from([1, 3]))
def test_p_is_the_share_of_turns_corrected_for_habits(rows: list[Row], reach: int) -> None:
    acts = on_grid(rows)
    runs = own_rhythm(acts, reach)
    at = [(a, int(acts.cell_at[c])) for a, c in zip(runs.account, runs.cell, strict=True)]
    assert at == sorted({(int(a), int(t) // LENGTH) for a, t in zip(acts.account, acts.tick, strict=True)})
    for (account, cell), p in zip(at, runs.p, strict=True):
        assert p == pytest.approx(brute(acts, account, cell, reach))


@given(st.floats(0.001, 40), st.integers(0, 60))
def test_scores_are_those_of_a_poisson_tail(mean: float, most: int) -> None:
    got = scores(mean, most)
    assert got == pytest.approx(-stats.poisson.logsf(np.arange(most + 1) - 1, mean), rel=1e-6, abs=1e-9)
    assert np.all(np.diff(got) >= 0)


@given(st.sampled_from([1800, 3000, 1_800_000, 1_800_000_000]), st.integers(0, 2_000_000))
def test_a_place_divides_the_cell_and_is_half_a_window_at_least(cell: int, reach: int) -> None:
    step = steps_of(cell, min(reach, cell // 20))
    assert cell % step == 0
    assert cell // step <= MOST_PLACES
    assert step >= min(reach, cell // 20) // 2


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.floats(1e-6, 1)), max_size=12))
def test_a_day_counts_its_best_cell_times_their_number(rows: list[tuple[int, int, float]]) -> None:
    rows.sort()
    account, day, p = (np.array([r[k] for r in rows], t) for k, t in enumerate((np.int64, np.int64, float)))
    want = {}
    for a, d in {(a, d) for a, d, _ in rows}:
        here = [r[2] for r in rows if r[:2] == (a, d)]
        want[a, d] = min(1.0, min(here) * len(here))
    who, got = by_day(account, day, p)
    assert who.tolist() == [a for a, _ in sorted(want)]
    assert got.tolist() == pytest.approx([want[k] for k in sorted(want)])


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_truncated_product_against_all_outcomes_of_a_fine_grid(n: int) -> None:
    """p on a grid is larger than uniform p, so a tail of it is below; of grids twice as fine it comes nearer."""
    grid = np.arange(1, 21) / 20
    worth = np.where(grid <= 0.3, -np.log(grid), 0.0)
    sums = np.array([sum(x) for x in product(worth, repeat=n)])
    for least in (1.3, 2.0, 3.5):
        assert math.exp(log_truncated(least, n, 0.3)) >= np.mean(sums >= least)
    draws = np.random.default_rng(n).random((400_000, n))
    drawn = np.where(draws <= 0.3, -np.log(draws), 0.0).sum(axis=1)
    for least in (1.3, 2.0, 3.5):
        p = math.exp(log_truncated(least, n, 0.3))
        assert np.mean(drawn >= least) == pytest.approx(p, abs=4 * math.sqrt(p / 400_000))
    assert log_truncated(2_000.0, n, TAU) == pytest.approx(-2_000, abs=30)
    assert log_truncated(2_001.0, n, TAU) < log_truncated(2_000.0, n, TAU)


def test_days_are_combined_by_twice_the_smaller() -> None:
    p = np.array([1e-3, 0.5, 1.0, 0.2, 0.9])
    got = log_p_of_days(np.array([0, 0, 0, 2, 2]), p, 4)
    fisher = [stats.chi2.logsf(-2 * np.log(x).sum(), 2 * len(x)) for x in (p[:3], p[3:])]
    truncated = log_truncated(-math.log(1e-3), 3, TAU)
    assert got == pytest.approx([math.log(2) + min(fisher[0], truncated), math.log(2), math.log(2) + fisher[1],
                                 math.log(2)])  # fmt: skip


def test_p_of_independent_accounts_is_not_too_small() -> None:
    """Uniform acts in the same cells for all: 12 worlds of 400 accounts on 5 days."""
    below = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        account = np.repeat(np.arange(400), 12)
        t = (rng.integers(0, 5, len(account)) * 86_400 + rng.integers(36_000, 43_200, len(account))) * S
        log_p = account_tests(place(account, t, 400, Grid.of(S, S)))[1][:, 1]
        below.append([np.mean(log_p <= math.log(x)) for x in (0.1, 0.01, 0.001)])
    for mean, nominal in zip(np.mean(below, axis=0), (0.1, 0.01, 0.001), strict=True):
        assert mean <= nominal + 2.33 * math.sqrt(nominal / 4_800)


def test_a_burst_beside_others_is_one_turn_and_not_many_acts() -> None:
    """Eleven acts in eleven seconds, three others in the same seconds: p of the cell is about 1 of 1,800."""
    rng = np.random.default_rng(0)
    rows = [(a, 600 + s, 0) for a in range(4) for s in range(11)]
    rows += [(a, int(s), 0) for a in range(4, 40) for s in rng.integers(0, 1_800, 3)]
    acts = on_grid(rows, Grid.of(S, S), 40)
    runs = own_rhythm(acts, 1)
    assert runs.p[runs.account == 0][0] <= 3 / 1_800
