"""Monte Carlo tests that may stop at any time, and the draws of many of them spent where a decision is open.

One test. Draws from the null are made until ENOUGH of them are at least as large as what was seen. The number of draws
that takes, n, gives the p-value ENOUGH / n (Besag and Clifford, Biometrika 78 (1991)). With what was seen and its
draws exchangeable P(ENOUGH / n <= x) <= x at every x: n >= ENOUGH / x means that what was seen is among the ENOUGH
largest of ceil(ENOUGH / x) values. Whoever stops earlier, after n draws of which r < ENOUGH were as large, cannot end
with less than n + ENOUGH - r draws, so that

    p = ENOUGH / (n + ENOUGH - r)

is no smaller than the p-value at the end, whatever made one stop: what was seen, the clock, or other tests. So it is
valid at any stopping rule (Fischer and Ramdas, "Sequential Monte-Carlo testing by betting", JRSS B 87 (2025); Fischer,
Barry and Ramdas, "Multiple testing with anytime-valid Monte-Carlo p-values", arXiv 2404.15586).

Many tests. p only falls, so what Benjamini-Hochberg calls it calls for good: tests that are called and those that
have come to their end need no more draws. A test of m that is alone is called when p <= rate / m, after
ENOUGH m / rate draws at most: there is no floor that the number of tests puts out of reach.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit

from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.types import F64, I64, U64

Draw = Callable[[I64, I64, I64, int], None]
"""Told (which tests, reached, draws, goal): goes on with the draws of these tests until `goal` were made or ENOUGH
reached what was seen, and writes into the two arrays over all tests."""

ENOUGH = 5
"""Draws as large as what was seen, with which a test ends. With more of them p depends less on luck, and costs more."""
_MOST = 1 << 24
"""Draws after which a test is left as it is: one that is alone among 80,000 is called before, at a rate of 5 %."""
_FIRST = 256
"""Draws after which decisions are looked at for the first time; then after twice as many, and so on."""


def p_so_far(reached: I64, draws: I64) -> F64:
    """p of tests of whose `draws` so many `reached` what was seen; valid whenever and why ever one stops."""
    p: F64 = ENOUGH / (draws + ENOUGH - np.minimum(reached, ENOUGH))
    return p


def decide(n: int, draw: Draw, others: F64, rate: float) -> tuple[F64, I64]:
    """(p, draws) of n tests, drawn until Benjamini-Hochberg at `rate` over them and others can change no more.

    others: p of the tests of the same family that need no draws. Each of the n has at most some 2 ENOUGH m / rate
    draws, m the size of the family, and no more than _MOST.
    """
    reached, draws, goal = np.zeros(n, np.int64), np.zeros(n, np.int64), _FIRST
    while True:
        p = p_so_far(reached, draws)
        q = benjamini_hochberg(np.concatenate([p, others]), n + len(others))[:n]
        open_ = np.flatnonzero((reached < ENOUGH) & (q > rate))
        if not len(open_) or goal > _MOST:
            return p, draws
        draw(open_, reached, draws, goal)
        goal *= 2


_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)


@njit(cache=True, nogil=True)
def stream(key: int, draw: int, state: U64) -> None:
    """Begin the random numbers of one draw of one test: a function of the two, so that no draw depends on which others
    were made, by whom, or in what order. state: (1,), for `uniform`."""
    state[0] = _scrambled(np.uint64(key) + np.uint64(draw) * _STEP)


@njit(cache=True, nogil=True)
def uniform(state: U64) -> float:
    """The next number in [0, 1). SplitMix64: Steele, Lea and Flood, OOPSLA (2014)."""
    state[0] += _STEP
    return float(_scrambled(state[0]) >> _S11) * 2.0**-53


@njit(cache=True, nogil=True)
def _scrambled(x: np.uint64) -> np.uint64:
    x = (x ^ (x >> _S30)) * _MIX[0]
    x = (x ^ (x >> _S27)) * _MIX[1]
    return x ^ (x >> _S31)
