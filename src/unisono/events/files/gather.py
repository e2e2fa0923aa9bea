"""Rows of a text source into batches: what was read, its bytes and its number, and what was not, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from unisono.events.files.batch import Reject, row_sha256
from unisono.events.files.lines import Damage

ROWS, BYTES = 20_000, 8 << 20
"""A batch ends at either."""
T = TypeVar("T")


@dataclass
class Gathered(Generic[T]):
    """Rows of one batch: numbers from 1, lines, values and bytes of those that could be read; the others."""

    rows: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    values: list[T] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)


def gathered(records: Iterable[tuple[T | str, bytes, int]], n: int = 0) -> Iterator[Gathered[T]]:
    """Batches of records: each its value, or the reason why there is none, its bytes, and its line (0: as its number).

    n: how many came before. A Damage of the whole file is no record and stands on line 0.
    """
    batch: Gathered[T] = Gathered()
    size = 0
    for value, raw, line in records:
        ends = isinstance(raw, Damage) and raw.whole
        n += not ends
        if isinstance(value, str):
            sha = raw.sha256 if isinstance(raw, Damage) else row_sha256(raw)
            batch.rejects.append(Reject(0 if ends else line or n, value, sha))
        else:
            batch.values.append(value)
            batch.raws.append(raw)
            batch.rows.append(n)
            batch.lines.append(line or n)
        size += len(raw)
        if len(batch.values) >= ROWS or size >= BYTES or len(batch.rejects) >= ROWS:
            yield batch
            batch, size = Gathered(), 0
    if batch.values or batch.rejects:
        yield batch
