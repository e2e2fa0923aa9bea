"""Accounts: what their sittings add up to, who is found, who is not, and whom they are gathered with."""

from __future__ import annotations

from dataclasses import replace
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.measure.cases import INDEPENDENT, MINUTE, WINDOWS_US, named
from tests.nulls.made import S, Touch, first_of, rows_of, touches
from unisono.co_actors.find import LEAST_SITTINGS, PRIOR, Company, find_company, of_accounts, ranked
from unisono.co_actors.gather import gatherings
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.nulls.touches import first_touches, in_longer_sittings

P = st.sampled_from([1e-4, 0.01, 0.2, 0.5, 1.0])


@given(touches(4, 6, n_posts=3), st.lists(P, min_size=24, max_size=24))
def test_p_of_an_account_is_that_of_its_most_telling_number_of_sittings(rows: list[Touch], ps: list[float]) -> None:
    first = first_of(rows, 4, 6)
    p = np.array(ps[: len(first)])
    found, n_sittings, rests = of_accounts(first, p)
    for account in range(4):
        own: dict[int, list[float]] = {}
        for x, value, sitting in zip(rows_of(first), p.tolist(), first.sitting.tolist(), strict=True):
            if x[0] == account:
                own.setdefault(sitting, []).append(value)
        whole = sorted(min(1.0, len(x) * min(x)) for x in own.values())
        m = len(whole)
        tails = [
            sum(comb(m, j) * whole[k - 1] ** j * (1 - whole[k - 1]) ** (m - j) for j in range(k, m + 1))
            for k in range(LEAST_SITTINGS, m + 1)
            if whole[k - 1] < 1
        ]
        assert n_sittings[account] == m
        expected = min(1.0, min(tails) * max(m - LEAST_SITTINGS + 1, 1)) if tails else 1.0
        assert found[account] == pytest.approx(expected)
        assert np.isin(rests, np.flatnonzero(first.account == account)).sum() <= m
    assert len(np.unique(first.sitting[rests])) == len(rests)


@given(touches(5, 3), st.lists(P, min_size=15, max_size=15), st.lists(st.booleans(), min_size=15, max_size=15))
def test_ranks_are_counted_by_hand(rows: list[Touch], ps: list[float], flags: list[bool]) -> None:
    first = first_of(rows, 5, 3)
    n = len(first)
    p, ordinary = np.array(ps[:n]), np.array(flags[:n], np.bool_)
    found = ranked(p, first.object, ordinary)
    for k in range(n):
        if p[k] >= 1:
            assert found[k] == 1
            continue
        rank = (1 + (p[ordinary] <= p[k]).sum()) / (1 + ordinary.sum())
        others = ordinary & (first.object == first.object[k]) & (np.arange(n) != k)
        burst = ((p[others] <= p[k]).sum() + PRIOR) / (others.sum() * rank + PRIOR)
        assert found[k] == pytest.approx(min(1.0, max(p[k], rank) * max(1.0, burst)))


def called(name: str, seed: int, window_us: int, fdr: float = 0.05) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    world = named(name, seed)
    first = in_longer_sittings(first_touches(world.arrays()), window_us)
    found = find_company(first, window_us, fdr)
    q = np.ones(len(found.p))
    q[found.tested] = benjamini_hochberg(found.p[found.tested], int(found.tested.sum()))
    return q <= fdr, dict(world.labels)


@pytest.mark.parametrize("name", INDEPENDENT)
def test_where_accounts_depend_on_nobody_nobody_is_called(name: str) -> None:
    for window in WINDOWS_US:
        assert not called(name, 1, window)[0].any()


def test_a_farm_is_found_of_which_no_two_meet_often() -> None:
    found, labels = called("farm of 300", 3, MINUTE)
    assert found[labels["planted"]].sum() >= 0.9 * 300
    known = np.unique(np.concatenate(list(labels.values())))
    assert np.setdiff1d(np.flatnonzero(found), known).size <= 3


def test_one_sitting_however_crowded_calls_nobody() -> None:
    """Fifty accounts do twenty things within ten minutes, once."""
    world, rng = named("heavy tails", 2), np.random.default_rng(1)
    when = int(np.median(world.t))
    team, tasks = rng.choice(world.n_accounts, 50, replace=False), rng.choice(world.n_objects, 20, replace=False)
    rows = list(zip(world.account.tolist(), world.object.tolist(), world.t.tolist(), strict=True))
    rows += [
        (int(a), int(o), when + 30 * S * k + int(rng.integers(0, 20)) * S) for a in team for k, o in enumerate(tasks)
    ]
    earliest: dict[tuple[int, int], int] = {}
    for a, o, t in rows:
        earliest[a, o] = min(t, earliest.get((a, o), t))
    first = first_of([(a, o, t, 0) for (a, o), t in earliest.items()], by_time=True)
    found = find_company(first, MINUTE, 0.05)
    assert np.median(found.crowd.company[first.account == team[0]]) > 10
    q = benjamini_hochberg(found.p[found.tested], int(found.tested.sum()))
    assert (q > 0.05).all()


def test_gatherings_are_those_who_share_crowds() -> None:
    """Two teams of five on ten objects each, and one account that is with nobody."""
    rows = [(a + 5 * team, 10 * team + o, (100 * o + 50 * team) * 60 * S + a, 0) for team in (0, 1) for a in range(5)
            for o in range(10)]  # fmt: skip
    first = first_of([*rows, (10, 3, 10**12, 0)], 11, 20, by_time=True)
    n = first.n_accounts
    found = replace(find_company(first, MINUTE, 0.05), rank=np.zeros(len(first)))
    assert gatherings(first, MINUTE, found, np.ones(n, np.bool_)).tolist() == [0] * 5 + [1] * 5 + [-1]
    only = np.arange(n) < 7
    assert gatherings(first, MINUTE, found, only).tolist() == [0] * 5 + [-1] * 6
    assert set(gatherings(first, MINUTE, found, np.zeros(n, np.bool_)).tolist()) == {-1}


def nobody(found: Company) -> bool:
    return bool((found.p == 1).all())


def test_little_data_calls_nobody() -> None:
    assert nobody(find_company(first_of([], 0, 0), MINUTE, 0.05))
    assert nobody(find_company(first_of([(0, o, o * 10**10, o) for o in range(9)]), MINUTE, 0.05))
    viral = first_of([(a, 0, a * S, a) for a in range(3_000)])  # one object, whatever its curve
    assert not find_company(viral, MINUTE, 0.05).tested.any()
