"""Reactions in real retweet cascades, and in the same with their accounts exchanged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.conftest import shared
from unisono.pairs.arrays import encode
from unisono.reactions import Layer, find_reactions, origins_of

SLOT_US = 600_000
"""The cascades' clock has steps of 0.6 s."""


@pytest.fixture(scope="module")
def cascades() -> Layer:
    rows = pq.read_table(shared("organic/twitter_cascades.parquet"))
    t = rows.column("timestamp_utc").cast(pa.timestamp("us")).cast(pa.int64())
    rows = pa.table({"object_id": rows.column("source_tweet_id").cast(pa.string()), "t_us": t, "kind": rows["kind"],
                     "account_id": rows.column("user_id").cast(pa.string())})  # fmt: skip
    shares = rows.filter(pc.equal(rows.column("kind"), "share"))
    arrays = encode(shares.append_column("event_id", pa.array([str(i) for i in range(shares.num_rows)])))
    events = rows.filter(pc.equal(rows.column("kind"), "source")).rename_columns({"object_id": "event_id"})
    return Layer("repost", arrays, origins_of(arrays, events), SLOT_US)


@pytest.mark.data
def test_leads_are_shown_and_nothing_is_called_that_cannot_be_compared(cascades: Layer) -> None:
    rows = find_reactions([cascades])
    assert rows.num_rows == 3_368
    leads = rows.filter(pc.less_equal(rows.column("q"), 0.05))
    assert 20 < leads.num_rows < 100
    assert set(leads.column("status").to_pylist()) == {"followers_only"}
    assert not pc.any(rows.column("is_reaction")).as_py()


@pytest.mark.data
def test_exchanged_accounts_give_no_lead(cascades: Layer) -> None:
    for seed in range(3):
        arrays = cascades.arrays
        lots = np.random.default_rng(seed).random(len(arrays))
        exchanged = replace(arrays, account=arrays.account[np.lexsort((lots, arrays.object))])
        rows = find_reactions([replace(cascades, arrays=exchanged)])
        assert rows.num_rows > 3_000
        assert pc.min(rows.column("q")).as_py() > 0.05
