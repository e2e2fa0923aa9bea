"""Who touches what by interest, activity and popularity alone: p_uo of the configuration model in each stratum.

Maximum entropy with given expected degrees (BiCM; Saracco et al., New J. Phys. 19 (2017)): within a stratum
p_uo = x_u y_o / (1 + x_u y_o), with sum over objects p_uo = k_u and sum over the stratum's accounts p_uo = n_o.
Accounts of one degree share an x, objects of one count share a y, so a stratum is solved on its classes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from unisono.maths.types import F64, I32, I64
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import starts

_ROUNDS = 200
_TOLERANCE = 1e-6


class ConfigurationModel(NamedTuple):
    """Fitted strata, as kernels take them. stratum, x: (n_accounts,), -1 and 0 for those not tested; start: CSR from a
    stratum to its `objects` (sorted) and their y: (n cells,). Objects of one degree in a stratum are one column:
    column: (n cells,); columns: CSR from a stratum to its columns, and their y as `level`."""

    stratum: I32
    x: F64
    start: I64
    objects: I32
    y: F64
    column: I32
    columns: I64
    level: F64

    def probability(self, account: int, obj: int) -> float:
        """p_uo of one account and object (slow; for tests and explanations)."""
        a, b = self.start[self.stratum[account] : self.stratum[account] + 2]
        at = a + int(np.searchsorted(self.objects[a:b], obj))
        if at == b or self.objects[at] != obj:
            return 0.0
        z = float(self.x[account] * self.y[at])
        return z / (1 + z)


def fit_configuration_model(first: FirstTouches, stratum: I32) -> ConfigurationModel:
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
    x, y = np.zeros(first.n_accounts), np.zeros(len(cell))
    rows, row_of = _classes(stratum[accounts], degree[accounts], n_strata)
    columns, column_of = _classes(cell // width, count, n_strata)
    _solve(rows, columns)
    x[accounts], y[:] = rows.fitted[row_of], columns.fitted[column_of]
    return ConfigurationModel(
        stratum, x, start, (cell % width).astype(np.int32), y, column_of.astype(np.int32), columns.start, columns.fitted
    )


class _Classes(NamedTuple):
    """Rows or columns of one degree, stratum by stratum: start: CSR from a stratum to its classes; their degree, how
    many each holds, and room for what is fitted."""

    start: I64
    degree: F64
    many: F64
    fitted: F64


def _classes(stratum: I32, degree: I64, n_strata: int) -> tuple[_Classes, I64]:
    """The classes of rows or columns, and that of each."""
    key, of, many = np.unique(stratum.astype(np.int64) << 32 | degree, return_inverse=True, return_counts=True)
    start = np.searchsorted(key, np.arange(n_strata + 1) << 32)
    return _Classes(start, (key & 0xFFFFFFFF).astype(np.float64), many.astype(np.float64), np.zeros(len(key))), of


@njit(cache=True, nogil=True)
def _solve(rows: _Classes, columns: _Classes) -> None:
    """x per class of rows and y per class of columns, by fixed point. A full row or column (p = 1) has no finite
    solution: it is held just below, and the rounds end at _ROUNDS."""
    xs, ys, ks, ns = rows.fitted, columns.fitted, rows.degree, columns.degree
    for g in range(rows.start.size - 1):
        i0, i1, j0, j1 = rows.start[g], rows.start[g + 1], columns.start[g], columns.start[g + 1]
        total = 0.0
        for i in range(i0, i1):
            total += ks[i] * rows.many[i]
        root = np.sqrt(max(total, 1.0))
        for i in range(i0, i1):
            xs[i] = ks[i] / root
        for j in range(j0, j1):
            ys[j] = ns[j] / root
        for _ in range(_ROUNDS):
            worst = 0.0
            for i in range(i0, i1):
                s = 0.0
                for j in range(j0, j1):
                    s += columns.many[j] * ys[j] / (1.0 + xs[i] * ys[j])
                new = min(ks[i] / s, 1e9) if s > 0 else 0.0
                worst = max(worst, abs(new - xs[i]) / max(new, 1e-300))
                xs[i] = new
            for j in range(j0, j1):
                s = 0.0
                for i in range(i0, i1):
                    s += rows.many[i] * xs[i] / (1.0 + xs[i] * ys[j])
                new = min(ns[j] / s, 1e9) if s > 0 else 0.0
                worst = max(worst, abs(new - ys[j]) / max(new, 1e-300))
                ys[j] = new
            if worst < _TOLERANCE:
                break
