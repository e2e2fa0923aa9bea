"""The first screen's sentences, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.words import verdict
from unisono.words.links import TESTS

groups = st.lists(st.tuples(st.integers(1, 99), st.integers(2, 500), st.sets(st.sampled_from([*verdict.OPEN, "x_y"]))))


def test_every_test_says_what_it_found() -> None:
    assert set(verdict.RESTS) == set(TESTS)


@pytest.mark.parametrize(
    ("by_test", "n", "said"),
    [
        ([], 0, ""),
        ([("joint", 1)], 1, "It rests on the joint test (the one link): two accounts met on the same things, close in "
                            "time, more often than the model explains."),
        ([("reference", 3204)], 3204, "It rests on the reference test, our weakest (all 3,204 links): things that "
                                      "hardly anybody else touched were shared faster than other things are."),
        ([("new", 5), ("timing", 2)], 7,
         "It rests on the new (5 of 7 links). Other links rest on the timing test (2)."),
        ([("timing", 5), ("new", 2)], 7, "It rests on the timing test (5 of 7 links): accounts with many things in "
                                         "common touched them too close together in time. Other links rest on the new "
                                         "(2)."),
    ],
)  # fmt: skip
def test_what_carries_it(by_test: list[tuple[str, int]], n: int, said: str) -> None:
    assert verdict.carried(by_test, n) == said


@given(groups, st.booleans())
def test_explanations_count_what_they_name(told: list[tuple[int, int, set[str]]], looked_for: bool) -> None:
    said = list(verdict.explained(told, looked_for))
    fits = any(f for *_, f in told)
    assert len(said) == fits + (looked_for and bool(told))
    plain = [n for _, n, f in told if not f]
    if looked_for and told and fits and plain:
        assert f"({sum(plain):,} accounts)" in said[-1]
    assert all(s.endswith(".") for s in said)


def test_the_strongest_is_that_of_most_accounts() -> None:
    told = [(1, 60, ["shared_exposure"]), (2, 9, ["feed_relay"]), (3, 8, ["feed_relay", "shared_exposure"]), (4, 5, [])]
    assert list(verdict.explained(told, True)) == [
        "The strongest other explanation: people who were shown the same post at the same moment. 2 of 4 groups (68 "
        "accounts) look like that.",
        "Look first at group 4 (5 accounts). No open explanation fits it; that excludes none.",
    ]
    assert list(verdict.explained([(1, 6, [])], False)) == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (verdict.who([("person", "x", 41), ("page", "", 1)], 42, 42), "41 persons on x, 1 page"),
        (verdict.who([("media_account", "lens", 9)], 9, 9), "media accounts on lens"),
        (verdict.who([("unknown", "x", 5), ("page", "x", 4)], 12, 9), "accounts on x and pages on x"),
        (verdict.beside([(2, 65)], [(2, 1)]), "65 links to group 2 and 1 account also in group 2."),
        (verdict.beside([], []), "No link to another group."),
        (verdict.about([("@a", 15), ("@b", 9)], 59), "Reposts, quotes or answers 59 posts, most often of @a (15) and "
                                                     "@b (9)."),
        (verdict.strength(250, 0, "6.4e-06"), "250 linked pairs; no single pair is certain; group q = 6.4e-06"),
        (verdict.strength(1, None, ""), "1 linked pair"),
        (verdict.repeats(0, 0, 9), "No text was published word for word by two accounts, reposts aside."),
        (verdict.in_pairs(1), "1 pair of accounts acts together more than this model of interest, activity, speed, "
                              "hours and sittings explains; no group comes of it."),
    ],
)  # fmt: skip
def test_a_card_reads_so(said: str, words: str) -> None:
    assert said == words
