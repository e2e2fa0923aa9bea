"""Traces without an object: their rows of `edges`."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from unisono.clean.time import format_duration
from unisono.edges.synchrony.find import TRACE, find_synchrony
from unisono.pairs.arrays import I64, UNKNOWN, encode_clocked
from unisono.study import Progress, Settings, StageOutput, Study
from unisono.tables import EDGES

WINDOW_US = 1_000_000
"""Accounts that keep time do so to the second; with a coarser clock the window is one of its steps."""
_COARSEST_US = 90_000_000


def clock_step(resolution: I64) -> int:
    """A tick of the clock in microseconds: the coarsest declared step; 1 where nobody declared any."""
    return 1 if (resolution == UNKNOWN).all() else max(int(resolution.max()), 1)


def synchrony_edges(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> tuple[pa.Table, int]:
    """Pairs that act in the same seconds on several days, with no object in common, and how many accounts were looked
    at. Notes say what was refused."""
    columns = ["account_id", "object_id", "t_us", "t_resolution_us", "event_id"]
    rows = study.read("traces", columns, pc.field("trace") == TRACE)
    if not rows.num_rows:
        return EDGES.schema.empty_table(), 0
    arrays, resolution = encode_clocked(rows)
    step = clock_step(resolution)
    if step > _COARSEST_US:
        out.note(f"{TRACE} was refused: a clock of {format_duration(step)} steps shows no seconds")
        return EDGES.schema.empty_table(), 0
    progress.start("tests: synchrony", len(arrays), "acts")
    found = find_synchrony(arrays.account, arrays.t, arrays.account_ids, max(WINDOW_US, step), step, settings.fdr)
    progress.advance(len(arrays))
    crowd = pa.array(["crowd"] * found.num_rows, pa.string())
    at = EDGES.names.index("basis")
    found = found.set_column(at, EDGES.schema.field("basis"), pc.if_else(found["is_edge"], crowd, None))
    return found, len(arrays.account_ids)
