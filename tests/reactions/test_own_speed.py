"""An account against itself: every column of the comparison from its definition, and who is in the test family."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.reactions.conditional import stretch_tail
from unisono.reactions.find import FOLLOWERS_SHARE, MAX_P_EARLY, _q_of_tested
from unisono.reactions.own_speed import Early, against_itself
from unisono.reactions.slots import DAY_PARTS, Followers, Slots

Object = tuple[int, int, bool, float]
"""Author (-1 nobody), part of the day, was the account early, by what chance."""
objects = st.lists(
    st.tuples(st.integers(-1, 1), st.integers(0, DAY_PARTS - 1), st.booleans(), st.sampled_from([0.1, 0.2, 0.5])),
    min_size=1, max_size=8,
)  # fmt: skip


def compared(touched: list[Object], asked: bool = True) -> dict[str, float]:
    """Account 0 against author 0; each object has one more reactor, account 1, who is of no account."""
    n = len(touched)
    author, part, early, chance = (np.repeat([row[k] for row in touched], 2) for k in range(4))
    slots = Slots(
        np.tile([0, 1], n), np.repeat(np.arange(n), 2), np.zeros(2 * n, np.int64), author.astype(np.int64),
        np.full(2 * n, 2), part.astype(np.int64),
    )  # fmt: skip
    mine = np.flatnonzero((slots.account == 0) & (slots.author == 0))
    pairs = Followers(np.zeros(1, np.int64), np.zeros(1, np.int64), np.array([0, len(mine)]), mine)
    found = against_itself(slots, pairs, Early(early.astype(bool), chance.astype(float)), np.array([asked]), 2)
    return {name: float(getattr(found, name)[0]) for name in ("n_others", "author_fast", "others_fast", "p_early", "p")}


def at_least_as_many(chances: list[float], seen: int) -> float:
    """P(at least `seen` of independent events of these chances), outcome by outcome."""
    return sum(
        float(np.prod([q if hit else 1 - q for q, hit in zip(chances, outcome, strict=True)]))
        for outcome in product((False, True), repeat=len(chances))
        if sum(outcome) >= seen
    )


@given(objects)
def test_an_account_is_compared_as_defined(touched: list[Object]) -> None:
    touched = [(0, 3, True, 0.1), *touched]
    parts = {part for author, part, _, _ in touched if author == 0}
    here = [row for row in touched if row[1] in parts]
    own, others = ([row for row in here if (row[0] == 0) == mine] for mine in (True, False))
    got = compared(touched)
    assert got["n_others"] == len(others)
    assert got["author_fast"] == pytest.approx(np.mean([row[2] for row in own]))
    assert got["others_fast"] == pytest.approx(np.mean([row[2] for row in others]) if others else np.nan, nan_ok=True)
    assert got["p_early"] == pytest.approx(at_least_as_many([row[3] for row in here], sum(row[2] for row in here)))
    author, part, early, chance = (np.array([row[k] for row in here]) for k in range(4))
    assert got["p"] == stretch_tail(chance.astype(float), early, author == 0, part.astype(np.int64), DAY_PARTS)
    assert np.isnan(compared(touched, asked=False)["p"])


rows = st.lists(st.tuples(st.floats(1e-9, 1), st.floats(1e-9, 1), st.floats(0, 0.2)), max_size=12)
"""p_followers, p_self, p_early."""


@given(rows)
def test_the_family_is_those_that_may_be_called_and_a_tenth_of_all(cases: list[tuple[float, float, float]]) -> None:
    p_followers, p_self, p_early = np.array(cases).reshape(-1, 3).T
    n_tests, q = _q_of_tested(np.maximum(p_followers, p_self), p_followers, p_early)
    family = [max(s, f / FOLLOWERS_SHARE) for f, s, e in cases if e <= MAX_P_EARLY]
    assert n_tests == len(family) + int(np.ceil(FOLLOWERS_SHARE * len(cases)))
    for (f, s, e), got in zip(cases, q, strict=True):
        worse = [x for x in family if x >= max(s, f / FOLLOWERS_SHARE)]
        want = min((n_tests * x / sum(y <= x for y in family) for x in worse), default=1.0)
        assert got == pytest.approx(min(1.0, want) if e <= MAX_P_EARLY else 1.0)


def test_few_false_calls_where_half_of_the_rows_are_null_in_either_way() -> None:
    """2,000 rows: the followers explain one half, which is never of its own haste; its own haste explains the other."""
    rng = np.random.default_rng(0)
    calls = []
    for _ in range(200):
        tiny, null = np.full(1000, 1e-12), rng.random((2, 1000))
        p_followers, p_self = np.concatenate([null[0], tiny]), np.concatenate([tiny, null[1]])
        early = np.concatenate([np.zeros(1000), rng.random(1000)])  # of its own: independent of how its acts fall
        q = _q_of_tested(np.maximum(p_followers, p_self), p_followers, early)[1]
        calls.append(np.any(q <= 0.05))
    assert np.mean(calls) <= 0.05 + 2.33 * np.sqrt(0.05 * 0.95 / 200)
