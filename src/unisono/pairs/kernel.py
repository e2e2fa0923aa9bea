"""The hot kernel: account by account, walk the in-window ranges into a dense accumulator.

Nothing is materialised but the pairs that reach the minimum: memory is O(rows + accounts) per thread plus the
output. For account a only partners b > a are counted, so every pair is made by exactly one account and the
result does not depend on how accounts are split into blocks. Meaning: `co-action` in docs/methods/co-action.md.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from unisono.maths.sorting import sort_first
from unisono.maths.types import I32, I64, U64

Table = I64
Bits = U64

N_COUNTS = 4
"""Columns of the counts: a, b, n_objects, n_pairs."""
_ONE_OBJECT = 1 << 40  # an accumulator holds n_objects above bit 40 and n_pairs below it
_PAIRS = _ONE_OBJECT - 1
_ONE = np.uint64(1)


class Walk(NamedTuple):
    """What is walked over: start, rows, lo, hi, code (as in `ranges.Ranges`), object and post of each row."""

    start: I64
    rows: I32
    lo: I32
    hi: I32
    code: I32
    object: I32
    post: I32


class Scratch(NamedTuple):
    """Working memory of one thread: seen, often (a bit per account), acc, stamp, touched (an entry per account)."""

    seen: Bits
    often: Bits
    acc: I64
    stamp: I32
    touched: I32


def scratch_for(n_accounts: int) -> Scratch:
    """Room for so many accounts; every function leaves it as it found it, all zero."""
    words = n_accounts // 64 + 1
    return Scratch(
        np.zeros(words, np.uint64), np.zeros(words, np.uint64),
        np.zeros(n_accounts, np.int64), np.zeros(n_accounts, np.int32), np.empty(n_accounts, np.int32),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def count_account(a: int, min_objects: int, shared: bool, walk: Walk, scratch: Scratch) -> int:
    """Pass 1 for one account. Leaves its kept partners b > a, sorted, in `touched[:n]`, their counts in `acc`
    and their bits in `often`; returns n."""
    seen, often, acc, stamp, touched = scratch
    if min_objects > 1:
        _mark_often(a, walk, seen, often)
    n = _accumulate(a, min_objects > 1, shared, walk, scratch)
    kept = 0
    for k in range(n):
        b = touched[k]
        stamp[b] = 0
        if acc[b] >> 40 >= min_objects:
            touched[kept] = b
            kept += 1
        else:
            acc[b] = 0
            often[b >> 6] &= ~(_ONE << np.uint64(b & 63))
    sort_first(touched, kept)
    return kept


@njit(cache=True, nogil=True)
def _mark_often(a: int, walk: Walk, seen: Bits, often: Bits) -> None:
    """Set in `often` the partners met twice or more: only they can share two objects.

    Most pairs meet once. One bit each keeps them out of the accumulator, which does not fit the near caches.
    """
    start, rows, lo, hi, code, _, _ = walk
    own = 2 * a + 1
    for r in range(start[a], start[a + 1]):
        i = rows[r]
        for j in range(lo[i], hi[i]):
            c = code[j]
            word = c >> 7
            bit = np.uint64(c > own) << np.uint64((c >> 1) & 63)
            before = seen[word]
            often[word] |= before & bit
            seen[word] = before | bit


@njit(cache=True, nogil=True)
def _accumulate(a: int, marked: bool, shared: bool, walk: Walk, scratch: Scratch) -> int:
    """Count co-actions into acc[b], for partners in `often` where `marked`, else for all b > a; clears `seen`."""
    seen, often, acc, stamp, touched = scratch
    start, rows, lo, hi, code, obj, post = walk
    n, own, group = 0, 2 * a + 1, 0
    for r in range(start[a], start[a + 1]):
        i = rows[r]
        if r == start[a] or obj[i] != obj[rows[r - 1]]:
            group += 1
        once = code[i] & 1 == 0
        for j in range(lo[i], hi[i]):
            c = code[j]
            seen[c >> 7] = 0
            if marked and (often[c >> 7] >> np.uint64((c >> 1) & 63)) & _ONE == 0:
                continue
            if c <= own or (shared and post[j] == post[i]):
                continue
            b = c >> 1
            v = acc[b]
            if v == 0:
                touched[n] = b
                n += 1
            if once and c & 1 == 0:
                acc[b] = v + _ONE_OBJECT + 1
            elif v != 0 and stamp[b] == group:
                acc[b] = v + 1
            else:
                stamp[b] = group
                acc[b] = v + _ONE_OBJECT + 1
    for k in range(n):
        often[touched[k] >> 6] |= _ONE << np.uint64(touched[k] & 63)
    return n


@njit(cache=True, nogil=True)
def counts_block(a0: int, a1: int, min_objects: int, shared: bool, walk: Walk, scratch: Scratch) -> Table:
    """Counts of all kept pairs (a, b) with a0 <= a < a1: (k, N_COUNTS), sorted by (a, b)."""
    _, often, acc, _, touched = scratch
    out, k = np.empty((1024, N_COUNTS), np.int64), 0
    for a in range(a0, a1):
        n = count_account(a, min_objects, shared, walk, scratch)
        if k + n > out.shape[0]:
            old, out = out, np.empty((max(2 * out.shape[0], k + n), N_COUNTS), np.int64)
            out[:k] = old[:k]
        for b in touched[:n]:
            out[k, 0], out[k, 1] = a, b
            out[k, 2], out[k, 3] = acc[b] >> 40, acc[b] & _PAIRS
            acc[b] = 0
            often[b >> 6] = 0
            k += 1
    return out[:k]
