"""From tested layers to edges: which pairs chance does not explain, at a false-discovery rate over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from unisono.certify.sample_splitting import Certification, Certified, Sought, certify
from unisono.edges.combine import Verdicts, combine
from unisono.edges.gate import gated
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.sorting import distinct
from unisono.maths.types import F64, I64
from unisono.nulls.layer import EVERY_TEST, K_TIMING, Asked, Background, Tested, assess, at_window, chances_of
from unisono.nulls.meetings import LEAST
from unisono.nulls.reference import everyone, usual_tails, without
from unisono.pairs.arrays import Flags

ROUTES = 2
"""Ways for a group to be called: by its links, and certified on held-out time. Each has its part of the rate."""


@dataclass(frozen=True)
class Layer:
    """One trace at one window, tested. number: account of the study by account of the trace."""

    trace: str
    window_us: int
    ground: Background
    tested: Tested
    number: I64


@dataclass(frozen=True)
class Called:
    """What is called in one layer, one value per candidate pair.

    log_p, q, is_edge: of the edge test, in the family of all pairs and layers; where `by_group` q is that of the
    reference or timing test
    q_timing, q_reference: of the timing and reference tests, in the layer's own family; q_selection: of the selection
    test, in the family of all pairs
    by_group: edges by the timing or reference test inside a certified group, not by the joint null; by_reference:
    those by the reference test alone
    selection_driven: who shares what is beyond chance, and no test that looks at times calls it an edge
    certified: groups that passed on objects on which they were not found, of n_candidates, with `draws` draws in all
    """

    log_p: F64
    q: F64
    is_edge: Flags
    log_p_reference: F64
    q_timing: F64
    q_reference: F64
    q_selection: F64
    by_group: Flags
    by_reference: Flags
    selection_driven: Flags
    certified: list[Certified]
    n_candidates: int
    draws: int


def layer(
    trace: str, window_us: int, ground: Background, a: I64, b: I64, number: I64 | None = None,
    threshold: float | None = None, asked: Asked = EVERY_TEST,
) -> Layer:  # fmt: skip
    """Test the candidate pairs (a[i] < b[i], accounts of the trace) of one layer. threshold, asked: see `assess`; of
    several layers the same for all."""
    numbers = np.arange(ground.first.n_accounts) if number is None else number
    here = at_window(ground, window_us)
    tested = assess(here, chances_of(here, window_us), a, b, threshold, asked)
    return Layer(trace, window_us, here, tested, numbers)


def family(layers: Sequence[Layer]) -> int:
    """Pairs of accounts that some layer can test."""
    n = n_tested(layers)
    return n * (n - 1) // 2


def n_tested(layers: Sequence[Layer]) -> int:
    """Accounts that some layer can test."""
    tested = [x.number[x.ground.first.tested] for x in layers]
    return len(distinct(np.concatenate(tested))) if tested else 0


def call(
    layers: Sequence[Layer], fdr: float, seed: int = 0, any_dependence: bool = False, reference: bool = True
) -> tuple[list[Called], Verdicts]:
    """Edges of every layer, and the verdict on every pair over all of them.

    A pair is an edge where its combined joint p is a discovery at `fdr` and its timing passes the gate; or where its
    timing or reference p is one in a group that was certified in time in which it was not found. By timing the pair has
    to be a discovery if this group's were the only ones, or most pairs of the group discoveries: what is said of a few
    pairs of one group does not become easier to say because another group was found.
    any_dependence: edges by the joint test alone, by e-BH; what certifies groups rests on positive dependence.
    reference: whether edges by the reference test alone are asked for.
    """
    own, log_p = _own_rows(layers), [x.tested.log_p_edge for x in layers]
    verdicts = _joint(layers, log_p, any_dependence)
    passed = [
        gated(p, x.tested.observed.log_p, verdicts.q_row[rows] <= fdr, fdr)
        for p, x, rows in zip(log_p, layers, own, strict=True)
    ]
    verdicts = _joint(layers, passed, any_dependence)
    seen = [_of_layer(x, len(layers), fdr, verdicts.n_tests) for x in layers]
    wanted = [
        k for k, x in enumerate(layers)
        if not any_dependence and (seen[k].concentrated or (reference and _alone(x.tested)))
    ]  # fmt: skip
    found = [Certification([], 0, 0) for _ in layers]
    sought = [
        Sought(x.ground, x.window_us, x.tested.a, x.tested.b, seen[k].concentrated)
        for k, x in ((k, layers[k]) for k in wanted)
    ]
    for k, certification in zip(wanted, certify(sought, fdr / ROUTES, seed), strict=True):
        found[k] = certification
    called = [
        _call(x, y, f, verdicts, rows, len(layers), fdr, reference)
        for x, y, f, rows in zip(layers, seen, found, own, strict=True)
    ]
    return called, verdicts


def _joint(layers: Sequence[Layer], log_p: Sequence[F64], any_dependence: bool) -> Verdicts:
    """The edge test over all layers. log_p: of the candidates of each."""
    a, b = (np.concatenate([np.empty(0, np.int64), *(f(x) for x in layers)]) for f in (_a, _b))
    return combine(a, b, np.concatenate([np.empty(0), *log_p]), len(layers), family(layers), any_dependence)


def _own_rows(layers: Sequence[Layer]) -> list[slice]:
    """The rows of each layer among those of all."""
    ends = np.cumsum([0, *(len(x.tested.a) for x in layers)]).tolist()
    return [slice(begin, end) for begin, end in pairwise(ends)]


@dataclass(frozen=True)
class _Seen:
    """q of the timing and selection tests of a layer; concentrated: whether an edge could rest on timing at all."""

    q_timing: F64
    q_selection: F64
    concentrated: bool


def _of_layer(x: Layer, n_layers: int, fdr: float, n_tests: int) -> _Seen:
    q_timing = _bh(x.tested.log_p_timing, n_layers, x.tested.n_timing)
    return _Seen(q_timing, _bh(x.tested.log_p_selection, n_layers, n_tests), bool((q_timing <= fdr).any()))


def _call(
    x: Layer, seen: _Seen, found: Certification, verdicts: Verdicts, own: slice, n_layers: int, fdr: float,
    reference: bool,
) -> Called:  # fmt: skip
    """own: the layer's rows of the verdicts."""
    t, q, certified = x.tested, verdicts.q_row[own], found.groups
    log_reference = left_out(x, [c.accounts for c in certified if c.by_reference and reference])
    q_reference = _bh(log_reference, n_layers, t.n_timing)
    q_group, by_reference = in_groups(x, certified, seen.q_timing, q_reference <= fdr, n_layers, fdr)
    by_timing = q_group <= fdr
    by_group = by_timing | by_reference
    by_joint = q <= fdr
    alone = by_group & ~by_joint
    is_edge = by_joint | by_group
    return Called(
        log_p=verdicts.log_p_row[own], q=np.where(alone, np.where(by_timing, q_group, q_reference), q), is_edge=is_edge,
        log_p_reference=t.log_p_reference, q_timing=seen.q_timing, q_reference=q_reference,
        q_selection=seen.q_selection, by_group=alone, by_reference=alone & ~by_timing,
        selection_driven=(seen.q_selection <= fdr) & ~is_edge,
        certified=certified, n_candidates=found.n_candidates, draws=found.draws,
    )  # fmt: skip


def in_groups(
    x: Layer, certified: list[Certified], q_timing: F64, by_reference: Flags, n_layers: int, fdr: float
) -> tuple[F64, Flags]:
    """q of the timing test inside groups certified by it, 1 elsewhere; and `by_reference` inside the others."""
    t = x.tested
    q, inside = np.ones(len(t.a)), np.zeros(len(t.a), np.bool_)
    for group in certified:
        pairs = np.flatnonzero(np.isin(t.a, group.accounts) & np.isin(t.b, group.accounts))
        if group.by_reference:
            inside[pairs] |= by_reference[pairs]
            continue
        own = _bh(t.log_p_timing[pairs], n_layers, t.n_timing)
        most = 2 * np.count_nonzero(q_timing[pairs] <= fdr) >= len(group.accounts) * (len(group.accounts) - 1) / 2
        q[pairs] = np.minimum(q[pairs], q_timing[pairs] if most else own)
    return q, inside


def _alone(t: Tested) -> bool:
    """Whether some pairs do together most of what they share, so that a group may have objects to itself."""
    seen = t.observed
    often = (seen.n_common >= K_TIMING) & (seen.meetings >= LEAST) & (2 * seen.n_first > seen.n_common)
    return bool(np.count_nonzero(often) >= K_TIMING)


def left_out(x: Layer, groups: list[I64]) -> F64:
    """log p of the reference test, with what is usual measured without the group that a pair is in."""
    t, first = x.tested, x.ground.first
    log_p = t.log_p_reference.copy()
    if not groups:
        return log_p
    chance = chances_of(x.ground, x.window_us)
    all_of_them = everyone(first, x.ground.touch_speed, chance.share, x.window_us)
    different = list({g.tobytes(): g for g in groups}.values())
    usual = [without(all_of_them, g) for g in different]
    inside = np.zeros((len(different), first.n_accounts), np.bool_)
    for row, accounts in zip(inside, different, strict=True):
        row[accounts] = True
    own = np.flatnonzero((inside.T[t.a] & inside.T[t.b]).any(axis=1))
    factor = chance.circadian[x.ground.clocks[t.a[own]], x.ground.clocks[t.b[own]]]
    s = t.observed.meetings[own]
    log_own = usual_tails(first, x.ground.touch_speed, usual, inside, t.a[own], t.b[own], factor, s)
    log_p[own] = np.where((t.observed.n_common[own] >= K_TIMING) & (s >= LEAST), log_own, 0.0)
    return log_p


def _bh(log_p: F64, n_layers: int, n_tests: int) -> F64:
    return benjamini_hochberg(np.exp(np.minimum(log_p + np.log(n_layers), 0.0)), max(n_tests, len(log_p)))


def _a(x: Layer) -> I64:
    return np.minimum(x.number[x.tested.a], x.number[x.tested.b])


def _b(x: Layer) -> I64:
    return np.maximum(x.number[x.tested.a], x.number[x.tested.b])
