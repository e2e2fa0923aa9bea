"""Leadership: order against brute force, chance that stays chance, and a leader who is found."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.profiles.leadership import MIN_SITTINGS, PAIR_SCHEMA, leadership, pair_order
from unisono.profiles.order import DAY_US, PAUSE_US, places, sittings, wilson
from unisono.tables import PROFILES

S = 1_000_000
Touch = tuple[str, str, int]
"""account, object, time in microseconds."""


def evidence(touches: list[Touch], trace: str = "repost", window_us: int = 600 * S) -> pa.Table:
    """All co-actions of the touches as `evidence` has them."""
    by_object = defaultdict(list)
    for account, obj, t in touches:
        by_object[obj].append((account, t))
    rows = []
    for obj, here in by_object.items():
        for x, y in combinations(here, 2):
            if x[0] != y[0] and abs(x[1] - y[1]) <= window_us:
                (a, t_a), (b, t_b) = sorted((x, y))
                rows.append((trace, window_us, a, b, obj, t_a, t_b))
    names = ["trace", "window_us", "account_a", "account_b", "object_id", "t_a", "t_b"]
    types = [pa.string(), pa.int64(), *[pa.string()] * 3, pa.int64(), pa.int64()]
    return pa.table([pa.array([r[k] for r in rows], t) for k, t in enumerate(types)], names=names)


def members(**groups: list[str]) -> pa.Table:
    rows = [(g, a) for g, accounts in groups.items() for a in accounts]
    columns = [pa.array([r[k] for r in rows], pa.string()) for k in range(2)]
    return pa.table(columns, names=["group_id", "account_id"])


def group_acts(n: int, n_objects: int, rng: np.random.Generator, lead: float = 0.0, per_day: int = 1) -> list[Touch]:
    """n accounts touch each object at Uniform(0, 300 s); account a0 comes `lead` of the time at the moment itself.

    With several objects a day they follow each other by ten minutes, and the order of the first one holds all day.
    """
    out = []
    for day in range(n_objects // per_day):
        delay = rng.uniform(1, 300, n)
        if rng.random() < lead:
            delay[0] = 0
        for k in range(per_day):
            moment = day * DAY_US + k * 600 * S
            out += [(f"a{i}", f"o{day}-{k}", moment + int(delay[i] * S)) for i in range(n)]
    return out


def facts(table: pa.Table) -> dict[str, dict[str, object]]:
    return {r["subject_id"]: r for r in table.to_pylist()}


touch_lists = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 3), st.integers(0, 2), st.integers(0, 9)), max_size=30
)


@given(touch_lists)
def test_places_equal_their_definition(rows: list[tuple[int, int, int, int]]) -> None:
    pause = 2
    found = places(*(np.array([r[k] for r in rows], np.int64) for k in range(4)), pause_us=pause)
    shares: dict[tuple[int, int], list[list[float]]] = defaultdict(list)
    objects: dict[tuple[int, int], int] = defaultdict(int)
    for group in {r[0] for r in rows}:
        mine = sorted((r for r in rows if r[0] == group), key=lambda r: r[3])
        parts: list[list[tuple[int, int, int, int]]] = []
        for row in mine:
            if not parts or row[3] - parts[-1][-1][3] > pause:
                parts.append([])
            parts[-1].append(row)
        for part in parts:
            here = defaultdict(list)
            for obj in {r[2] for r in part}:
                first = {a: min(r[3] for r in part if r[1] == a and r[2] == obj) for _, a, o, _ in part if o == obj}
                for a, t in first.items():
                    others = [u for b, u in first.items() if b != a]
                    if others:
                        here[a].append(sum(1.0 if t < u else 0.5 if t == u else 0.0 for u in others) / len(others))
            for a, s in here.items():
                shares[group, a].append([sum(s) / len(s)])
                objects[group, a] += len(s)
    keys = list(zip(found.group.tolist(), found.account.tolist(), strict=True))
    assert keys == sorted(shares)
    for i, key in enumerate(keys):
        assert found.scores[i] == pytest.approx([2 * s[0] - 1 for s in shares[key]])
        assert found.n_objects[i] == objects[key]
        assert found.first[i] == pytest.approx(np.mean(shares[key]))


def test_no_sum_depends_on_how_objects_are_numbered() -> None:
    rng = np.random.default_rng(7)
    account, obj = rng.integers(0, 7, 3_000), rng.integers(0, 600, 3_000)
    group, t = np.zeros(3_000, np.int64), rng.integers(0, 10**9, 3_000)
    one, other = places(group, account, obj, t), places(group, account, rng.permutation(600)[obj], t)
    assert [s.tolist() for s in one.scores] == [s.tolist() for s in other.scores]


def test_a_sitting_ends_after_a_pause_and_after_a_day() -> None:
    t = np.array([0, PAUSE_US, 2 * PAUSE_US + 1, 2 * PAUSE_US + 2], np.int64)
    assert sittings(np.zeros(4, np.int64), t).tolist() == [0, 0, 1, 1]
    assert sittings(np.array([0, 0, 1, 1]), t).tolist() == [0, 0, 1, 1]
    steady = np.arange(0, 50 * PAUSE_US, PAUSE_US)
    assert np.bincount(sittings(np.zeros(50, np.int64), steady)).tolist() == [24, 24, 2]


def test_a_leader_is_found_and_nobody_else() -> None:
    acts = group_acts(6, 25, np.random.default_rng(1), lead=0.9)
    found = leadership(members(g=[f"a{i}" for i in range(6)]), evidence(acts))
    assert found.schema == PROFILES.schema
    by = facts(found)
    assert [a for a, r in by.items() if r["status"] == "found"] == ["a0"]
    lead = by["a0"]
    assert lead["n"] == 25
    assert lead["value_num"] > 0.85
    assert 0.5 < lead["low"] < lead["value_num"] < lead["high"] <= 1
    assert "25 objects in 25 sittings" in lead["value_text"]
    assert "no proof" in lead["alternatives"]


def test_few_are_called_by_chance_even_if_one_order_holds_all_day() -> None:
    """Ten objects a day in one and the same order: ten times the objects, no more evidence."""
    called = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        acts = group_acts(5, 120, rng, per_day=10)
        found = leadership(members(g=[f"a{i}" for i in range(5)]), evidence(acts))
        called += "found" in found.column("status").to_pylist()
    assert called <= 8  # expected at most 3; more than 8 has a probability of 0.4 %


def test_one_family_over_all_groups() -> None:
    """Six sittings in which one of two always leads: p = 1/64, no discovery among twenty members, one among two."""
    rows, groups = [], {}
    for g in range(10):
        x, y = f"g{g}x", f"g{g}y"
        groups[f"g{g}"] = [x, y]
        for day in range(6):
            late = 5 if g == 0 or day % 2 else -5
            rows += [(x, f"{g}-{day}", day * DAY_US + 60 * S), (y, f"{g}-{day}", day * DAY_US + (60 + late) * S)]
    statuses = leadership(members(**groups), evidence(rows)).column("status").to_pylist()
    assert set(statuses) == {"not_found"}
    alone = leadership(members(g0=groups["g0"]), evidence(rows))
    assert facts(alone)["g0x"]["status"] == "found"


def test_too_few_sittings_say_so() -> None:
    acts = group_acts(3, MIN_SITTINGS - 1, np.random.default_rng(0), lead=1)
    found = facts(leadership(members(g=["a0", "a1", "a2", "unseen"]), evidence(acts)))
    assert {r["status"] for r in found.values()} == {"insufficient_data"}
    assert found["a0"]["value_num"] == 1
    assert "say nothing" in found["a0"]["value_text"]
    assert (found["unseen"]["n"], found["unseen"]["value_num"], found["unseen"]["low"]) == (0, None, None)


def test_only_co_actions_inside_a_group_count_and_an_account_may_be_in_two() -> None:
    rows = [("a", "o", 0), ("b", "o", S), ("c", "o", 2 * S), ("x", "o", 3 * S)]
    found = leadership(members(g1=["a", "b"], g2=["b", "c"]), evidence(rows)).to_pylist()
    assert [(r["group_id"], r["subject_id"], r["value_num"], r["n"]) for r in found] == [
        ("g1", "a", 1, 1), ("g1", "b", 0, 1), ("g2", "b", 1, 1), ("g2", "c", 0, 1),
    ]  # fmt: skip


def test_neither_row_order_nor_repeated_windows_matter() -> None:
    rng = np.random.default_rng(3)
    acts = group_acts(5, 20, rng, lead=0.5, per_day=2)
    table, who = evidence(acts), members(g=[f"a{i}" for i in range(5)])
    narrow = table.filter(pa.array(np.arange(table.num_rows) % 3 == 0)).set_column(
        1, "window_us", pa.array([S] * len(range(0, table.num_rows, 3)))
    )
    twice = pa.concat_tables([table, narrow])
    shuffled = twice.take(pa.array(rng.permutation(twice.num_rows)))
    once = leadership(who, table)
    assert once.equals(leadership(who.take(pa.array([3, 1, 0, 4, 2])), shuffled))
    assert pair_order(table).equals(pair_order(shuffled))


def test_a_longer_window_makes_longer_sittings() -> None:
    rows = [(f"a{i}", f"o{k}", k * 3 * PAUSE_US + i * S) for k in range(6) for i in range(2)]
    who = members(g=["a0", "a1"])
    assert facts(leadership(who, evidence(rows)))["a0"]["status"] == "found"
    assert facts(leadership(who, evidence(rows, window_us=4 * PAUSE_US)))["a0"]["status"] == "insufficient_data"


def test_pairs_are_two_sided() -> None:
    rows = []
    for day in range(10):
        at = day * DAY_US
        rows += [("a", f"o{day}", at + 9 * S), ("b", f"o{day}", at), ("c", f"o{day}", at + 9 * S)]
    found = {(r["account_a"], r["account_b"]): r for r in pair_order(evidence(rows)).to_pylist()}
    assert found["a", "b"]["a_first"] == 0
    assert found["b", "c"]["a_first"] == 1
    assert found["a", "b"]["p"] == found["b", "c"]["p"] == 2 / 2**10
    assert (found["a", "c"]["a_first"], found["a", "c"]["p"]) == (0.5, 1)  # ties count half
    assert found["a", "b"]["q"] == pytest.approx(3 / 2 * 2 / 2**10)
    few = pair_order(evidence(rows[:9])).to_pylist()
    assert {(r["q"], r["n_tests"], r["n_sittings"]) for r in few} == {(None, 0, 3)}


def test_nothing_gives_nothing_and_a_senseless_rate_is_an_error() -> None:
    nothing = evidence([])
    assert leadership(members(), nothing).schema == PROFILES.schema
    assert leadership(members(g=["a"]), nothing).num_rows == 1
    assert pair_order(nothing).schema == PAIR_SCHEMA
    with pytest.raises(ValueError, match="fdr"):
        leadership(members(g=["a"]), nothing, fdr=1)


def test_the_interval_is_wilsons() -> None:
    low, high = wilson(np.array([0.5, 1.0]), np.array([10, 10]))
    assert low == pytest.approx([0.2366, 0.7225], abs=1e-4)
    assert high == pytest.approx([0.7634, 1.0], abs=1e-4)
