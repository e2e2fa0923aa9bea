"""Many tests at once: Benjamini-Hochberg, e-BH, and the smallest of a few p-values."""

from __future__ import annotations

import numpy as np

from unisono.maths.types import F64, Bools


def benjamini_hochberg(p: F64, n_tests: int) -> F64:
    """q-values of `p`: the smallest false-discovery rate at which each is a discovery.

    n_tests: size of the whole family; tests that are not in `p` count as p = 1. Benjamini and Hochberg, JRSS B 57
    (1995); valid under independence and positive regression dependence.
    """
    p = np.asarray(p, np.float64)
    if n_tests < len(p):
        raise ValueError(f"{len(p)} p-values of a family of {n_tests}")
    order = np.argsort(p, kind="stable")
    raw = p[order] * (n_tests / np.arange(1, len(p) + 1))
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return q


def q_under_any_dependence(p: F64, n_tests: int) -> F64:
    """q-values by e-BH of e = 1 / (2 sqrt p): valid whatever depends on what, and much less powerful.

    1 / (2 sqrt p) has expectation 1 for uniform p (Vovk and Wang, Annals of Statistics 49 (2021)), and e-BH is
    Benjamini-Hochberg of 1 / e (Wang and Ramdas, JRSS B 84 (2022)).
    """
    return benjamini_hochberg(np.minimum(2 * np.sqrt(np.asarray(p, np.float64)), 1.0), n_tests)


def smallest_of(p: F64, k: int) -> F64:
    """Combined p of rows of up to k p-values (NaN is none): k times the smallest, at most 1 (Bonferroni).

    p: (n, <= k). Valid under any dependence between the k tests.
    """
    if np.shape(p)[1] > k:
        raise ValueError(f"{np.shape(p)[1]} p-values in a row, of {k}")
    smallest = np.fmin.reduce(np.asarray(p, np.float64), axis=1)
    combined: F64 = np.minimum(k * np.where(np.isnan(smallest), 1.0, smallest), 1.0)
    return combined


def e_benjamini_hochberg(e: F64, n_tests: int, alpha: float) -> Bools:
    """Discoveries of e-BH at level alpha: valid under any dependence, if E[e] <= 1 under the null.

    Wang and Ramdas, JRSS B 84 (2022): reject the k* largest, k* = max{k : e_(k) >= n / (alpha k)}.
    """
    e = np.asarray(e, np.float64)
    if n_tests < len(e):
        raise ValueError(f"{len(e)} e-values of a family of {n_tests}")
    order = np.argsort(-e, kind="stable")
    passed = np.flatnonzero(e[order] >= n_tests / (alpha * np.arange(1, len(e) + 1)))
    found = np.zeros(len(e), np.bool_)
    found[order[: passed[-1] + 1 if len(passed) else 0]] = True
    return found
