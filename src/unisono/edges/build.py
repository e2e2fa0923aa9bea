"""The test stage: pairs become edges, and edges get the posts that they rest on.

Until edges are tested against chance, an edge is a rule of thumb: MIN_OBJECTS common objects or more. That is
what today's tools do; it has no error rate, and every row says so in `status`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.clean.time import format_duration
from unisono.edges.evidence import evidence
from unisono.pairs.build import load_traces
from unisono.pairs.windows import usable
from unisono.study import Progress, Settings, StageOutput, Study
from unisono.tables import EDGES, EVIDENCE, PAIRS

MIN_OBJECTS = 3
RULE_OF_THUMB = "rule_of_thumb"


def write_edges(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Fill `edges` from `pairs`, and `evidence` from `traces` for those that are edges."""
    kept: list[pa.Table] = []
    progress.start("edges", study.manifest.tables["pairs"].rows, "pairs")
    with out.table(EDGES) as writer:
        for batch in study.batches("pairs", PAIRS.names):
            edges = judge(pa.Table.from_batches([batch]))
            writer.write(edges)
            kept.append(edges.filter(edges.column("is_edge")).select([*PAIRS.key, "n_pairs"]))
            progress.advance(batch.num_rows)
    with out.table(EVIDENCE) as writer:
        for rows in _all_evidence(study, kept, progress):
            writer.write(rows)


def judge(pairs: pa.Table) -> pa.Table:
    """Pairs with the columns of `edges`: the rule of thumb, and no number that pretends to be a test."""
    n = pairs.num_rows
    return (
        pairs.append_column("is_edge", pc.greater_equal(pairs.column("n_objects"), MIN_OBJECTS))
        .append_column("n_evidence", pairs.column("n_pairs"))
        .append_column("status", pa.array([RULE_OF_THUMB]).take(pa.array(np.zeros(n, np.int8))))
    )


def _all_evidence(study: Study, kept: list[pa.Table], progress: Progress) -> Iterator[pa.Table]:
    if not kept:
        return
    edges = pa.concat_tables(kept)
    layers = edges.select(["trace", "window_us"]).group_by(["trace", "window_us"], use_threads=False).aggregate([])
    for trace, group in groupby(
        sorted(layers.to_pylist(), key=lambda r: (r["trace"], r["window_us"])), lambda r: r["trace"]
    ):
        arrays, resolution = load_traces(study, trace)
        for window in (layer["window_us"] for layer in group):
            here = pc.and_(pc.equal(edges.column("trace"), trace), pc.equal(edges.column("window_us"), window))
            pairs = edges.filter(here)
            progress.start(
                f"evidence: {trace}, {format_duration(window)}",
                pc.sum(pairs.column("n_pairs")).as_py(),
                "co-actions",
            )
            fits = usable(resolution, window)
            for rows in evidence(arrays if fits.all() else arrays.take(fits), trace, window, pairs):
                yield rows
                progress.advance(rows.num_rows)
