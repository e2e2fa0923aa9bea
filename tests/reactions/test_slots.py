"""Slots, pairs and early slots against their definitions; the test against followers against all exchanges."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import permutations, product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.pairs.arrays import encode
from unisono.reactions.followers import against_followers
from unisono.reactions.origins import NOBODY, Layer, Origins, origins_of
from unisono.reactions.own_speed import EARLY, early_slots
from unisono.reactions.slots import DAY_PARTS, MIN_OBJECTS, followers_of, slots_of, usable_windows

S = 1_000_000
Row = tuple[int, int, int]
"""account, object, time in microseconds."""
rows = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(0, 8)), max_size=40)


def small(touches: list[Row], authors: int = 2, born: int = 1) -> Layer:
    """Object o is by author o % authors, an account as well (a0, a1, ..), unless o is 5; all born at `born`."""
    n = len(touches)
    traces = pa.table({
        "account_id": pa.array([f"a{a}" for a, _, _ in touches], pa.string()),
        "object_id": pa.array([f"o{o}" for _, o, _ in touches], pa.string()),
        "t_us": pa.array([t for *_, t in touches], pa.int64()),
        "event_id": pa.array([f"e{k}" for k in range(n)], pa.string()),
    })  # fmt: skip
    events = pa.table({
        "event_id": [f"o{o}" for o in range(5)], "account_id": [f"a{o % authors}" for o in range(5)],
        "t_us": pa.array([born] * 5, pa.int64()),
    })  # fmt: skip
    arrays = encode(traces)
    return Layer("repost", arrays, origins_of(arrays, events))


def delays(touches: list[Row], authors: int = 2, born: int = 1) -> dict[tuple[int, int], int]:
    """First touches (account, object) and their times, by definition."""
    first: dict[tuple[int, int], int] = {}
    for a, o, t in touches:
        first[a, o] = min(first.get((a, o), t), t)
    return {(a, o): t for (a, o), t in first.items() if o == 5 or (a != o % authors and t >= born)}


@given(rows)
def test_slots_and_followers_equal_their_definition(touches: list[Row]) -> None:
    layer = small(touches)
    slots, want = slots_of(layer), delays(touches)
    objects, accounts = sorted(layer.arrays.object_ids.to_pylist()), layer.arrays.account_ids.to_pylist()
    keys = [(int(accounts[a][1:]), int(objects[o][1:])) for a, o in zip(slots.account, slots.object, strict=True)]
    assert sorted(keys) == sorted(want)
    sizes = Counter(o for _, o in want)
    for i, (a, o) in enumerate(keys):
        assert slots.size[i] == sizes[o]
        assert slots.author[i] == (NOBODY if o == 5 else layer.origins.author_ids.to_pylist().index(f"a{o % 2}"))
        if o != 5:
            assert slots.delay[i] == want[a, o] - 1
    pairs = followers_of(slots)
    mine = defaultdict(set)
    for a, o in want:
        if o != 5 and sizes[o] > 1:
            mine[f"a{o % 2}", f"a{a}"].add(f"o{o}")
    found = {}
    for i in range(len(pairs.author)):
        at = pairs.rows[pairs.start[i] : pairs.start[i + 1]]
        pair = layer.origins.author_ids[pairs.author[i]].as_py(), accounts[pairs.account[i]]
        found[pair] = {objects[o] for o in slots.object[at]}
    assert found == {pair: o for pair, o in mine.items() if len(o) >= MIN_OBJECTS}


@given(rows, st.sets(st.integers(0, 4)))
def test_early_equals_its_definition(touches: list[Row], quick: set[int]) -> None:
    layer = small(touches)
    slots = slots_of(layer)
    ids = [int(a[1:]) for a in layer.arrays.account_ids.to_pylist()]
    found = early_slots(slots, np.array([a in quick for a in ids], bool))
    golden = (5**0.5 - 1) / 2
    for i in range(len(slots.account)):
        here = [j for j in range(len(slots.account)) if slots.object[j] == slots.object[i]]
        kept = [j for j in here if j == i or ids[slots.account[j]] not in quick]  # in the order of touches
        wanted = int(EARLY * len(kept) + (golden * slots.object[i]) % 1)
        assert bool(found.early[i]) == (kept.index(i) < wanted)
        assert found.chance[i] == pytest.approx(wanted / len(kept))


def test_followers_tail_equals_all_exchanges_of_delays() -> None:
    """Three objects of author a0, three reactors each: every exchange of the delays within the objects."""
    rng = np.random.default_rng(4)
    for _ in range(20):
        times = rng.integers(1, 40, (3, 3)) * S
        touches = [(a, 2 * o, int(times[o, a - 1])) for o in range(3) for a in (1, 2, 3)]
        layer = small(touches, born=0)
        slots = slots_of(layer)
        pairs = followers_of(slots)
        found = against_followers(slots, pairs, [10 * S, 30 * S])
        accounts = [layer.arrays.account_ids[a].as_py() for a in pairs.account]
        for i, name in enumerate(accounts):
            p = []
            for w in (10 * S, 30 * S):
                seen = np.sum(times[:, int(name[1:]) - 1] <= w)
                exchanges = product(*[list(permutations(row)) for row in times])
                counts = np.array([sum(row[int(name[1:]) - 1] <= w for row in x) for x in exchanges])
                p.append(np.mean(counts >= seen) if seen > counts.mean() else 1.0)
            assert found.p[i] == pytest.approx(min(1.0, 2 * min(p)))
            k = int(found.window[i])
            assert found.expected[i] == pytest.approx(np.mean(times <= (10 * S, 30 * S)[k], axis=1).sum())


def test_origins_take_only_what_is_known() -> None:
    arrays = encode(pa.table({"account_id": ["u"] * 3, "object_id": ["p2", "gone", "p1"], "t_us": [1, 2, 3],
                              "event_id": ["x", "y", "z"]}))  # fmt: skip
    events = pa.table({"event_id": ["p1", "p2", "p3"], "account_id": ["zoe", "amy", "bob"], "t_us": [7, 8, 9],
                       "t_resolution_us": [S, 60 * S, 3600 * S]})  # fmt: skip
    made = origins_of(arrays, events)
    ids, author = made.author_ids.to_pylist(), made.author.tolist()
    assert ids == ["amy", "zoe"]
    by_object = dict(zip(arrays.object_ids.to_pylist(), zip(author, made.born.tolist(), strict=True), strict=True))
    assert by_object == {"p2": (0, 8), "p1": (1, 7), "gone": (NOBODY, 0)}
    assert made.resolution_us == 60 * S
    assert Layer("repost", arrays, made, S).clock_us == 60 * S
    with pytest.raises(ValueError, match="every row"):
        origins_of(arrays, events.set_column(1, "account_id", pa.array([None, "amy", "bob"])))
    with pytest.raises(ValueError, match="one author"):
        Layer("repost", arrays, Origins(made.author[:2], made.born, made.author_ids))


def test_a_clock_refuses_windows_and_the_hour_is_that_of_the_birth() -> None:
    assert usable_windows(-1) == usable_windows(5 * S) == [10 * S, 30 * S, 60 * S, 300 * S]
    assert usable_windows(30 * S) == [60 * S, 300 * S]
    assert usable_windows(3600 * S) == []
    noon = 12 * 3600 * S
    slots = slots_of(small([(3, 0, noon + 9 * 3600 * S), (4, 5, 3 * noon), (3, 5, 2 * noon + 5)], born=noon))
    assert dict(zip(slots.author.tolist(), slots.hour.tolist(), strict=True)) == {0: DAY_PARTS // 2, NOBODY: 0}


def test_ties_favour_no_account() -> None:
    """Two accounts touch 400 objects at the same moment: each is put first about as often."""
    layer = small([], born=0)
    traces = pa.table({"account_id": ["a", "b"] * 400, "object_id": [f"o{k // 2:03d}" for k in range(800)],
                       "t_us": [5] * 800, "event_id": [f"e{k}" for k in range(800)]})  # fmt: skip
    arrays = encode(traces)
    nobody = Origins(np.full(400, NOBODY, np.int32), np.zeros(400, np.int64), layer.origins.author_ids)
    slots = slots_of(Layer("repost", arrays, nobody))
    assert 150 < np.sum(slots.account[::2] == 0) < 250
