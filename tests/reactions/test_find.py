"""Reactions: amplifiers are found, quick and early-rising followers are not."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.reactions.world import DAY, Followership, S, layer, world
from unisono.reactions import MIN_OTHERS, find_reactions
from unisono.reactions.find import MAX_P_EARLY
from unisono.tables import REACTIONS

CROWD = Followership(n_accounts=400)


def called(rows: pa.Table) -> list[dict[str, object]]:
    return rows.filter(rows.column("is_reaction")).to_pylist()


def amplifiers(rows: pa.Table) -> pa.Table:
    return rows.filter(pc.and_(pc.match_substring(rows.column("account_id"), "amp"),
                               pc.equal(rows.column("author_id"), "w/author00")))  # fmt: skip


@pytest.mark.parametrize("reactors", [100, 400, 1000])
def test_amplifiers_are_found_though_they_are_most_of_the_fast(reactors: int) -> None:
    """Fifteen amplifiers among about 20, 45 and 90 reactors: at least 90 % of them in each of 4 worlds."""
    for seed in range(4):
        found = find_reactions([layer(world(replace(CROWD, n_accounts=reactors), seed, amplifiers=15))])
        true = amplifiers(found)
        assert pc.sum(true.column("is_reaction")).as_py() >= 14
        assert len(called(found)) - pc.sum(true.column("is_reaction")).as_py() <= 2
        assert all(r["n_fast"] > r["expected"] and r["p"] == max(r["p_followers"], r["p_self"]) for r in called(true))
        early, elsewhere = (np.median(true.column(c).to_numpy()) for c in ("author_fast", "others_fast"))
        assert early > 0.7 > 0.4 > elsewhere


@pytest.mark.parametrize(
    "cast",
    [
        Followership(),
        Followership(speed=0),
        Followership(speed=1.5),
        Followership(quick=0.05),
        Followership(zones=True, follows=6),
    ],
    ids=["own speeds", "one speed", "very different speeds", "quick with everybody", "asleep at night"],
)
def test_nobody_is_called_for_being_quick_or_awake(cast: Followership) -> None:
    wrong = [len(called(find_reactions([layer(world(cast, seed))]))) for seed in range(8)]
    assert np.count_nonzero(wrong) <= 1  # the family-wise error of eight honest worlds


def test_followers_alone_would_call_the_quick() -> None:
    """Why a second test is needed: quick accounts beat the other followers, and are at ease with everybody."""
    rows = find_reactions([layer(world(Followership(quick=0.05), 0))])
    beaten = rows.filter(pc.less(rows.column("p_followers"), 1e-6))
    assert beaten.num_rows > 10
    assert pc.min(beaten.column("p_self")).as_py() > 1e-3


def test_whoever_follows_only_one_author_is_not_called() -> None:
    rows = find_reactions([layer(world(Followership(follows=1, quick=0.05), 0))])
    assert set(rows.column("status").to_pylist()) == {"followers_only"}
    assert pc.max(rows.column("n_others")).as_py() < MIN_OTHERS
    assert rows.column("p_self").null_count == rows.num_rows
    assert not called(rows)
    assert pc.min(rows.column("q")).as_py() < 0.05  # and yet they are to be seen
    assert pc.min(rows.column("n_tests")).as_py() == rows.num_rows


@pytest.mark.parametrize(("shift_h", "status"), [(0, "tested"), (12, "followers_only")])
def test_objects_of_other_hours_are_not_compared_with(shift_h: int, status: str) -> None:
    """An account may be asleep when the others post: ten of its objects were born twelve hours off the author's."""
    rows = [
        {"author_id": author, "account_id": account, "object_id": f"{author}{k}",
         "born_us": k * DAY + shift * 3600 * S, "t_us": k * DAY + shift * 3600 * S + delay * S}
        for author, shift in (("near", 1), ("far", 1 + shift_h))
        for k in range(10)
        for account, delay in (("x", 5), ("y", 500), ("z", 600))
    ]  # fmt: skip
    found = find_reactions([layer(pa.Table.from_pylist(rows))]).to_pylist()
    assert {(r["n_others"], r["status"]) for r in found} == {(10 if shift_h == 0 else 0, status)}


def test_every_row_keeps_the_contract() -> None:
    rows = find_reactions([layer(world(CROWD, 1, amplifiers=15)), layer(world(Followership(), 2), "quote")])
    assert rows.schema == REACTIONS.schema
    keys = [tuple(r[k] for k in REACTIONS.key) for r in rows.select(list(REACTIONS.key)).to_pylist()]
    assert keys == sorted(set(keys))
    here, leads = (rows.filter(pc.equal(rows.column("status"), status)) for status in ("tested", "followers_only"))
    assert set(leads.column("n_tests").to_pylist()) <= {leads.num_rows}
    family = pc.sum(pc.less_equal(here.column("p_early"), MAX_P_EARLY)).as_py() + math.ceil(here.num_rows / 10)
    assert set(here.column("n_tests").to_pylist()) == {family}
    assert family < here.num_rows
    tested = rows.filter(rows.column("is_reaction"))
    assert pc.max(tested.column("q")).as_py() <= 0.05
    assert pc.min(rows.column("n_objects")).as_py() >= 3


def test_neither_row_order_nor_names_of_rows_matter() -> None:
    rows = world(replace(CROWD, n_accounts=150), 3, amplifiers=15)
    mixed = rows.take(pa.array(np.random.default_rng(0).permutation(rows.num_rows)))
    assert find_reactions([layer(rows)]).equals(find_reactions([layer(mixed)]))


def test_exchanged_accounts_are_no_reactions() -> None:
    """The same world with the accounts of each object exchanged: the null itself."""
    rng = np.random.default_rng(5)
    rows = world(replace(CROWD, n_accounts=150), 4, amplifiers=15).to_pandas()
    rows["account_id"] = rows.groupby("object_id")["account_id"].transform(lambda a: rng.permutation(a.to_numpy()))
    found = find_reactions([layer(pa.Table.from_pandas(rows, preserve_index=False))])
    assert found.num_rows > 400
    assert not called(found)
    p = found.column("p_followers").to_numpy()
    assert np.mean(p <= 0.01) <= 0.01 + 3 * np.sqrt(0.01 * 0.99 / len(p))


def test_unknown_authors_and_coarse_clocks_say_so() -> None:
    rows = world(Followership(n_accounts=50), 0)
    assert find_reactions([layer(rows, known=False)]).num_rows == 0
    coarse = find_reactions([layer(rows, resolution_us=3600 * S)])
    assert set(coarse.column("status").to_pylist()) == {"insufficient_data"}
    assert set(coarse.column("n_tests").to_pylist()) == {0}
    assert coarse.column("p").null_count == coarse.num_rows > 0
    minute = find_reactions([layer(rows, resolution_us=60 * S)])
    assert set(minute.column("window_us").to_pylist()) == {300 * S}
    assert find_reactions([]).schema == REACTIONS.schema


def test_senseless_arguments_are_errors() -> None:
    one = layer(world(Followership(n_accounts=20), 0))
    with pytest.raises(ValueError, match="fdr"):
        find_reactions([one], fdr=0)
    with pytest.raises(ValueError, match="same trace"):
        find_reactions([one, one])
