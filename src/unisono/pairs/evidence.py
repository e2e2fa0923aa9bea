"""The co-actions behind given pairs: which posts, on which object, how far apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from unisono.maths.types import F64, I32, I64
from unisono.pairs.arrays import TraceArrays, starts
from unisono.pairs.chance import within_share
from unisono.pairs.describe import close_slots, collect, open_slots
from unisono.pairs.kernel import Scratch, Walk, scratch_for
from unisono.pairs.large import LARGE, spans
from unisono.pairs.ranges import Ranges, prepare
from unisono.tables import EVIDENCE

MOST = 1_000
"""Co-actions kept per pair, the least likely first."""
_BLOCK = 500_000  # co-actions looked up at a time


@dataclass(frozen=True)
class Wanted:
    """Pairs by account rank, sorted by (a, b): start is a CSR index from a to its partners b and n_pairs."""

    start: I64
    b: I64
    n_pairs: I64


def evidence(arrays: TraceArrays, trace: str, window_us: int, pairs: pa.Table, most: int = MOST) -> Iterator[pa.Table]:
    """Rows of `evidence` for the pairs of one trace and window, in key order, piece by piece.

    arrays: all traces that take part at the window. pairs: account_a, account_b, n_pairs, sorted.
    """
    chance = within_share(arrays, window_us)
    post_rank, object_rank = _rank(arrays.post_ids), _rank(arrays.object_ids)
    named = pa.concat_arrays([c.combine_chunks() for c in (pairs.column("account_a"), pairs.column("account_b"))])
    involved = np.asarray(pc.is_in(arrays.account_ids, named), dtype=bool)
    found = prepare(arrays.take(involved[arrays.account]), window_us, 1)
    wanted = _wanted(found, pairs)
    scratch = scratch_for(len(found.work))
    for a0, a1 in _pieces(wanted):
        a, b, mine, theirs = evidence_block(
            a0, a1, found.shared, found.walk, scratch, wanted.start, wanted.b, wanted.n_pairs,
            chance[found.arrays.object], most,
        )  # fmt: skip
        obj, post = found.arrays.object, found.arrays.post
        order = np.lexsort((post_rank[post[theirs]], post_rank[post[mine]], object_rank[obj[mine]], b, a))
        yield _rows(found, chance, trace, a[order], b[order], mine[order], theirs[order])


def _wanted(found: Ranges, pairs: pa.Table) -> Wanted:
    ids = found.arrays.account_ids
    a = np.asarray(pc.index_in(pairs.column("account_a"), ids).combine_chunks(), dtype=np.int64)
    b = np.asarray(pc.index_in(pairs.column("account_b"), ids).combine_chunks(), dtype=np.int64)
    start = starts(a, len(ids))
    return Wanted(start, b, np.asarray(pairs.column("n_pairs").combine_chunks(), dtype=np.int64))


def _pieces(wanted: Wanted) -> Iterator[tuple[int, int]]:
    """Account ranges of about _BLOCK co-actions each."""
    done = np.concatenate([[0], np.cumsum(np.minimum(wanted.n_pairs, LARGE))])[wanted.start]
    a0, m = 0, len(wanted.start) - 1
    while a0 < m:
        a1 = max(a0 + 1, int(np.searchsorted(done, done[a0] + _BLOCK, "right")) - 1)
        yield a0, a1
        a0 = a1


@njit(cache=True, nogil=True)
def evidence_block(
    a0: int, a1: int, shared: bool, walk: Walk, scratch: Scratch,
    start: I64, partner: I64, n_pairs: I64, chance: F64, most: int,
) -> tuple[I32, I32, I32, I32]:  # fmt: skip
    """Co-actions (a, b, row of a, row of b) of the wanted pairs with a0 <= a < a1, at most `most` for a pair."""
    space = np.minimum(n_pairs[start[a0] : start[a1]], most).sum()
    out = (np.empty(space, np.int32), np.empty(space, np.int32), np.empty(space, np.int32), np.empty(space, np.int32))
    n = 0
    for a in range(a0, a1):
        begin = start[a]
        while begin < start[a + 1]:
            served, total = open_slots(partner[begin : start[a + 1]], n_pairs[begin : start[a + 1]], scratch)
            mine, theirs = np.empty(total, np.int32), np.empty(total, np.int32)
            if total:
                collect(a, shared, walk, scratch, mine, theirs)
            close_slots(partner[begin : begin + served], scratch)
            at = 0
            for x in range(begin, begin + served):
                b = partner[x]
                if n_pairs[x] >= LARGE:
                    i, j = _least_likely(a, b, walk, chance, shared, most)
                else:
                    i, j = mine[at : at + n_pairs[x]], theirs[at : at + n_pairs[x]]
                    at += n_pairs[x]
                    if i.size > most:
                        best = np.sort(np.argsort(chance[i], kind="mergesort")[:most])
                        i, j = i[best], j[best]
                out[0][n : n + i.size], out[1][n : n + i.size] = a, b
                out[2][n : n + i.size], out[3][n : n + i.size] = i, j
                n += i.size
            begin += served
    return out[0][:n], out[1][:n], out[2][:n], out[3][:n]


@njit(cache=True, nogil=True)
def _least_likely(a: int, b: int, walk: Walk, chance: F64, shared: bool, most: int) -> tuple[I32, I32]:
    """The `most` least likely co-actions of a large pair: row of a by row of a, the least likely objects first."""
    start, rows, lo, hi, _, _, post = walk
    mine, theirs = rows[start[a] : start[a + 1]], rows[start[b] : start[b + 1]]
    from_, to = spans(mine, theirs, lo, hi)
    i, j = np.empty(most, np.int32), np.empty(most, np.int32)
    n = 0
    for x in np.argsort(chance[mine], kind="mergesort"):
        for k in range(from_[x], to[x]):
            if n == most:
                return i, j
            if not (shared and post[theirs[k]] == post[mine[x]]):
                i[n], j[n] = mine[x], theirs[k]
                n += 1
    return i[:n], j[:n]


def _rows(found: Ranges, chance: F64, trace: str, a: I32, b: I32, mine: I32, theirs: I32) -> pa.Table:
    arrays = found.arrays
    post_a, post_b = (arrays.post_ids.take(pa.array(arrays.post[rows])) for rows in (mine, theirs))
    obj = arrays.object[mine]
    t_a, t_b = arrays.t[mine], arrays.t[theirs]
    columns = {
        "trace": pa.repeat(trace, len(a)),
        "window_us": pa.repeat(found.window_us, len(a)),
        "account_a": arrays.account_ids.take(pa.array(a)),
        "account_b": arrays.account_ids.take(pa.array(b)),
        "object_id": arrays.object_ids.take(pa.array(obj)),
        "event_a": post_a,
        "event_b": post_b,
        "t_a": t_a,
        "t_b": t_b,
        "lag_us": t_b - t_a,
        "q_o": chance[obj],
    }
    return pa.table(columns, schema=EVIDENCE.schema)


def _rank(ids: pa.Array) -> I64:
    """Rank of distinct ids in UTF-8 byte order."""
    order = np.asarray(pc.array_sort_indices(ids))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank
