"""Split and test: groups found on one half of the objects, tested on the other, where their finding cannot help them.

Candidates are communities of pairs that the timing null finds odd on the first half. On the second half a group's
statistic is the sum over objects of (its largest number of accounts within the window - 1) x -log q_o, against draws
in which every member is given another slot of the object. Plain shuffling is not a valid null for a group: quick
reactors alone make groups. So slots are drawn by the member's own speed, learnt from its other objects.
Sample splitting: Cox, Biometrika 62 (1975); Monte Carlo p: Phipson and Smyth, SAGMB 9 (2010).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numba import get_num_threads
from scipy import sparse
from scipy.sparse import csgraph

from unisono.certify.permutation import concentration
from unisono.certify.slot_sampler import by_likeness
from unisono.certify.splits import Halves, deal, half_shares, stand_out
from unisono.maths.leiden import leiden_cpm
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.types import F64, I8, I64
from unisono.nulls.layer import LEAST, Background
from unisono.nulls.reference import dominated_tail, dominating, everyone
from unisono.nulls.touches import FirstTouches, index_touches
from unisono.pairs.arrays import Flags

_ODD = np.log(1e-2)
_MIN_ACCOUNTS = 3
_RESOLUTION = 0.2
_SPLITS = 5
_DRAWS = 20
_MOST_DRAWS = 10_000


@dataclass(frozen=True)
class Certified:
    """A group that passed on the half on which it was not found; its accounts that came with others there as well."""

    accounts: I64
    q: float
    by_reference: bool


def certify(
    ground: Background, window_us: int, a: I64, b: I64, fdr: float, seed: int = 0, concentrated: bool = True
) -> list[Certified]:
    """Groups among candidate pairs that hold on held-out objects; both halves of several splits take both parts.

    concentrated: whether to look for groups by their concentration too, not by the reference test alone.
    BH at `fdr` over all groups of all splits. The p is the group's: it says that these accounts concentrate beyond
    their own speed, not which of them do; with one held-out object no account's own p could.
    """
    first, rng = ground.first, np.random.default_rng(seed)
    halves = deal(first, _SPLITS, rng)
    shares = half_shares(first.slots, first.t, halves, 2 * _SPLITS, window_us)
    odd, together = stand_out(first, halves, shares, window_us, a, b, LEAST, _ODD)

    def learn(h: int) -> tuple[list[I64], list[I64]]:
        return _communities(a, b, odd[h]) if concentrated else [], _communities(a, b, together[h])

    def hold(h: int, packed: list[I64], alone: list[I64], seeds: list[int]) -> list[Certified]:
        if not packed and not alone:
            return []
        held = _half(ground, halves, h ^ 1, shares)
        tested = _concentrated(held, ground.clocks, window_us, packed, seeds)
        return [*tested, *_dominant(held, window_us, alone)]

    with ThreadPoolExecutor(get_num_threads()) as pool:  # what takes long lets go of the interpreter
        packed, alone = zip(*pool.map(learn, range(len(shares))), strict=True)
        seeds = [[int(rng.integers(1 << 31)) for _ in groups] for groups in packed]
        parts = pool.map(hold, range(len(shares)), packed, alone, seeds)
        found = [c for part in parts for c in part]
    q = benjamini_hochberg(np.array([c.q for c in found]), len(found))
    return [
        Certified(c.accounts, float(own), c.by_reference)
        for c, own in zip(found, q, strict=True)
        if own <= fdr and len(c.accounts) >= _MIN_ACCOUNTS
    ]


@dataclass(frozen=True)
class _Half:
    """Some of the objects: their first touches, one for each post, the score and class of each, and q_o by object."""

    first: FirstTouches
    score: F64
    speed: I8
    share: F64


def _half(ground: Background, halves: Halves, h: int, shares: F64) -> _Half:
    first, keep = ground.first, (halves >> np.uint32(h) & np.uint32(1)).astype(np.bool_)
    part = index_touches(
        first.account[keep], first.object[keep], first.post[keep], first.t[keep], first.n_accounts,
        len(first.n_sharers),
    )  # fmt: skip
    return _Half(part, ground.touch_score[keep], ground.touch_speed[keep], shares[h])


def _concentrated(held: _Half, clocks: I8, window_us: int, groups: list[I64], seeds: list[int]) -> Iterator[Certified]:
    """Groups with the p of their concentration on held-out objects."""
    first = held.first
    touched = [first.rows[first.start[m] : first.start[m + 1]] for members in groups for m in members]
    if not touched:
        return
    alike = by_likeness(first, held.score, clocks, np.unique(first.object[np.concatenate(touched)]))
    weight = _minus_log_q(first, held.share)
    for members, seed in zip(groups, seeds, strict=True):
        p, came = concentration(first, held.score, clocks, window_us, weight, members, alike, seed, _DRAWS, _MOST_DRAWS)
        yield Certified(members[came], p, False)


def _dominant(held: _Half, window_us: int, groups: list[I64]) -> Iterator[Certified]:
    """Groups with the p of the reference test on held-out objects: 1, and nobody, where they dominate none of them."""
    rules = dominating(held.first, groups)
    usual = everyone(held.first, held.speed, held.share, window_us) if rules.any() else None
    for members, ruled in zip(groups, rules, strict=True):
        if usual is None or not ruled:
            yield Certified(members[:0], 1.0, True)
            continue
        p, came = dominated_tail(usual, members)
        yield Certified(members[came], p, True)


def _minus_log_q(first: FirstTouches, share: F64) -> F64:
    n = first.n_sharers
    least = 1 / (np.maximum(n * (n - 1) / 2, 1.0) + 1)
    weight: F64 = -np.log(np.clip(share, least, 1.0))
    return weight


def _communities(a: I64, b: I64, odd: Flags) -> list[I64]:
    """Dense communities of the pairs that are odd on this half."""
    accounts, ends = np.unique(np.r_[a[odd], b[odd]], return_inverse=True)
    m = len(ends) // 2
    links = sparse.csr_matrix((np.ones(m), (ends[:m], ends[m:])), shape=(len(accounts), len(accounts)))
    size = np.bincount(csgraph.connected_components(links, directed=False)[1]) if m else np.empty(0)
    if not (size >= _MIN_ACCOUNTS).any():
        return []
    graph = (links + links.T).tocsr()
    graph.sort_indices()
    labels = leiden_cpm(graph.indptr, graph.indices, graph.data, _RESOLUTION, 0)
    order = np.argsort(labels, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(labels))[:-1])
    return [accounts[part] for part in parts if len(part) >= _MIN_ACCOUNTS]
