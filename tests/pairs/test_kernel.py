"""The kernel equals its definition, however the work is split."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pairs.brute import Row, pairs
from unisono.pairs import TraceArrays, count_pairs, encode, pair_table
from unisono.pairs.describe import full_block
from unisono.pairs.kernel import scratch_for
from unisono.pairs.large import describe_large
from unisono.pairs.ranges import prepare
from unisono.pairs.run import pair_blocks, split

S = 1_000_000


def table(rows: list[Row]) -> pa.Table:
    names = ("account_id", "object_id", "t_us", "event_id")
    ordered = sorted(set(rows), key=lambda r: (r[1].encode(), r[2], r[0].encode(), r[3].encode()))
    columns = zip(*ordered, strict=True) if ordered else ((),) * 4
    types = (pa.string(), pa.string(), pa.int64(), pa.string())
    return pa.table({n: pa.array(list(c), t) for n, c, t in zip(names, columns, types, strict=True)})


accounts = st.sampled_from(["a", "b", "ä", "Z", "10", "9", "𝔞", "ﬀ"])
dense = st.lists(
    st.tuples(
        accounts,
        st.sampled_from(["o1", "o2", "o3"]),
        st.integers(-6, 6).map(lambda k: k * 36_000 * S // 10),
        st.integers(0, 12).map(str),
    ).map(lambda r: (*r[:3], f"row/{r[0]}/{r[2]}/{r[3]}" if int(r[3]) < 5 else r[3])),  # some rows name no post
    max_size=40,
)
busy = st.lists(
    st.tuples(accounts, st.integers(0, 9).map(str), st.integers(0, 200).map(lambda s: s * S), st.uuids().map(str)),
    max_size=60,
)


@given(rows=dense | busy, window=st.sampled_from([0, 1, S, 3_600 * S, 90_000 * S]), min_objects=st.integers(1, 3))
def test_equals_brute_force(rows: list[Row], window: int, min_objects: int) -> None:
    rows = list(set(rows))
    expected = pairs(rows, window, min_objects)
    got = pair_table(encode(table(rows)), "url", window, min_objects)
    assert got.drop(["trace", "window_us"]).to_pylist() == expected
    counts = count_pairs(encode(table(rows)), window, min_objects)
    ids = encode(table(rows)).account_ids.to_pylist()
    assert [(ids[a], ids[b], n, k) for a, b, n, k in counts.tolist()] == [
        (p["account_a"], p["account_b"], p["n_objects"], p["n_pairs"]) for p in expected
    ]


@given(rows=busy, n_parts=st.integers(1, 9), threads=st.integers(1, 3))
def test_the_same_rows_however_the_work_is_split(rows: list[Row], n_parts: int, threads: int) -> None:
    arrays = encode(table(rows))
    whole = pair_table(arrays, "url", 60 * S, 1)
    found = prepare(arrays, 60 * S, 1)
    parts = [rows for _, rows in pair_blocks(found, "url", 1, threads, n_parts=n_parts)]
    assert pa.concat_tables([whole.slice(0, 0), *parts]).equals(whole)


@given(rows=dense, seed=st.integers(0, 99))
def test_row_order_does_not_matter_where_posts_are_distinct(rows: list[Row], seed: int) -> None:
    rows = [(a, o, t, f"{k}") for k, (a, o, t, _) in enumerate(sorted(set(rows)))]
    traces = table(rows)
    shuffled = traces.take(np.random.default_rng(seed).permutation(len(traces)))
    assert pair_table(encode(shuffled), "url", S, 1).equals(pair_table(encode(traces), "url", S, 1))


def test_two_posts_across_a_bucket_border_pair() -> None:
    rows = [("a", "o", 59 * S, "1"), ("b", "o", 61 * S, "2"), ("a", "p", 0, "3"), ("b", "p", 60 * S, "4")]
    got = pair_table(encode(table(rows)), "url", 60 * S, 2).to_pylist()
    assert [(r["n_objects"], r["median_lag_us"]) for r in got] == [(2, 2 * S)]


def test_a_post_never_pairs_with_itself_and_counts_on_each_of_its_objects() -> None:
    same = [("a", "o", 0, "x"), ("b", "o", 0, "x")]
    assert pair_table(encode(table(same)), "tag", S, 1).num_rows == 0
    two_tags = [("a", "o", 0, "1"), ("a", "p", 0, "1"), ("b", "o", 0, "2"), ("b", "p", 0, "2")]
    (row,) = pair_table(encode(table(two_tags)), "tag", S, 1).to_pylist()
    assert (row["n_pairs"], row["n_occasions"], row["n_events_a"], row["a_first"]) == (2, 1, 1, 0.5)


def test_nothing_in_nothing_out() -> None:
    for rows in ([], [("a", "o", 0, "1")], [("a", "o", 0, "1"), ("a", "o", 1, "2")]):
        got = pair_table(encode(table(rows)), "url", S, 1)
        assert got.num_rows == 0
        assert count_pairs(encode(table(rows)), S, 1).shape == (0, 4)


def test_a_missing_id_is_refused() -> None:
    broken = table([("a", "o", 0, "1")]).set_column(1, "object_id", pa.array([None], pa.string()))
    with pytest.raises(ValueError, match="every row"):
        encode(broken)


@given(work=st.lists(st.integers(0, 50), max_size=30), n=st.integers(1, 12))
def test_split_covers_all_work_once(work: list[int], n: int) -> None:
    parts = split(np.array(work, np.int64), n)
    assert len(parts) <= n
    assert all(a < b for a, b in parts)
    assert [p[0] for p in parts[1:]] == [p[1] for p in parts[:-1]]
    assert sum(sum(work[a:b]) for a, b in parts) == sum(work)


@given(rows=dense | busy, window=st.sampled_from([0, 1, S, 3_600 * S, 90_000 * S]))
def test_large_pairs_are_described_alike(rows: list[Row], window: int) -> None:
    found = prepare(encode(table(list(set(rows)))), window, 1)
    got = full_block(
        0, len(found.work), 1, found.shared, found.walk, scratch_for(len(found.work)), found.arrays.t, found.first,
        found.lone,
    )  # fmt: skip
    for row in got.T:
        again = row.copy()
        again[4:] = -1
        describe_large(again, found.walk, found.arrays.t, found.first, found.lone, found.shared)
        assert again.tolist() == row.tolist()


def test_a_flood_costs_memory_for_its_posts_and_not_for_its_co_actions() -> None:
    n, ids = 20_000, pa.array(["a", "b"])
    t = np.sort(np.random.default_rng(0).integers(0, 50, 2 * n)) * S
    account = np.tile(np.array([0, 1], np.int32), n)
    arrays = TraceArrays(
        account,
        np.zeros(2 * n, np.int32),
        np.arange(2 * n, dtype=np.int32),
        t,
        ids,
        pa.array(["o"]),
        pa.nulls(2 * n, pa.string()),
    )
    (row,) = pair_table(arrays, "url", 60 * S, 1).to_pylist()
    assert (row["n_pairs"], row["n_events_a"], row["n_objects"]) == (n * n, n, 1)
    lags = np.subtract.outer(t[account == 1][::40], t[account == 0][::40])
    assert abs(row["median_lag_us"] - np.median(lags)) <= S
