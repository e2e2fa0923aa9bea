"""The pair kernel against what one would write instead: DuckDB, polars, and 15 lines of NumPy; equal rows.

Everybody starts from the same unsorted integer columns in memory and gives sorted rows, so that sorting counts;
nobody's reading of files or numbering of ids does, nor what is compiled or loaded once. Figures are smallest, median
and largest of several runs; ratios of wall time are their fastest run over our slowest, median over median, and their
slowest over our fastest.

`python -m benchmarks.joins [100000 1000000 10000000]`: rows, a measurement each.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

from benchmarks import THREADS
from benchmarks.generator import Bursts, as_arrays, bursts
from benchmarks.measure import Spread, repeated, tell
from unisono.pairs import count_pairs, pair_table

W = 60_000_000
MIN_OBJECTS = 2
MOST_IN_MEMORY = 2_000_000
"""Rows up to which those take part that hold every co-action at once: at 10 M traces these are 326 M, 5 GB a column."""

_PAIRED = """
WITH near AS (SELECT *, t // $w + d AS bucket FROM traces, (VALUES (-1), (0), (1)) AS s(d)),
     hits AS (SELECT x.account AS a, y.account AS b, x.object AS object, x.post AS pa, y.post AS pb, x.t AS ta,
                     y.t AS tb, x.first AND y.first AS first
              FROM traces x JOIN near y ON x.object = y.object AND x.t // $w = y.bucket
              WHERE x.account < y.account AND abs(x.t - y.t) <= $w)
"""
_COUNTS = (
    _PAIRED
    + """
SELECT a, b, count(DISTINCT object) AS n_objects, count(*) AS n_pairs FROM hits GROUP BY a, b
HAVING count(DISTINCT object) >= 2 ORDER BY a, b
"""
)
_ALL = (
    _PAIRED
    + """
SELECT a, b, count(DISTINCT object), count(*), count(DISTINCT pa), count(DISTINCT pb),
       count(*) FILTER (first), count(DISTINCT (pa::BIGINT << 32) | pb),
       count(DISTINCT least(ta, tb) // 86400000000), min(least(ta, tb)), max(greatest(ta, tb)),
       quantile_disc(tb - ta, 0.5), sum(CASE WHEN ta < tb THEN 2 WHEN ta = tb THEN 1 ELSE 0 END)::BIGINT
FROM hits GROUP BY a, b HAVING count(DISTINCT object) >= 2 ORDER BY a, b
"""
)


def main() -> None:
    """Each size that is asked for."""
    count_pairs(as_arrays(bursts(2_000, 100, 200)), W, MIN_OBJECTS, THREADS)  # compiled
    pair_table(as_arrays(bursts(2_000, 100, 200)), "repost", W, MIN_OBJECTS, THREADS)
    for n in map(int, sys.argv[1:] or ("100000", "1000000")):
        compare(n)


def compare(n: int, runs: int = 5) -> None:
    """n bursty traces on n / 20 objects by n / 10 accounts: counts only, then all pair columns."""
    data = bursts(n, n // 20, n // 10)
    counts, ours = repeated(lambda: count_pairs(as_arrays(data), W, MIN_OBJECTS, THREADS), runs)
    table, all_ours = repeated(lambda: pair_table(as_arrays(data), "repost", W, MIN_OBJECTS, THREADS), runs)
    db = duckdb.connect(config={"threads": THREADS})
    db.register("input", with_posts(data))
    db.execute("CREATE TABLE traces AS FROM input")
    name = f"{n:,} bursty traces"
    _compare(f"{name}, counts, against DuckDB", counts, ours, lambda: duck(db, _COUNTS))
    if n > MOST_IN_MEMORY:
        print(f"{name}: what holds every co-action at once is not measured (polars, NumPy, DuckDB with all columns)")
        return
    _compare(f"{name}, counts, against polars", counts, ours, lambda: with_polars(data))
    _compare(f"{name}, counts, against NumPy", counts, ours, lambda: with_numpy(data))
    _compare(f"{name}, all columns, against DuckDB", integers(table), all_ours, lambda: duck(db, _ALL))


def duck(db: duckdb.DuckDBPyConnection, sql: str) -> np.ndarray:
    """A self-join in buckets k - 1, k and k + 1, then the exact condition."""
    return np.stack(list(db.execute(sql, {"w": W}).fetchnumpy().values()), axis=1)


def with_polars(data: Bursts) -> np.ndarray:
    """The same join as a lazy query."""
    t = pl.col("t")
    rows = pl.LazyFrame({"account": data.account, "object": data.object, "t": data.t * 1_000_000})
    rows = rows.with_columns(bucket=t // W)
    near = pl.concat([rows.with_columns(pl.col("bucket") + d) for d in (-1, 0, 1)])
    hits = rows.join(near, on=["object", "bucket"], suffix="_b").filter(
        (pl.col("account") < pl.col("account_b")) & ((t - pl.col("t_b")).abs() <= W)
    )
    counted = hits.group_by("account", "account_b", "object").len().group_by("account", "account_b")
    pairs = counted.agg(n_objects=pl.len(), n_pairs=pl.col("len").sum()).filter(pl.col("n_objects") >= MIN_OBJECTS)
    return pairs.sort("account", "account_b").collect().cast(pl.Int64).to_numpy()


def with_numpy(data: Bursts) -> np.ndarray:
    """Rows in order of object and time, the later rows in the window of each, and sorted numbers of what they share."""
    span = int(data.t.max()) + W // 1_000_000 + 1
    key = data.object * np.int64(span) + data.t
    order = np.argsort(key)
    key, account, obj = key[order], data.account[order].astype(np.int64), data.object[order].astype(np.int64)
    n_later = np.searchsorted(key, key + W // 1_000_000, "right") - np.arange(1, len(key) + 1)
    i = np.repeat(np.arange(len(key)), n_later)
    j = np.arange(len(i)) - np.repeat(np.cumsum(n_later) - n_later, n_later) + i + 1
    a, b, obj = np.minimum(account[i], account[j]), np.maximum(account[i], account[j]), obj[i]
    shared = np.sort(((a * data.n_accounts + b) * data.n_objects + obj)[a != b])
    begin = np.flatnonzero(np.diff(shared, prepend=-1))
    pair, n_rows = shared[begin] // data.n_objects, np.diff(begin, append=len(shared))
    begin = np.flatnonzero(np.diff(pair, prepend=-1))
    n_objects, n_pairs = np.diff(begin, append=len(pair)), np.add.reduceat(n_rows, begin)
    rows = np.stack([pair[begin] // data.n_accounts, pair[begin] % data.n_accounts, n_objects, n_pairs], axis=1)
    return rows[n_objects >= MIN_OBJECTS]


def with_posts(data: Bursts) -> pa.Table:
    """The columns that a query needs, in the order of the rows; posts are numbered, first touches are marked."""
    by_time = np.argsort(data.t, kind="stable")
    keys = data.account[by_time] * np.int64(data.n_objects) + data.object[by_time]
    first = np.zeros(len(keys), bool)
    first[by_time[np.unique(keys, return_index=True)[1]]] = True
    post = np.arange(len(keys), dtype=np.int32)
    t = data.t * 1_000_000
    return pa.table({"account": data.account, "object": data.object, "post": post, "t": t, "first": first})


def integers(rows: pa.Table) -> np.ndarray:
    """Rows of `pairs` as the query gives them: account numbers for ids, half points for a_first."""
    a, b = (np.array([int(n[1:]) for n in rows[c].to_pylist()]) for c in ("account_a", "account_b"))
    points = np.rint(rows["a_first"].to_numpy() * 2 * rows["n_pairs"].to_numpy()).astype(np.int64)
    return np.stack([a, b, *(rows[c].to_numpy() for c in rows.column_names[4:-1]), points], axis=1)


def _compare(name: str, rows: np.ndarray, ours: Spread, peer: Callable[[], np.ndarray]) -> None:
    other, theirs = repeated(peer, 3)
    if not np.array_equal(other, rows):
        raise SystemExit(f"{name}: the rows differ")
    tell(name, pairs=len(rows), threads=THREADS, ours=ours.told(), theirs=theirs.told(), ratio=theirs.over(ours))


if __name__ == "__main__":
    main()
