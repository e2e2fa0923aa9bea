"""The meetings behind synchronous pairs: which posts, how far apart, and how likely two acts of that half-hour are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.pairs import TraceArrays, pair_table
from unisono.pairs.evidence import evidence
from unisono.synchrony.acts import Acts, Grid, place
from unisono.synchrony.find import TRACE
from unisono.tables import EVIDENCE

NO_OBJECT = "*"


def meetings(arrays: TraceArrays, window_us: int, step_us: int, pairs: pa.Table) -> Iterator[pa.Table]:
    """Rows of `evidence` for the pairs (account_a, account_b, sorted), in key order, the object being `*`.

    arrays: the acts of the trace; step_us: a tick. q_o: chance that two acts, drawn from everybody's in the cell of
    the earlier one, are within the window (the crowd null, without habits on the clock).
    """
    acts = place(arrays.account, arrays.t, len(arrays.account_ids), Grid.of(window_us, step_us))
    reach = (acts.grid.reach + 1) * step_us - 1  # two ticks are that far apart at most
    ends = pa.chunked_array([c for name in ("account_a", "account_b") for c in pairs[name].chunks], pa.string())
    involved = np.asarray(pc.is_in(arrays.account_ids, pc.unique(ends)), dtype=bool)
    part = arrays.take(involved[arrays.account])
    counted = pair_table(part, TRACE, reach, 1).select(["account_a", "account_b", "n_pairs"])
    keys = ["account_a", "account_b"]
    wanted = pairs.select(keys).join(counted, keys, join_type="inner").sort_by([(k, "ascending") for k in keys])
    for rows in evidence(part, TRACE, reach, wanted):
        yield _as_meetings(rows, acts, window_us)


def _as_meetings(rows: pa.Table, acts: Acts, window_us: int) -> pa.Table:
    """Those within reach in ticks, with the chance of their cell; ids of objects are none."""
    t_a, t_b = (rows[c].to_numpy() for c in ("t_a", "t_b"))
    step = acts.grid.tick_us
    kept = np.abs(t_a // step - t_b // step) <= acts.grid.reach
    cell = np.searchsorted(acts.cell_at, np.minimum(t_a, t_b)[kept] // acts.grid.cell_us)
    rows = rows.filter(pa.array(kept))
    columns = {
        "window_us": pa.array(np.full(len(rows), window_us)), "object_id": pa.repeat(NO_OBJECT, len(rows)),
        "q_o": pa.array(np.minimum(acts.meet[cell], 1.0)),
    }  # fmt: skip
    made = [columns[f.name] if f.name in columns else rows[f.name] for f in EVIDENCE.schema]
    return pa.table(made, schema=EVIDENCE.schema)
