"""Who touches what by interest, activity and popularity alone: p_uo of the configuration model in each stratum.

Maximum entropy with given expected degrees (BiCM; Saracco et al., New J. Phys. 19 (2017)): within a stratum
p_uo = x_u y_o / (1 + x_u y_o), with sum over objects p_uo = k_u and sum over the stratum's accounts p_uo = n_o.
Accounts of one degree share an x, objects of one count share a y, so a stratum is solved on its classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from unisono.maths.types import F64, I32, I64
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import starts

_ROUNDS = 200
_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Margins:
    """Fitted strata. stratum, x: (n_accounts,), -1 and 0 for those not tested; start: CSR from a stratum to its
    `objects` (sorted) and their y: (n cells,)."""

    stratum: I32
    x: F64
    start: I64
    objects: I32
    y: F64

    def probability(self, account: int, obj: int) -> float:
        """p_uo of one account and object (slow; for tests and explanations)."""
        a, b = self.start[self.stratum[account] : self.stratum[account] + 2]
        at = a + int(np.searchsorted(self.objects[a:b], obj))
        if at == b or self.objects[at] != obj:
            return 0.0
        z = float(self.x[account] * self.y[at])
        return z / (1 + z)


def fit_margins(first: FirstTouches, stratum: I32) -> Margins:
    """Solve every stratum. Only objects that at least two accounts touched count."""
    use = (stratum[first.account] >= 0) & (first.n_sharers >= 2)[first.object]
    n_strata = int(stratum.max(initial=-1)) + 1
    group, obj = stratum[first.account[use]].astype(np.int64), first.object[use]
    width = max(len(first.slots) - 1, 1)
    cell, count = np.unique(group * width + obj, return_counts=True)
    start = starts(cell // width, n_strata)
    degree = np.bincount(first.account[use], minlength=first.n_accounts).astype(np.int64)
    accounts = np.flatnonzero(stratum >= 0)
    accounts = accounts[np.argsort(stratum[accounts], kind="stable")]
    borders = starts(stratum[accounts], n_strata)
    x, y = np.zeros(first.n_accounts), np.zeros(len(cell))
    _solve(borders, accounts, degree, start, count.astype(np.int64), x, y)
    return Margins(stratum, x, start, (cell % width).astype(np.int32), y)


@njit(cache=True, nogil=True)
def _solve(borders: I64, accounts: I64, degree: I64, start: I64, count: I64, x: F64, y: F64) -> None:
    for g in range(borders.size - 1):
        own = accounts[borders[g] : borders[g + 1]]
        ks, ns = np.unique(degree[own]), np.unique(count[start[g] : start[g + 1]])
        k_of, n_of = np.searchsorted(ks, degree[own]), np.searchsorted(ns, count[start[g] : start[g + 1]])
        k_many, n_many = np.zeros(ks.size), np.zeros(ns.size)
        for i in k_of:
            k_many[i] += 1
        for i in n_of:
            n_many[i] += 1
        xs, ys = _fixed_point(ks, k_many, ns, n_many)
        x[own] = xs[k_of]
        y[start[g] : start[g + 1]] = ys[n_of]


@njit(cache=True, nogil=True)
def _fixed_point(ks: I64, k_many: F64, ns: I64, n_many: F64) -> tuple[F64, F64]:
    """x per degree class and y per count class. A full row or column (p = 1) has no finite solution: it is held
    just below, and the rounds end at _ROUNDS."""
    total = max((ks * k_many).sum(), 1.0)
    xs, ys = ks / np.sqrt(total), ns / np.sqrt(total)
    for _ in range(_ROUNDS):
        worst = 0.0
        for i in range(ks.size):
            s = 0.0
            for j in range(ns.size):
                s += n_many[j] * ys[j] / (1.0 + xs[i] * ys[j])
            new = min(ks[i] / s, 1e9) if s > 0 else 0.0
            worst = max(worst, abs(new - xs[i]) / max(new, 1e-300))
            xs[i] = new
        for j in range(ns.size):
            s = 0.0
            for i in range(ks.size):
                s += k_many[i] * xs[i] / (1.0 + xs[i] * ys[j])
            new = min(ns[j] / s, 1e9) if s > 0 else 0.0
            worst = max(worst, abs(new - ys[j]) / max(new, 1e-300))
            ys[j] = new
        if worst < _TOLERANCE:
            break
    return xs, ys
