"""Moments are found where they were planted, and nowhere else."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.simulator import Causes, Disposable, plant_disposable, simulate
from tests.moments.make import SECOND, WINDOW, burst, cascade, strangers, traces
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.moments import find_moments, moments_of, scan_trace
from unisono.moments.find import q_at
from unisono.study import UserError
from unisono.tables import MOMENTS


def found(objects: dict[str, tuple[list[str], np.ndarray]], fdr: float = 0.05) -> list[dict[str, object]]:
    return find_moments(traces(objects), "repost", WINDOW, SECOND, fdr).to_pylist()


def test_sixty_accounts_in_a_minute_of_a_viral_object() -> None:
    hits = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        worlds = {f"o{i}": strangers(cascade(rng, int(rng.integers(200, 2000))), f"o{i}") for i in range(20)}
        at = float(rng.uniform(1800, 2 * 86_400))
        accounts, seconds = worlds["o7"]
        more, late = strangers(burst(rng, at), "new")
        rows = found(worlds | {"o7": (accounts + more, np.r_[seconds, late])})
        assert {row["object_id"] for row in rows} <= {"o7"}
        hits += any(abs(int(str(row["t0_us"])) / SECOND - at) < 60 and row["status"] == "tested" for row in rows)
    assert hits >= 27


@pytest.mark.parametrize("causes", [
    Causes(), Causes(n_objects=300), Causes(n_objects=300, shared_exposure=0.6),
    Causes(n_objects=300, quick_reactors=0.3),
])  # fmt: skip
def test_organic_worlds_have_no_moments(causes: Causes) -> None:
    world = simulate(causes, 0)
    scan = scan_trace(world.arrays(), "repost", WINDOW, world.resolution_us)
    assert scan.n_tests > 15, "a test of nothing"
    assert len(moments_of([scan], 0.05)) == 0


def test_disposable_accounts_are_found_in_a_world_of_all_causes() -> None:
    world = plant_disposable(simulate(Causes(n_objects=300), 1), Disposable(), 1)
    arrays = world.arrays()
    rows = find_moments(arrays, "repost", WINDOW, world.resolution_us, 0.05)
    planted = set(arrays.object_ids.take(pa.array(world.targets["disposable"])).to_pylist())
    assert set(rows["object_id"].to_pylist()) == planted
    assert max(rows["p_only_here"].to_pylist()) < 1e-6


def test_waves_after_hubs_are_no_moments() -> None:
    rng = np.random.default_rng(4)
    worlds = {}
    for i in range(50):
        waves = [at + rng.exponential(180, 150) for at in rng.uniform(3600, 86_400, 3)]
        worlds[f"o{i}"] = strangers(np.concatenate([cascade(rng), *waves]), f"o{i}")
    assert found(worlds) == []


def test_the_birth_of_an_object_is_its_own_curve() -> None:
    rng = np.random.default_rng(5)
    quick = np.exp(rng.normal(np.log(20), 0.5, 80))
    assert found({"o": strangers(np.r_[0, quick, cascade(rng)], "o")}) == []
    assert len(found({"o": strangers(np.r_[0, 3600 + quick, 3600 + cascade(rng)], "o")})) == 1


def test_accounts_that_touch_nothing_else_are_scanned_by_themselves() -> None:
    """On an object in its busiest hour, where the crowd hides them."""
    rng = np.random.default_rng(6)
    crowd = [f"regular-{i}" for i in range(4000)]
    busy, new = np.sort(rng.uniform(0, 7200, 4000)), burst(rng, 4000, 40)
    quiet = (crowd, rng.uniform(0, 30 * 86_400, 4000))
    accounts = [f"new-{i}" for i in range(40)]
    rows = found({"o": (crowd + accounts, np.r_[busy, new]), "elsewhere": quiet})
    assert [row["n_only_here"] for row in rows] == [40]
    assert float(str(rows[0]["p_only_here"])) < 1e-12
    both = (quiet[0] + accounts, np.r_[quiet[1], rng.uniform(0, 30 * 86_400, 40)])
    assert found({"o": (crowd + accounts, np.r_[busy, new]), "elsewhere": both}) == []


def test_only_first_touches_count() -> None:
    rng = np.random.default_rng(7)
    accounts, seconds = strangers(cascade(rng), "o")
    early = np.flatnonzero(seconds < 40_000)[:60]
    again = burst(rng, 50_000)
    assert found({"o": (accounts + [accounts[i] for i in early], np.r_[seconds, again])}) == []
    assert len(found({"o": (accounts + [f"x{i}" for i in early], np.r_[seconds, again])})) == 1


def test_row_order_changes_nothing() -> None:
    rng = np.random.default_rng(8)
    seconds = np.r_[cascade(rng), burst(rng, 50_000), burst(rng, 90_000, 30, 0)]
    world = {"b": strangers(seconds, "b"), "a": strangers(np.r_[cascade(rng), burst(rng, 9000)], "a")}
    tables = [find_moments(traces(world, np.random.default_rng(i)), "url", WINDOW, None, 0.05) for i in range(5)]
    assert len(tables[0]) == 3
    assert all(table.equals(tables[0]) for table in tables)
    assert tables[0].schema.equals(MOMENTS.schema)
    assert tables[0]["object_id"].to_pylist() == ["a", "b", "b"]


def test_what_a_row_says() -> None:
    rng = np.random.default_rng(9)
    seconds = np.r_[0, 49_900, 50_000, 50_000 + rng.integers(0, 61, 50), 50_100, 50_120]
    (row,) = found({"o": strangers(seconds, "o")})
    assert (row["t0_us"], row["width_us"], row["n"]) == (50_000 * SECOND, WINDOW, 51)
    assert row["expected"] == pytest.approx(2 * 61 / 120), "two in the busier flank, which is twice as long"
    assert row["n_tests"] == 1
    assert row["q"] == row["p"]


def test_two_traces_share_one_false_discovery_rate() -> None:
    rng = np.random.default_rng(10)
    world = {"o": strangers(np.r_[cascade(rng), burst(rng, 50_000, 20)], "o")}
    plain = {f"o{i}": strangers(cascade(rng, 3000), f"o{i}") for i in range(30)}
    a, b = (scan_trace(traces(w), t, WINDOW, SECOND) for w, t in ((world, "repost"), (plain, "url")))
    alone, both = moments_of([a], 1.0), moments_of([a, b], 1.0)
    assert b.n_tests > 0
    assert both["n_tests"].to_pylist()[0] == a.n_tests + b.n_tests
    assert both["q"].to_pylist()[0] == pytest.approx(alone["q"].to_pylist()[0] * (a.n_tests + b.n_tests) / a.n_tests)


@given(st.lists(st.floats(1e-9, 1), min_size=1, max_size=30), st.lists(st.floats(1e-9, 1), max_size=30))
def test_q_of_any_p_is_the_step_up_threshold(best: list[float], others: list[float]) -> None:
    firsts, n = np.sort(best), len(best) + 5
    adjusted = benjamini_hochberg(firsts, n)
    p = np.r_[firsts, others]
    q = q_at(p, firsts, adjusted, n)
    assert np.allclose(q[: len(firsts)], adjusted)
    for x, got in zip(p, q, strict=True):
        steps = [min(1.0, n * y / np.sum(firsts <= y)) for y in (x, *firsts) if y >= x and np.any(firsts <= y)]
        assert got == pytest.approx(min(steps, default=1.0))


def test_nothing_in_gives_nothing_out() -> None:
    empty = find_moments(traces({}), "repost", WINDOW, SECOND, 0.05)
    assert len(empty) == 0
    assert empty.schema.equals(MOMENTS.schema)
    assert moments_of([], 0.05).schema.equals(MOMENTS.schema)


def test_a_clock_too_coarse_is_refused_with_the_window_that_would_do() -> None:
    world = traces({"o": strangers(np.arange(50.0), "o")})
    with pytest.raises(UserError, match=r"too coarse for moments of 60 s(.|\n)*2 min"):
        scan_trace(world, "url", WINDOW, WINDOW)
    scan_trace(world, "url", WINDOW, WINDOW // 2)
