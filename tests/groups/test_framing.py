"""Who is always first: against counting by hand, for bystanders who are shadowed, and for operations."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given

from lab.measure import framing as row
from tests.nulls.made import Touch, first_of, rows_of, touches
from unisono.groups import framing
from unisono.groups.framing import Turns, beside, judged
from unisono.words import groups as words
from unisono.words.numbers import apart


@given(touches(5, 3, last=12))
def test_who_is_beside_whom_is_counted_by_hand(rows: list[Touch]) -> None:
    first = first_of(rows, 5, 3)
    for window in (0, 1, 3):
        before, same, after = beside(first.object, first.t, window)
        for k, (account, obj, t, _) in enumerate(rows_of(first)):
            apart_by = [x[2] - t for x in rows if x[1] == obj and x[0] != account]
            assert before[k] == sum(-window <= d < 0 for d in apart_by)
            assert same[k] == apart_by.count(0)
            assert after[k] == sum(0 < d <= window for d in apart_by)


def turns(*own: tuple[bool, bool, int]) -> Turns:
    before, tied, company = (np.array([x[k] for x in own]) for k in range(3))
    nobody = np.zeros(len(own), np.int64)
    return Turns(nobody, nobody, before.astype(bool), tied.astype(bool), company.astype(np.int64))


def test_p_is_that_of_all_outcomes_and_ties_are_neutral() -> None:
    seen = turns((False, False, 3), (False, False, 1), (True, False, 2), (False, True, 9), (True, True, 1))
    found = judged(seen, np.zeros(1, np.int64), np.zeros(1, np.int64))
    assert (found.n_first[0], found.n_follows[0]) == (2, 2)
    chances = [1 / 4, 1 / 2, 1 / 3, 1 / 2]
    outcomes = product((0, 1), repeat=4)
    tail = sum(np.prod([c if x else 1 - c for c, x in zip(chances, o, strict=True)]) for o in outcomes if sum(o) >= 2)
    assert found.p[0] == pytest.approx(tail)
    assert not found.always_first[0]


def test_two_sittings_are_too_few_for_a_mark_and_five_with_ten_others_are_not() -> None:
    nobody = np.zeros(1, np.int64)
    assert not judged(turns(*[(False, False, 1)] * 6), nobody, nobody).always_first[0]  # 2 ** -6 > 0.01
    assert judged(turns(*[(False, False, 10)] * 2), nobody, nobody).always_first[0]
    assert not judged(turns(*[(False, False, 10)] * 3, (True, False, 10)), nobody, nobody).always_first[0]
    assert judged(turns(*[(False, False, 10)] * 4, (True, False, 10)), nobody, nobody).always_first[0]


def test_a_member_without_company_has_no_order() -> None:
    none = judged(framing._by_sitting(np.empty((0, 6), np.int64)), np.arange(3), np.arange(3))
    assert none.n_first.tolist() == none.n_follows.tolist() == [0, 0, 0]
    assert none.p.tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("cell", row.FRAMED)
def test_row_17_bystanders_are_marked(cell: str) -> None:
    found = row.one(cell, 0)
    assert found["true"] >= 9
    assert found["bystanders"] == found["marked"] > 0
    assert found["true_marked"] == 0


@pytest.mark.parametrize("cell", ["20 viral, 60 s", "cell of 3"])
def test_row_17_members_of_operations_are_not(cell: str) -> None:
    found = row.one(cell, 0)
    assert found["true"] > 0
    assert found["true_marked"] == 0


def test_row_17_is_judged_by_each_of_its_bars() -> None:
    shadows = {"cell": row.FRAMED[0], "true": 10, "false": 0, "planted": 10, "true_marked": 0, "bystanders": 1}
    plan = {"cell": "cell of 3", "true": 40, "false": 0, "planted": 40, "true_marked": 2}
    assert row.judge([shadows | {"marked": 1}, plan])[1] is True
    assert row.judge([shadows | {"marked": 0}, plan])[1] is False
    assert row.judge([shadows | {"marked": 1, "true": 8}, plan])[1] is False
    assert row.judge([shadows | {"marked": 1}, plan | {"true_marked": 3}])[1] is False
    assert row.judge([plan])[1] is None


def test_words_count_them_apart() -> None:
    assert apart(12, 0) == "12 accounts"
    assert apart(12, 1) == "11 accounts and 1 that is always first"
    assert apart(3, 2) == "1 account and 2 that are always first"
    assert words.always_first(["Ann"], 1).startswith("Ann is always first: may lead, be the source, or be shadowed.")
    assert words.always_first(["a", "b", "c", "d"], 5).startswith("a, b, c and 2 more are always first")
    assert words.always_first([], 2).startswith("2 accounts are always first")
