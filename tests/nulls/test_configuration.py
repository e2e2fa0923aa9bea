"""The configuration model: fitted rows and columns add up to what was counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.nulls.made import Touch, crowd, first_of, touches
from unisono.nulls.configuration import ConfigurationModel, fit_configuration_model
from unisono.nulls.strata import strata
from unisono.nulls.touches import FirstTouches


def table(model: ConfigurationModel, first: FirstTouches) -> np.ndarray:
    """p_uo of every account and object."""
    p = np.zeros((first.n_accounts, len(first.n_sharers)))
    for u in np.flatnonzero(model.stratum >= 0):
        p[u] = [model.probability(int(u), o) for o in range(p.shape[1])]
    return p


def counts(first: FirstTouches, stratum: np.ndarray) -> np.ndarray:
    """1 where a tested account touched an object that another touched as well."""
    seen = np.zeros((first.n_accounts, len(first.n_sharers)))
    seen[first.account, first.object] = 1
    return seen * (stratum >= 0)[:, None] * (first.n_sharers >= 2)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("most", [500, 20])
def test_rows_and_columns_add_up_in_every_stratum(seed: int, most: int) -> None:
    first = first_of(crowd(seed, 80, 60, 900))
    (stratum,) = strata(first, (most,))
    p, seen = table(fit_configuration_model(first, stratum), first), counts(first, stratum)
    assert p.sum(1) == pytest.approx(seen.sum(1), rel=1e-3)
    for g in range(stratum.max() + 1):
        assert p[stratum == g].sum(0) == pytest.approx(seen[stratum == g].sum(0), rel=1e-3)
    assert np.all((p >= 0) & (p < 1))


@given(touches(8, 6), st.lists(st.integers(-1, 2), min_size=8, max_size=8))
def test_whatever_the_strata_columns_add_up_and_rows_nearly(rows: list[Touch], groups: list[int]) -> None:
    """Tiny strata are full of rows and columns that have no finite solution; 200 rounds take them to 3 % at worst."""
    first = first_of(rows, 8, 6)
    stratum = np.array(groups, np.int32)
    model = fit_configuration_model(first, stratum)
    p, seen = table(model, first), counts(first, stratum)
    assert np.all((p >= 0) & (p <= 1))
    assert np.all(p[stratum < 0] == 0)
    assert p.sum(1) == pytest.approx(seen.sum(1), rel=0.03, abs=0.03)
    for g in range(3):
        assert p[stratum == g].sum(0) == pytest.approx(seen[stratum == g].sum(0), rel=0.03, abs=0.03)


def test_equal_degrees_have_equal_chances() -> None:
    first = first_of(crowd(4, 50, 30, 500))
    (stratum,) = strata(first, (500,))
    model = fit_configuration_model(first, stratum)
    degree = counts(first, stratum).sum(1)
    for k in np.unique(degree):
        assert len(np.unique(model.x[degree == k])) == 1


def test_everybody_touches_everything() -> None:
    first = first_of([(a, o, 0, 0) for a in range(5) for o in range(4)])
    p = table(fit_configuration_model(first, np.zeros(5, np.int32)), first)
    assert np.all((p > 0.97) & (p < 1))


def test_a_star_and_its_crowd() -> None:
    """One account touches all of 300 objects, 300 accounts touch two each: no overflow, no NaN, sums right."""
    rows = [(0, o, 0, 0) for o in range(300)]
    rows += [(1 + k, (k + step) % 300, 0, 0) for k in range(300) for step in (0, 1)]
    first = first_of(rows)
    p = table(fit_configuration_model(first, np.zeros(301, np.int32)), first)
    assert p.sum(0) == pytest.approx(np.full(300, 3.0), rel=0.01)
    assert p.sum(1) == pytest.approx(np.r_[300.0, np.full(300, 2.0)], rel=0.01)


def test_nobody() -> None:
    for first in (first_of([]), first_of([(0, 0, 0, 0), (0, 1, 0, 0)])):
        model = fit_configuration_model(first, np.full(first.n_accounts, -1, np.int32))
        assert (model.start.tolist(), model.y.tolist(), model.x.tolist()) == ([0], [], [0.0] * first.n_accounts)
