"""Lists that are found, and what looks like one and is not called: one habit for all, any order, ties, a live feed."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from tests.sequences.made import HOUR, MINUTE, Act, births, reading, touches
from unisono.maths.multiplicity import benjamini_hochberg, q_under_any_dependence
from unisono.nulls.touches import FirstTouches
from unisono.sequences.find import Lists, find_lists, lists_of, q_of_pairs
from unisono.sequences.runs import Candidates

LIST = [4, 1, 6, 0, 7, 2, 5, 3]
"""Neither near to oldest first nor to newest first."""
OUT = 100 * HOUR


def called(first: FirstTouches, fdr: float = 0.05) -> set[int]:
    found = find_lists(first)
    (q,), _ = q_of_pairs([found])
    runs, yes = found.found.runs, q <= fdr
    return set(runs.account[np.r_[found.found.a[yes], found.found.b[yes]]].tolist())


def workers(n: int, order: list[int], begin: int = OUT) -> list[Act]:
    """n accounts that work through a list, two hours apart."""
    return [a for k in range(n) for a in reading(k, order, begin + 2 * k * HOUR)]


def test_a_list_is_found_with_its_p_exact() -> None:
    found = find_lists(touches([*births(list(range(8))), *workers(12, LIST)]))
    discordant = sum(LIST.index(i) > LIST.index(j) for j in range(8) for i in range(j))
    among = [o for o in permutations(range(8)) if sum(o[i] > o[j] for j in range(8) for i in range(j)) == discordant]
    assert found.account.tolist() == list(range(12))
    np.testing.assert_allclose(found.p, 1 / len(among))
    assert called(touches([*births(list(range(8))), *workers(12, LIST)])) == set(range(12))


def test_each_in_an_order_of_its_own_is_nothing() -> None:
    rng = np.random.default_rng(0)
    acts = births(list(range(8)))
    for k in range(12):
        acts += reading(k, rng.permutation(8).tolist(), OUT + 2 * k * HOUR)
    assert called(touches(acts)) == set()


@pytest.mark.parametrize("order", [list(range(8)), list(range(8))[::-1], [1, 0, *range(2, 8)]])
def test_the_order_in_which_things_came_up_is_a_habit(order: list[int]) -> None:
    first = touches([*births(list(range(8))), *workers(12, order)])
    assert len(find_lists(first).account) == 0
    assert called(first) == set()


def test_things_that_come_up_while_one_reads_have_no_order_of_its_own() -> None:
    objects = list(range(12))
    acts = [(90 + o, o, OUT + k * MINUTE, 5_000_000 + o) for k, o in enumerate([5, 2, 9, 0, 11, 7, 3, 1, 10, 4, 8, 6])]
    feed = [a[1] for a in acts]
    for k in range(6):
        acts += reading(k, feed, OUT + MINUTE // 2 + k)
    first = touches(acts)
    assert len(objects) == len(feed)
    assert len(find_lists(first).account) == 0


def test_who_is_at_it_at_the_same_time_is_not_compared() -> None:
    acts = [*births(list(range(8))), *reading(0, LIST, OUT), *reading(1, LIST, OUT + 3 * MINUTE)]
    assert len(find_lists(touches(acts)).account) == 0


def test_one_post_with_all_links_has_no_order() -> None:
    acts = births(list(range(8)))
    acts += [(k, o, OUT + 2 * k * HOUR, 800 + k) for k in range(12) for o in LIST]
    assert len(find_lists(touches(acts)).account) == 0


def test_what_nobody_else_brought_up_before_is_not_tested() -> None:
    """The first two that touch the things give them their birth: whoever follows may read them oldest first."""
    found = find_lists(touches(workers(12, LIST)))
    assert len(found.account) == 0


def test_one_account_and_no_act_are_nothing() -> None:
    for acts in ([], reading(0, LIST, OUT), [*reading(0, LIST, OUT), *reading(0, [9, 10, 11, 12, 13, 14], 2 * OUT)]):
        found = find_lists(touches(acts))
        assert len(found.account) == len(found.p_a) == 0
        (q,), n = q_of_pairs([found])
        assert (len(q), n) == (0, 0)


def test_accounts_that_read_at_random_are_called_no_more_often_than_said() -> None:
    """Exchangeable orders of every strength of habit; p of accounts against their nominal level."""
    rng = np.random.default_rng(1)
    p = []
    for _ in range(150):
        acts = births(list(range(9)))
        for k in range(4):
            strength = rng.choice([0.0, 1.0, 3.0, -2.0])
            order = np.argsort(strength * np.arange(9) / 3 + rng.gumbel(size=9)).tolist()
            acts += reading(k, order[: rng.integers(7, 10)], OUT + 2 * k * HOUR)
        p.append(find_lists(touches(acts)).p)
    tested = np.concatenate(p)
    assert len(tested) > 200
    for level in (0.01, 0.05, 0.2):
        assert np.mean(tested <= level) <= level + 2.6 * np.sqrt(level / len(tested))


def test_a_few_that_keep_a_list_stand_out_among_many_that_do_not() -> None:
    rng = np.random.default_rng(2)
    acts = [*births(list(range(8)), 900), *workers(6, LIST)]
    for k in range(6, 26):
        acts += reading(k, rng.permutation(8).tolist(), OUT + 2 * k * HOUR)
    assert len(called(touches(acts)) - set(range(6))) == 0


def family(*p: float) -> Lists:
    """Accounts with these p, each with one pair."""
    none = touches([])
    found = find_lists(none).found
    n = len(p)
    pairs = Candidates(found.runs, np.zeros(n, np.int64), np.zeros(n, np.int64))
    return Lists(pairs, np.array(p), np.full(n, np.nan), np.arange(n), np.array(p))


@pytest.mark.parametrize("any_dependence", [False, True])
def test_q_is_that_of_the_accounts_in_one_family(any_dependence: bool) -> None:
    parts = [family(0.001, 0.2, 0.02), family(0.004, 1.0)]
    q, n = q_of_pairs(parts, any_dependence)
    rule = q_under_any_dependence if any_dependence else benjamini_hochberg
    np.testing.assert_allclose(np.concatenate(q), rule(np.array([0.001, 0.2, 0.02, 0.004, 1.0]), 5))
    assert n == 5


def test_a_second_list_of_an_account_has_the_q_at_which_its_p_would_be_called() -> None:
    one = family(0.001, 0.001)
    more = Lists(one.found, np.array([0.001, 0.001, 0.003, np.nan]), np.full(4, np.nan), one.account, one.p)
    (q,), _ = q_of_pairs([more])
    np.testing.assert_allclose(q, [0.001, 0.001, 0.003, 1.0])


def test_lists_are_numbered_by_size() -> None:
    found = find_lists(touches([])).found
    runs = type(found.runs)(*(np.zeros(9, np.int64) for _ in range(7)))
    a, b = np.array([0, 2, 3, 5, 7]), np.array([1, 3, 4, 6, 8])
    numbers = lists_of(Candidates(runs, a, b), np.array([True, True, True, False, True]))
    assert numbers.tolist() == [1, 0, 0, -1, 2]
