"""Runs the kernel over blocks of accounts on threads, and gives its rows back in key order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import pyarrow as pa

from unisono.maths.types import I64
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.describe import full_block
from unisono.pairs.kernel import N_COUNTS, Scratch, Table, counts_block, scratch_for
from unisono.pairs.ranges import Ranges, prepare
from unisono.tables import PAIRS

_BLOCK_WORK = 5_000_000  # in-window rows walked per block, which is also the most pairs that it can give
_COLUMNS = (
    "n_objects", "n_pairs", "n_events_a", "n_events_b", "n_first", "n_occasions", "n_days", "first_us",
    "last_us", "median_lag_us",
)  # fmt: skip
T = TypeVar("T")


def count_pairs(arrays: TraceArrays, window_us: int, min_objects: int, threads: int = 1) -> Table:
    """Pass 1 alone: (k, 4) rows of (rank a, rank b, n_objects, n_pairs), sorted.

    window_us: inclusive, microseconds. min_objects: fewest common objects of a pair that is kept.
    """
    found = prepare(arrays, window_us, min_objects)

    def count(a0: int, a1: int, scratch: Scratch) -> Table:
        return counts_block(a0, a1, min_objects, found.shared, found.walk, scratch)

    parts = [rows for _, rows in blocks(found, threads, count)]
    counts: Table = np.concatenate([np.empty((N_COUNTS, 0), np.int64), *parts], axis=1).T
    counts[:, :2] = found.ranks[counts[:, :2]]
    return counts


def pair_table(arrays: TraceArrays, trace: str, window_us: int, min_objects: int, threads: int = 1) -> pa.Table:
    """All columns of `pairs` for one trace and window, as one Arrow table in key order."""
    found = prepare(arrays, window_us, min_objects)
    parts = [rows for _, rows in pair_blocks(found, trace, min_objects, threads)]
    return pa.concat_tables([PAIRS.schema.empty_table(), *parts])


def pair_blocks(
    found: Ranges, trace: str, min_objects: int, threads: int, n_parts: int | None = None
) -> Iterator[tuple[int, pa.Table]]:
    """Rows of `pairs` in key order, block after block, each with the in-window rows that were walked for it."""

    def describe(a0: int, a1: int, scratch: Scratch) -> pa.Table:
        arrays = found.arrays
        rows = full_block(a0, a1, min_objects, found.shared, found.walk, scratch, arrays.t, found.first, found.lone)
        return _to_arrow(rows, found, trace)

    return blocks(found, threads, describe, n_parts)


def blocks(
    found: Ranges, threads: int, make: Callable[[int, int, Scratch], T], n_parts: int | None = None
) -> Iterator[tuple[int, T]]:
    """What `make(a0, a1, scratch)` gives for consecutive blocks of accounts, in order, with the rows walked.

    At most threads + 1 results are waiting, so that a slow reader bounds memory. n_parts: split into that
    many blocks whatever they cost.
    """
    bounds = split(found.work, n_parts or max(4 * threads, int(found.work.sum() // _BLOCK_WORK) + 1))
    local = threading.local()

    def work(a0: int, a1: int) -> tuple[int, T]:
        if not hasattr(local, "scratch"):
            local.scratch = scratch_for(len(found.work))
        return int(found.work[a0:a1].sum()), make(a0, a1, local.scratch)

    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[tuple[int, T]]] = deque()
        for a0, a1 in bounds:
            waiting.append(pool.submit(work, a0, a1))
            if len(waiting) > threads + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def split(work: I64, n_parts: int) -> list[tuple[int, int]]:
    """Consecutive account ranges [a0, a1) of about equal work; never more than `n_parts`, none empty."""
    done = np.cumsum(work)
    if not len(done) or done[-1] == 0:
        return []
    goals = done[-1] * np.arange(1, n_parts + 1) / n_parts
    ends = np.unique(np.minimum(np.searchsorted(done, goals) + 1, len(work)))
    return list(zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True))


def _to_arrow(rows: Table, found: Ranges, trace: str) -> pa.Table:
    """Descriptions (N_ALL, k) as rows of `pairs`."""
    n, ids = rows.shape[1], found.arrays.account_ids
    columns = {
        "trace": pa.repeat(trace, n),
        "window_us": pa.repeat(found.window_us, n),
        "account_a": ids.take(pa.array(rows[0])),
        "account_b": ids.take(pa.array(rows[1])),
        **{name: rows[k] for k, name in enumerate(_COLUMNS, start=2)},
        "a_first": rows[12] / (2 * rows[3]),
    }
    return pa.table(columns, schema=PAIRS.schema)
