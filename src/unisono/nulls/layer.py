"""One behaviour at one window: every candidate pair under the three nulls."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from unisono.maths.threads import n_cores
from unisono.maths.types import F64, I8, I64
from unisono.nulls.configuration import ConfigurationModel, fit_configuration_model
from unisono.nulls.joint import Times, joint, timeless, times
from unisono.nulls.latency import Chances, chances, clock_classes, latency_classes
from unisono.nulls.meetings import LEAST
from unisono.nulls.strata import LEVELS, strata
from unisono.nulls.timing import Observed, observe, timing_family
from unisono.nulls.touches import FirstTouches, in_longer_sittings

K_TIMING = 3
"""Fewest common objects in the timing test's family."""
SELECTION_LEVELS = 2
"""Levels of strata in which the selection test looks for other interests, from coarse. In finer ones a group of 15 with
a list of its own is a quarter of its stratum, and its list the stratum's interest."""
TIMING_HOLDS = 0.1
"""Largest timing p of an edge: above it, given what the two share, their times are nothing special. Where interest
explains many of the pairs that the joint test calls, the limit is lower (`edges/gate.py`)."""


@dataclass(frozen=True)
class Background:
    """What is known of a trace before a window is chosen: strata by level with their models, speed and hours."""

    first: FirstTouches
    models: tuple[ConfigurationModel, ...]
    touch_score: F64
    touch_speed: I8
    speed: I8
    clocks: I8


@dataclass(frozen=True)
class Tested:
    """One value per candidate pair (a < b, numbered as the trace's accounts).

    expected: under the joint null, at the level of strata where chance explains most; the log p likewise
    log_p_selection: of n_choices, whatever the times, at the coarse levels; n_pairs, n_timing: sizes of the families
    """

    a: I64
    b: I64
    observed: Observed
    expected: F64
    log_p_joint: F64
    log_p_selection: F64
    n_pairs: int
    n_timing: int

    @property
    def log_p_times(self) -> F64:
        """The larger log p of the timing null and of the one that grants both their usual speed and hours: valid under
        either, being never smaller."""
        return np.maximum(self.observed.log_p, self.observed.log_p_speed)

    @property
    def log_p_edge(self) -> F64:
        """log p of the edge test before its gate (`edges/gate.py`): the joint p of pairs with LEAST meetings."""
        return np.where(self.observed.meetings >= LEAST, self.log_p_joint, 0.0)

    @property
    def log_p_timing(self) -> F64:
        """log p of the timing test in its family, pairs of K_TIMING common objects or more."""
        return np.where(self.observed.n_common >= K_TIMING, self.log_p_times, 0.0)

    @property
    def log_p_reference(self) -> F64:
        """log p of the reference test in the same family: as fast on these objects as others are on others."""
        return np.where(self.observed.n_common >= K_TIMING, self.observed.log_p_usual, 0.0)


def background(first: FirstTouches, seed: int = 0) -> Background:
    """Strata, configuration models, speed and hours of a trace. Blind to coincidences: windows play no part."""
    touch_score, touch_speed, speed = latency_classes(first)
    levels = strata(first, LEVELS, seed)
    with ThreadPoolExecutor(n_cores()) as pool:
        models = tuple(pool.map(lambda s: fit_configuration_model(first, s), levels))
    return Background(first, models, touch_score, touch_speed, speed, clock_classes(first))


def at_window(ground: Background, window_us: int) -> Background:
    """The background with sittings as a window needs them (see `in_longer_sittings`)."""
    return replace(ground, first=in_longer_sittings(ground.first, window_us))


def chances_of(ground: Background, window_us: int) -> Chances:
    """Probabilities of a coincidence at the window."""
    return chances(ground.first, ground.touch_speed, ground.clocks, window_us)


@dataclass(frozen=True)
class Asked:
    """Which tests are computed beside those that make an edge by joint or timing. `everything`: joint and selection
    of every pair, and not only where it could be an edge or driven by selection."""

    selection: bool = True
    reference: bool = True
    everything: bool = False


EVERY_TEST = Asked()


def assess(
    ground: Background, chance: Chances, a: I64, b: I64, threshold: float | None = None, asked: Asked = EVERY_TEST
) -> Tested:
    """Test candidate pairs: those of the family that are not among them count as p = 1.

    threshold: p above which a level of strata explains a pair, so that others are not looked at; by default
    the `screening_threshold` of the layer. Joint and selection are computed where the pair could be
    an edge or be driven by selection; else they are p = 1 and expected NaN. What is not `asked` is p = 1 as well.
    """
    first = ground.first
    seen = observe(first, ground.touch_speed, ground.clocks, chance, a, b, asked.reference)
    enough = screening_threshold([len(a)], [first.n_pairs]) if threshold is None else threshold
    wanted = np.flatnonzero((seen.meetings >= LEAST) | asked.everything)
    expected, log_p = np.full(len(a), np.nan), np.zeros(len(a))
    expected[wanted], log_p[wanted] = _over_strata(
        ground.models[::-1], times(ground.speed, ground.clocks, chance), a[wanted], b[wanted],
        seen.meetings[wanted], enough,
    )  # fmt: skip
    log_selection = np.zeros(len(a))
    if asked.selection:
        coarse, blind = ground.models[:SELECTION_LEVELS][::-1], timeless(ground.speed, ground.clocks, chance)
        _, log_selection[wanted] = _over_strata(
            coarse, blind, a[wanted], b[wanted], seen.n_choices[wanted], enough, exact=asked.everything
        )
    return Tested(a, b, seen, expected, log_p, log_selection, first.n_pairs, timing_family(first, K_TIMING))


def screening_threshold(n_candidates: Sequence[int], n_pairs: Sequence[int]) -> float:
    """p above which no candidate of some layers can be a discovery, from each layer's numbers of candidates and pairs.

    BH calls K p <= fdr n / n_tests for n discoveries, of which there are no more than candidates, and the union of K
    layers has at least as many pairs as each: so p is below fdr times the most candidates over the most pairs. At most
    0.01, so that what is reported of a pair rests on more than its finest stratum.
    """
    return min(0.01, max([1, *n_candidates]) / max([1, *n_pairs]))


def _over_strata(
    levels: Sequence[ConfigurationModel], at: Times, a: I64, b: I64, s: I64, threshold: float, exact: bool = True
) -> tuple[F64, F64]:
    """Expected count and log p where the strata explain most: an edge has to survive every level.

    Pairs that one level explains are not taken to the next: their p is valid as it stands.
    """
    expected, log_p = np.zeros(len(a)), np.full(len(a), -np.inf)
    left = np.arange(len(a))
    for model in levels:
        e, p = joint(model, at, a[left], b[left], s[left], exact)
        more = p >= log_p[left]
        expected[left[more]], log_p[left[more]] = e[more], p[more]
        left = left[log_p[left] < np.log(threshold)]
    return expected, log_p
