"""One layer with its coordination destroyed, made ready for the same tests: background and candidates."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from unisono.calibration.controls import by_sittings, by_slots, curveball, keeping_latency, without_accounts
from unisono.calibration.posts import by_posts
from unisono.maths.types import I64
from unisono.nulls.latency import clock_classes, latency_classes
from unisono.nulls.layer import SELECTION_LEVELS, Background, background
from unisono.nulls.meetings import LEAST
from unisono.nulls.touches import FirstTouches
from unisono.pairs.arrays import Flags, TraceArrays
from unisono.pairs.run import count_pairs

CONTROLS = ("slots", "posts", "latency", "sittings", "curveball")
"""slots: accounts permuted over each object's own times; posts: whole posts change hands; latency: as slots, among
accounts of one speed; sittings: each moved whole to another day of its account; curveball: who touched what drawn anew
inside the strata of the selection test, its finest. Without the accounts that the study linked in latency and sittings:
those who act in step are a speed of their own, and work the same few days at the same hours."""


def permuted(
    ground: Background, control: str, rng: np.random.Generator, seed: int = 0, called: Flags | None = None
) -> Background:
    """The background of the trace as the control makes it. seed: of the strata, as in the study itself. called:
    (n_accounts,) accounts of links that the study called.

    What the tests estimate is estimated again. Strata and configuration models rest on who touched what, which `slots`
    and `latency` keep: those two take them as they are. Raises ValueError for an unknown control.
    """
    ordinary = ground.first if called is None or not called.any() else without_accounts(ground.first, called)
    if control == "slots":
        return _again(ground, by_slots(ground.first, rng))
    if control == "latency":
        return _again(ground, keeping_latency(ordinary, rng))
    if control == "sittings":
        return background(by_sittings(ordinary, rng), seed)
    if control == "posts":
        return background(by_posts(ground.first, rng), seed)
    if control == "curveball":
        return background(curveball(ground.first, ground.models[SELECTION_LEVELS - 1].stratum, rng), seed)
    raise ValueError(f"there is no control {control!r}")


def _again(ground: Background, first: FirstTouches) -> Background:
    return Background(first, ground.models, *latency_classes(first), clock_classes(first))


def candidates(first: FirstTouches, window_us: int, threads: int = 1) -> tuple[I64, I64]:
    """Pairs a < b with at least `LEAST` objects on which their first touches are within the window, sorted.

    In the study a pair needs as many first coincidences, and besides `min_objects` objects with any co-action: here
    are therefore the study's candidates or more, and error is never undercounted.
    """
    numbers = (first.n_accounts, len(first.slots) - 1, int(first.post.max(initial=-1)) + 1)
    ids = [pa.array(np.arange(n, dtype=np.int32)) for n in numbers]
    arrays = TraceArrays(first.account, first.object, first.post, first.t, *ids)
    counts = count_pairs(arrays, window_us, LEAST, threads)
    return counts[:, 0].copy(), counts[:, 1].copy()
