"""The co-actors stage: every account of every behaviour at every window, one rate of false findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.clean.time import format_duration
from unisono.co_actors.find import Company, find_company
from unisono.co_actors.gather import gatherings
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.types import I32, I64
from unisono.nulls.touches import FirstTouches, first_touches, in_longer_sittings
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.stage import load_sittings, load_traces
from unisono.pairs.windows import clock_of, clock_step, usable
from unisono.study import Progress, Settings, StageOutput, Study
from unisono.tables import CO_ACTORS


class Looked(NamedTuple):
    """One behaviour at one window, looked at."""

    trace: str
    window_us: int
    account_ids: pa.Array
    first: FirstTouches
    found: Company


def write_co_actors(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Fill `co_actors` from `traces`, at the windows of the pair stage.

    Facts: fdr; tested, rows [trace, window_us, accounts tested]. Notes say where nothing could be tested.
    """
    looked: list[Looked] = []
    sittings = load_sittings(study)
    for trace, windows in sorted(study.manifest.stages["pair"].facts["windows"].items()):
        arrays, resolution = load_traces(study, trace)
        progress.start(f"co-actors: {trace}", len(arrays) * len(windows), "traces")
        for one in look(trace, arrays, resolution, sittings.of(arrays), windows, settings.fdr):
            looked.append(one)
            progress.advance(len(arrays))
    for note in untested(looked):
        out.note(note)
    with out.table(CO_ACTORS) as writer:
        writer.write_sorted(rows_of(looked, settings.fdr))
    out.facts["fdr"] = settings.fdr
    out.facts["tested"] = [[x.trace, x.window_us, int(x.found.tested.sum())] for x in looked]


def look(
    trace: str, arrays: TraceArrays, resolution: I64, sitting: I32, windows: Sequence[int], fdr: float
) -> Iterator[Looked]:
    """Each window with the rows whose clock is fine enough. resolution, sitting: (n,) of the rows."""
    for window in sorted(windows):
        fits = usable(resolution, window)
        part = arrays if fits.all() else arrays.take(fits)
        if not window or not len(part):
            continue
        step = clock_of(part.t, resolution[fits])
        first = in_longer_sittings(first_touches(part, sitting[fits]), window)
        found = find_company(first, window, fdr, clock_step(part.t) if step is None else step)
        yield Looked(trace, window, arrays.account_ids, first, found)


def rows_of(looked: Sequence[Looked], fdr: float) -> pa.Table:
    """Rows of `co_actors`, in no order: the accounts with p < 1. One BH over the accounts of all behaviours and windows
    that were tested; those with p = 1 have no row."""
    n_tests = sum(int(x.found.tested.sum()) for x in looked)
    some = [np.flatnonzero(x.found.tested & (x.found.p < 1)) for x in looked]
    p = np.concatenate([np.empty(0), *(x.found.p[k] for x, k in zip(looked, some, strict=True))])
    q = benjamini_hochberg(p, max(n_tests, len(p)))
    tables, done = [CO_ACTORS.schema.empty_table()], 0
    for x, rows in zip(looked, some, strict=True):
        own = q[done : done + len(rows)]
        done += len(rows)
        tables.append(_rows(x, rows, own, n_tests, fdr))
    return pa.concat_tables(tables)


def _rows(x: Looked, rows: I64, q: np.ndarray, n_tests: int, fdr: float) -> pa.Table:
    called = np.zeros(x.first.n_accounts, np.bool_)
    called[rows] = q <= fdr
    number = gatherings(x.first, x.window_us, x.found, called)[rows]
    n, f = len(rows), x.found
    columns = {
        "account_id": x.account_ids.take(pa.array(rows)), "trace": pa.repeat(x.trace, n),
        "window_us": pa.repeat(x.window_us, n), "n_acts": f.n_acts[rows], "n_sittings": f.n_sittings[rows],
        "observed": f.observed[rows], "expected": f.expected[rows], "p": f.p[rows], "q": q,
        "n_tests": pa.repeat(n_tests, n), "is_called": q <= fdr,
        "gathering": pc.if_else(pa.array(number >= 0), pa.array(number + 1), None),
    }  # fmt: skip
    return pa.table({c: columns[c] for c in CO_ACTORS.names}).cast(CO_ACTORS.schema)


def untested(looked: Sequence[Looked]) -> list[str]:
    """A sentence for each behaviour of which no account could be tested at a window, or for all where nothing was."""
    if not looked:
        return ["co-actors: insufficient data; no trace is paired at any window"]
    return [
        f"co-actors of {x.trace} within {format_duration(x.window_us)}: insufficient data; no account acts in two "
        "sittings"
        for x in looked
        if not x.found.tested.any()
    ]
