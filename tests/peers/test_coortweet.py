"""CooRTweet's own runs, reproduced from our tables."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

import unisono
from tests.conftest import shared
from tests.peers import coortweet

S = 1_000_000
pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def russian() -> pa.Table:
    return unisono.read([shared("reference/coortweet_russian.parquet")], format="coortweet")["traces"]


@pytest.mark.parametrize(("window", "n"), [("0", 35), ("1", 129), ("10", 1_092), ("60s", 6_206), ("10m", 57_421)])
def test_pairs_at_every_window(russian: pa.Table, window: str, n: int) -> None:
    assert unisono.pair(russian, window, min_objects=1, threads=2).num_rows == n


def test_the_run_that_is_given_in_full(russian: pa.Table) -> None:
    pairs = unisono.pair(russian, "60s", min_objects=1)
    got = coortweet.edges(russian.to_pandas(), unisono.evidence(pairs, russian).to_pandas(), 2)
    theirs = pd.read_csv(shared("reference/coortweet_russian_w60_mp2_edges.csv"))
    a, b = theirs[["from", "to"]].min(axis=1), theirs[["from", "to"]].max(axis=1)
    expected = {(x, y): w for x, y, w in zip(a, b, theirs.weight, strict=True)}
    assert len(expected) == 3_721
    assert {(r.account_a, r.account_b): r.weight for r in got.itertuples()} == expected
    assert got.weight.sum() == 3_791


@pytest.mark.parametrize("object_column", ["url", "hashtag", "domain", "phash"])
@pytest.mark.parametrize("window", [10, 30, 60])
def test_german_totals(object_column: str, window: int, tmp_path: Path) -> None:
    wide = shared("reference/coortweet_german_elections.parquet")
    column = "phash_id" if object_column == "phash" else f"{object_column}_id"
    mapping = f"account=account_id,time=timestamp,event=post_id,object:{object_column}={column}"
    traces = unisono.read([wide], format="traces", map=mapping)["traces"]
    pairs = unisono.pair(traces, f"{window}s", min_objects=1)
    got = coortweet.edges(traces.to_pandas(), unisono.evidence(pairs, traces).to_pandas(), 2)
    runs = pd.read_csv(shared("reference/coortweet_runs.csv")).set_index(["name", "tw", "mp", "rl"])
    run = runs.loc[(f"german_{object_column}", window, 2, True)]
    twins = 1 if object_column == "hashtag" else 0  # two tags that always stand together count once here
    assert (len(got), got.weight.sum() + twins) == (run.edges, run.pairs)
    assert run.max_w - twins <= got.weight.max() <= run.max_w
