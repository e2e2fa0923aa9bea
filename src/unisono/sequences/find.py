"""Lists: whose order of things is more like another's than habit and chance explain, and who worked the same list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.orders import share_at, share_within
from unisono.maths.types import F64, I64, Bools
from unisono.nulls.touches import FirstTouches
from unisono.sequences.compare import Side, compare
from unisono.sequences.runs import LEAST, Candidates, candidates

HABIT = 0.5
"""An order whose Kendall correlation with that in which things came up is larger, either way, is a way to read."""
ATTAINABLE = 0.025
"""Largest p that the very same order may have where a run is tested: a shorter or more habitual one says nothing."""


@dataclass(frozen=True)
class Lists:
    """One trace. found: pairs of runs; p_a, p_b: (n_pairs,) p of the order of each of the two runs, given the other's,
    for all that its account was compared with; NaN where it is not tested.

    account, p: (n_tested,) accounts that are tested, and their smallest p
    """

    found: Candidates
    p_a: F64
    p_b: F64
    account: I64
    p: F64

    @property
    def p_pair(self) -> F64:
        """(n_pairs,) the smaller of the two, NaN where neither is tested."""
        return np.fmin(self.p_a, self.p_b)


def find_lists(first: FirstTouches) -> Lists:
    """Runs of a trace whose order is that of another account's run, at any lag."""
    found = candidates(first)
    one, two = compare(found)
    n = len(found.a)
    side = Side(*(np.concatenate(both) for both in zip(one, two, strict=True)))
    p = np.full(2 * n, np.nan)
    account = found.runs.account[side.run].astype(np.int64)
    rows, chance = _tested(side)
    p[rows] = np.minimum(chance * _sets(side, rows, account), 1.0)
    tested = np.unique(account[rows])
    best = np.ones(len(tested))
    np.minimum.at(best, np.searchsorted(tested, account[rows]), p[rows])
    return Lists(found, p[:n], p[n:], tested, best)


def _tested(side: Side) -> tuple[I64, F64]:
    """Rows that are tested, and of each a bound on the chance of an order as near to any that it is compared with.

    The run's order is uniform among those as far from habit, so that a habit of any strength explains itself. All runs
    over the same objects are compared at once: what they have in common as orders is one order, and counts once.
    """
    rows = np.flatnonzero(side.n >= LEAST)
    pairs = side.n[rows] * (side.n[rows] - 1) / 2
    rows = rows[np.abs(1 - 2 * side.from_habit[rows] / pairs) <= HABIT]
    orders = _orders(side, rows)
    same, near = np.empty(len(rows)), np.empty(len(rows))
    for n in np.unique(side.n[rows]).tolist():
        here = side.n[rows] == n
        k = rows[here]
        as_far = share_at(n)[side.from_habit[k]]
        same[here] = orders[here] * share_within(n)[0] / as_far
        near[here] = orders[here] * share_within(n)[side.discordant[k]] / as_far
    can = same <= ATTAINABLE
    return rows[can], near[can]


def _orders(side: Side, rows: I64) -> I64:
    """(n_rows,) distinct orders with which the run of each row is compared over the same objects."""
    unit, n_units = _units(side, rows)
    order = np.unique(side.order[rows], return_inverse=True)[1]
    distinct = np.unique(np.stack([unit, order]), axis=1)[0] if len(rows) else unit
    return np.bincount(distinct, minlength=n_units)[unit]


def _sets(side: Side, rows: I64, account: I64) -> I64:
    """(n_rows,) runs and sets of objects on which the account of each row is tested (Bonferroni)."""
    unit, n_units = _units(side, rows)
    of = np.empty(n_units, np.int64)
    of[unit] = account[rows]
    return np.bincount(of, minlength=int(account.max(initial=-1)) + 1)[account[rows]]


def _units(side: Side, rows: I64) -> tuple[I64, int]:
    """Number of the run and set of objects of each row, and how many there are."""
    if not len(rows):
        return np.empty(0, np.int64), 0
    objects = np.unique(side.objects[rows], return_inverse=True)[1]
    unit = np.unique(np.stack([side.run[rows], objects]), axis=1, return_inverse=True)[1].reshape(-1)
    return unit.astype(np.int64), int(unit.max()) + 1


def q_of_pairs(parts: Sequence[Lists], any_dependence: bool = False) -> tuple[list[F64], int]:
    """Of each trace the q of its pairs, 1 where they are not tested: the smallest rate at which an account with this p
    is called, in one family of all accounts of all traces, whose size is the second.

    any_dependence: by e-BH, as `q_under_any_dependence`.
    """
    family = np.sort(_as_tested(np.concatenate([np.empty(0), *(x.p for x in parts)]), any_dependence))
    later = np.append(benjamini_hochberg(family, len(family)), 1.0)
    out = []
    for x in parts:
        own, some = np.ones(len(x.p_a)), np.flatnonzero(~np.isnan(x.p_pair))
        p = _as_tested(x.p_pair[some], any_dependence)
        as_small = np.searchsorted(family, p, "right")  # at least one: the account's own smallest
        own[some] = np.minimum(p * len(family) / as_small, later[as_small])
        out.append(own)
    return out, len(family)


def _as_tested(p: F64, any_dependence: bool) -> F64:
    return np.minimum(2 * np.sqrt(p), 1.0) if any_dependence else p


def lists_of(found: Candidates, called: Bools) -> I64:
    """(n_pairs,) number of the list of each called pair of runs, from 0, that of most runs first; -1 for others."""
    n = len(found.runs)
    links = sparse.coo_matrix((np.ones(int(called.sum())), (found.a[called], found.b[called])), shape=(n, n))
    of = csgraph.connected_components(links, directed=False)[1] if n else np.empty(0, np.int32)
    out = np.full(len(called), -1)
    names, sizes = np.unique(of, return_counts=True)
    there = np.unique(of[found.a[called]])
    order = there[np.lexsort((there, -sizes[np.searchsorted(names, there)]))]
    place = np.full(len(names), -1)
    place[order] = np.arange(len(order))
    out[called] = place[of[found.a[called]]]
    return out
