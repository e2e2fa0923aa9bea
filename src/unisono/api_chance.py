"""The verbs about chance on tables in memory: what can be found at which window, and how often the tests err."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from unisono.advise.windows import ADVICE
from unisono.advise.windows import advise as advise_trace
from unisono.api import _layers, _listed, _warn
from unisono.calibration import calibrate as measure
from unisono.calibration import parts_of
from unisono.edges.facts import facts_of
from unisono.engine.arrow import To, table_in, table_out
from unisono.groups.by_hand import TESTED
from unisono.groups.by_hand import bound as bound_of
from unisono.pairs import plan_windows
from unisono.pairs.arrays import encode_clocked
from unisono.pairs.stage import window_us
from unisono.study import make_settings
from unisono.tables import EDGES, TRACES


def advise(
    traces: Any, window: str | int | Sequence[str] | None = None, *, fdr: float = 0.05, seed: int = 0,
    to: To = "pyarrow",
) -> Any:  # fmt: skip
    """Traces to advice: a row per trace and window with what the clocks allow, and the power that a test would have.

    window: such as "60s" or ["60s", "10m"], else from a second to a day. Columns: `unisono.advise.windows.ADVICE`.
    """
    chosen = make_settings({"window": _listed(window), "fdr": fdr, "seed": seed}, "advise()")
    asked = None if chosen.window is None else [window_us(w) for w in chosen.window]
    layers = _layers(table_in(traces, TRACES))
    rows = [advise_trace(name, *encode_clocked(t), chosen.fdr, len(layers), seed, asked) for name, t in layers]
    return table_out(pa.concat_tables([ADVICE.empty_table(), *rows]), to)


def calibrate(
    traces: Any, window: str | int | Sequence[str] | None = None, *, calibrations: int = 1, fdr: float = 0.05,
    seed: int = 0, threads: int = 1, to: To = "pyarrow",
) -> Any:  # fmt: skip
    """Traces to calibration: the tests of test() on the same traces with the coordination destroyed.

    window: those of pair(). calibrations: runs; each takes about four times as long as test().
    """
    given = {"window": _listed(window), "calibrations": calibrations, "fdr": fdr, "seed": seed, "threads": threads}
    chosen = make_settings(given, "calibrate()")
    asked = None if chosen.window is None else [window_us(w) for w in chosen.window]
    arrays = {name: encode_clocked(rows) for name, rows in _layers(table_in(traces, TRACES))}
    plans = {name: plan_windows(name, resolution, asked) for name, (_, resolution) in arrays.items()}
    _warn([note for plan in plans.values() for note in plan.notes])
    windows = {name: [w for w, _ in plan.windows] for name, plan in plans.items()}
    parts = parts_of(windows, lambda name: arrays[name], chosen.seed)
    return table_out(measure(parts, chosen.fdr, chosen.calibrations, chosen.seed, threads), to)


def bound(edges: Any, accounts: Sequence[str]) -> tuple[int, float]:
    """(links among these accounts that are real at least, at 95 %; q of there being none), from the edges of test().

    The accounts may be picked by hand, after a look at the results: both hold for every set at once. They count every
    behaviour and window that was tested, where the edges still know them: as test() gave them, to pyarrow or pandas.
    """
    return bound_of(table_in(edges, EDGES, *TESTED), accounts, facts_of(edges))
