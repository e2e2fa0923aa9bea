"""Control groups: organic groups have uniform ranks at most, a planted group the smallest p."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from scipy import stats

from unisono.profiles.control import FINDINGS, SETS, control

S = 1_000_000


def world(seed: int, n: int = 300) -> pa.Table:
    draw = np.random.default_rng(seed)
    acts = 12 * n
    account, thing = draw.integers(0, n, acts), draw.integers(0, 60, acts)
    t = thing * 86_400 * S + draw.integers(0, 4 * 3600, acts) * S
    ids = [f"x/{seed}_{a:03}" for a in account]
    return pa.table({"trace": ["url"] * acts, "account_id": ids, "object_id": [f"o{o}" for o in thing], "t_us": t})


def members(groups: list[list[str]]) -> pa.Table:
    rows = [(f"g{i:03}", a) for i, g in enumerate(groups) for a in g]
    return pa.table({"group_id": [r[0] for r in rows], "account_id": [r[1] for r in rows]})


def p_of(row: dict[str, str]) -> float:
    return float(row["value_text"].rpartition("= ")[2])


def test_organic_groups_have_no_small_ranks_beyond_chance() -> None:
    here, draw = world(1), np.random.default_rng(5)
    ids = sorted(set(here["account_id"].to_pylist()))
    groups = [list(draw.choice(ids, 12, replace=False)) for _ in range(100)]
    rows = control(members(groups), here, world(2), {"url": 600 * S}).to_pylist()
    for finding in FINDINGS:
        ps = [p_of(r) for r in rows if r["finding"] == finding]
        assert len(ps) == 100
        for level in (0.1, 0.3, 0.5):
            # Groups meet the same crowd, so ranks depend on one another: the limit is that of 50 draws.
            assert np.mean(np.array(ps) <= level) <= stats.binom.ppf(0.999, 50, level) / 50
    sums = [p_of(r) for r in rows if r["finding"] == "first_touches_together"]
    assert np.mean(np.array(sums) <= 0.5) > 0.2


def test_a_planted_group_is_beyond_all_its_matches() -> None:
    here = world(1)
    team = sorted(set(here["account_id"].to_pylist()))[:10]
    plant = [(a, f"p{o}", o * 3600 * S + k * S) for o in range(15) for k, a in enumerate(team)]
    more = {"trace": ["url"] * len(plant), "account_id": [r[0] for r in plant],
            "object_id": [r[1] for r in plant], "t_us": [r[2] for r in plant]}  # fmt: skip
    rows = control(members([team]), pa.concat_tables([here, pa.table(more)]), world(2), {"url": 600 * S}).to_pylist()
    by = {r["finding"]: r for r in rows}
    assert p_of(by["first_touches_together"]) == round(1 / (SETS + 1), 3)
    assert by["objects_together"]["status"] == "found"
    assert "not topic" in by["objects_together"]["method"]


def test_too_few_matches_are_said() -> None:
    here = world(1)
    team = sorted(set(here["account_id"].to_pylist()))[:10]
    rows = control(members([team]), here, world(2, 15), {"url": 600 * S}).to_pylist()
    assert {r["status"] for r in rows} == {"insufficient_data"}
    assert {r["low"] for r in rows} == {None}
