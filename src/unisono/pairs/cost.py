"""What pairing and testing will cost, from a look at some accounts: said before it begins."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from unisono.clean.time import format_duration
from unisono.pairs.describe import full_block
from unisono.pairs.kernel import scratch_for
from unisono.pairs.ranges import Ranges
from unisono.study import UserError
from unisono.study.errors import setting

_LOOK = 2_000_000
"""In-window rows that are walked for an estimate, some hundredths of a second; studies of few more need none."""
_WALK, _WRITE, _TEST, _TOUCH = 1.5e-8, 4e-6, 2e-5, 1e-6
"""CPU seconds of an in-window row; of a pair as rows of `pairs` and `edges`; of a candidate's tests, and of each object
that it has in common. Seen on one machine (docs/benchmarks.md): an estimate is of minutes, not of seconds."""
_CONTROLS = 5
"""The calibration tests the study again on so many permuted copies."""


class Cost(NamedTuple):
    """co_actions, pairs: expected numbers of the window; candidates: pairs that will be tested; seconds of CPU."""

    co_actions: int
    pairs: int
    candidates: int
    seconds: float


def cost(found: Ranges, min_objects: int, calibrations: int) -> Cost | None:
    """Estimate from accounts evenly spaced, in proportion to the in-window rows that they walk over.

    None where there is so little that the estimate would cost more than the work.
    """
    total = int(found.work.sum())
    if total < 10 * _LOOK:
        return None
    step = max(1, int(np.ceil(total / _LOOK)))
    scratch, walked, pairs, candidates, objects = scratch_for(len(found.work)), 0, 0, 0, 0
    for a in range(min(step, len(found.work)) // 2, len(found.work), step):
        rows = full_block(
            a, a + 1, min_objects, found.shared, found.walk, scratch, found.arrays.t, found.first, found.lone
        )
        tested = rows[6] >= 2
        walked, pairs = walked + int(found.work[a]), pairs + rows.shape[1]
        candidates, objects = candidates + int(tested.sum()), objects + int(rows[2][tested].sum())
    times = total / max(walked, 1)
    pairs, candidates, objects = (round(x * times) for x in (pairs, candidates, objects))
    tests = (1 + _CONTROLS * calibrations) * (candidates * _TEST + objects * _TOUCH)
    return Cost((total - len(found.arrays)) // 2, pairs, candidates, total * _WALK + pairs * _WRITE + tests)


def sentence(estimate: Cost, trace: str, window_us: int, threads: int) -> str:
    """A line for whoever waits."""
    minutes = estimate.seconds / threads / 60
    return (
        f"{trace} within {format_duration(window_us)}: about {estimate.co_actions:,} co-actions, {estimate.pairs:,} "
        f"pairs, {estimate.candidates:,} of them to test; pairing and testing take about {max(1, round(minutes)):,} "
        "minutes here. A larger `min_objects`, a shorter `window` or fewer behaviours (`trace`) lower that"
    )


def too_many(trace: str, window_us: int, pairs: str, most: int) -> UserError:
    """The sentence for a window that gives more pairs than the study allows."""
    return UserError(
        f"{trace} within {format_duration(window_us)} gives {pairs} pairs of accounts, and {setting('max_pairs')} is "
        f"{most:,}",
        f"a crowd on a few objects does that: raise {setting('min_objects')}, shorten {setting('window')}, leave the "
        f"trace out with {setting('trace')}, or raise {setting('max_pairs')}",
    )
