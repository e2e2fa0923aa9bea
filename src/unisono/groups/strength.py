"""How sure a group, an account and a number of links are, for sets chosen after seeing the data.

The lower bound on true links is simultaneous over all sets of pairs (`maths/hommel.py`), so it holds for communities,
and for a set that a reader picks by hand. Three families give one each: the joint test of all pairs (with synchrony,
where there is any), and the timing and reference tests of pairs with three common objects; the largest is taken, and
the levels add to 5 %. Where nothing touches an object there is the first alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.maths.hommel import hommel_value, true_discoveries_at_least
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.types import F64, I64

_JOINT, _TIMING, _REFERENCE = 0.03, 0.01, 0.01


@dataclass(frozen=True)
class Family:
    """Tests of pairs: account numbers a < b, p of each, size of the family, and Hommel's value at `level`."""

    a: I64
    b: I64
    p: F64
    n_tests: int
    level: float
    h: int

    def inside(self, accounts: I64) -> F64:
        """p of the pairs with both ends among the accounts."""
        return self.p[np.isin(self.a, accounts) & np.isin(self.b, accounts)]

    def true_at_least(self, accounts: I64) -> int:
        """Lower bound on the true links among the accounts."""
        return true_discoveries_at_least(self.inside(accounts), self.h, self.level)

    def simes(self, accounts: I64) -> float:
        """Adjusted p of "no link among these accounts is true", whatever made one look at them: min n p_(i) / i."""
        p = np.sort(self.inside(accounts))
        return min(1.0, float((self.n_tests * p / np.arange(1, len(p) + 1)).min())) if len(p) else 1.0


@dataclass(frozen=True)
class Strength:
    """The families of a study over accounts `ids` (sorted), and each account's q."""

    ids: pa.Array
    families: list[Family]
    account_q: F64

    def numbers(self, accounts: pa.Array | pa.ChunkedArray) -> I64:
        """Numbers of those accounts that are in some test."""
        found = pc.drop_null(pc.index_in(accounts.cast(pa.string()), self.ids))
        return np.asarray(found, dtype=np.int64)

    def true_at_least(self, accounts: I64) -> int:
        """At least so many links among the accounts are real, at 95 %, simultaneously for every set of accounts."""
        return max((f.true_at_least(accounts) for f in self.families), default=0)

    def q(self, accounts: I64) -> float:
        """q of a group by its links: the smallest adjusted p of the families, weighted by their levels, at most 1.

        Controls the chance of any false group, hence their rate too.
        """
        total = sum(f.level for f in self.families)
        return min(1.0, *(total / f.level * f.simes(accounts) for f in self.families))


def strength(edges: pa.Table, n_accounts: int = 0, n_layers: int = 0) -> Strength:
    """From the tested rows of `edges`: trace, account_a, account_b, p, n_tests, p_timing, p_speed, q_timing,
    n_tests_timing, p_reference, q_reference.

    n_accounts: accounts of the test family, where that is known; at least those that n_tests needs and those seen.
    n_layers: traces x windows that were tested, where that is known: a layer in which nobody was seen counts among the
    K over which p is combined. Else those that the rows show.
    """
    edges = edges.unify_dictionaries()  # those of row groups differ
    columns = (edges["account_a"], edges["account_b"])
    ids = pa.chunked_array([pc.unique(c.cast(pa.string())) for c in columns], pa.string()).unique()
    ids = ids.take(pc.array_sort_indices(ids))
    combined = edges.filter(pc.and_(pc.equal(edges["trace"], "all"), pc.less(edges["p"], 1.0)))
    timed = edges["n_tests_timing"].null_count < edges.num_rows  # else nothing was tested but times without objects
    joint = _family(combined, "p", "n_tests", ids, _JOINT if timed else _JOINT + _TIMING + _REFERENCE, 1)
    some = pc.or_(pc.less(edges["q_timing"], 1.0), pc.less(edges["q_reference"], 1.0))
    layered = edges.filter(pc.fill_null(some, False))
    seen = layered.select(["trace", "window_us"]).group_by(["trace", "window_us"]).aggregate([]).num_rows
    n_layers = max(n_layers, seen)
    larger = pc.max_element_wise(layered["p_timing"], layered["p_speed"])
    timing = _family(
        layered.append_column("p_test", larger), "p_test", "n_tests_timing", ids, _TIMING, max(n_layers, 1)
    )
    reference = _family(layered, "p_reference", "n_tests_timing", ids, _REFERENCE, max(n_layers, 1))
    n = max(round((1 + np.sqrt(1 + 8.0 * joint.n_tests)) / 2), len(ids), n_accounts)
    families = [joint, timing, reference] if timed else [joint]
    return Strength(ids, families, account_q(families, len(ids), n))


def account_q(families: Sequence[Family], n_accounts: int, n_tested: int) -> F64:
    """(n_accounts,) q of "this account has no true link": Simes over its n_tested - 1 pairs in each family, the least
    of these with each family's level as its weight, Benjamini-Hochberg over accounts.

    Simes, Biometrika 73 (1986). One true link is enough; a false clique of 50 counts as 50 accounts, not 1,225.
    """
    total, own = sum(f.level for f in families), np.zeros(n_accounts)
    for f in families:
        weight = np.log(total / f.level)
        np.minimum(own, account_log_p(f.a, f.b, f.p, n_accounts, n_tested) + weight, out=own)
    there = np.flatnonzero(own < 0)
    q = np.ones(n_accounts)
    q[there] = benjamini_hochberg(np.exp(own[there]), max(n_tested, len(there)))
    return q


def account_log_p(a: I64, b: I64, p: F64, n_accounts: int, n_tested: int) -> F64:
    """(n_accounts,) log p by Simes over an account's n_tested - 1 pairs; those that are not given are p = 1."""
    account, log_p = np.r_[a, b], np.log(np.maximum(np.r_[p, p], 1e-300))
    order = np.lexsort((log_p, account))
    account, log_p = account[order], log_p[order]
    rank = np.arange(len(account)) - np.searchsorted(account, account) + 1
    own = np.zeros(n_accounts)
    np.minimum.at(own, account, log_p - np.log(rank) + np.log(max(n_tested - 1, 1)))
    return own


def _family(rows: pa.Table, p: str, n: str, ids: pa.Array, level: float, k: int) -> Family:
    a, b = (
        np.asarray(pc.index_in(rows[c].cast(pa.string()), ids).combine_chunks(), dtype=np.int64)
        for c in ("account_a", "account_b")
    )
    key = a * max(len(ids), 1) + b
    pair, at = np.unique(key, return_inverse=True)
    best = np.ones(len(pair))
    np.minimum.at(best, at, np.minimum(k * rows[p].to_numpy(), 1.0))
    n_tests = max(int(pc.max(rows[n]).as_py() or 1), len(pair), 1)
    h = hommel_value(best, n_tests, level)
    return Family(pair // max(len(ids), 1), pair % max(len(ids), 1), best, n_tests, level, h)
