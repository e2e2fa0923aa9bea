"""Small worlds of moments, and the definition of what is counted."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from unisono.maths.types import F64
from unisono.pairs.arrays import TraceArrays, encode

SECOND = 1_000_000
WINDOW = 60 * SECOND


def traces(objects: dict[str, tuple[list[str], F64]], rng: np.random.Generator | None = None) -> TraceArrays:
    """Touches (accounts, times in seconds) of each object; in random order where an rng is given."""
    who = [a for accounts, _ in objects.values() for a in accounts]
    what = [o for o, (accounts, _) in objects.items() for _ in accounts]
    when = [round(s * SECOND) for _, seconds in objects.values() for s in seconds]
    order = np.arange(len(who)) if rng is None else rng.permutation(len(who))
    table = pa.table({"account_id": who, "object_id": what, "t_us": pa.array(when, pa.int64()),
                      "event_id": [f"p{i}" for i in range(len(who))]})  # fmt: skip
    return encode(table.take(pa.array(order)))


def strangers(seconds: F64, name: str) -> tuple[list[str], F64]:
    """One new account per time."""
    return [f"{name}-{i}" for i in range(len(seconds))], seconds


def cascade(rng: np.random.Generator, n: int = 500) -> F64:
    """Seconds of n organic sharers: a few days with a lognormal delay, median 3 h, on whole seconds."""
    return np.floor(np.exp(rng.normal(np.log(10_800), 1.3, n)))


def burst(rng: np.random.Generator, at: float, n: int = 60, width: float = 60) -> F64:
    """n whole seconds within [at, at + width]."""
    return at + np.floor(rng.random(n) * width)


def counted(obj: list[int], t: list[int], window: int, flank: int) -> list[tuple[int, int, int]]:
    """`curve.around` by its definition: row by row, over all rows."""
    out = []
    for i in range(len(t)):
        lags = [(j, t[j] - t[i]) for j in range(len(t)) if obj[j] == obj[i]]
        out.append((
            sum(j > i and lag <= window for j, lag in lags),
            sum(0 < -lag <= flank * window for _, lag in lags),
            sum(window < lag <= (1 + flank) * window for _, lag in lags),
        ))  # fmt: skip
    return out
