"""Which runs are compared, and what is counted of two, beside a brute force."""

from __future__ import annotations

import time

import numpy as np
import pytest

from tests.sequences.made import HOUR, MINUTE, births, brute_pairs, brute_side, reading, touches
from unisono.maths.types import I64
from unisono.nulls.touches import FirstTouches, index_touches
from unisono.sequences.compare import compare, shared
from unisono.sequences.runs import LEAST, Candidates, candidates, runs_of


def sittings(first: FirstTouches, found: Candidates, runs: I64) -> list[int]:
    """The sitting of each run: that of its account that holds its first act."""
    r = found.runs
    of = {
        (int(a), int(t)): int(s) for a, t, s in zip(first.account, first.t, first.sitting, strict=True)
    }  # fmt: skip
    return [of[int(r.account[k]), int(r.begin[k])] for k in runs]


def drawn(seed: int, n_accounts: int = 14, n_objects: int = 25, ties: bool = False) -> FirstTouches:
    """Accounts that read some of few objects in one or two sittings, in an order of their own."""
    rng = np.random.default_rng(seed)
    acts = births(list(range(0, n_objects, 2)))
    for account in range(n_accounts):
        left = rng.permutation(n_objects)
        for sitting in range(rng.integers(1, 3)):
            objects, left = left[: rng.integers(3, 16)].tolist(), left[12:]
            begin = int(rng.integers(0, 60)) * HOUR + sitting * 70 * HOUR + account
            own = reading(account, objects, begin)
            if ties:
                own = [(a, o, t // (3 * MINUTE) * 3 * MINUTE if k % 5 else t, p) for k, (a, o, t, p) in enumerate(own)]
            acts += own
    return touches(acts)


@pytest.mark.parametrize("seed", range(12))
def test_candidates_as_by_hand(seed: int) -> None:
    first = drawn(seed, ties=seed % 2 == 1)
    found = candidates(first)
    a, b = (sittings(first, found, x) for x in (found.a, found.b))
    assert found.n_left_out == 0
    pairs = list(zip(a, b, strict=True))
    assert len(set(pairs)) == len(pairs)
    assert {tuple(sorted(p)) for p in pairs} == {
        tuple(sorted((s, u))) for _, s, _, u in brute_pairs(first, LEAST)
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_sides_as_by_hand(seed: int) -> None:
    first = drawn(seed, ties=seed % 3 == 1)
    found = candidates(first)
    n_tested = 0
    for side in compare(found):
        runs, others = (sittings(first, found, x) for x in (side.run, side.other))
        for k, (s, u) in enumerate(zip(runs, others, strict=True)):
            expected = brute_side(first, s, u, LEAST)
            got = (int(side.n[k]), int(side.discordant[k]), int(side.from_habit[k]))
            assert got == (expected or (0, 0, 0))
            n_tested += expected is not None
    assert n_tested


def test_equal_sets_and_orders_have_equal_numbers_and_others_do_not() -> None:
    objects = list(range(8))
    turned = [1, 0, *objects[2:]]
    acts = births(objects[::-1])
    for account, mine in enumerate((objects, objects, turned, objects[1:])):
        acts += reading(account, mine, (20 + 5 * account) * HOUR)
    found = candidates(touches(acts))
    one, two = compare(found)
    r = found.runs.account
    rows = {(int(r[s.run[k]]), int(r[s.other[k]])): (s.objects[k], s.order[k]) for s in (one, two) for k in range(6)}
    assert rows[0, 1] == rows[3 - 3, 1]
    assert rows[0, 1][0] == rows[0, 2][0] != rows[0, 3][0]
    assert rows[0, 1][1] != rows[0, 2][1]
    assert rows[2, 0] == rows[2, 1]


def test_acts_of_one_time_or_post_are_told_once() -> None:
    objects = list(range(9))
    one_post = [(0, o, 50 * HOUR + (k // 2) * MINUTE, 700 + k // 2) for k, o in enumerate(objects)]
    first = touches([*births(objects), *one_post, *reading(1, objects, 70 * HOUR)])
    runs = runs_of(first)
    a, b = (int(np.flatnonzero(runs.account == x)[0]) for x in (0, 1))
    mine, theirs = shared(runs, a, b)
    assert runs.object[mine].tolist() == runs.object[theirs].tolist() == [0, 2, 4, 6, 8]


def many(n_runs: int, n_objects: int, viral: int) -> FirstTouches:
    """Runs of ten of many objects, and `viral` that every run has."""
    rng = np.random.default_rng(0)
    own = np.argsort(rng.random((n_runs, n_objects)), axis=1)[:, :10] if n_objects < 2_000 else None
    own = rng.integers(0, n_objects, (n_runs, 10)) if own is None else own
    objects = np.concatenate([own, np.tile(n_objects + np.arange(viral), (n_runs, 1))], axis=1)
    account = np.repeat(np.arange(n_runs, dtype=np.int32), objects.shape[1])
    t = rng.integers(0, 600, objects.size) * 1_000_000 + np.repeat(np.arange(n_runs), objects.shape[1]) * HOUR
    obj = objects.ravel().astype(np.int32)
    keep = np.unique(np.stack([account, obj]), axis=1, return_index=True)[1]
    keep = keep[np.lexsort((t[keep], obj[keep]))]
    post = np.arange(len(keep), dtype=np.int32)
    return index_touches(account[keep], obj[keep], post, t[keep].astype(np.int64), n_runs, n_objects + viral)


def test_one_viral_object_costs_nothing() -> None:
    first = many(3_000, 50_000, 1)
    found = candidates(first)
    assert found.n_left_out == 0
    assert len(found.a) == 0


def test_ten_thousand_sittings_with_a_list_of_viral_objects_are_quick_and_what_is_left_out_is_counted() -> None:
    candidates(many(300, 300, 6))  # compiled
    first = many(10_000, 50_000, 8)
    begin = time.monotonic()
    found = candidates(first)
    compare(found)
    assert time.monotonic() - begin < 10
    assert found.n_left_out >= 3
    assert found.most_runs < 10_000


def test_left_out_objects_leave_the_pairs_of_the_others() -> None:
    first = drawn(3, n_accounts=30, n_objects=18)
    found = candidates(first, most=60)
    assert found.n_left_out
    shares = np.bincount(runs_of(first).object, minlength=len(first.slots) - 1)
    assert (np.bincount(found.runs.object, minlength=len(shares)) <= found.most_runs).all()


def test_empty() -> None:
    none = touches([])
    found = candidates(none)
    assert len(found.a) == len(found.runs) == 0
    assert all(len(x) == 0 for side in compare(found) for x in side)
