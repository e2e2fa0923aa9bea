"""All rows that are measured here, by number."""

from __future__ import annotations

from lab.measure import (
    bases,
    beside,
    bound,
    framing,
    injected,
    likenesses,
    mixed,
    moved,
    nominal,
    organic,
    permuted,
    power,
    redrawn,
    rivals,
    sequences,
    synchrony,
    twins,
)
from lab.measure.row import Row

_ALL = (
    permuted.ROW, organic.ROW, nominal.ROW, *power.ROWS, *injected.ROWS, likenesses.ROW, beside.ROW, rivals.ROW,
    bound.ROW, synchrony.ROW, mixed.ROW, redrawn.ROW, moved.ROW, bases.ROW, framing.ROW,
    sequences.ROW, twins.ROW,
)  # fmt: skip
ROWS: dict[int, Row] = {row.number: row for row in sorted(_ALL, key=lambda row: row.number)}
