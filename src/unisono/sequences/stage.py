"""Lists of a study: every behaviour, one rate of false findings, the table `sequences`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.maths.orders import discordant
from unisono.maths.types import F64, I32, I64
from unisono.nulls.touches import first_touches
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.stage import load_sittings, load_traces
from unisono.sequences.compare import shared
from unisono.sequences.find import Lists, find_lists, lists_of, q_of_pairs
from unisono.study import Progress, Settings, StageOutput, Study
from unisono.tables import SEQUENCES
from unisono.words import sequences as words


class Looked(NamedTuple):
    """One behaviour, looked at."""

    trace: str
    account_ids: pa.Array
    object_ids: pa.Array
    found: Lists


def write_sequences(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Fill `sequences` from `traces`: of all behaviours that are paired.

    Fact: sequences, the number of accounts tested. Notes say which objects were too common to be looked at.
    """
    looked: list[Looked] = []
    sittings = load_sittings(study)
    for trace in sorted(study.manifest.stages["pair"].facts["windows"]):
        arrays, _ = load_traces(study, trace)
        progress.start(f"lists: {trace}", len(arrays), "traces")
        looked.append(look(trace, arrays, sittings.of(arrays)))
        progress.advance(len(arrays))
    for note in left_out(looked):
        out.note(note)
    rows, n_tests = rows_of(looked, settings.fdr, settings.any_dependence)
    with out.table(SEQUENCES) as writer:
        writer.write_sorted(rows)
    out.facts["sequences"] = n_tests


def look(trace: str, arrays: TraceArrays, sitting: I32) -> Looked:
    """sitting: (n,) of the rows, over all behaviours."""
    return Looked(trace, arrays.account_ids, arrays.object_ids, find_lists(first_touches(arrays, sitting)))


def left_out(looked: Iterable[Looked]) -> list[str]:
    """A sentence for each behaviour with objects too common to be looked at."""
    some = ((x.trace, x.found.found) for x in looked)
    return [words.left_out(trace, c.n_left_out, c.most_runs) for trace, c in some if c.n_left_out]


def rows_of(looked: list[Looked], fdr: float, any_dependence: bool = False) -> tuple[pa.Table, int]:
    """Rows of `sequences`, in no order, and the number of accounts tested. fdr: in (0, 1)."""
    q, n_tests = q_of_pairs([x.found for x in looked], any_dependence)
    tables = [_rows(x, own, n_tests, fdr) for x, own in zip(looked, q, strict=True)]
    return pa.concat_tables([SEQUENCES.schema.empty_table(), *tables]), n_tests


def _rows(x: Looked, q: F64, n_tests: int, fdr: float) -> pa.Table:
    found, runs = x.found.found, x.found.found.runs
    called = q <= fdr
    number = lists_of(found, called)
    rows = np.flatnonzero(x.found.p_pair < 1)
    swap = runs.account[found.a[rows]] > runs.account[found.b[rows]]
    a, b = np.where(swap, found.b[rows], found.a[rows]), np.where(swap, found.a[rows], found.b[rows])
    p_a, p_b = (np.where(swap, *both) for both in ((x.found.p_b[rows], x.found.p_a[rows]),
                                                   (x.found.p_a[rows], x.found.p_b[rows])))  # fmt: skip
    told = [_told(x, i, j) for i, j in zip(a.tolist(), b.tolist(), strict=True)]
    listed = number[rows]
    columns = {
        "trace": pa.repeat(x.trace, len(rows)), "account_a": _ids(x.account_ids, runs.account[a]),
        "account_b": _ids(x.account_ids, runs.account[b]), "p_a": pa.array(p_a, from_pandas=True),
        "p_b": pa.array(p_b, from_pandas=True), "n_tests": pa.repeat(n_tests, len(rows)), "q": q[rows],
        "is_called": called[rows], "list": pc.if_else(pa.array(listed >= 0), pa.array(listed + 1), None),
        **{name: pa.array([t[k] for t in told], SEQUENCES.schema.field(name).type) for k, name in enumerate(_TOLD)},
    }  # fmt: skip
    return pa.table({c: columns[c] for c in SEQUENCES.names}).cast(SEQUENCES.schema)


_TOLD = ("begin_a_us", "begin_b_us", "n_objects", "n_same_order", "n_pairs", "objects")


def _told(x: Looked, a: int, b: int) -> tuple[int, int, int, int, int, list[str]]:
    """Of two runs: when each began with what they share, and in which order they took it."""
    runs = x.found.found.runs
    mine, theirs = shared(runs, a, b)
    t_a, t_b = runs.t[mine], runs.t[theirs]
    pairs = len(mine) * (len(mine) - 1) // 2
    in_order = _ids(x.object_ids, runs.object[mine][np.argsort(t_a)]).to_pylist()
    return int(t_a.min()), int(t_b.min()), len(mine), pairs - discordant(t_a, t_b), pairs, in_order


def _ids(ids: pa.Array, numbers: I32 | I64) -> pa.Array:
    return ids.take(pa.array(numbers))
