"""How many common objects make an edge at a window, before anything is tested.

A pair that starts to act together on m more objects becomes more active by that: in the configuration model its
expected coincidences grow from lambda to about lambda (1 + m / k_u) (1 + m / k_v), with k the objects of each so far.
The pair is an edge where m or more coincidences are unlikely enough at that expectation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from unisono.maths.tails import log_poisson_tail
from unisono.maths.types import F64, I64, Bools
from unisono.nulls.joint import joint, times
from unisono.nulls.latency import Chances
from unisono.nulls.layer import TIMING_HOLDS, Background
from unisono.nulls.meetings import LEAST

OBJECTS = (5, 10, 20)
"""Common objects whose power is told."""
DISCOVERIES = (1, 100)
"""Benjamini-Hochberg's threshold for the first edge of a study, and where a hundred pairs are found beside it."""
MOST_OBJECTS = 200
"""Common objects beyond which nobody wants to know."""
_SAMPLE = 1_000


@dataclass(frozen=True)
class Power:
    """share: (2, 3) of pairs that would be edges, by DISCOVERIES and OBJECTS; needs: for each of DISCOVERIES the
    fewest objects on which the pair in the middle has to act together, None for more than MOST_OBJECTS."""

    share: F64
    needs: tuple[int | None, ...]


def power(ground: Background, chance: Chances, fdr: float, n_layers: int = 1, seed: int = 0) -> Power | None:
    """Power at the window of `chance` for pairs of accounts as they are in this trace; None where none can be tested.

    n_layers: kinds and windows that are combined. Pairs are drawn from the finest strata, since accounts that act
    together share their objects. Objects are of median q_o: the timing has to hold on those as well.
    """
    a, b = _neighbours(ground, seed)
    if not len(a):
        return None
    expected = _expected(ground, chance, a, b)
    k = _objects(ground)
    q = _median_q(ground, chance)
    limits = [np.log(fdr * n / (ground.first.n_pairs * n_layers)) for n in DISCOVERIES]

    def called(m: int, limit: float, rows: npt.NDArray[np.intp] | slice) -> Bools:
        grown = expected[rows] * (1 + m / k[a[rows]]) * (1 + m / k[b[rows]])
        enough: Bools = log_poisson_tail(grown, np.full(len(grown), m)) <= min(limit, 0.0)
        return enough if m * np.log(q) <= np.log(TIMING_HOLDS) else np.zeros_like(enough)

    every = slice(0, len(a))
    share = np.array([[called(m, limit, every).mean() for m in OBJECTS] for limit in limits])
    middle = np.argsort(expected, kind="stable")[[len(a) // 2]]
    needs = (next((m for m in range(LEAST, MOST_OBJECTS + 1) if called(m, limit, middle)[0]), None) for limit in limits)
    return Power(share, tuple(needs))


def _neighbours(ground: Background, seed: int) -> tuple[I64, I64]:
    """Random pairs of accounts of one finest stratum each."""
    stratum = ground.models[-1].stratum
    accounts = np.flatnonzero(stratum >= 0)
    accounts = accounts[np.argsort(stratum[accounts], kind="stable")]
    rng = np.random.default_rng(seed)
    one = rng.integers(0, max(len(accounts), 1), _SAMPLE if len(accounts) else 0)
    own = stratum[accounts[one]]
    begin = np.searchsorted(stratum[accounts], own)
    size = np.searchsorted(stratum[accounts], own, side="right") - begin
    other = begin + (one - begin + 1 + (rng.random(len(one)) * (size - 1)).astype(np.int64)) % size
    apart = one != other
    return accounts[one[apart]], accounts[other[apart]]


def _expected(ground: Background, chance: Chances, a: I64, b: I64) -> F64:
    """Expected coincidences at the level of strata where chance explains most."""
    none = np.zeros(len(a), np.int64)  # of s = 0 no tail is needed
    at = times(ground.speed, ground.clocks, chance)
    levels = [joint(m, at, a, b, none)[0] for m in ground.models]
    most: F64 = np.max(levels, axis=0)
    return most


def _objects(ground: Background) -> I64:
    """(n_accounts,) objects that somebody else touched too, at least 1."""
    shared = (ground.first.n_sharers >= 2)[ground.first.object]
    return np.maximum(np.bincount(ground.first.account[shared], minlength=ground.first.n_accounts), 1)


def _median_q(ground: Background, chance: Chances) -> float:
    crowd = chance.share[ground.first.n_sharers >= 3]
    return float(np.clip(np.median(crowd), 1e-12, 1.0)) if len(crowd) else 1.0
