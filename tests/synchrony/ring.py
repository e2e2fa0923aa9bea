"""A world of times without objects: a ring among accounts that act when they please."""

from __future__ import annotations

import numpy as np

from unisono.maths.types import I64

S = 1_000_000
RING = 8


def acts_of_a_ring() -> tuple[I64, I64]:
    """(account, microseconds) of 120 accounts at any time of ten days; the first RING also act within two seconds of
    one another, thrice a day."""
    rng = np.random.default_rng(3)
    account = rng.integers(0, 120, 12_000)
    t = rng.integers(0, 10 * 86_400, 12_000)
    when = rng.integers(8 * 3600, 20 * 3600, (10, 3)) + np.arange(10)[:, None] * 86_400
    together = (when.ravel()[:, None] + rng.integers(0, 2, (30, RING))).ravel()
    account = np.concatenate([account, np.tile(np.arange(RING), 30)])
    return account, S * (1_600_000_000 + np.concatenate([t, together]))
