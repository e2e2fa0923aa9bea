"""The test stage: pairs that chance cannot explain become edges, and edges get the posts that they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.clean.time import format_duration
from unisono.edges.layers import Load, assess_layers
from unisono.edges.rows import ALL, Verdict, judge, untested
from unisono.maths.types import I64
from unisono.nulls.meetings import LEAST
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.evidence import evidence
from unisono.pairs.stage import SYNCHRONY, load_sittings, load_traces
from unisono.pairs.windows import usable
from unisono.study import Progress, Settings, StageOutput, Study, UserError
from unisono.synchrony.combined import with_synchrony
from unisono.synchrony.evidence import meetings
from unisono.synchrony.stage import clock_step, write_synchrony
from unisono.tables import EDGES, EVIDENCE, PAIRS

_KEY = ["trace", "window_us", "account_a", "account_b"]
_WANTED = [*_KEY, "n_pairs"]


def write_edges(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Fill `edges` from `pairs` and `traces`, and `evidence` from `traces` for those that are edges.

    Facts: n_tests, the size of the test family; fdr; any_dependence; and those of `Facts`. Raises UserError.
    """
    windows: dict[str, list[int]] = study.manifest.stages["pair"].facts["windows"]
    if ALL in windows:
        raise UserError("a trace is named 'all', as the rows that combine every trace are", "rename it in the source")

    def load(trace: str) -> tuple[TraceArrays, I64]:
        return load_traces(study, trace)

    candidates = study.read("pairs", _KEY, pc.field("n_first") >= LEAST, dictionary=["trace", "account_a", "account_b"])
    layers = assess_layers(
        candidates, windows, load, load_sittings(study), settings.seed,
        lambda what, n: progress.start(what, n, "pairs"),
    )  # fmt: skip
    verdict = judge(layers, settings.fdr, settings.seed, settings.any_dependence)
    alone, n_alone = write_synchrony(study, settings, out, progress)
    others = {ALL: with_synchrony(verdict.combined, verdict.n_tests, alone), SYNCHRONY: alone}
    kept: list[pa.Table] = []
    progress.start("edges", study.manifest.tables["pairs"].rows, "pairs")
    with out.table(EDGES) as writer:
        for rows in edge_rows(study.batches("pairs", PAIRS.names), verdict, others):
            writer.write(rows)
            kept.append(rows.filter(pc.and_(rows["is_edge"], pc.not_equal(rows["trace"], ALL))).select(_WANTED))
            progress.advance(rows.num_rows)
    edges = pa.concat_tables([pa.schema([EDGES.schema.field(c) for c in _WANTED]).empty_table(), *kept])
    with out.table(EVIDENCE) as writer:
        for rows in all_evidence(edges, load, progress):
            writer.write(rows)
    n_tests = verdict.n_tests + int(pc.max(alone["n_tests"]).as_py() or 0)
    facts = {"n_tests": n_tests, "fdr": settings.fdr, "any_dependence": settings.any_dependence}
    known = replace(verdict.facts, n_accounts=verdict.facts.n_accounts + n_alone)
    out.facts.update(facts, **known.plain())


def edge_rows(batches: Iterable[pa.RecordBatch], verdict: Verdict, others: dict[str, pa.Table]) -> Iterator[pa.Table]:
    """Rows of `edges` in key order: the pairs with what the tests say, and tables of other traces at their place."""
    waiting = sorted(others, key=str.encode)
    done, n_tests = 0, verdict.n_tests
    for batch in batches:
        pairs = pa.Table.from_batches([batch])
        for trace in pc.unique(pairs["trace"]).to_pylist():
            while waiting and waiting[0].encode() < trace.encode():
                yield others[waiting.pop(0)]
            rows = pairs.filter(pc.equal(pairs["trace"], trace))
            candidate = np.flatnonzero(rows["n_first"].to_numpy() >= LEAST)
            yield _with_tests(rows, candidate, verdict.rows.slice(done, len(candidate)), n_tests)
            done += len(candidate)
    for name in waiting:
        yield others[name]


def _with_tests(pairs: pa.Table, candidate: np.ndarray, tests: pa.Table, n_tests: int) -> pa.Table:
    at = np.full(pairs.num_rows, -1, np.int64)
    at[candidate] = np.arange(len(candidate))
    columns = {c: pairs[c] for c in PAIRS.names} | {"n_evidence": pairs["n_pairs"]}
    is_candidate, index = pa.array(at >= 0), pa.array(np.maximum(at, 0))
    for name, otherwise in untested(pairs.num_rows, n_tests).items():
        if not len(candidate):
            columns[name] = otherwise
            continue
        own = tests[name].combine_chunks().take(index)
        columns[name] = pc.if_else(is_candidate, own, otherwise)
    return pa.table({c: columns[c] for c in EDGES.names}).cast(EDGES.schema)


def all_evidence(edges: pa.Table, load: Load, progress: Progress) -> Iterator[pa.Table]:
    """Evidence of edges (trace, window_us, account_a, account_b, n_pairs) in key order."""
    layers = edges.select(["trace", "window_us"]).group_by(["trace", "window_us"], use_threads=False).aggregate([])
    named = sorted(layers.to_pylist(), key=lambda r: (r["trace"].encode(), r["window_us"]))
    for trace, group in groupby(named, lambda r: r["trace"]):
        arrays, resolution = load(trace)
        for window in (layer["window_us"] for layer in group):
            here = pc.and_(pc.equal(edges["trace"], trace), pc.equal(edges["window_us"], window))
            pairs = edges.filter(here)
            what = f"evidence: {trace}, {format_duration(window)}"
            progress.start(what, pc.sum(pairs["n_pairs"]).as_py(), "co-actions")
            for rows in _evidence(arrays, resolution, trace, window, pairs):
                yield rows
                progress.advance(rows.num_rows)


def _evidence(arrays: TraceArrays, resolution: I64, trace: str, window: int, pairs: pa.Table) -> Iterator[pa.Table]:
    if trace == SYNCHRONY:
        return meetings(arrays, window, clock_step(resolution), pairs)
    fits = usable(resolution, window)
    return evidence(arrays if fits.all() else arrays.take(fits), trace, window, pairs)
