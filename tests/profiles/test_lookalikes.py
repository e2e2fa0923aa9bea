"""Look-alikes: facts beside brute force, each likeness on a planted group, and none on a planted operation."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.simulator import (
    Causes,
    Newsrooms,
    Plan,
    Rss,
    StrongExposure,
    World,
    add_fan_call,
    add_newsrooms,
    add_rss,
    add_strong_exposure,
    plant,
    simulate,
)
from unisono.profiles.circumstances import AFTER_US, BIRTH_US, FRESH_US, PAUSE_US, Facts
from unisono.profiles.gather import TOUCH, facts_by_group
from unisono.profiles.lookalikes import ALONE, LIKENESSES, lookalikes, of_pairs, sentences
from unisono.tables import EVIDENCE, MEMBERS, PROFILES

S = 1_000_000
Rows = list[dict[str, Any]]
NO_POSTS = pa.table({"event_id": pa.array([], pa.string()), "account_id": pa.array([], pa.string()),
                     "t_us": pa.array([], pa.int64())})  # fmt: skip


def facts(
    traces: Rows, teams: dict[str, list[str]], window: int = 60 * S, posts: pa.Table = NO_POSTS
) -> dict[str, Facts]:
    """Facts of groups whose evidence is every meeting of two members within the window."""
    table = pa.Table.from_pylist([{c: r[c] for c in TOUCH} for r in traces])
    return facts_by_group(_members(teams), _evidence(traces, teams, window), lambda where: table.filter(where), posts)


def _members(teams: dict[str, list[str]]) -> pa.Table:
    rows = [{"group_id": g, "account_id": a} for g, team in teams.items() for a in team]
    return pa.Table.from_pylist(rows, schema=pa.schema([MEMBERS.schema.field(c) for c in ("group_id", "account_id")]))


def _evidence(traces: Rows, teams: dict[str, list[str]], window: int) -> pa.Table:
    names = ("trace", "window_us", "account_a", "account_b", "object_id", "t_a", "t_b")
    wanted = {a for team in teams.values() for a in team}
    by_object: dict[tuple[str, str], Rows] = {}
    for r in traces:
        if r["account_id"] in wanted:
            by_object.setdefault((r["trace"], r["object_id"]), []).append(r)
    rows = [
        dict(zip(names, (trace, window, a["account_id"], b["account_id"], thing, a["t_us"], b["t_us"]), strict=True))
        for (trace, thing), touches in by_object.items()
        for a, b in combinations(sorted(touches, key=lambda r: r["account_id"]), 2)
        if a["account_id"] != b["account_id"] and abs(a["t_us"] - b["t_us"]) <= window
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema([EVIDENCE.schema.field(c) for c in names]))


def found(made: dict[str, Facts]) -> dict[str, set[str]]:
    rows = lookalikes(made).to_pylist()
    return {g: {r["finding"] for r in rows if r["group_id"] == g and r["status"] == "found"} for g in made}


def of_world(world: World, labels: list[str], window: int = 60 * S) -> dict[str, set[str]]:
    """Likenesses of labelled accounts, as if they had been found as groups."""
    traces = world.table("repost").select(TOUCH).to_pylist()
    return found(facts(traces, {x: [f"a{i:07}" for i in world.labels[x].tolist()] for x in labels}, window))


@pytest.fixture(scope="module")
def base() -> World:
    return simulate(Causes(n_accounts=1500, n_objects=600, n_acts=25_000), 3)


def test_each_planted_look_alike_gets_its_sentence(base: World) -> None:
    world = add_newsrooms(add_rss(add_fan_call(base, seed=1), Rss(n_items=120), 1), Newsrooms(), 1)
    world = add_strong_exposure(world, StrongExposure(n_hubs=2), 1)
    seen = of_world(world, ["newsrooms", "rss", "fan_call", "strong_exposure_00", "strong_exposure_01"])
    assert "fan_call" in seen["fan_call"]
    assert seen["rss"] == {"feed_relay"}
    assert "shared_exposure" in seen["strong_exposure_00"] & seen["strong_exposure_01"]
    assert of_world(world, ["newsrooms"], 600 * S)["newsrooms"] == {"newsroom_syndication"}


@pytest.mark.parametrize("plan", [Plan(), Plan(cover=False), Plan(n_objects=8), Plan(target="any", n_objects=10)])
def test_a_planted_operation_gets_none(base: World, plan: Plan) -> None:
    assert of_world(plant(base, plan, 2), ["planted"])["planted"] == set()


def test_a_plan_at_the_busiest_moments_is_said_to_be_exposure_for_timing_cannot_tell(base: World) -> None:
    """The sentence is about what could explain the times, so it must be there where it could."""
    assert "shared_exposure" in of_world(plant(base, Plan(moment="act", target="any"), 2), ["planted"])["planted"]


def test_times_in_piles_are_doubted() -> None:
    rows = touches([(f"o{o}", a, o * 10**11 + S * 17) for o in range(8) for a in "abcd"], [])
    made = facts(rows, {"g": list("abcd")})
    assert made["g"].piled == 1
    assert "times_filled_in" in found(made)["g"]
    spread = touches([(f"o{o}", a, o * 10**11 + 9 * S * k) for o in range(8) for k, a in enumerate("abcd")], [])
    assert facts(spread, {"g": list("abcd")})["g"].piled == 0


def in_turn(o: int) -> str:
    """Three accounts, each first in its turn."""
    return "abcabc"[o % 3 : o % 3 + 3]


def test_who_begins_every_burst_is_passed_on_and_two_in_turn_are_not() -> None:
    for begins, expected in ((lambda o: "abc", True), (in_turn, False)):
        acts = [(f"p{o}", a, o * 10**11 + 9 * S * k) for o in range(9) for k, a in enumerate(begins(o))]
        others = [(f"p{o}", f"x{o}", o * 10**11 - 3600 * S) for o in range(9)]
        made = facts(touches(acts, others), {"g": list("abc")})
        assert made["g"].one_first == (1.0 if expected else pytest.approx(1 / 3))
        assert found(made)["g"] == ({"forwarding"} if expected else set())


def test_of_any_two_the_same_one_first_is_passing_on_whoever_begins() -> None:
    """a before b before c, two of them at a time: nobody begins nearly all, and yet the order is always the same."""
    pairs = ["ab", "bc", "ac"] * 4
    for turned, expected in ((False, 1.0), (True, 0.5)):
        acts = [
            (f"p{o}", a, o * 10**11 + 9 * S * k)
            for o, pair in enumerate(pairs)
            for k, a in enumerate(pair[::-1] if turned and o >= 6 else pair)
        ]
        others = [(f"p{o}", f"x{o}", o * 10**11 - 7200 * S) for o in range(len(pairs))]
        made = facts(touches(acts, others), {"g": list("abc")})
        assert made["g"].one_sided == pytest.approx(expected)
        assert made["g"].one_first < 0.8
        assert found(made)["g"] == (set() if turned else {"forwarding"})


def test_bursts_on_what_is_new_to_all_look_like_notifications_and_on_what_is_old_or_their_own_do_not() -> None:
    for before, expected in ((600, {"push"}), (7200, set()), (0, set())):
        acts = [(f"p{o}", a, o * 10**11 + 9 * S * k) for o in range(9) for k, a in enumerate(in_turn(o))]
        others = [(f"p{o}", f"x{o}", o * 10**11 - before * S) for o in range(9) if before]
        made = facts(touches(acts, others), {"g": list("abc")})
        assert (made["g"].young >= 0.8, made["g"].own) == (before <= 600, float(before == 0))
        assert found(made)["g"] == expected


def test_two_accounts_alone_get_a_sentence_where_no_other_fits() -> None:
    acts = [(f"p{o}", a, o * 10**11 + 9 * S * k) for o in range(2) for k, a in enumerate("ab")]
    others = [(f"p{o}", f"x{o}", o * 10**11 - 7200 * S) for o in range(2)]
    few = facts(touches(acts, others), {"g": list("ab")})["g"]
    rows = of_pairs({("a", "b"): few}).to_pylist()
    assert {(r["group_id"], r["subject"], r["subject_id"]) for r in rows} == {("", "pair", "a b")}
    assert [r["finding"] for r in rows if r["status"] == "found"] == [ALONE]
    acts = [(f"p{o}", a, o * 10**11 + 9 * S * k) for o in range(5) for k, a in enumerate("ab")]
    led = facts(touches(acts, []), {"g": list("ab")})["g"]
    assert [r["finding"] for r in of_pairs({("a", "b"): led}).to_pylist() if r["status"] == "found"] == ["forwarding"]


def test_links_of_one_site_brought_up_by_the_group_look_like_a_newsroom() -> None:
    acts = [(f"https://a.example/{o}", a, o * 10**11 + 9 * S * k) for o in range(8) for k, a in enumerate(in_turn(o))]
    rows = [r | {"trace": "url"} for r in touches(acts, [])]
    made = facts(rows, {"g": list("abc")})
    assert made["g"].n_domains == 1
    assert found(made)["g"] == {"newsroom_syndication"}
    assert any("from one site" in s for s in sentences(lookalikes(made)))
    others = [r | {"object_id": r["object_id"].replace("a.example", f"s{r['object_id'][-1]}.example")} for r in rows]
    assert found(facts(others, {"g": list("abc")}))["g"] == set()


def test_an_author_whose_posts_come_first_is_told_from_the_posts() -> None:
    acts = [(f"p{o}", a, o * 10**11 + 100 * S + 9 * S * k) for o in range(8) for k, a in enumerate(in_turn(o))]
    rows = touches(acts, [])
    posts = pa.table({"event_id": [f"p{o}" for o in range(8)], "account_id": ["star"] * 8,
                      "t_us": [o * 10**11 for o in range(8)]})  # fmt: skip
    assert facts(rows, {"g": list("abc")})["g"].led == 0
    made = facts(rows, {"g": list("abc")}, posts=posts)
    assert (made["g"].led, made["g"].after) == (1.0, 0.0)
    assert found(made)["g"] == {"shared_exposure"}
    assert "one account's posts" in next(sentences(lookalikes(made)))


@pytest.mark.parametrize("outsider", [False, True])
def test_that_a_post_is_made_is_no_act_on_it_by_somebody_else(outsider: bool) -> None:
    """Who repeats fresh posts of many authors comes right after each is made; that alone is no word for exposure."""
    acts = [(f"p{o}", a, o * 10**11 + 20 * S + 9 * S * k) for o in range(8) for k, a in enumerate("abc")]
    others = [(f"p{o}", f"x{o}", o * 10**11 + 10 * S) for o in range(8)] if outsider else []
    posts = pa.table({"event_id": [f"p{o}" for o in range(8)], "account_id": [f"y{o}" for o in range(8)],
                      "t_us": [o * 10**11 for o in range(8)]})  # fmt: skip
    made = facts(touches(acts, others), {"g": list("abc")}, posts=posts)
    assert (made["g"].after, made["g"].led) == (float(outsider), 1 / 8)
    assert ("shared_exposure" in found(made)["g"]) == outsider


def test_on_a_busy_object_every_moment_comes_after_somebody() -> None:
    group = [(f"p{o}", a, o * 10**11 + 2000 * S + 9 * S * k) for o in range(8) for k, a in enumerate("abc")]
    busy = [(f"p{o}", f"x{k}", o * 10**11 + 20 * S * k) for o in range(8) for k in range(200)]
    crowded = facts(touches(group, busy), {"g": list("abc")})["g"]
    assert (crowded.after, crowded.after_usual) == (1.0, 1.0)
    assert "shared_exposure" not in found(facts(touches(group, busy), {"g": list("abc")}))["g"]
    quiet = [(f"p{o}", f"x{o}", o * 10**11 + 1990 * S) for o in range(8)]
    assert "shared_exposure" in found(facts(touches(group, quiet), {"g": list("abc")}))["g"]


def test_a_group_without_evidence_is_insufficient_data() -> None:
    rows = lookalikes(facts(touches([("o", "a", 0)], []), {"g": ["a", "b"]})).to_pylist()
    assert [r["status"] for r in rows] == ["insufficient_data"] * len(LIKENESSES)
    assert all(r["value_num"] is None and r["alternatives"] is None for r in rows)
    keys = [tuple(r[k] for k in PROFILES.key) for r in rows]
    assert keys == sorted(keys)


def touches(members: list[tuple[str, str, int]], others: list[tuple[str, str, int]]) -> Rows:
    return [{"trace": "repost", "object_id": o, "account_id": a, "t_us": t} for o, a, t in members + others]


ACTS = st.lists(st.tuples(st.sampled_from("op"), st.sampled_from("abcxyz"), st.integers(0, 2000)),
                min_size=2, max_size=25, unique=True)  # fmt: skip


@given(ACTS, st.randoms(use_true_random=False))
def test_facts_beside_brute_force_in_any_order(acts: list[tuple[str, str, int]], draw: Any) -> None:
    rows = touches([(o, a, t * S) for o, a, t in acts], [])
    (made,) = facts(rows, {"g": list("abc")}).values()
    draw.shuffle(rows)
    assert facts(rows, {"g": list("abc")})["g"] == made
    mine = [(o, a, t) for o, a, t in acts if a in "abc"]
    met = sorted({x for x, y in combinations(mine, 2) for x, y in ((x, y), (y, x))
                  if x[0] == y[0] and x[1] != y[1] and abs(x[2] - y[2]) <= 60})  # fmt: skip
    objects = {o for o, _, _ in met}
    assert made.n_objects == len(objects)
    fresh, bursts, after, usual, firsts = 0, 0, 0, 0.0, []
    for o in sorted(objects):
        out = sorted((t, a) for x, a, t in acts if x == o and a in "xyz")
        fresh += not any(t * S < min(t for x, _, t in mine if x == o) * S - FRESH_US for t, _ in out)
        times = sorted(t for x, _, t in met if x == o)
        begins = [t for i, t in enumerate(times) if not i or t - times[i - 1] > 60]
        bursts += len(begins)
        for t in begins:
            before = [(u, a) for u, a in out if u <= t]
            after += bool(before) and (t - before[-1][0]) * S <= AFTER_US
            around = range(t - 1800, t + 1800)
            usual += sum(any(0 <= x - u < 30 for u, _ in out) for x in around) / 3600
            firsts += [before[0][1]] if before and (t - before[0][0]) * S <= BIRTH_US else []
    assert made.n_bursts == bursts
    assert math.isclose(made.fresh, fresh / max(len(objects), 1))
    assert math.isclose(made.after, after / max(bursts, 1))
    assert math.isclose(made.after_usual, usual / max(bursts, 1), abs_tol=1e-12)
    assert math.isclose(made.led, max(map(firsts.count, firsts), default=0) / max(bursts, 1))
    every = sorted(t * S for _, _, t in met)
    assert len(made.occasions) == sum(not i or t - every[i - 1] > PAUSE_US for i, t in enumerate(every))
    assert not met or math.isclose(sum(made.occasions), 1)
    hours = np.bincount([t // 3600 for _, t in {(a, t) for _, a, t in mine}], minlength=24)
    assert (made.n_acts, made.hours) == (hours.sum(), (hours > 0).sum())
