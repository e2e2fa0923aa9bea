"""Strata: a tree of halves, blind to time, that keeps together what shares interests."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.nulls.made import Touch, crowd, first_of, touches
from unisono.nulls import strata as module
from unisono.nulls.strata import LEVELS, _second_vector, strata

LOW = (8, 4, 2)


def camps(seed: int, n_camps: int = 2, size: int = 30) -> tuple[list[Touch], np.ndarray]:
    """Accounts that touch 6 of the 20 objects of their camp, in random order of the accounts; and their camp."""
    rng = np.random.default_rng(seed)
    camp = rng.permutation(np.repeat(np.arange(n_camps), size))
    rows = [(a, 20 * int(c) + int(o), 0, 0) for a, c in enumerate(camp) for o in rng.permutation(20)[:6]]
    return rows, camp


@given(touches(20, 8, 3), st.integers(0, 3))
def test_each_level_refines_the_one_before_and_holds_the_tested(rows: list[Touch], seed: int) -> None:
    first = first_of(rows, 20, 8)
    found = strata(first, LOW, seed)
    assert len(found) == len(LOW)
    for most, stratum in zip(LOW, found, strict=True):
        assert np.array_equal(stratum >= 0, first.tested)
        sizes = np.bincount(stratum[first.tested])
        assert np.all((sizes > 0) & (sizes <= most))
    for coarse, fine in itertools.pairwise(found):
        parents = {(f, c) for f, c in zip(fine.tolist(), coarse.tolist(), strict=True) if f >= 0}
        assert len(parents) == len({f for f, _ in parents})


@given(touches(8, 6))
def test_rows_are_the_shared_objects_of_the_tested(rows: list[Touch]) -> None:
    first = first_of(rows, 8, 6)
    start, objects = module.tested_rows(first)
    shared = [sum(r[1] == o for r in rows) >= 2 for o in range(6)]
    for i, a in enumerate(np.flatnonzero(first.tested)):
        own = sorted(o for b, o, _, _ in rows if b == a and shared[o])
        assert objects[start[i] : start[i + 1]].tolist() == own
    assert len(start) == first.tested.sum() + 1


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_two_camps_are_cut_apart_at_once(seed: int) -> None:
    rows, camp = camps(seed)
    rows += [(0, 60, 0, 0), (1, 60, 0, 0)]  # one common object joins the camps
    (stratum,) = strata(first_of(rows), (30,), seed)
    assert len({(s, c) for s, c in zip(stratum.tolist(), camp.tolist(), strict=True)}) == 2


def test_many_camps_without_a_common_object_come_apart() -> None:
    rows, camp = camps(3, n_camps=8, size=16)
    (stratum,) = strata(first_of(rows), (16,))
    together = np.equal.outer(stratum, stratum)
    same = np.equal.outer(camp, camp)
    assert (together & same).sum() / same.sum() > 0.7


def test_times_play_no_part() -> None:
    rows = crowd(1, 100, 30, 900)
    other = [(a, o, (t * 7919) % 1_000_003, p) for a, o, t, p in rows]
    for x, y in zip(strata(first_of(rows), LOW, 5), strata(first_of(other), LOW, 5), strict=True):
        assert np.array_equal(x, y)


def test_the_same_seed_gives_the_same_strata() -> None:
    first = first_of(crowd(4, 200, 60, 1500))
    for x, y in zip(strata(first, LOW, 9), strata(first, LOW, 9), strict=True):
        assert np.array_equal(x, y)


def test_accounts_that_cannot_be_told_apart_are_cut_all_the_same() -> None:
    first = first_of([(a, o, 0, 0) for a in range(130) for o in range(3)])
    sizes = [np.bincount(s) for s in strata(first)]
    assert [s.tolist() for s in sizes[:2]] == [[130], [130]]
    assert sizes[3].max() <= LEVELS[3]
    assert sizes[3].sum() == 130


def test_nobody_to_divide() -> None:
    for first in (first_of([]), first_of([], 3, 2), first_of([(0, 0, 0, 0), (1, 1, 0, 0)])):
        assert [s.tolist() for s in strata(first)] == [[-1] * first.n_accounts] * len(LEVELS)


def test_the_vector_is_the_second_singular_vector() -> None:
    """Two loose camps, so that twenty rounds are enough for the gap: beside a full decomposition."""
    rows, _ = camps(5, size=20)
    rows += [(a, 40 + a % 3, 0, 0) for a in range(40)]
    first = first_of(rows)
    start, objects = module.tested_rows(first)
    part = np.arange(len(start) - 1)
    matrix = np.zeros((len(part), len(first.n_sharers)))
    matrix[np.repeat(part, np.diff(start)), objects] = 1
    d_u, d_o = np.sqrt(matrix.sum(1)), np.sqrt(np.maximum(matrix.sum(0), 1))
    u = np.linalg.svd(matrix / d_u[:, None] / d_o)[0][:, 1] / d_u
    room = np.full(matrix.shape[1], -1, np.int32)
    found = _second_vector(start, objects, part, np.random.default_rng(0).standard_normal(len(part)), room)
    assert abs(np.corrcoef(found, u)[0, 1]) > 0.999
    assert np.all(room == -1)
