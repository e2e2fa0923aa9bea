"""Twins: objects that the same accounts touched at the very same times are one object under several names.

One repository under two names doubles every coincidence, and so do two hashtags that stand in the same posts only.
Twins count once, under the name that is first in byte order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit

from unisono.maths.types import I32, I64, Bools
from unisono.pairs.arrays import TraceArrays, by_appearance, encode_clocked, starts
from unisono.study import Study
from unisono.tables import TWINS


@dataclass(frozen=True)
class Once:
    """Traces in which every object counts once.

    arrays, resolution: as `encode_clocked` gives them, the very arrays of traces that never had the other names
    names, counted_as: other names, in byte order, and of each the name that its object has in the arrays
    """

    arrays: TraceArrays
    resolution: I64
    names: pa.Array
    counted_as: pa.Array

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return sum(x.nbytes for x in (self.arrays, self.resolution, self.names, self.counted_as))

    def rows(self, trace: str) -> pa.Table:
        """Rows of `twins`, sorted."""
        return pa.table(
            {"trace": pa.repeat(trace, len(self.names)), "object_id": self.names, "counted_as": self.counted_as},
            schema=TWINS.schema,
        )


def encode_once(traces: pa.Table) -> tuple[TraceArrays, I64]:
    """As `encode_clocked`, with twins counted once."""
    once = counted_once(*encode_clocked(traces))
    return once.arrays, once.resolution


def counted_once(arrays: TraceArrays, resolution: I64) -> Once:
    """Leave every object its first name. resolution: (n,) of the clock of each trace, microseconds."""
    first = first_names(arrays.account, arrays.object, arrays.t, resolution, arrays.object_ids)
    other = np.flatnonzero(first != np.arange(len(first)))
    if not len(other):
        none = pa.array([], pa.string())
        return Once(arrays, resolution, none, none)
    names = arrays.object_ids.take(pa.array(other))
    order = pc.array_sort_indices(names)
    counted_as = arrays.object_ids.take(pa.array(first[other])).take(order)
    stay = (first == np.arange(len(first)))[arrays.object]
    return Once(_renumbered(arrays, stay), resolution[stay], names.take(order), counted_as)


def other_names(study: Study, trace: str, object_id: str) -> list[str]:
    """Under which other names a study holds an object, in byte order."""
    if not study.has(TWINS.name):
        return []
    here = (pc.field("trace") == trace) & (pc.field("counted_as") == object_id)
    names: list[str] = study.read(TWINS.name, ["object_id"], here)["object_id"].to_pylist()
    return names


def first_names(account: I32, obj: I32, t: I64, resolution: I64, object_ids: pa.Array) -> I32:
    """(n_objects,) of each object the one that it is, by the number of its first name: its own number unless it has
    twins. Of the traces, sorted by (object, time).

    Twins have the same touches: account, time and clock. Objects of one account can double nothing and stay.
    """
    if np.any((obj[1:] == obj[:-1]) & (t[1:] == t[:-1]) & (account[1:] < account[:-1])):
        order = np.lexsort((account, t, obj))  # what comes of a study is in this order
        account, t, resolution = account[order], t[order], resolution[order]
    slots = starts(obj, len(object_ids))
    digest, several = _digests(slots, account, t, resolution)
    shared = np.flatnonzero(several)
    by_digest = shared[np.argsort(digest[shared], kind="stable")]
    family = _families(by_digest, digest, slots, account, t, resolution)
    return _by_name(family, object_ids)


@njit(cache=True, nogil=True)
def _digests(slots: I64, account: I32, t: I64, resolution: I64) -> tuple[I64, Bools]:
    """Of each object a number that is the same for the same touches, and whether several accounts touched it."""
    n = slots.size - 1
    digest, several = np.zeros(n, np.int64), np.zeros(n, np.bool_)
    for o in range(n):
        h = np.uint64(0)
        for i in range(slots[o], slots[o + 1]):
            if i > slots[o] and _same(i, i - 1, account, t, resolution):
                continue
            several[o] |= account[i] != account[slots[o]]
            for part in (np.uint64(account[i]), np.uint64(t[i]), np.uint64(resolution[i])):
                h = (h ^ part) * np.uint64(0x9E3779B97F4A7C15)  # odd, so that nothing is lost
                h ^= h >> np.uint64(29)
        digest[o] = np.int64(h >> np.uint64(1))
    return digest, several


@njit(cache=True, nogil=True)
def _same(i: int, j: int, account: I32, t: I64, resolution: I64) -> bool:
    return bool(account[i] == account[j] and t[i] == t[j] and resolution[i] == resolution[j])


@njit(cache=True, nogil=True)
def _families(by_digest: I64, digest: I64, slots: I64, account: I32, t: I64, resolution: I64) -> I32:
    """(n_objects,) one of each object's twins, the same for all of them. What has one digest is compared."""
    family = np.arange(slots.size - 1).astype(np.int32)
    begin = 0
    while begin < by_digest.size:
        end = begin
        while end < by_digest.size and digest[by_digest[end]] == digest[by_digest[begin]]:
            for k in range(begin, end):
                one = by_digest[k]
                if family[one] == one and _twins(one, by_digest[end], slots, account, t, resolution):
                    family[by_digest[end]] = one
                    break
            end += 1
        begin = end
    return family


@njit(cache=True, nogil=True)
def _twins(a: int, b: int, slots: I64, account: I32, t: I64, resolution: I64) -> bool:
    """Whether two objects have the same touches; the same touch again counts once."""
    i, j = slots[a], slots[b]
    while i < slots[a + 1] and j < slots[b + 1]:
        if not _same(i, j, account, t, resolution):
            return False
        i += 1
        while i < slots[a + 1] and _same(i, i - 1, account, t, resolution):
            i += 1
        j += 1
        while j < slots[b + 1] and _same(j, j - 1, account, t, resolution):
            j += 1
    return bool(i == slots[a + 1] and j == slots[b + 1])


def _by_name(family: I32, object_ids: pa.Array) -> I32:
    """The same, each family by that member whose id is first in byte order."""
    members = np.flatnonzero(np.bincount(family, minlength=len(family))[family] > 1)
    if not len(members):
        return family
    order = members[np.asarray(pc.array_sort_indices(object_ids.take(pa.array(members))))]
    first = np.full(len(family), -1, np.int32)
    first[family[order[::-1]]] = order[::-1]  # the last one written is the first in order
    out = family.copy()
    out[members] = first[family[members]]
    return out


def _renumbered(arrays: TraceArrays, stay: Bools) -> TraceArrays:
    """Some of the rows; objects and posts are those that are left, numbered in the order in which they come."""
    kept = arrays.take(stay)
    obj, objects = by_appearance(kept.object, len(arrays.object_ids))
    post, posts = by_appearance(kept.post, len(arrays.post_ids))
    object_ids, post_ids = arrays.object_ids.take(pa.array(objects)), arrays.post_ids.take(pa.array(posts))
    return TraceArrays(kept.account, obj, post, kept.t, kept.account_ids, object_ids, post_ids)
