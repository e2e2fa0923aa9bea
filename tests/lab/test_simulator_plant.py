"""The standard operation, planted into worlds and into tables of traces."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.simulator import Causes, Plan, World, inject, plant, simulate
from lab.simulator.causes import SECOND_US
from tests.conftest import shared
from unisono.pairs.arrays import TraceArrays, encode

PLANS = st.builds(
    Plan,
    n_accounts=st.integers(3, 20),
    n_objects=st.integers(1, 12),
    target=st.sampled_from(["viral", "niche", "any"]),
    fidelity=st.floats(0.1, 1),
    jitter_s=st.sampled_from([0.0, 10.0, 600.0]),
    rotation=st.floats(0.2, 1),
    shifts=st.integers(1, 3),
    cover=st.booleans(),
    moment=st.sampled_from(["range", "act"]),
)


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(Causes(n_accounts=800, n_objects=600, n_acts=12_000), 1)


def sharers(world: World) -> np.ndarray:
    pairs = np.unique(world.account.astype(np.int64) * world.n_objects + world.object)
    return np.bincount(pairs % world.n_objects, minlength=world.n_objects)


def planned(before: World, after: World) -> np.ndarray:
    """Rows of `after` that were not in `before`."""
    return np.flatnonzero(after.post > before.post.max())


@given(plan=PLANS, seed=st.integers(0, 1000))
def test_a_planted_world_is_the_old_one_plus_the_plan(world: World, plan: Plan, seed: int) -> None:
    after = plant(world, plan, seed)
    new, accounts, objects = planned(world, after), after.labels["planted"], after.targets["planted"]
    assert len(accounts) == plan.n_accounts
    assert len(objects) == plan.n_objects
    assert np.isin(after.account[new], accounts).all()
    assert np.isin(after.object[new], objects).all()
    # Everything else is as it was, but for what planted accounts did on those very objects.
    old = {p: (a, o, t) for p, a, o, t in zip(world.post, world.account, world.object, world.t, strict=True)}
    kept = np.setdiff1d(np.arange(len(after)), new)
    acts = zip(after.account[new].tolist(), after.object[new].tolist(), strict=True)
    done = set(acts)
    assert len(done) == len(new)
    for row in kept:
        assert old.pop(after.post[row]) == (after.account[row], after.object[row], after.t[row])
    assert all((a, o) in done for a, o, _ in old.values())
    order = np.lexsort((after.post, after.account, after.t, after.object))
    assert (order == np.arange(len(after))).all()
    # Each object is pushed by one shift, by no more than are on duty, within the jitter and its organic life.
    for o in np.unique(after.object[new]):
        t, life = after.t[new][after.object[new] == o], world.t[world.object == o]
        assert t.max() - t.min() <= plan.jitter_s * SECOND_US
        assert life.min() <= t.min() <= life.max() + plan.jitter_s * SECOND_US
        shift_size = -(-plan.n_accounts // plan.shifts)
        assert len(t) <= max(1, round(plan.rotation * shift_size))
    assert not plan.cover or (accounts < world.n_accounts).all()
    assert plan.cover or (accounts >= world.n_accounts).all()
    assert plan.cover or np.isin(after.account, accounts).sum() == len(new)


def test_planting_is_repeatable_and_leaves_the_world_alone(world: World) -> None:
    before = [c.copy() for c in (world.account, world.object, world.t, world.post)]
    a, b = plant(world, Plan(), 5), plant(world, Plan(), 5)
    assert (a.t == b.t).all()
    assert (a.labels["planted"] == b.labels["planted"]).all()
    assert (plant(world, Plan(), 6).labels["planted"] != a.labels["planted"]).any()
    for column, was in zip((world.account, world.object, world.t, world.post), before, strict=True):
        assert (column == was).all()
    assert world.labels == {}


def test_targets_are_as_popular_as_they_are_called(world: World) -> None:
    n = sharers(world)
    viral = plant(world, Plan(target="viral", n_objects=30), 1).targets["planted"]
    assert n[viral].min() >= np.sort(n)[-30:].min()  # 30 of 600 are the top 5 %: all of them
    niche = plant(world, Plan(target="niche", n_objects=20), 1).targets["planted"]
    assert 1 <= n[niche].min() <= n[niche].max() <= 8


def test_ordinary_accounts_are_taken(world: World) -> None:
    acts = np.bincount(world.account, minlength=world.n_accounts)
    accounts = plant(world, Plan(n_accounts=300), 2).labels["planted"]
    assert acts[accounts].min() >= 2
    assert acts[accounts].max() <= np.quantile(acts[acts > 0], 0.95)


def test_fidelity_rotation_and_shifts_set_who_acts(world: World) -> None:
    plan = Plan(n_accounts=20, n_objects=30, fidelity=0.5)
    acts = [len(planned(world, plant(world, plan, seed))) for seed in range(10)]
    assert np.mean(acts) == pytest.approx(300, rel=0.06)
    turn = plant(world, Plan(n_accounts=20, n_objects=30, fidelity=1, rotation=0.3), 1)
    new = planned(world, turn)
    assert (np.bincount(turn.object[new])[turn.targets["planted"]] == 6).all()
    assert len(np.unique(turn.account[new])) == 20  # duty goes round
    two = plant(world, Plan(n_accounts=20, n_objects=30, fidelity=1, shifts=2), 1)
    new = planned(world, two)
    crews = {frozenset(two.account[new][two.object[new] == o].tolist()) for o in two.targets["planted"]}
    assert len(crews) == 2
    assert sorted(len(c) for c in crews) == [10, 10]
    assert not frozenset.intersection(*crews)


def test_a_second_operation_takes_other_accounts_and_another_name(world: World) -> None:
    one = plant(world, Plan(n_accounts=200), 1)
    two = plant(one, Plan(n_accounts=200), 1, label="second")
    assert not np.isin(two.labels["second"], two.labels["planted"]).any()
    with pytest.raises(ValueError, match="already labelled"):
        plant(one, Plan(), 2)


@pytest.mark.parametrize("wrong", [{"fidelity": 0}, {"target": "loud"}, {"shifts": 16}, {"jitter_s": -1}])
def test_impossible_plans_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"share|target|shift"):
        Plan(**wrong)  # type: ignore[arg-type]


def test_a_world_too_small_says_so(world: World) -> None:
    with pytest.raises(ValueError, match="viral objects"):
        plant(world, Plan(n_objects=31), 1)
    with pytest.raises(ValueError, match="ordinary accounts"):
        plant(world, Plan(n_accounts=801), 1)


def rows(a: TraceArrays) -> list[tuple[str, str, int, str]]:
    ids = [c.take(i).to_pylist() for c, i in ((a.account_ids, a.account), (a.object_ids, a.object))]
    return list(zip(*ids, a.t.tolist(), a.post_ids.take(a.post).to_pylist(), strict=True))


@pytest.mark.parametrize("cover", [True, False])
def test_injection_changes_only_the_planted_accounts(world: World, cover: bool) -> None:
    table = world.table()
    strange = pa.array([f"{'zé~'[i % 3]}{a}" for i, a in enumerate(table.column("account_id").to_pylist())])
    before = encode(table.set_column(1, "account_id", strange).take(np.random.default_rng(0).permutation(len(world))))
    plan = Plan(cover=cover, fidelity=1)
    after, ids = inject(before, plan, 3)
    assert len(ids) == 15
    assert ids.to_pylist() == sorted(ids.to_pylist(), key=str.encode)
    assert after.account_ids.to_pylist() == sorted(after.account_ids.to_pylist(), key=str.encode)
    assert (np.lexsort((after.t, after.object)) == np.arange(len(after))).all()
    old, new = set(rows(before)), set(rows(after))
    assert len(new) == len(after)
    planned = new - old
    assert len(planned) == 300
    assert {r[0] for r in planned} == set(ids.to_pylist())
    assert {r[0] for r in old - new} <= set(ids.to_pylist())
    acted = {r[:2] for r in planned}
    assert all(r[:2] in acted for r in old - new)
    assert cover or not old - new
    for o in {r[1] for r in planned}:
        t = [r[2] for r in planned if r[1] == o]
        assert max(t) - min(t) <= 60 * SECOND_US
        assert all(x % SECOND_US == 0 for x in t)
    again, same = inject(before, plan, 3)
    assert rows(again) == rows(after)
    assert same.equals(ids)


def test_a_second_injection_keeps_posts_apart(world: World) -> None:
    once, _ = inject(world.arrays(), Plan(), 1)
    twice, _ = inject(once, Plan(), 2)
    ids = twice.post_ids.to_pylist()
    assert len(set(ids)) == len(ids)
    fresh, _ = inject(once, Plan(cover=False), 1)
    with pytest.raises(ValueError, match="already has fresh"):
        inject(fresh, Plan(cover=False), 1)


@pytest.mark.data
def test_injection_into_real_cascades() -> None:
    import duckdb

    path = shared("organic/twitter_cascades.parquet")
    table = duckdb.sql(
        "select cast(user_id as varchar) account_id, cast(source_tweet_id as varchar) object_id, "
        "epoch_us(timestamp_utc) t_us, cast(row_number() over () as varchar) event_id "
        f"from '{path}' where kind = 'share' and delay_min >= 0"
    ).to_arrow_table()
    before = encode(table)
    after, ids = inject(before, Plan(n_accounts=15, n_objects=8), 1, resolution_us=600_000)
    planted = np.isin(np.asarray(after.account_ids.take(pa.array(after.account))), ids.to_pylist())
    was = np.isin(np.asarray(before.account_ids.take(pa.array(before.account))), ids.to_pylist())
    assert np.count_nonzero(planted) > np.count_nonzero(was)
    assert (after.t[~planted] == before.t[~was]).all()
    assert (after.t[after.post >= len(before.post_ids)] % 600_000 == 0).all()
