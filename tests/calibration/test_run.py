"""Tests run on data without coordination: what they find is counted, and there is next to nothing."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given

from lab.simulator import Causes, Plan, plant, simulate
from tests.calibration.make import S, tagged_world, touches
from unisono.calibration import CONTROLS, NOMINAL, Part, calibrate, parts_of
from unisono.calibration.permuted import candidates, permuted
from unisono.calibration.run import Tally, permutable
from unisono.calibration.stage import notes_of
from unisono.edges.call import call, layer
from unisono.maths.types import I64
from unisono.nulls.layer import Background, background
from unisono.nulls.meetings import LEAST
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.sittings import sittings_in

W, NARROW = 60 * S, 2 * S
WORLD = plant(simulate(Causes(n_accounts=800, n_objects=400, n_acts=12_000), 3), Plan(n_accounts=10), 3)


def load(trace: str) -> tuple[TraceArrays, I64]:
    arrays = WORLD.arrays()
    return arrays, np.full(len(arrays), S)


@pytest.fixture(scope="module")
def parts() -> list[Part]:
    return parts_of({"url": [W, 3 * W], "none": []}, load, sittings_in(WORLD.table()), 0)


@given(touches)
def test_candidates_are_those_of_brute_force(first: FirstTouches) -> None:
    time = {(int(o), int(a)): int(t) for o, a, t in zip(first.object, first.account, first.t, strict=True)}
    post = {(int(o), int(a)): int(p) for o, a, p in zip(first.object, first.account, first.post, strict=True)}
    expected = []
    for a, b in combinations(range(first.n_accounts), 2):
        both = [o for o in range(len(first.slots) - 1) if (o, a) in time and (o, b) in time]
        near = [o for o in both if abs(time[o, a] - time[o, b]) <= 5 * S and post[o, a] != post[o, b]]
        if len(near) >= LEAST:
            expected.append((a, b))
    found = candidates(first, 5 * S)
    assert list(zip(*(x.tolist() for x in found), strict=True)) == expected
    assert all(np.array_equal(x, y) for x, y in zip(found, candidates(first, 5 * S, threads=3), strict=True))


def same(one: Background, other: Background) -> None:
    for x, y in zip(one.models, other.models, strict=True):
        for name in ("stratum", "x", "start", "objects", "y"):
            np.testing.assert_array_equal(getattr(x, name), getattr(y, name))
    for name in ("touch_score", "touch_speed", "speed", "clocks"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("control", CONTROLS)
def test_what_is_kept_from_the_background_is_what_would_be_estimated_again(control: str) -> None:
    first, _ = tagged_world()
    made = permuted(background(first, 5), control, np.random.default_rng(1), 5)
    same(made, background(made.first, 5))
    assert not np.array_equal(made.first.account, first.account)


def test_an_unknown_control_is_refused() -> None:
    first, _ = tagged_world()
    with pytest.raises(ValueError, match="no control 'times'"):
        permuted(background(first), "times", np.random.default_rng(0))


def test_the_plan_is_found_and_nothing_once_its_times_are_permuted(parts: list[Part]) -> None:
    layers = [
        layer(p.trace, p.window_us, p.ground, *candidates(p.ground.first, p.window_us), p.number) for p in parts
    ]  # fmt: skip
    called, _ = call(layers, 0.05, 0)
    planted = set(WORLD.labels["planted"].tolist())
    t, edge = layers[0].tested, permutable(called[0])
    pairs = set(zip(t.a[edge].tolist(), t.b[edge].tolist(), strict=True))
    assert len(pairs) >= 20
    assert all({a, b} <= planted for a, b in pairs)
    rows = {(r["trace"], r["window_us"], r["null"], r["nominal"]): r for r in calibrate(parts, 0.05).to_pylist()}
    for control in CONTROLS:
        assert rows["all", 0, f"edges/{control}", 0.0]["empirical"] == 0
        assert rows["all", 0, f"any edge/{control}", 0.05] == {
            "trace": "all", "window_us": 0, "null": f"any edge/{control}", "nominal": 0.05, "empirical": 0, "n": 1,
        }  # fmt: skip
        for window in (W, 3 * W):
            for p in NOMINAL:
                row = rows["url", window, f"timing/{control}", p]
                noise = 4 * np.sqrt(p / row["n"])
                assert row["empirical"] <= p + noise
                assert rows["url", window, f"joint/{control}", p]["empirical"] <= p
            if control != "sittings":  # hardly anybody meets there
                assert rows["url", window, f"timing/{control}", 1e-2]["empirical"] > 0  # a test that could err
    assert {k[2] for k in rows if k[2].startswith("selection")} == {"selection/curveball"}


def test_numbers_are_those_of_the_draws_and_runs_add_up() -> None:
    first, _ = tagged_world()
    parts = [Part("url", NARROW, background(first, 4), np.arange(first.n_accounts))]
    one, two = (calibrate(parts, 0.05, k, seed=4, threads=k).to_pylist() for k in (1, 2))
    key = ("trace", "window_us", "null", "nominal")
    assert [tuple(r[k] for k in key) for r in one] == sorted(tuple(r[k] for k in key) for r in two)
    expected: dict[tuple[str, float], list[float]] = {}
    for run in range(2):
        for number, control in enumerate(CONTROLS):
            rng = np.random.default_rng([4, run, number, 0])
            ground = permuted(parts[0].ground, control, rng, 4)
            t = layer("url", NARROW, ground, *candidates(ground.first, NARROW)).tested
            for null, log_p, n in (("joint", t.log_p_joint, t.n_pairs), ("timing", t.log_p_timing, t.n_timing)):
                for p in NOMINAL:
                    hits = expected.setdefault((f"{null}/{control}", p), [0, 0])
                    hits[0] += int((np.exp(log_p) <= p).sum())
                    hits[1] += n
    for r in two:
        if r["trace"] == "url" and r["window_us"] == NARROW and (r["null"], r["nominal"]) in expected:
            hits_, n = expected[r["null"], r["nominal"]]
            assert (r["empirical"], r["n"]) == (hits_ / n, n)
    assert one != two


def test_nothing_to_permute_gives_no_rows_and_no_tests_give_no_share() -> None:
    assert calibrate([], 0.05, 2).num_rows == 0
    tally = Tally()
    tally.add("url", W, "joint/slots", 0.01, 0, 0)
    tally.add("url", W, "edges/slots", 0.0, 3, 1)
    tally.add("url", W, "edges/slots", 0.0, 0, 1)
    assert [(r["null"], r["empirical"], r["n"]) for r in tally.table().to_pylist()] == [
        ("edges/slots", 1.5, 2), ("joint/slots", None, 0),
    ]  # fmt: skip


def test_edges_where_there_are_none_are_said_aloud() -> None:
    tally = Tally()
    tally.add("all", 0, "edges/slots", 0.0, 0, 5)
    assert list(notes_of(tally.table(), 5)) == []
    tally.add("all", 0, "edges/posts", 0.0, 7, 5)
    (note,) = notes_of(tally.table(), 5)
    assert "with whole posts dealt to other accounts the same tests call 7 edges in 5 runs" in note
