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
from unisono.maths.types import I32, I64, U64, int64

Table = I64
Bits = U64

N_COUNTS = 4
"""Rows of the counts: a, b, n_objects, n_pairs."""
_ONE_OBJECT = 1 << 40  # an accumulator holds n_objects above bit 40 and n_pairs below it
_PAIRS = _ONE_OBJECT - 1


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
    """Working memory of one thread: seen, often (a bit per account), acc, stamp, touched (an entry per account),
    and clock, how many objects of accounts were walked so far."""

    seen: Bits
    often: Bits
    acc: I64
    stamp: I32
    touched: I32
    clock: I32


def scratch_for(n_accounts: int) -> Scratch:
    """Room for so many accounts; every function leaves `seen`, `often` and `acc` as it found them, all zero."""
    words = n_accounts // 64 + 1
    return Scratch(
        np.zeros(words, np.uint64), np.zeros(words, np.uint64),
        np.zeros(n_accounts, np.int64), np.zeros(n_accounts, np.int32), np.empty(n_accounts, np.int32),
        np.zeros(1, np.int32),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def count_account(a: int, min_objects: int, shared: bool, walk: Walk, scratch: Scratch) -> int:
    """Pass 1 for one account. Leaves its kept partners b > a, sorted, in `touched[:n]` and their counts in `acc`;
    returns n."""
    _, _, acc, _, touched, _ = scratch
    n = _accumulate(a, min_objects > 1, shared, walk, scratch)
    _forget(a, walk, scratch[0])
    kept = 0
    for k in range(n):
        b = touched[k]
        if acc[b] >> 40 >= min_objects:
            touched[kept] = b
            kept += 1
        else:
            acc[b] = 0
    sort_first(touched, kept)
    return kept


@njit(cache=True, nogil=True)
def _accumulate(a: int, lazy: bool, shared: bool, walk: Walk, scratch: Scratch) -> int:
    """Count co-actions with partners b > a into acc[b]; returns how many partners are in `touched`.

    Most pairs meet once. Where `lazy`, a first meeting leaves one bit in `seen` and no entry in the accumulator,
    which does not fit the near caches: the second meeting counts it. Where one of the two touched the object
    several times, `stamp` says whether they met on it before.
    """
    seen, _, acc, stamp, touched, clock = scratch
    start, rows, lo, hi, code, obj, post = walk
    n, own, now = 0, 2 * a + 1, clock[0]
    eager = np.uint64(0) if lazy else ~np.uint64(0)
    for r in range(start[a], start[a + 1]):
        i = rows[r]
        if r == start[a] or obj[i] != obj[rows[r - 1]]:
            now += 1
        several = code[i] & 1
        for j in range(lo[i], hi[i]):
            c = code[j]
            if shared and post[j] == post[i]:
                continue
            b = c >> 1
            bit = np.uint64(c > own) << np.uint64(b & 63)
            before = seen[b >> 6]
            seen[b >> 6] = before | bit
            again = False
            if several | (c & 1):
                again = stamp[b] == now
                stamp[b] = now
            if (before | eager) & bit == 0:
                continue
            v = acc[b]
            if v == 0:
                touched[n] = b
                n += 1
                if before & bit != 0:
                    v = _ONE_OBJECT + 1
            acc[b] = v + 1 if again else v + _ONE_OBJECT + 1
    clock[0] = now
    return n


@njit(cache=True, nogil=True)
def _forget(a: int, walk: Walk, seen: Bits) -> None:
    """Clear `seen` after account a: at once, or where it met few by walking over them again."""
    start, rows, lo, hi, code, _, _ = walk
    met = 0
    for r in range(start[a], start[a + 1]):
        met += hi[rows[r]] - lo[rows[r]]
    if 16 * met > seen.size:
        seen[:] = 0
        return
    for r in range(start[a], start[a + 1]):
        for j in range(lo[rows[r]], hi[rows[r]]):
            seen[code[j] >> 7] = 0


def counts_block(a0: int, a1: int, min_objects: int, shared: bool, walk: Walk, scratch: Scratch) -> Table:
    """Counts of all kept pairs (a, b) with a0 <= a < a1: (N_COUNTS, k), pairs sorted by (a, b)."""
    out, k = _counts(a0, a1, min_objects, shared, walk, scratch)
    counts: Table = out[:, :k]
    return counts


@njit(cache=True, nogil=True)
def _counts(a0: int, a1: int, min_objects: int, shared: bool, walk: Walk, scratch: Scratch) -> tuple[Table, int]:
    out, k = np.empty((N_COUNTS, 1024), np.int64), int64(0)
    for a in range(a0, a1):
        n = count_account(a, min_objects, shared, walk, scratch)
        out = grown(out, k, n)
        harvest(a, n, out, k, scratch)
        k += n
    return out, k


@njit(cache=True, nogil=True)
def harvest(a: int, n: int, out: Table, k: int, scratch: Scratch) -> None:
    """Write the n partners that `count_account` left into rows 0 to 3 from column k on, and forget them."""
    _, _, acc, _, touched, _ = scratch
    for x in range(n):
        b = touched[x]
        out[0, k + x], out[1, k + x] = a, b
        out[2, k + x], out[3, k + x] = acc[b] >> 40, acc[b] & _PAIRS
        acc[b] = 0


@njit(cache=True, nogil=True)
def grown(table: Table, used: int, more: int) -> Table:
    """The table with room for `more` columns beyond `used`."""
    if used + more <= table.shape[1]:
        return table
    out = np.empty((table.shape[0], max(2 * table.shape[1], used + more)), np.int64)
    for r in range(table.shape[0]):
        for k in range(used):
            out[r, k] = table[r, k]
    return out
