"""Which acts were in one sitting, over every behaviour of a study: what two accounts do in one is one meeting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from unisono.maths.sittings import sittings_of
from unisono.maths.types import I32, I64
from unisono.pairs.arrays import TraceArrays


@dataclass(frozen=True)
class Sittings:
    """Sittings of accounts (`maths/sittings.py`), numbered by account and time.

    account_ids: sorted by UTF-8 bytes; start: (n_accounts + 1,) sittings of account a are start[a] to start[a + 1] - 1;
    begin: (n_sittings,) microseconds UTC of the first act of each
    """

    account_ids: pa.Array
    start: I64
    begin: I64

    def of(self, arrays: TraceArrays) -> I32:
        """(n,) number of the sitting of each row of a trace that was among those that made them."""
        known = np.asarray(pc.index_in(arrays.account_ids, self.account_ids), dtype=np.int64)
        return _sitting(known[arrays.account], arrays.t, self.start, self.begin)


def gather_sittings(acts: Iterable[tuple[pa.Array, I32, I64]]) -> Sittings:
    """Of all acts together: (account ids, number of each act's account among them, microseconds UTC), in any order."""
    parts = list(acts)
    ids = pa.chunked_array([ids for ids, _, _ in parts] or [pa.array([], pa.string())], pa.string()).unique()
    ids = ids.take(pc.array_sort_indices(ids))
    ids = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    account, t = [np.empty(0, np.int32)], [np.empty(0, np.int64)]
    for own, number, when in parts:
        account.append(np.asarray(pc.index_in(own, ids), dtype=np.int32)[number])
        t.append(when)
    return _sittings(ids, np.concatenate(account), np.concatenate(t))


def sittings_in(traces: pa.Table) -> Sittings:
    """Of rows of `traces`: columns account_id, t_us."""
    return gather_sittings(_acts(traces))


def _acts(traces: pa.Table) -> Iterator[tuple[pa.Array, I32, I64]]:
    for batch in traces.select(["account_id", "t_us"]).to_batches():
        ids = batch.column("account_id")
        coded = ids if pa.types.is_dictionary(ids.type) else ids.dictionary_encode()
        when = np.asarray(batch.column("t_us"), dtype=np.int64)
        yield coded.dictionary.cast(pa.string()), np.asarray(coded.indices, dtype=np.int32), when


def _sittings(ids: pa.Array, account: I32, t: I64) -> Sittings:
    number = sittings_of(account, t, len(ids))
    n = int(number.max(initial=-1)) + 1
    begin, owner = np.full(n, np.iinfo(np.int64).max), np.zeros(n, np.int64)
    _first_acts(number, account, t, begin, owner)
    return Sittings(ids, np.searchsorted(owner, np.arange(len(ids) + 1)).astype(np.int64), begin)


@njit(cache=True, nogil=True)
def _first_acts(number: I64, account: I32, t: I64, begin: I64, owner: I64) -> None:
    for i in range(number.size):
        begin[number[i]] = min(begin[number[i]], t[i])
        owner[number[i]] = account[i]


@njit(cache=True, nogil=True)
def _sitting(account: I64, t: I64, start: I64, begin: I64) -> I32:
    out = np.empty(t.size, np.int32)
    for i in range(t.size):
        low, high = start[account[i]], start[account[i] + 1] - 1
        while low < high:  # the last that began by then
            middle = (low + high + 1) // 2
            if begin[middle] <= t[i]:
                low = middle
            else:
                high = middle - 1
        out[i] = low
    return out
