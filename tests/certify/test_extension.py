"""Companions of a core: bursts and expectations by loops, and accounts of an operation that were left out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.simulator import Causes, Plan, plant, simulate
from tests.nulls.made import S, Touch, crowd, first_of, touches
from unisono.certify.extension import bursts, companions
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.tails import log_poisson_tail
from unisono.nulls.layer import background
from unisono.nulls.touches import first_touches

CORES = st.sets(st.integers(0, 5), max_size=4)
WINDOW = 60 * S


def in_burst(row: Touch, rows: list[Touch], core: set[int], window: int) -> bool:
    """Within the window of a touch of the core that has another of the core within the window."""
    own = [r for r in rows if r[0] in core and r[1] == row[1]]
    pairs = [(x, y) for x in own for y in own if x[0] != y[0] and abs(x[2] - y[2]) <= window]
    return any(abs(row[2] - x[2]) <= window for x, _ in pairs)


@given(touches(6, 4, n_posts=2), CORES, st.integers(0, 4))
def test_bursts_are_as_defined(rows: list[Touch], core: set[int], window: int) -> None:
    found = bursts(first_of(rows, 6, 4), window, np.array(sorted(core), np.int64))
    near = [r for r in rows if in_burst(r, rows, core, window)]
    objects = sorted({r[1] for r in near})
    assert found.objects.tolist() == objects
    outside = [r for r in near if r[0] not in core]
    for o, share in zip(objects, found.share.tolist(), strict=True):
        others = sum(r[1] == o and r[0] not in core for r in rows)
        assert share == pytest.approx(sum(r[1] == o for r in outside) / max(others, 1))
    assert sorted(found.inside.tolist()) == sorted(a for a, _ in {(r[0], r[3]) for r in outside})


@pytest.mark.parametrize("seed", [1, 2])
def test_expectation_and_p_are_those_of_a_loop(seed: int) -> None:
    rows = crowd(seed, 80, 30, 1200, days=1)
    ground = background(first_of(rows, 80, 30))
    core = np.arange(6)
    window = 3 * 3600 * S
    accounts, log_p = companions(ground, window, core)
    found = bursts(ground.first, window, core)
    expected_accounts = [v for v in range(6, 80) if (found.inside == v).sum() >= 2]
    assert accounts.tolist() == expected_accounts
    assert len(accounts) > 10
    for v, own in zip(accounts.tolist(), log_p.tolist(), strict=True):
        hits, worst = int((found.inside == v).sum()), -np.inf
        for model in ground.models:
            lam = sum(model.probability(v, int(o)) * r for o, r in zip(found.objects, found.share, strict=True))
            tail = float(log_poisson_tail(np.array([lam]), np.array([hits]))[0]) if hits >= lam + 1 else 0.0
            worst = max(worst, tail)
        assert own == pytest.approx(worst)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_rest_of_an_operation_joins_and_nobody_else(seed: int) -> None:
    world = plant(simulate(Causes(n_accounts=1500, n_objects=1000, n_acts=35_000), seed), Plan(), seed)
    ground = background(first_touches(world.arrays()))
    planted = np.sort(world.labels["planted"]).astype(np.int64)
    accounts, log_p = companions(ground, WINDOW, planted[:6])
    q = benjamini_hochberg(np.exp(log_p), int(ground.first.tested.sum()))
    joined = accounts[q <= 0.05]
    assert set(planted[6:].tolist()) <= set(joined.tolist())
    assert len(np.setdiff1d(joined, planted)) <= 1
    organic = np.random.default_rng(seed).permutation(np.setdiff1d(np.arange(1500), planted))[:6]
    accounts, log_p = companions(ground, WINDOW, organic)
    assert not (benjamini_hochberg(np.exp(log_p), int(ground.first.tested.sum())) <= 0.05).any()


def test_one_sitting_on_many_objects_is_one_meeting() -> None:
    """Regression: a post with five hashtags beside two of the core counted as five bursts, and so did five posts."""
    rows = crowd(3, 200, 60, 900, days=30)
    hour = 3600 * S
    tags = [(a, 60 + o, 5 * hour + a * S, 10_000 + a) for o in range(5) for a in (0, 1, 2)]
    audience = [(10 + k, 60 + o, 100 * hour + k * hour, 20_000 + 50 * o + k) for o in range(5) for k in range(50)]
    first = first_of(rows + tags + audience, 200, 65)
    ground, core = background(first), np.array([0, 1])
    assert bursts(first, WINDOW, core).inside.tolist() == [2]
    assert companions(ground, WINDOW, core)[0].tolist() == []
    apart = [(a, o, t, 30_000 + 5 * a + o) for a, o, t, _ in tags]  # five sittings of each
    other = first_of(rows + apart + audience, 200, 65)
    accounts, log_p = companions(background(other), WINDOW, core)
    assert accounts.tolist() == [2]
    assert log_p[0] < -5


def test_no_core_no_touches() -> None:
    nobody = np.empty(0, np.int64)
    for rows in ([], crowd(4, 20, 10, 60)):
        ground = background(first_of(rows, 20, 10))
        for core in (nobody, np.array([3])):
            accounts, log_p = companions(ground, WINDOW, core)
            assert (len(accounts), len(log_p)) == (0, 0)


def test_numbers_of_accounts_do_not_matter_for_bursts() -> None:
    rows, new = crowd(5, 40, 20, 500, days=1), np.random.default_rng(0).permutation(40)
    one = bursts(first_of(rows, 40), 1800 * S, np.arange(6))
    other = bursts(first_of([(int(new[a]), o, t, p) for a, o, t, p in rows], 40), 1800 * S, new[:6])
    assert np.array_equal(one.objects, other.objects)
    assert one.share == pytest.approx(other.share)
    assert sorted(new[one.inside].tolist()) == sorted(other.inside.tolist())
