"""Traces without an object: the table `synchrony`, and rows of `edges`."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from unisono.clean.time import format_duration
from unisono.maths.types import I64
from unisono.pairs.arrays import UNKNOWN, encode_clocked
from unisono.study import Progress, Settings, StageOutput, Study
from unisono.synchrony.find import TRACE, find_synchrony, synchronous_accounts
from unisono.tables import EDGES, SYNCHRONY

WINDOW_US = 1_000_000
"""Accounts that keep time do so to the second; with a coarser clock the window is one of its steps."""
_COARSEST_US = 90_000_000


def clock_step(resolution: I64) -> int:
    """A tick of the clock in microseconds: the coarsest declared step; 1 where nobody declared any."""
    return 1 if (resolution == UNKNOWN).all() else max(int(resolution.max()), 1)


def window_of(step: int) -> int | None:
    """The window at a clock of such steps, microseconds; None where it is too coarse for any."""
    return max(WINDOW_US, step) if step <= _COARSEST_US else None


def write_synchrony(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> tuple[pa.Table, int]:
    """Pairs that act in the same seconds on several days, with no object in common, as rows of `edges`, and how many
    accounts were looked at. Fills `synchrony` where some were. Notes say what was refused."""
    columns = ["account_id", "object_id", "t_us", "t_resolution_us", "event_id"]
    rows = study.read("traces", columns, pc.field("trace") == TRACE)
    if not rows.num_rows:
        return EDGES.schema.empty_table(), 0
    arrays, resolution = encode_clocked(rows)
    step = clock_step(resolution)
    window = window_of(step)
    if window is None:
        out.note(f"{TRACE} was refused: a clock of {format_duration(step)} steps shows no seconds")
        return EDGES.schema.empty_table(), 0
    progress.start("tests: synchrony", 2 * len(arrays), "acts")
    accounts = synchronous_accounts(arrays.account, arrays.t, arrays.account_ids, window, step)
    with out.table(SYNCHRONY) as writer:
        writer.write_sorted(_of_accounts(accounts, window))
    progress.advance(len(arrays))
    found = find_synchrony(arrays.account, arrays.t, arrays.account_ids, window, step, settings.fdr)
    progress.advance(len(arrays))
    crowd = pa.array(["crowd"] * found.num_rows, pa.string())
    at = EDGES.names.index("basis")
    found = found.set_column(at, EDGES.schema.field("basis"), pc.if_else(found["is_edge"], crowd, None))
    return found, len(arrays.account_ids)


def _of_accounts(tested: pa.Table, window_us: int) -> pa.Table:
    known = {"window_us": pa.repeat(window_us, len(tested)), "n_tests": pa.repeat(len(tested), len(tested))}
    columns = [known.get(f.name, tested[f.name] if f.name in tested.column_names else None) for f in SYNCHRONY.schema]
    return pa.table(columns, names=SYNCHRONY.names).cast(SYNCHRONY.schema)
