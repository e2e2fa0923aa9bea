"""What a kind of trace is: which events leave it, and on which objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.maths.types import I64

Rows = I64
Touched = tuple[Rows, pa.Array]
"""Row numbers of a batch, and for each the object that it touches (null is no object)."""

CONTENT = ("post", "quote", "reply")
"""Events with content of their own. A repost has none, unless nobody knows what it reposts."""


@dataclass(frozen=True)
class TraceKind:
    """One behaviour: its name, the event kinds that show it, the columns it reads, and how.

    content: the trace is of what a post says; a repost then leaves it only where its `repost_of` is unknown
    (or where the user asks for the content of reposts), else every co-repost would also be a co-link.
    named_only: paired only when the user names it, because it links people who merely share a topic.
    """

    name: str
    meaning: str
    columns: tuple[str, ...]
    objects: Callable[[pa.RecordBatch], Touched]
    kinds: tuple[str, ...] = CONTENT
    content: bool = True
    named_only: bool = False


def of_column(column: str) -> Callable[[pa.RecordBatch], Touched]:
    """Each row touches the id in `column`."""

    def objects(events: pa.RecordBatch) -> Touched:
        return np.arange(events.num_rows), events.column(column)

    return objects


def of_list(column: str, convert: Callable[[str], str | None]) -> Callable[[pa.RecordBatch], Touched]:
    """Each row touches the converted items of a list column."""

    def objects(events: pa.RecordBatch) -> Touched:
        lists = events.column(column)
        rows = np.asarray(pc.list_parent_indices(lists), dtype=np.int64)
        return rows, convert_strings(pc.list_flatten(lists), convert)

    return objects


def convert_strings(values: pa.Array, convert: Callable[[str], str | None]) -> pa.Array:
    """Convert strings, each distinct one once; nulls stay null."""
    coded = values.dictionary_encode()
    converted = pa.array([convert(v) or None for v in coded.dictionary.to_pylist()], pa.string())
    return converted.take(coded.indices)
