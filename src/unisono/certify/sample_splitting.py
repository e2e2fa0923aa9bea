"""Sample splitting: groups found in one half of the time, tested in the other, where their finding cannot help them.

Candidates are communities of pairs that the timing null finds odd in the first half. In the second half a group's
statistic sums over stretches of time what its largest number of accounts within the window weighs (`permutation.py`),
against draws in which every member is given another slot of the object. Plain permutation is not a valid null for a
group: quick reactors alone make groups. So slots are drawn by the member's own speed, learnt from its other objects.
Sample splitting: Cox, Biometrika 62 (1975); how many draws are made: `maths/sequential.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from unisono.certify.permutation import HeldOut, draw_until, held_out
from unisono.certify.slot_sampler import SlotSampler, narrowed, slot_sampler
from unisono.certify.splits import Splits, deal, half_shares, stand_out
from unisono.maths.leiden import leiden_cpm
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.sequential import decide
from unisono.maths.sorting import distinct
from unisono.maths.threads import n_cores
from unisono.maths.types import F64, I8, I64
from unisono.nulls.layer import Background
from unisono.nulls.meetings import LEAST
from unisono.nulls.reference import dominated_tail, dominating, everyone
from unisono.nulls.touches import FirstTouches, index_touches
from unisono.pairs.arrays import Flags

_ODD = np.log(1e-2)
_MIN_ACCOUNTS = 3
_RESOLUTION = 0.2
_SPLITS = 5


@dataclass(frozen=True)
class Certified:
    """A group that passed on the half on which it was not found: its accounts that came with others there, the q of the
    group, whether it passed by the reference test, and the draws behind its p (0 where it needs none)."""

    accounts: I64
    q: float
    by_reference: bool
    draws: int = 0


@dataclass(frozen=True)
class Certification:
    """The groups that passed, of `n_candidates` that were tested with `draws` draws in all."""

    groups: list[Certified]
    n_candidates: int
    draws: int


@dataclass(frozen=True)
class Sought:
    """Where groups are looked for: the candidate pairs of a layer. concentrated: whether by their concentration too,
    not by the reference test alone."""

    ground: Background
    window_us: int
    a: I64
    b: I64
    concentrated: bool = True


def certify(sought: Sequence[Sought], fdr: float, seed: int = 0) -> list[Certification]:
    """Groups of each layer that hold in the time that was not used to find them; both halves of several splits take
    both parts.

    Benjamini-Hochberg at `fdr` over all groups of all splits and layers. The p is the group's: it says that these
    accounts concentrate beyond their own speed, not which of them do.
    """
    with ThreadPoolExecutor(n_cores()) as pool:  # what takes long lets go of the interpreter
        found = [_candidates(x, seed, pool) for x in sought]
        halves = [half for halves, _ in found for half in halves]
        fixed = [x for _, ruled in found for x in ruled]
        p, draws = _decide(halves, np.array([p for _, p in fixed]), fdr, pool)
    q = benjamini_hochberg(np.array([*p, *(p for _, p in fixed)]), len(p) + len(fixed))
    out, at, at_fixed = [], 0, len(p)
    for halves, ruled in found:
        accounts = [g for half in halves for g in half.accounts]
        own, own_fixed = slice(at, at + len(accounts)), slice(at_fixed, at_fixed + len(ruled))
        at, at_fixed = own.stop, own_fixed.stop
        passed = [
            *_passed(accounts, q[own], draws[own], fdr, False),
            *_passed([g for g, _ in ruled], q[own_fixed], np.zeros(len(ruled), np.int64), fdr, True),
        ]
        out.append(Certification(passed, len(accounts) + len(ruled), int(draws[own].sum())))
    return out


def _passed(accounts: Sequence[I64], q: F64, draws: I64, fdr: float, by_reference: bool) -> list[Certified]:
    return [
        Certified(accounts[i], float(q[i]), by_reference, int(draws[i]))
        for i in np.flatnonzero(q <= fdr).tolist()
        if len(accounts[i]) >= _MIN_ACCOUNTS
    ]


def _candidates(x: Sought, seed: int, pool: Executor) -> tuple[list[_Concentrated], list[tuple[I64, float]]]:
    """Groups found in one half of one layer and made ready for the other: those that need draws, by half, and the
    others with their p."""
    first, rng = x.ground.first, np.random.default_rng(seed)
    splits = deal(first, _SPLITS, rng)
    shares = half_shares(first.slots, first.t, splits, 2 * _SPLITS, x.window_us)
    odd, together = stand_out(first, splits, shares, x.window_us, x.a, x.b, LEAST, _ODD)

    def learn(h: int) -> tuple[list[I64], list[I64]]:
        return _communities(x.a, x.b, odd[h]) if x.concentrated else [], _communities(x.a, x.b, together[h])

    def hold(h: int, packed: list[I64], alone: list[I64]) -> tuple[_Concentrated, list[tuple[I64, float]]]:
        if not packed and not alone:
            return _Concentrated([], [], None, x.window_us), []
        held = _half(x.ground, splits, h ^ 1, shares)
        ready = _concentrated(held, x.ground.clocks, x.window_us, packed, [seed, h])
        return ready, _dominant(held, x.window_us, alone)

    packed, alone = zip(*pool.map(learn, range(len(shares))), strict=True)
    parts, ruled = zip(*pool.map(hold, range(len(shares)), packed, alone), strict=True)
    return list(parts), [y for some in ruled for y in some]


def _decide(parts: Sequence[_Concentrated], fixed: F64, fdr: float, pool: Executor) -> tuple[F64, I64]:
    """(p, draws) of the groups of all parts, one after another; fixed: p of the groups that need no draws."""
    begins = np.cumsum([0, *(len(part.groups) for part in parts)])

    def go_on(which: I64, reached: I64, draws: I64, goal: int) -> None:
        def of_part(k: int) -> None:
            own = which[(which >= begins[k]) & (which < begins[k + 1])]
            parts[k].keep(own - begins[k])
            for i in own:
                reached[i], draws[i] = parts[k].draw(int(i - begins[k]), reached[i], draws[i], goal)

        list(pool.map(of_part, range(len(parts))))

    return decide(int(begins[-1]), go_on, fixed, fdr)


@dataclass(frozen=True)
class _Half:
    """Some of the time: its first touches, the score and class of each, and q_o by object."""

    first: FirstTouches
    score: F64
    speed: I8
    share: F64


def _half(ground: Background, splits: Splits, h: int, shares: F64) -> _Half:
    first, keep = ground.first, (splits >> np.uint32(h) & np.uint32(1)).astype(np.bool_)
    part = index_touches(
        first.account[keep], first.object[keep], first.post[keep], first.t[keep], first.n_accounts,
        len(first.n_sharers), first.sitting[keep],
    )  # fmt: skip
    return _Half(part, ground.touch_score[keep], ground.touch_speed[keep], shares[h])


@dataclass
class _Concentrated:
    """Groups of one half made ready for their draws on the other: accounts of each that came with others there, and the
    slots of their objects, which shrink as groups are decided."""

    accounts: list[I64]
    groups: list[HeldOut]
    slots: SlotSampler | None
    window_us: int

    def keep(self, open_: I64) -> None:
        """Forget the slots that none of these groups needs."""
        if self.slots is not None:
            objects = _objects([self.groups[i] for i in open_])
            if 2 * len(objects) < len(self.slots.objects):
                self.slots = narrowed(self.slots, objects)

    def draw(self, i: int, reached: int, draws: int, goal: int) -> tuple[int, int]:
        """Go on with the draws of group i."""
        assert self.slots is not None  # where there are groups there are slots
        return draw_until(self.slots, self.groups[i], self.window_us, reached, draws, goal)


def _concentrated(held: _Half, clocks: I8, window_us: int, members: list[I64], seed: list[int]) -> _Concentrated:
    first, weight = held.first, _minus_log_q(held.first, held.share)
    keys = np.random.SeedSequence(seed).generate_state(len(members), np.uint64) >> np.uint64(1)
    found = [
        held_out(first, held.score, clocks, window_us, weight, own, int(key))
        for own, key in zip(members, keys, strict=True)
    ]
    groups = [group for group, _ in found]
    slots = slot_sampler(first, held.score, clocks, _objects(groups)) if groups else None
    accounts = [own[came] for own, (_, came) in zip(members, found, strict=True)]
    return _Concentrated(accounts, groups, slots, window_us)


def _objects(groups: list[HeldOut]) -> I64:
    return distinct(np.concatenate([np.empty(0, np.int64), *(g.objects for g in groups)]))


def _dominant(held: _Half, window_us: int, groups: list[I64]) -> list[tuple[I64, float]]:
    """Accounts that came with others and p, of each group by the reference test on held-out objects: nobody and 1 where
    it dominates none of them."""
    rules = dominating(held.first, groups)
    usual = everyone(held.first, held.speed, held.share, window_us) if rules.any() else None
    found = []
    for members, ruled in zip(groups, rules, strict=True):
        if usual is None or not ruled:
            found.append((members[:0], 1.0))
            continue
        p, came = dominated_tail(usual, members)
        found.append((members[came], p))
    return found


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
