"""How many of a set of tests are true discoveries, at least: a bound that holds for every set one may look at.

All-resolutions inference: closed testing with Simes' local test, by the short-cut of Goeman, Meijer, Krebs and Solari,
"Simultaneous control of all false discovery proportions in large-scale multiple hypothesis testing", Biometrika 106
(2019), and Rosenblatt, Finos, Weeda, Solari and Goeman, NeuroImage 181 (2018). With probability 1 - alpha or more the
bound is right for ALL sets at once, so the set may be chosen after seeing the p-values (a community, say). Like
Benjamini-Hochberg it needs Simes' inequality, hence independence or positive dependence.
"""

from __future__ import annotations

import numpy as np

from unisono.maths.types import F64


def hommel_value(p: F64, n_tests: int, alpha: float) -> int:
    """Hommel's h: the size of the largest set of tests whose intersection Simes' test does not reject at level alpha.

    p: (n,) p-values of the tests whose p is below 1, any order; n_tests: size of the whole family (the rest count
    as p = 1); alpha in (0, 1). h is n_tests where nothing is found and 0 where everything is. O(n log n).
    """
    p = np.sort(_checked(p))
    n = len(p)
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is {alpha}, not between 0 and 1")
    if n_tests < n:
        raise ValueError(f"{n} p-values of a family of {n_tests}")
    # The worst set of size m - l leaves out the l smallest; where it is accepted, so is that of l + 1: bisect.
    accepted, rejected = n, -1
    while accepted - rejected > 1:
        left_out = (accepted + rejected) // 2
        size = n_tests - left_out
        if np.all(size * p[left_out:] > np.arange(1, n - left_out + 1) * alpha):
            accepted = left_out
        else:
            rejected = left_out
    return n_tests - accepted


def true_discoveries_at_least(p: F64, h: int, alpha: float) -> int:
    """Lower bound on the false null hypotheses among tests with p-values `p`: (n,), any of the family's.

    max over u of 1 - u + #{i : h p_i <= u alpha}, with h from `hommel_value` at the same alpha.
    """
    p = np.sort(_checked(p))
    if not len(p):
        return 0
    needed = np.maximum(np.ceil(h * p / alpha), 1.0)
    needed += h * p > needed * alpha  # where the division rounded down
    best: F64 = np.arange(2.0, len(p) + 2) - needed
    return max(0, int(best.max()))


def _checked(p: F64) -> F64:
    p = np.asarray(p, np.float64)
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError("a p-value is not between 0 and 1")
    return p
