"""Twins: objects of a trace that are one under several names."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.checks.row import Question, Row
from unisono.checks.view import View, codes, ints
from unisono.maths.sorting import distinct
from unisono.maths.types import I32, I64
from unisono.pairs.arrays import UNKNOWN
from unisono.pairs.twins import first_names
from unisono.words import links
from unisono.words.shown import short

TWINS = Question(
    "twins", "objects_under_two_names",
    "they count once, under the name that is first in byte order, since one thing under two names would double every "
    "coincidence; the table twins has all names",
    "none needed, unless the names are things that differ: then they were touched by the same accounts at the same "
    "times, and no test can tell them apart",
)  # fmt: skip


def twins(view: View) -> Iterator[Row]:
    """Objects with the same touches at the same times, in each trace."""
    for trace, rows in view.by_trace():
        yield _of(trace, rows)


def _of(trace: str, rows: pa.Table) -> Row:
    names = rows["object_id"].combine_chunks()
    if not pa.types.is_dictionary(names.type):
        names = names.dictionary_encode()
    account, thing, t = codes(rows["account_id"]).astype(np.int32), ints(names.indices), ints(rows["t_us"])
    resolution = ints(rows["t_resolution_us"].fill_null(UNKNOWN))
    order = np.lexsort((account, t, thing))
    object_ids, n_objects = names.dictionary.cast(pa.string()), len(distinct(thing))
    first = first_names(account[order], thing[order].astype(np.int32), t[order], resolution[order], object_ids)
    other = np.flatnonzero(first != np.arange(len(first)))
    if not len(other):
        return TWINS.absent(f"no two of {n_objects:,} objects of {trace} have the same touches", 0, n_objects, trace)
    seen = f"{links.twins_of(trace, len(other), n_objects)}: {'; '.join(_examples(first, other, object_ids))}"
    return TWINS.found("note", seen, len(other), n_objects, trace)


def _examples(first: I32, other: I64, object_ids: pa.Array) -> list[str]:
    """The first objects by name, each with its other names."""
    once = distinct(first[other])
    by_name = once[np.asarray(pc.array_sort_indices(object_ids.take(pa.array(once))))][: links.NAMED]
    named = ((object_ids[int(o)].as_py(), _names(object_ids, other[first[other] == o])) for o in by_name)
    return [f"{short(name)}{links.also([short(o) for o in others])}" for name, others in named]


def _names(object_ids: pa.Array, numbers: I64) -> list[str]:
    return sorted(object_ids.take(pa.array(numbers)).to_pylist(), key=str.encode)
