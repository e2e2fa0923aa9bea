"""Sittings in the same order: pairs by hand, lists that are found, orders that everybody has, and little data."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings

from lab.measure.cases import INDEPENDENT, named
from tests.nulls.made import S, Touch, first_of, rows_of, touches
from unisono.nulls.touches import FirstTouches, first_touches
from unisono.sequences import find
from unisono.sequences.find import LEAST, find_alike, lists, of_accounts, q_of

HOUR = 3600 * S


@given(touches(5, 9, last=40, n_posts=2))
@settings(max_examples=60)
def test_pairs_of_sittings_are_those_of_a_walk(rows: list[Touch]) -> None:
    first = first_of(rows, 5, 9)
    found = find_alike(first)
    things: dict[int, set[int]] = defaultdict(set)
    owner = {}
    for (account, obj, *_), sitting in zip(rows_of(first), first.sitting.tolist(), strict=True):
        if first.n_sharers[obj] >= 2:
            things[sitting].add(obj)
            owner[sitting] = account
    long = [s for s in sorted(things) if len(things[s]) >= LEAST]
    span = {s: [t for (_, o, t, _), x in zip(rows_of(first), first.sitting.tolist(), strict=True)
                if x == s and o in things[s]] for s in long}  # fmt: skip
    expected = sorted(
        (owner[s], owner[x], len(things[s] & things[x]))
        for s in long for x in long if owner[s] != owner[x] and len(things[s] & things[x]) >= LEAST
        and (max(span[s]) < min(span[x]) or max(span[x]) < min(span[s]))
    )  # fmt: skip
    account = found.sittings.account
    got = sorted(
        zip(account[found.mine].tolist(), account[found.theirs].tolist(), found.n_common.tolist(), strict=True)
    )
    assert got == expected


def called(first: FirstTouches, fdr: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    found = find_alike(first)
    q = q_of(*of_accounts(found, first.n_accounts))
    return q <= fdr, lists(found, q <= fdr, first.n_accounts)


def workers(n: int, k: int, rng: np.random.Generator, order: str) -> list[Touch]:
    """n accounts go through k things, days after a crowd of others made them known, each at an hour of its own."""
    ages = rng.permutation(k).tolist()
    born = [(1_000 + int(x), o, t * HOUR, 0) for o, t in enumerate(ages) for x in rng.integers(0, 99, 4)]
    by_age = np.argsort(ages).tolist()
    rows = {(a, o): t for a, o, t, _ in born}
    the_list = rng.permutation(k).tolist()
    for account in range(n):
        begin = (200 + 3 * account) * HOUR
        own = {"list": the_list, "own": rng.permutation(k).tolist(), "newest": by_age[::-1]}[order]
        rows |= {(account, o): begin + 40 * S * j for j, o in enumerate(own)}
    return [(a, o, t, 0) for (a, o), t in rows.items()]


@pytest.mark.parametrize(("order", "found"), [("list", True), ("own", False), ("newest", False)])
def test_a_list_is_found_and_what_everybody_does_is_not(order: str, found: bool) -> None:
    rng = np.random.default_rng(7)
    first = first_of(workers(12, 10, rng, order), by_time=True)
    who, number = called(first)
    assert who[:12].sum() == (12 if found else 0)
    assert not who[12:].any()
    assert set(number[:12].tolist()) == ({0} if found else {-1})


def newest_first(rng: np.random.Generator, late_h: float) -> FirstTouches:
    """Twelve accounts read eight things, an hour apart in age, newest first; the data show each birth Exp(late_h) hours
    late."""
    born = (np.arange(8) + rng.exponential(late_h, 8)) * HOUR
    rows = [(100 + o, o, int(t), 0) for o, t in enumerate(born)]
    rows += [(a, 7 - j, (200 + 3 * a) * HOUR + 40 * S * j, 0) for a in range(12) for j in range(8)]
    return first_of(rows, by_time=True)


def test_births_that_are_seen_late_make_no_list_of_a_habit() -> None:
    """Up to the spacing of the births; later ones cannot be told from a list (docs/methods/sequences.md)."""
    worlds = [newest_first(np.random.default_rng(seed), 1.0) for seed in range(20)]
    assert sum(called(first)[0].any() for first in worlds) <= 2


def test_things_of_one_time_have_no_order() -> None:
    rng = np.random.default_rng(7)
    rows = [(a, o, t // HOUR * HOUR if a < 12 else t, p) for a, o, t, p in workers(12, 10, rng, "list")]
    assert not called(first_of(rows, by_time=True))[0].any()


def test_things_that_stand_in_too_many_sittings_are_left_out_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(7)
    first = first_of(workers(12, 10, rng, "list"), by_time=True)
    monkeypatch.setattr(find, "MOST_SITTINGS", 11)
    found = find_alike(first)
    assert (len(found.mine), found.n_left_out) == (0, 10)


@pytest.mark.parametrize("name", ["object sequence", "object sequence, three lists"])
def test_row_13_lists_worked_off_hours_apart_are_found(name: str) -> None:
    for seed in range(2):
        world = named(name, seed)
        who, number = called(first_touches(world.arrays()))
        planted = world.labels["planted"]
        assert who[planted].sum() >= 0.9 * len(planted)
        assert set(number[planted][who[planted]].tolist()) == {0}


@pytest.mark.parametrize("name", ["object sequence, permuted", "sittings", "sessions", "feed", "live event"])
def test_nobody_is_called_where_there_is_no_list(name: str) -> None:
    assert name in INDEPENDENT or name.startswith("object")
    for seed in range(3):
        assert not called(first_touches(named(name, seed).arrays()))[0].any()


def test_e_of_accounts_are_means_of_means_and_products() -> None:
    rng = np.random.default_rng(7)
    first = first_of(workers(4, 8, rng, "own"), by_time=True)
    found = find_alike(first)
    log_e, n = of_accounts(found, first.n_accounts)
    for account in range(4):
        by_sitting: dict[int, list[float]] = defaultdict(list)
        for mine, value in zip(found.mine.tolist(), found.log_e.tolist(), strict=True):
            if found.sittings.account[mine] == account:
                by_sitting[mine].append(np.exp(value))
        means = [np.mean(x) for x in by_sitting.values()]
        assert n[account] == len(means)
        assert log_e[account] == pytest.approx(np.log((np.mean(means) + np.prod(means)) / 2))


def test_q_is_that_of_e_bh() -> None:
    log_e, n = np.log(np.array([1e6, 500.0, 30.0, 1.0, 1e9])), np.array([1, 1, 1, 1, 0])
    q = q_of(log_e, n)
    assert q == pytest.approx([4 / 1e6, 4 / 1000, 4 / 90, 1.0, 1.0])


def test_little_data_calls_nobody() -> None:
    for rows in ([], [(0, o, o, o) for o in range(9)], [(a, 0, a, a) for a in range(500)]):
        first = first_of(rows, 500, 9)
        assert not called(first)[0].any()
