"""The sequences stage: every behaviour that is paired, one rate of false findings over their accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.maths.types import F64, I32, I64
from unisono.nulls.touches import first_touches
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.stage import load_sittings, load_traces
from unisono.sequences.find import LEAST, MOST_SITTINGS, Alike, find_alike, lists, of_accounts, q_of
from unisono.study import Progress, Settings, StageOutput, Study
from unisono.tables import SEQUENCES


class Ordered(NamedTuple):
    """One behaviour, looked at. log_e, n_sittings: (accounts,) see `of_accounts`."""

    trace: str
    account_ids: pa.Array
    found: Alike
    log_e: F64
    n_sittings: I64


def write_sequences(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Fill `sequences` from `traces`.

    Facts: fdr; tested, rows [trace, accounts compared]. Notes say which things were left out.
    """
    looked: list[Ordered] = []
    sittings = load_sittings(study)
    for trace in sorted(study.manifest.stages["pair"].facts["windows"]):
        arrays, _ = load_traces(study, trace)
        progress.start(f"sequences: {trace}", len(arrays), "traces")
        looked.append(look(trace, arrays, sittings.of(arrays)))
        progress.advance(len(arrays))
    for note in left_out(looked):
        out.note(note)
    with out.table(SEQUENCES) as writer:
        writer.write_sorted(rows_of(looked, settings.fdr))
    out.facts["fdr"] = settings.fdr
    out.facts["tested"] = [[x.trace, int(np.count_nonzero(x.n_sittings))] for x in looked]


def look(trace: str, arrays: TraceArrays, sitting: I32) -> Ordered:
    """sitting: (n,) of the rows. The order of things does not hang on a window, so a coarse clock is no reason to
    refuse: things of one time have no order, and ties count against a finding."""
    first = first_touches(arrays, sitting)
    found = find_alike(first)
    return Ordered(trace, arrays.account_ids, found, *of_accounts(found, first.n_accounts))


def rows_of(looked: Sequence[Ordered], fdr: float) -> pa.Table:
    """Rows of `sequences`, in no order: the accounts with a sitting that could be compared. One e-BH over all."""
    log_e, n = (np.concatenate([np.empty(0), *(getattr(x, c) for x in looked)]) for c in ("log_e", "n_sittings"))
    q = q_of(log_e, n.astype(np.int64))
    tables, done = [SEQUENCES.schema.empty_table()], 0
    for x in looked:
        own = q[done : done + len(x.log_e)]
        done += len(own)
        tables.append(_rows(x, own, int(np.count_nonzero(n)), fdr))
    return pa.concat_tables(tables)


def _rows(x: Ordered, q: F64, n_tests: int, fdr: float) -> pa.Table:
    rows, found = np.flatnonzero(x.n_sittings), x.found
    called = (q <= fdr) & (x.n_sittings > 0)
    number = lists(found, called, len(q))[rows]
    account = found.sittings.account[found.mine]
    order = np.lexsort((found.theirs, found.mine, -found.log_e, account))  # the most telling pair of each comes first
    best = order[np.searchsorted(account[order], rows)]
    mine, theirs, n = found.mine[best], found.theirs[best], len(rows)
    columns = {
        "account_id": x.account_ids.take(pa.array(rows)), "trace": pa.repeat(x.trace, n),
        "n_sittings": x.n_sittings[rows],
        "partner_id": x.account_ids.take(pa.array(found.sittings.account[theirs])),
        "begin_us": found.sittings.begin[mine], "partner_begin_us": found.sittings.begin[theirs],
        "n_common": found.n_common[best], "n_opposite": found.n_opposite[best], "log_e": x.log_e[rows], "q": q[rows],
        "n_tests": pa.repeat(n_tests, n), "is_called": called[rows],
        "list": pc.if_else(pa.array(number >= 0), pa.array(number + 1), None),
    }  # fmt: skip
    return pa.table({c: columns[c] for c in SEQUENCES.names}).cast(SEQUENCES.schema)


def left_out(looked: Sequence[Ordered]) -> list[str]:
    """A sentence for each behaviour of which things were left out, or no two sittings could be compared."""
    notes = [
        f"sequences of {x.trace}: {x.found.n_left_out:,} things were left out that stand in more than "
        f"{MOST_SITTINGS} sittings"
        for x in looked
        if x.found.n_left_out
    ]
    if not any(x.n_sittings.any() for x in looked):
        notes.append(f"sequences: insufficient data; no two accounts share {LEAST} things, each in a sitting")
    return notes
