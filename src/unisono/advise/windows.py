"""Which windows a trace can be tested at, and what could be found there: looked at before any test is run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from unisono.advise.power import DISCOVERIES, OBJECTS, power
from unisono.maths.types import I64
from unisono.nulls.layer import Background, background, chances_of
from unisono.nulls.touches import first_touches
from unisono.pairs.arrays import UNKNOWN, TraceArrays
from unisono.pairs.windows import DEFAULT_WINDOWS_US, OTHER_WINDOW_US, usable
from unisono.tables import FLOAT, INT, TEXT

_S = 1_000_000
WINDOWS_US = (_S, 10 * _S, 60 * _S, 600 * _S, 3600 * _S, 21_600 * _S, 86_400 * _S)
USABLE, REFUSED, NO_DATA = "usable", "refused", "insufficient_data"
BURST = 0.5
"""q_o from which on half of an object's pairs of sharers coincide by its curve alone."""

ADVICE = pa.schema([
    ("trace", TEXT), ("window_us", INT), ("status", TEXT), ("n_traces", INT), ("n_coarse", INT), ("n_cut", INT),
    ("median_q", FLOAT), ("two_sharers", FLOAT), ("bursts", FLOAT),
    *((f"needs_{d}", INT) for d in DISCOVERIES), *((f"power_{m}_{d}", FLOAT) for d in DISCOVERIES for m in OBJECTS),
])  # fmt: skip
"""status: usable; refused, since no clock is fine enough; insufficient_data, since no two accounts can be tested.
n_traces: rows that take part; n_coarse: rows that do not, their clock being coarser than half the window; n_cut:
objects that lose some of their rows by that, and keep others. Over objects with two sharers or more: median_q of
those with three or more; two_sharers: share of those with two, whose times say nothing; bursts: share of those with
three or more whose q_o is at least BURST. needs_d: common objects that make a middling pair an edge where d pairs are
found; power_m_d: probability that a pair that acts together on m objects within the window is one of d edges."""


@dataclass(frozen=True)
class Clock:
    """The clocks of a trace: rows by resolution (microseconds, UNKNOWN for none declared); objects with several."""

    rows: dict[int, int]
    n_mixed: int

    @property
    def smallest_us(self) -> int | None:
        """The smallest window that some row may take part in; None where a clock is unknown and nothing is refused."""
        steps = sorted(self.rows)
        return None if not steps or steps[0] == UNKNOWN else 2 * steps[0]


def clock_of(arrays: TraceArrays, resolution: I64) -> Clock:
    """Count clocks. resolution: (n,) microseconds."""
    steps, counts = np.unique(resolution, return_counts=True)
    several = np.unique(np.c_[arrays.object, resolution], axis=0)[:, 0] if len(steps) > 1 else np.empty(0, np.int64)
    n_mixed = int(np.count_nonzero(np.bincount(several.astype(np.int64)) > 1))
    return Clock(dict(zip(steps.tolist(), counts.tolist(), strict=True)), n_mixed)


def windows_for(trace: str, clock: Clock) -> list[int]:
    """WINDOWS_US, the trace's own default, and the smallest window that its clock allows."""
    own = {DEFAULT_WINDOWS_US.get(trace, OTHER_WINDOW_US), clock.smallest_us or WINDOWS_US[0]}
    return sorted({*WINDOWS_US, *own})


def advise(
    trace: str, arrays: TraceArrays, resolution: I64, fdr: float = 0.05, n_layers: int = 1, seed: int = 0,
    windows: list[int] | None = None,
) -> pa.Table:  # fmt: skip
    """Rows of ADVICE for one trace. n_layers: kinds of trace and windows that will be tested together."""
    known: dict[int, Background] = {}
    rows = []
    for window in windows_for(trace, clock_of(arrays, resolution)) if windows is None else sorted(set(windows)):
        fits = usable(resolution, window)
        n = int(np.count_nonzero(fits))
        if n and n not in known:  # the rows of a wider window contain those of a narrower one
            known[n] = background(first_touches(arrays.take(fits)), seed)
        head = {"trace": trace, "window_us": window, "status": REFUSED, "n_traces": n, "n_coarse": len(fits) - n}
        cut = np.intersect1d(arrays.object[fits], arrays.object[~fits])
        more = dict(_at(known[n], window, fdr, n_layers, seed)) if n else {}
        rows.append({**head, "n_cut": len(cut), **more})
    return pa.Table.from_pylist(rows, schema=ADVICE)


def _at(ground: Background, window_us: int, fdr: float, n_layers: int, seed: int) -> Iterator[tuple[str, object]]:
    """What there is to be said of a window that is not refused."""
    chance = chances_of(ground, window_us)
    sharers = ground.first.n_sharers
    crowd = chance.share[sharers >= 3]
    shared = int(np.count_nonzero(sharers >= 2))
    yield "two_sharers", float(np.count_nonzero(sharers == 2) / shared) if shared else None
    if len(crowd):
        yield "median_q", float(np.median(crowd))
        yield "bursts", float((crowd >= BURST).mean())
    found = power(ground, chance, fdr, n_layers, seed)
    yield "status", NO_DATA if found is None else USABLE
    if found is not None:
        for i, d in enumerate(DISCOVERIES):
            yield f"needs_{d}", found.needs[i]
            for j, m in enumerate(OBJECTS):
                yield f"power_{m}_{d}", float(found.share[i, j])
