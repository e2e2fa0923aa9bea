"""Company of an act and its p, against counting by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.nulls.made import S, Touch, first_of, rows_of, touches
from tests.nulls.made import crowd as crowd_of
from unisono.co_actors.acts import FLANK, LEAST_TOUCHES, SIZE, around, by_curve, crowd, study_burst

WINDOWS = st.sampled_from([0, 1, 2])


@given(touches(6, 4, last=30), WINDOWS)
def test_company_and_flanks_are_counted_by_hand(rows: list[Touch], window: int) -> None:
    first = first_of(rows, 6, 4)
    for found, (low, high) in zip(
        around(first.object, first.t, window),
        ((-window, window), (-(1 + FLANK) * window, -window - 1), (window + 1, (1 + FLANK) * window)),
        strict=True,
    ):
        for n, (account, obj, t, _) in zip(found.tolist(), rows_of(first), strict=True):
            others = [x for x in rows_of(first) if x[1] == obj and x[0] != account]
            assert n == sum(low <= x[2] - t <= high for x in others)


@given(touches(6, 4, last=30), st.sampled_from([1, 2]))
def test_the_burst_of_the_study_is_that_of_other_objects(rows: list[Touch], window: int) -> None:
    first = first_of(rows, 6, 4)
    found = study_burst(first.t, window, *around(first.object, first.t, window))
    for busy, (_, obj, t, _) in zip(found.tolist(), rows_of(first), strict=True):
        apart = np.array([abs(x[2] - t) for x in rows if x[1] != obj])
        inside = (apart <= window).sum()
        whole = (apart <= (1 + FLANK) * window).sum()
        assert busy == pytest.approx(max(1.0, (inside + 1) / (whole / (1 + FLANK) + 1)))


def test_the_curve_is_the_share_of_log_ages_about_the_median() -> None:
    first = first_of(crowd_of(1, n_accounts=40, n_objects=12, n=300))
    window = 3600 * S
    ages: dict[int, list[int]] = {}
    for _, obj, t, _ in rows_of(first):
        ages.setdefault(obj, []).append(t)
    ages = {o: [t - min(ts) for t in ts] for o, ts in ages.items()}
    middle = {o: float(np.median(np.log(np.maximum(x, 1)))) for o, x in ages.items()}
    pooled = np.array([np.log(max(a, 1)) - middle[o] for o, x in ages.items() if len(x) >= LEAST_TOUCHES for a in x])
    for found, obj, row in zip(by_curve(first, window), first.object.tolist(), range(len(first)), strict=True):
        age = int(first.t[row] - first.t[first.slots[obj]])
        end = np.log(max(age + window, 1)) - middle[obj]
        begin = -np.inf if age <= window else np.log(age - window) - middle[obj]
        mass = np.mean((pooled >= begin - 1e-12) & (pooled <= end + 1e-12))
        assert found == pytest.approx((len(ages[obj]) - 1) * mass)


def test_p_is_the_larger_of_curve_and_flanks() -> None:
    first = first_of(crowd_of(2, n_accounts=60, n_objects=8, n=400))
    window = 1800 * S
    found = crowd(first, window, S)
    company, before, after = around(first.object, first.t, window)
    busy = study_burst(first.t, window, company, before, after)
    for k in range(0, len(first), 7):
        if not company[k]:
            assert found.p[k] == 1
            continue
        share = busy[k] * (2 * window + S) / (busy[k] * (2 * window + S) + FLANK * window)
        flanks = stats.binom.sf(company[k] - 1, company[k] + max(before[k], after[k]), share)
        curve = stats.nbinom.sf(company[k] - 1, SIZE, SIZE / (SIZE + max(found.expected[k], 1e-9)))
        assert found.p[k] == pytest.approx(max(flanks, curve))


def test_without_a_curve_nothing_is_crowded() -> None:
    first = first_of([(a, 0, a, a) for a in range(LEAST_TOUCHES - 1)])
    assert np.all(crowd(first, S).p == 1)


def test_nothing_is_nothing() -> None:
    first = first_of([], 0, 0)
    assert len(crowd(first, S).p) == 0
