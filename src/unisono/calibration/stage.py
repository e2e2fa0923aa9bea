"""The calibration stage: the study's own accounts and objects with the coordination destroyed, and tested again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.calibration.permuted import CONTROLS
from unisono.calibration.run import EDGES_CALLED, Part, Watch, calibrate
from unisono.calibration.synchrony import alone_of
from unisono.edges.layers import Load, grounds
from unisono.edges.rows import ALL
from unisono.maths.types import I64
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.sample import MOST, some_objects
from unisono.pairs.sittings import Sittings
from unisono.pairs.stage import SYNCHRONY, load_sittings, load_traces
from unisono.study import Progress, Settings, StageOutput, Study
from unisono.tables import CALIBRATION

_CONTROL_WORDS = {
    "slots": "accounts permuted over each object's own times", "posts": "whole posts dealt to other accounts",
    "latency": "accounts that are not linked permuted among the equally fast",
    "sittings": "sittings of accounts that are not linked moved whole to other days of theirs",
    "curveball": "who touched what drawn anew",
}  # fmt: skip


def write_calibration(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Fill `calibration` from `traces`, and from `edges` whom a control leaves out. Notes say what was only sampled,
    and where chance was taken for an edge.

    Facts: runs; fdr; sampled, {trace: [rows taken, rows]}.
    """
    windows: dict[str, list[int]] = study.manifest.stages["pair"].facts["windows"]
    sampled: dict[str, list[int]] = {}

    def load(trace: str) -> tuple[TraceArrays, I64]:
        arrays, resolution = load_traces(study, trace)
        some = some_objects(arrays, MOST, settings.seed)
        if some is None:
            return arrays, resolution
        sampled[trace] = [int(some.sum()), len(some)]
        return arrays.take(some), resolution[some]

    progress.start("calibration: background", sum(map(len, windows.values())), "layers")
    edges = study.read("edges", ["trace", "account_a", "account_b", "is_edge"])
    called = in_links(edges)
    columns = ["trace", "account_id", "object_id", "t_us", "t_resolution_us", "event_id"]
    alone = alone_of(study.read("traces", columns, pc.field("trace") == SYNCHRONY), in_links(edges, alone=True))
    parts = parts_of(windows, load, load_sittings(study), settings.seed, progress.advance, called)
    progress.start("calibration", settings.calibrations * len(CONTROLS) * len(parts), "layers")
    rows = calibrate(
        parts, settings.fdr, settings.calibrations, settings.seed, settings.n_threads, progress.advance,
        settings.any_dependence, alone,
    )  # fmt: skip
    with out.table(CALIBRATION) as writer:
        writer.write(rows)
    for trace, (taken, n) in sorted(sampled.items()):
        out.note(
            f"calibration of {trace}: {taken:,} of {n:,} traces, whole objects drawn at random; a sample has fewer "
            "common objects per pair, so it says little about pairs that need many"
        )
    for note in notes_of(rows, settings.calibrations):
        out.note(note)
    out.facts.update(runs=settings.calibrations, fdr=settings.fdr, sampled=sampled)


def in_links(edges: pa.Table, alone: bool = False) -> pa.Array:
    """Accounts in links by acts on objects, or where `alone` by acts on none. edges: trace, account_a, account_b,
    is_edge."""
    without = pc.equal(edges["trace"], SYNCHRONY)
    links = edges.filter(pc.and_(edges["is_edge"], without if alone else pc.invert(without)))
    return pa.chunked_array([pc.unique(links[c]) for c in ("account_a", "account_b")], pa.string()).unique()


def parts_of(
    windows: dict[str, list[int]], load: Load, sittings: Sittings, seed: int, watch: Watch = lambda n: None,
    called: pa.Array | None = None,
) -> list[Part]:  # fmt: skip
    """The layers of a study, with accounts numbered across traces. called: accounts in links that the study called."""
    found = []
    for part in grounds(windows, load, sittings, seed):
        found.append(part)
        watch(1)
    ids = pa.chunked_array([arrays.account_ids for _, _, arrays, _ in found] or [pa.array([], pa.string())]).unique()
    return [
        Part(
            trace,
            window,
            ground,
            pc.index_in(arrays.account_ids, ids).to_numpy().astype("int64"),
            None if called is None else np.asarray(pc.is_in(arrays.account_ids, called), np.bool_),
        )
        for trace, window, arrays, ground in found
    ]


def notes_of(rows: pa.Table, runs: int) -> Iterator[str]:
    """A sentence for each control in which the tests called edges, though there were none."""
    by_null = {r["null"]: r for r in rows.filter(pc.equal(rows["trace"], ALL)).to_pylist()}
    for control in CONTROLS:
        row = by_null.get(f"{EDGES_CALLED}/{control}")
        if row and row["empirical"]:
            many = "one run" if runs == 1 else f"{runs:,} runs"
            yield (
                f"calibration: with {_CONTROL_WORDS[control]} the same tests call {row['empirical'] * row['n']:,.0f} "
                f"edges in {many}; read edges of this study with as much doubt"
            )
