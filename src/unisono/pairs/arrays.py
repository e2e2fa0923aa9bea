"""Traces of one kind as dense integers, sorted by (object, time): what the kernel walks over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from unisono.maths.types import I32, I64, Bools

Flags = Bools
UNKNOWN = -1
"""Resolution of a clock that nobody declared; such a trace is never refused."""
SYNTHETIC = "row/"
"""How ids begin that stand for a row of the source, which named no post."""


@dataclass(frozen=True)
class TraceArrays:
    """n traces of one kind (fewer than 2^31), sorted by (object, time).

    account: (n,) rank of the account's id in UTF-8 byte order, so that a < b on ranks is a < b on ids
    object, post: (n,) dense numbers of the object and of the event
    t: (n,) microseconds UTC
    account_ids: the ids by rank; object_ids, post_ids: the ids by number
    """

    account: I32
    object: I32
    post: I32
    t: I64
    account_ids: pa.Array
    object_ids: pa.Array
    post_ids: pa.Array

    def __len__(self) -> int:
        return len(self.t)

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        numbers = (self.account, self.object, self.post, self.t)
        return sum(a.nbytes for a in (*numbers, self.account_ids, self.object_ids, self.post_ids))

    def take(self, rows: Flags | I32) -> TraceArrays:
        """Some of the rows, in the same order."""
        ids = (self.account_ids, self.object_ids, self.post_ids)
        return TraceArrays(self.account[rows], self.object[rows], self.post[rows], self.t[rows], *ids)


def acts_of(arrays: TraceArrays) -> I32:
    """(n,) what an account did at once, by the number of its first post: the post, or, where the source named none,
    everything that the account did at that very time without a name.

    A commit of forty files, a batch of a scheduler are one occasion; counted as forty they would look impossible. This
    is what the tests, `n_occasions` and the report mean by one.
    """
    unnamed = np.asarray(pc.fill_null(pc.starts_with(arrays.post_ids.cast(pa.string()), SYNTHETIC), False), np.bool_)
    if not unnamed.any():
        return arrays.post
    rows = np.flatnonzero(unnamed[arrays.post])
    rows = rows[np.lexsort((arrays.post[rows], arrays.t[rows], arrays.account[rows]))]
    begins = np.ones(len(rows), np.bool_)
    begins[1:] = (np.diff(arrays.account[rows]) != 0) | (np.diff(arrays.t[rows]) != 0)
    acts = arrays.post.copy()
    acts[rows] = arrays.post[rows][begins][np.cumsum(begins) - 1]
    return acts


def encode(traces: pa.Table) -> TraceArrays:
    """Number the ids of a table with columns account_id, object_id, t_us, event_id. Any row order.

    Ties in time inside an object keep the table's order; a study's traces are sorted by
    (object_id, t_us, account_id, event_id), which makes that order the same on every machine.
    """
    return encode_clocked(traces)[0]


def encode_clocked(traces: pa.Table) -> tuple[TraceArrays, I64]:
    """As `encode`, and each row's clock resolution in the same order: microseconds, UNKNOWN where null or absent."""
    with ThreadPoolExecutor(3) as pool:
        columns = [traces.column(c) for c in ("account_id", "object_id", "event_id")]
        (account, account_ids), (obj, object_ids), (post, post_ids) = pool.map(_numbers, columns)
    order = pc.array_sort_indices(account_ids)
    rank = np.empty(len(order), np.int32)
    rank[np.asarray(order)] = np.arange(len(order), dtype=np.int32)
    t = np.array(
        traces.column("t_us").combine_chunks(), dtype=np.int64
    )  # a copy: kernels are compiled for what can be written
    arrays = TraceArrays(rank[account], obj, post, t, account_ids.take(order), object_ids, post_ids)
    resolution = np.full(len(arrays), UNKNOWN)
    if "t_resolution_us" in traces.column_names:
        steps = traces.column("t_resolution_us").combine_chunks()
        resolution = np.asarray(pc.fill_null(steps, UNKNOWN), dtype=np.int64)
    if is_sorted(obj, t):
        return arrays, resolution
    rows = sort_order(obj, t, len(object_ids))
    return arrays.take(rows), resolution[rows]


def _numbers(column: pa.ChunkedArray) -> tuple[I32, pa.Array]:
    """Dense numbers by first appearance, and the distinct ids. Nulls are an error of the caller.

    A dictionary may hold ids of other rows, in another order; numbers do not depend on it.
    """
    if column.null_count:
        raise ValueError("traces need an account, an object, a time and an event in every row")
    coded = column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    if coded.num_chunks == 0:
        return np.empty(0, np.int32), pa.array([], pa.string())
    codes = np.concatenate([np.asarray(c.indices, dtype=np.int32) for c in coded.chunks])
    numbers, appeared = by_appearance(codes, len(coded.chunk(coded.num_chunks - 1).dictionary))
    return numbers, coded.chunk(coded.num_chunks - 1).dictionary.cast(pa.string()).take(pa.array(appeared))


@njit(cache=True, nogil=True)
def by_appearance(codes: I32, n: int) -> tuple[I32, I32]:
    """Codes numbered anew in the order in which they come, and the old code of each new one."""
    new, old, k = np.full(n, -1, np.int32), np.empty(n, np.int32), 0
    out = np.empty(codes.size, np.int32)
    for i in range(codes.size):
        if new[codes[i]] < 0:
            new[codes[i]], old[k] = k, codes[i]
            k += 1
        out[i] = new[codes[i]]
    return out, old[:k]


def sort_order(obj: I32, t: I64, n_objects: int) -> I32:
    """Order of rows by (object, time), ties as they came: sort by time, then a counting sort by object."""
    order: I32 = _counting_order(obj, _time_order(t), n_objects)
    return order


def _time_order(t: I64) -> I32:
    """Order of rows by time, ties as they came.

    Where both fit into 63 bits, time (in the coarsest unit that loses nothing) and row are sorted as one number, for
    which NumPy has vector instructions.
    """
    if not len(t):
        return np.empty(0, np.int32)
    unit = next(u for u in (1_000_000, 1_000, 1) if u == 1 or not np.any(t % u))
    row_bits = len(t).bit_length()
    if ((int(t.max()) - int(t.min())) // unit).bit_length() + row_bits > 63:
        return np.argsort(t, kind="stable").astype(np.int32)
    keys: I64 = ((t - t.min()) // unit << row_bits) | np.arange(len(t))
    keys.sort()
    order: I32 = (keys & ((1 << row_bits) - 1)).astype(np.int32)
    return order


def rows_by_account(account: I32, n_accounts: int) -> tuple[I64, I32]:
    """CSR index: rows of account a are rows[start[a] : start[a + 1]], in (object, time) order."""
    rows: I32 = _counting_order(account, np.arange(len(account), dtype=np.int32), n_accounts)
    return starts(account, n_accounts), rows


def starts(key: npt.NDArray[np.integer], n_keys: int) -> I64:
    """(n_keys + 1,) where the run of each key begins in an array that is sorted by it, and where the last one ends.

    key: (n,) 0 to n_keys - 1, in any order.
    """
    return np.concatenate([[0], np.cumsum(np.bincount(key, minlength=n_keys))]).astype(np.int64)


@njit(cache=True, nogil=True)
def is_sorted(obj: I32, t: I64) -> bool:
    """Whether rows are in (object, time) order with each object in one run."""
    for i in range(1, obj.size):
        if obj[i] < obj[i - 1] or (obj[i] == obj[i - 1] and t[i] < t[i - 1]):
            return False
    return True


@njit(cache=True, nogil=True)
def _counting_order(key: I32, order: I32, n_keys: int) -> I32:
    at = np.zeros(n_keys + 1, np.int64)
    for k in key:
        at[k + 1] += 1
    for k in range(n_keys):
        at[k + 1] += at[k]
    out = np.empty(key.size, np.int32)
    for i in order:
        k = key[i]
        out[at[k]] = i
        at[k] += 1
    return out
