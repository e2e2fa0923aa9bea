"""Split and test: groups found on one half of the objects, tested on the other, where their finding cannot help them.

Candidates are communities of pairs that the timing null finds odd on the first half. On the second half a group's
statistic is the sum over objects of (its largest number of accounts within the window - 1) x -log q_o, against draws
in which every member is given another slot of the object. Plain shuffling is not a valid null for a group: quick
reactors alone make groups. So slots are drawn by the member's own speed, learnt from its other objects.
Sample splitting: Cox, Biometrika 62 (1975); Monte Carlo p: Phipson and Smyth, SAGMB 9 (2010).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from unisono.edges.draws import concentration
from unisono.edges.latency import I8, Chances, chances
from unisono.edges.layer import Background
from unisono.edges.reference import dominated_tail
from unisono.edges.timing import observe
from unisono.edges.touches import FirstTouches, index_touches, within_window
from unisono.maths.leiden import leiden_cpm
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.pairs.arrays import I64, Flags

F64 = npt.NDArray[np.float64]

_ODD = np.log(1e-2)
_MIN_ACCOUNTS = 3
_RESOLUTION = 0.2
_SPLITS = 5
_DRAWS = 100
_MOST_DRAWS = 10_000


@dataclass(frozen=True)
class Certified:
    """A group that passed on the half on which it was not found; its accounts that came with others there as well."""

    accounts: I64
    q: float
    by_reference: bool


def certify(ground: Background, window_us: int, a: I64, b: I64, fdr: float, seed: int = 0) -> list[Certified]:
    """Groups among candidate pairs that hold on held-out objects; both halves of several splits take both parts.

    BH at `fdr` over all groups of all splits. The p is the group's: it says that these accounts concentrate beyond
    their own speed, not which of them do; with one held-out object no account's own p could.
    """
    first, rng = ground.first, np.random.default_rng(seed)
    found: list[Certified] = []
    ranks = [rng.permutation(len(first.n_sharers)) for _ in range(_SPLITS)]
    for rank, parity in ((r, p) for r in ranks for p in (0, 1)):
        once, side = _one_per_post(first, rank), (rank % 2 == parity)[first.object]
        learnt, held = _half(ground, once & side, window_us), _half(ground, once & ~side, window_us)
        weight = _minus_log_q(held.first, window_us)
        seen = observe(learnt.first, learnt.speed, ground.clocks, learnt.chance, a, b)
        for members in _communities(a, b, (seen.occasions >= 2) & (seen.log_p < _ODD)):
            seed = int(rng.integers(1 << 31))
            p, came = concentration(
                held.first, held.score, ground.clocks, window_us, weight, members, seed, _DRAWS, _MOST_DRAWS
            )
            found.append(Certified(members[came], p, False))
        for members in _communities(a, b, (seen.occasions >= 2) & (2 * seen.occasions >= seen.n_common)):
            p, came = dominated_tail(held.first, held.speed, held.chance.share, window_us, members)
            found.append(Certified(members[came], p, True))
    q = benjamini_hochberg(np.array([c.q for c in found]), len(found))
    return [
        Certified(c.accounts, float(own), c.by_reference)
        for c, own in zip(found, q, strict=True)
        if own <= fdr and len(c.accounts) >= _MIN_ACCOUNTS
    ]


@dataclass(frozen=True)
class _Half:
    """Some of the objects: their first touches, one for each post, and the score and class of each."""

    first: FirstTouches
    score: F64
    speed: I8
    chance: Chances


def _one_per_post(first: FirstTouches, rank: I64) -> Flags:
    """Touches left when every post keeps one of its objects, that of the lowest rank.

    A post with five hashtags is one occasion: with some of them on either side the finding would test itself. Posts
    of the same hashtags keep the same one.
    """
    order = np.lexsort((rank[first.object], first.account, first.post))
    new = np.ones(len(order), np.bool_)
    new[1:] = (np.diff(first.post[order]) != 0) | (np.diff(first.account[order]) != 0)
    once = np.zeros(len(order), np.bool_)
    once[order[new]] = True
    return once


def _half(ground: Background, keep: Flags, window_us: int) -> _Half:
    first = ground.first
    part = index_touches(
        first.account[keep], first.object[keep], first.post[keep], first.t[keep], first.n_accounts,
        len(first.n_sharers),
    )  # fmt: skip
    speed = ground.touch_speed[keep]
    return _Half(part, ground.touch_score[keep], speed, chances(part, speed, ground.clocks, window_us))


def _minus_log_q(first: FirstTouches, window_us: int) -> F64:
    n = first.n_sharers
    pairs = np.maximum(n * (n - 1) / 2, 1.0)
    weight: F64 = -np.log(np.clip(within_window(first.slots, first.t, window_us) / pairs, 1 / (pairs + 1), 1.0))
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
