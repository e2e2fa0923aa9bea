"""The kernel against a bucketed DuckDB self-join (buckets k-1, k, k+1, then the exact condition); equal rows."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.generator import as_arrays, bursts
from benchmarks.measure import tell, timed
from unisono.pairs import TraceArrays, count_pairs, pair_table

W = 60_000_000
THREADS = 2

_PAIRED = """
WITH near AS (SELECT *, t // $w + d AS bucket FROM traces, (VALUES (-1), (0), (1)) AS s(d)),
     hits AS (SELECT x.account AS a, y.account AS b, x.object AS object, x.post AS pa, y.post AS pb, x.t AS ta,
                     y.t AS tb, x.first AND y.first AS first
              FROM traces x JOIN near y ON x.object = y.object AND x.t // $w = y.bucket
              WHERE x.account < y.account AND x.post <> y.post AND abs(x.t - y.t) <= $w)
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
    """1 M bursty traces, window 60 s, minimum 2: counts only, then all pair columns."""
    data = bursts(1_000_000, 50_000, 100_000)
    small = as_arrays(bursts(2_000, 100, 200))
    count_pairs(small, W, 2, THREADS)
    pair_table(small, "repost", W, 2, THREADS)  # both compiled
    arrays = as_arrays(data)
    db = duckdb.connect(config={"threads": THREADS})
    db.register("traces", _table(arrays))
    for name, ours, rows_of, sql in (
        ("counts", lambda: count_pairs(as_arrays(data), W, 2, THREADS), lambda rows: rows, _COUNTS),
        ("all columns", lambda: pair_table(as_arrays(data), "repost", W, 2, THREADS), _integers, _ALL),
    ):
        result, seconds = timed(ours, runs=5)
        got = rows_of(result)
        other, theirs = timed(lambda sql=sql: db.execute(sql, {"w": W}).fetchnumpy())
        expected = np.stack(list(other.values()), axis=1)
        if not np.array_equal(got, expected):
            raise SystemExit(f"{name}: the rows differ")
        tell(
            f"1 M bursty traces, {name}", pairs=len(got), seconds=seconds, duckdb_seconds=theirs, ratio=theirs / seconds
        )


def _integers(rows: pa.Table) -> np.ndarray:
    """Rows of `pairs` as the query gives them: account numbers for ids, half points for a_first."""
    a, b = (np.array([int(n[1:]) for n in rows[c].to_pylist()]) for c in ("account_a", "account_b"))
    points = np.rint(rows["a_first"].to_numpy() * 2 * rows["n_pairs"].to_numpy()).astype(np.int64)
    return np.stack([a, b, *(rows[c].to_numpy() for c in rows.column_names[4:-1]), points], axis=1)


def _table(arrays: TraceArrays) -> pa.Table:
    first = np.zeros(len(arrays), bool)
    first[np.unique(arrays.account.astype(np.int64) << 32 | arrays.object, return_index=True)[1]] = True
    columns = {"account": arrays.account, "object": arrays.object, "post": arrays.post, "t": arrays.t, "first": first}
    return pa.table(columns)


if __name__ == "__main__":
    main()
