"""The react stage: who reacts to whom, in the traces whose objects are posts of the study."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.maths.types import I64
from unisono.pairs.arrays import UNKNOWN, TraceArrays
from unisono.pairs.stage import load_traces
from unisono.reactions.find import find_reactions
from unisono.reactions.origins import NOBODY, Layer, origins_of
from unisono.reactions.slots import MIN_OBJECTS, WINDOWS_US
from unisono.study import Progress, Settings, StageOutput, Study
from unisono.tables import EVENTS, REACTIONS

POST_TRACES = ("quote", "reply", "repost")
"""Traces whose objects are posts, so that somebody made them. Sorted."""
FINE_US = WINDOWS_US[0] // 2
"""A clock of such steps serves every window."""
_EVENT = ("event_id", "account_id", "t_us", "t_resolution_us")


def write_reactions(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Fill `reactions` from `traces` and `events`. Notes say what could not be tested, and why.

    Facts: `fdr`; `tested`, rows [trace, objects, objects whose author is known, account-author pairs].
    """
    there = set(pc.unique(study.read("traces", ["trace"], dictionary=["trace"]).column("trace")).to_pylist())
    names = [t for t in POST_TRACES if t in there and (settings.trace is None or t in settings.trace)]
    if not names:
        out.note("reactions: insufficient data; there is no repost, quote or reply, so nobody is known to react")
    layers = []
    progress.start("reactions", len(names), "kinds of trace")
    for trace in names:
        arrays, resolution = load_traces(study, trace)
        layer, notes = layer_of(trace, arrays, resolution, _posts(study, arrays))
        for note in notes:
            out.note(note)
        layers.append(layer)
        progress.advance(1)
    rows = find_reactions(layers, settings.fdr)
    with out.table(REACTIONS) as writer:
        writer.write(rows)
    out.facts["fdr"] = settings.fdr
    out.facts["tested"] = [[x.trace, *_objects(x), _count(rows, x.trace)] for x in layers]
    for note in untested(layers, rows):
        out.note(note)


def layer_of(trace: str, arrays: TraceArrays, resolution: I64, events: pa.Table) -> tuple[Layer, list[str]]:
    """A layer of those rows and births whose clocks are no coarser than the commonest one, and what was left out.

    One coarse clock would make every row of the layer coarse. resolution: (n,) microseconds, UNKNOWN where nobody
    declared it; events: event_id, account_id, t_us, t_resolution_us of the posts that are known. Events without an
    account or a time are nobody's.
    """
    limit = max(_commonest(resolution), FINE_US)
    fits = resolution <= limit
    made = events.filter(pc.and_(pc.is_valid(events.column("account_id")), pc.is_valid(events.column("t_us"))))
    sharp = pc.fill_null(pc.less_equal(made.column("t_resolution_us"), limit), True)
    n_rows, n_births = int((~fits).sum()), made.num_rows - int(pc.sum(sharp).as_py() or 0)
    notes = []
    if n_rows or n_births:
        notes.append(
            f"reactions of {trace}: {n_rows:,} traces and {n_births:,} posts take no part, their times are too coarse"
        )
    kept = only_used(arrays.take(fits) if n_rows else arrays)
    clock = int(resolution[fits].max(initial=UNKNOWN))
    return Layer(trace, kept, origins_of(kept, made.filter(sharp)), clock), notes


def only_used(arrays: TraceArrays) -> TraceArrays:
    """The same rows without the ids of accounts and objects that stand in none of them.

    A study's ids are read for all its traces at once. Ties are broken by the ranks of ids, and must not
    depend on what other traces there are.
    """
    (accounts, account), (objects, obj) = (np.unique(x, return_inverse=True) for x in (arrays.account, arrays.object))
    return replace(
        arrays, account=account.astype(np.int32), object=obj.astype(np.int32),
        account_ids=arrays.account_ids.take(pa.array(accounts)), object_ids=arrays.object_ids.take(pa.array(objects)),
    )  # fmt: skip


def untested(layers: list[Layer], rows: pa.Table) -> list[str]:
    """A sentence for each layer in which nobody could be tested."""
    notes = []
    for layer in layers:
        n, known = _objects(layer)
        mine = rows.filter(pc.equal(rows.column("trace"), layer.trace))
        if not known:
            why = f"none of the {n:,} posts reacted to is in the study, so their authors are unknown"
        elif not mine.num_rows:
            why = f"no account reacted to {MIN_OBJECTS} or more posts of one author ({known:,} of {n:,} posts known)"
        elif pc.all(pc.equal(mine.column("status"), "insufficient_data")).as_py():
            why = "the times are too coarse for every window"
        else:
            continue
        notes.append(f"reactions of {layer.trace}: insufficient data; {why}")
    return notes


def _posts(study: Study, arrays: TraceArrays) -> pa.Table:
    """The events that are objects of the layer."""
    parts = [EVENTS.schema.empty_table().select(_EVENT)]
    for batch in study.batches("events", _EVENT):
        mine = pc.is_in(batch.column("event_id"), value_set=arrays.object_ids)
        parts.append(pa.Table.from_batches([batch.filter(mine)]).cast(parts[0].schema))
    return pa.concat_tables(parts)


def _objects(layer: Layer) -> tuple[int, int]:
    """Objects of the layer, and those of them whose author is known."""
    return len(layer.origins.author), int((layer.origins.author != NOBODY).sum())


def _commonest(resolution: I64) -> int:
    """The resolution of most rows, the finer of two that are as common; UNKNOWN for no rows."""
    steps, counts = np.unique(resolution, return_counts=True)
    return int(steps[np.argmax(counts)]) if len(steps) else UNKNOWN


def _count(rows: pa.Table, trace: str) -> int:
    return int(pc.sum(pc.equal(rows.column("trace"), trace)).as_py() or 0)
