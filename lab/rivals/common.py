"""The pairs that rivals score: within a window by the pair stage, at any time by a product of sparse matrices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from unisono.maths.types import F64, I64
from unisono.nulls.touches import FirstTouches, first_touches, index_touches
from unisono.pairs.arrays import Flags, TraceArrays
from unisono.pairs.run import pair_table

MOST_SHARERS = 2_000
"""Objects with more sharers are left out where time plays no part: each gives two million pairs and says little."""
_ROWS = 1_000


@dataclass(frozen=True)
class WindowPairs:
    """Pairs with at least 2 common objects within the window; the counts are those of the table `pairs`."""

    a: I64
    b: I64
    n_objects: I64
    n_pairs: I64
    n_first: I64


def pairs_in_window(arrays: TraceArrays, window_us: int) -> WindowPairs:
    """All pairs of accounts (numbered as in `arrays`) with 2 or more co-shared objects within the window."""
    table = pair_table(arrays, "x", window_us, 2)
    ids = arrays.account_ids
    a, b = (_ints(pc.index_in(table.column(c), ids)) for c in ("account_a", "account_b"))
    return WindowPairs(a, b, *(_ints(table.column(c)) for c in ("n_objects", "n_pairs", "n_first")))


def shared_touches(arrays: TraceArrays, most_sharers: int | None = None) -> FirstTouches:
    """First touches of objects with at least two sharers, and at most `most_sharers`."""
    first = first_touches(arrays)
    n = first.n_sharers[first.object]
    keep: Flags = (n >= 2) & (n <= (most_sharers or len(first.t)))
    columns = (first.account[keep], first.object[keep], first.post[keep], first.t[keep])
    return index_touches(*columns, first.n_accounts, len(first.slots) - 1)


def incidence(first: FirstTouches) -> sparse.csr_matrix:
    """(n_accounts, n_objects), 1 where the account touched the object."""
    shape = (first.n_accounts, len(first.slots) - 1)
    return sparse.csr_matrix((np.ones(len(first)), (first.account, first.object)), shape=shape)


def products(rows: sparse.csr_matrix, least: float) -> tuple[I64, I64, F64]:
    """(a, b, value) of all pairs a < b of rows whose scalar product is at least `least`, which is above 0."""
    parts = []
    columns = rows.T.tocsr()
    for i in range(0, rows.shape[0], _ROWS):
        block = (rows[i : i + _ROWS] @ columns).tocoo()
        a = block.row.astype(np.int64) + i
        keep = (a < block.col) & (block.data >= least)
        parts.append((a[keep], block.col[keep].astype(np.int64), block.data[keep]))
    if not parts:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    a, b, value = (np.concatenate(p) for p in zip(*parts, strict=True))
    return a, b, value


def _ints(column: pa.ChunkedArray) -> I64:
    return np.asarray(column.combine_chunks(), dtype=np.int64)
