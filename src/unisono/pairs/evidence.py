"""The co-actions behind given pairs: which posts, on which object, how far apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from unisono.maths.types import F64, I32, I64, int64
from unisono.pairs.arrays import TraceArrays
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
    """Pairs by account rank, sorted by (a, b), and their n_pairs: (k,) each."""

    a: I64
    b: I64
    n_pairs: I64

    def pieces(self) -> Iterator[Wanted]:
        """Runs of pairs of about _BLOCK co-actions each, as far as these are listed at once."""
        done = np.concatenate([[0], np.cumsum(np.minimum(self.n_pairs, LARGE))])
        begin = 0
        while begin < len(self.a):
            end = max(begin + 1, int(np.searchsorted(done, done[begin] + _BLOCK, "right")) - 1)
            yield Wanted(self.a[begin:end], self.b[begin:end], self.n_pairs[begin:end])
            begin = end


class CoActions(NamedTuple):
    """Of each: accounts a and b, and their rows."""

    a: I64
    b: I64
    mine: I32
    theirs: I32


def evidence(arrays: TraceArrays, trace: str, window_us: int, pairs: pa.Table, most: int = MOST) -> Iterator[pa.Table]:
    """Rows of `evidence` for the pairs of one trace and window, in key order, piece by piece.

    arrays: all traces that take part at the window. pairs: account_a, account_b, n_pairs, sorted.
    """
    chance = within_share(arrays, window_us)
    post_rank, object_rank = _rank(arrays.post_ids), _rank(arrays.object_ids)
    named = pa.concat_arrays([c.combine_chunks() for c in (pairs.column("account_a"), pairs.column("account_b"))])
    involved = np.asarray(pc.is_in(arrays.account_ids, named), dtype=bool)
    found = prepare(arrays.take(involved[arrays.account]), window_us, 1)
    scratch, by_row = scratch_for(len(found.work)), chance[found.arrays.object]
    for wanted in _wanted(found, pairs).pieces():
        x = co_actions(found, wanted, scratch, by_row, most)
        obj, post = found.arrays.object, found.arrays.post
        order = np.lexsort((post_rank[post[x.theirs]], post_rank[post[x.mine]], object_rank[obj[x.mine]], x.b, x.a))
        yield _rows(found, chance, trace, CoActions(x.a[order], x.b[order], x.mine[order], x.theirs[order]))


def _wanted(found: Ranges, pairs: pa.Table) -> Wanted:
    ids = found.arrays.account_ids
    a, b = (
        np.asarray(pc.index_in(pairs.column(c), ids).combine_chunks(), dtype=np.int64)
        for c in ("account_a", "account_b")
    )
    return Wanted(a, b, np.array(pairs.column("n_pairs").combine_chunks(), dtype=np.int64))


def co_actions(found: Ranges, wanted: Wanted, scratch: Scratch, chance: F64, most: int) -> CoActions:
    """Those of the wanted pairs, at most `most` of each: the least likely, and of equally likely ones the first.

    chance: (n rows,) q_o of the row's object.
    """
    size = np.where(wanted.n_pairs < LARGE, wanted.n_pairs, 0)
    mine, theirs = np.empty(size.sum(), np.int32), np.empty(size.sum(), np.int32)
    a, b, n_pairs = (np.ascontiguousarray(x) for x in (wanted.a, wanted.b, wanted.n_pairs))
    _list(a, b, n_pairs, found.shared, found.walk, scratch, mine, theirs)
    keep, ends = np.ones(len(mine), np.bool_), np.cumsum(size)
    for k in np.flatnonzero(size > most):
        own = slice(ends[k] - size[k], ends[k])
        keep[own] = False
        keep[own.start + np.argsort(chance[mine[own]], kind="stable")[:most]] = True
    parts = [CoActions(np.repeat(wanted.a, size)[keep], np.repeat(wanted.b, size)[keep], mine[keep], theirs[keep])]
    for k in np.flatnonzero(wanted.n_pairs >= LARGE):
        i, j = _least_likely(int(a[k]), int(b[k]), found.walk, chance, found.shared, most)
        parts.append(CoActions(np.full(len(i), a[k]), np.full(len(i), b[k]), i, j))
    return CoActions(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


@njit(cache=True, nogil=True)
def _list(a: I64, b: I64, n_pairs: I64, shared: bool, walk: Walk, scratch: Scratch, mine: I32, theirs: I32) -> None:
    """Rows of the co-actions of all pairs that are not large, pair after pair."""
    n, begin = 0, int64(0)
    while begin < a.size:
        end = begin
        while end < a.size and a[end] == a[begin]:
            end += 1
        served, total = open_slots(b, n_pairs, begin, end, scratch)
        if total:
            collect(a[begin], shared, walk, scratch, mine[n : n + total], theirs[n : n + total])
        close_slots(b, begin, begin + served, scratch)
        n += total
        begin += served


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


def _rows(found: Ranges, chance: F64, trace: str, x: CoActions) -> pa.Table:
    arrays, (a, b, mine, theirs) = found.arrays, x
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
