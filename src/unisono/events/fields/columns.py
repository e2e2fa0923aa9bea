"""Cells of a batch as an Arrow column of what a field asks for: texts, whole numbers, lists of texts."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.events.fields.cells import SEPARATORS, items, whole_number
from unisono.events.files.batch import Cells, as_text, python_values
from unisono.events.files.letters import DIGITS, PRINTED, TRIMMED, letters
from unisono.maths.types import I64

_TEXT, _NONE = {str, type(None)}, {type(None)}
LISTS = pa.list_(pa.string())
_SAFE_DIGITS = 18


def texts(cells: Cells) -> pa.Array:
    """A column as texts (see `batch.as_text`): what is empty is null."""
    array = _written(cells)
    empty = pc.equal(pc.binary_length(array), 0)
    return pc.if_else(empty, pa.scalar(None, pa.string()), array) if pc.any(empty).as_py() else array


def _written(cells: Cells) -> Any:
    if isinstance(cells, list):
        plain = set(map(type, cells)) <= _TEXT
        return pa.array(cells if plain else [as_text(v) for v in cells], pa.string())
    kind = cells.type
    if pa.types.is_string(kind):
        return cells
    if pa.types.is_integer(kind) or pa.types.is_large_string(kind):
        return cells.cast(pa.string())
    return pa.array([as_text(v) for v in python_values(cells)], pa.string())


def numbers(cells: Cells, field: str, tally: Counter[str]) -> pa.Array:
    """Whole numbers of 64 bits; any other value is left empty and counted."""
    if not isinstance(cells, list) and pa.types.is_integer(cells.type) and cells.type != pa.uint64():
        return cells.cast(pa.int64())
    if isinstance(cells, list) and set(map(type, cells)) <= _NONE:
        return pa.nulls(len(cells), pa.int64())
    if _is_text(cells):
        written = texts(cells)
        plain = _plain_numbers(written)
        found = pc.if_else(plain, written, pa.scalar(None, pa.string())).cast(pa.int64())
        rest = np.flatnonzero(~np.asarray(plain, bool) & np.asarray(written.is_valid(), bool))
        values = written.take(pa.array(rest)).to_pylist()
    else:
        values, found, rest = python_values(cells), None, None
    read = [whole_number(v) for v in values]
    if lost := sum(n is None and as_text(v) is not None for n, v in zip(read, values, strict=True)):
        tally[f"values of {field} that are no whole numbers; left empty"] += lost
    return pa.array(read, pa.int64()) if rest is None else filled(found, rest, pa.array(read, pa.int64()))


def _plain_numbers(written: Any) -> pa.Array:
    short = np.asarray(pc.binary_length(written).fill_null(0)) <= _SAFE_DIGITS
    return pa.array(((letters(written) & DIGITS) > 0) & short)


def _is_text(cells: Cells) -> bool:
    if isinstance(cells, list):
        return set(map(type, cells)) <= _TEXT
    return bool(pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type))


def filled(column: Any, at: I64, values: pa.Array) -> pa.Array:
    """The column with these values at these positions."""
    if not len(at):
        return column
    order = np.arange(len(column))
    order[at] = len(column) + np.arange(len(at))
    return pa.concat_arrays([column, values]).take(pa.array(order))


def lists(cells: Cells, separator: str | None, field: str, tally: Counter[str]) -> pa.Array:
    """Lists of texts, empty ones where there is nothing; a text without a declared separator is one value."""
    if _is_text(cells) and separator != "json":
        return _split(texts(cells), separator)
    listed = _listed(cells)
    if listed is not None:
        return listed
    found = [items(v, separator) for v in python_values(cells)]
    if lost := sum(f is None for f in found):
        tally[f"values of {field} that are no JSON lists; left empty"] += lost
    return pa.array([f or [] for f in found], LISTS)


def _listed(cells: Cells) -> pa.Array | None:
    """Cells that are lists of texts; None where one is anything else."""
    if isinstance(cells, list):
        if not set(map(type, cells)) <= {list, type(None)}:
            return None
        try:
            array = pa.array(cells, LISTS)
        except (pa.ArrowInvalid, TypeError):  # an item is no text
            return None
    elif pa.types.is_list(cells.type) and pa.types.is_string(cells.type.value_type):
        array = cells
    else:
        return None
    flat = array.flatten()
    sizes = np.asarray(pc.list_value_length(array).fill_null(0), np.int64)
    rest = np.flatnonzero((letters(flat) & TRIMMED) == 0)
    if len(rest):
        stripped = [(v or "").strip() or None for v in flat.take(pa.array(rest)).to_pylist()]
        flat = filled(flat, rest, pa.array(stripped, pa.string()))
    return regrouped(flat, sizes)


def regrouped(flat: Any, sizes: I64) -> pa.Array:
    """Lists of these sizes of the values that are not null."""
    ends = np.concatenate(([0], np.cumsum(sizes)))
    if flat.null_count:
        kept = np.concatenate(([0], np.cumsum(np.asarray(flat.is_valid(), bool))))
        flat, ends = flat.drop_null(), kept[ends]
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), flat)


def _split(written: Any, separator: str | None) -> pa.Array:
    """Texts parted at their separator: at once those of printed ASCII, one by one the others."""
    known = letters(written)
    if separator is None:
        easy = (known & TRIMMED) > 0
    else:
        easy = (known & PRINTED) > 0
    easy |= np.asarray(written.is_null(), bool)
    taken = pc.if_else(pa.array(easy), written, pa.scalar(None, pa.string()))
    if separator is None:
        found = regrouped(taken, np.ones(len(taken), np.int64))
    else:
        parted = pc.split_pattern(taken, SEPARATORS[separator] or " ")
        sizes = np.asarray(pc.list_value_length(parted).fill_null(0), np.int64)
        flat = pc.ascii_trim_whitespace(parted.flatten())
        found = regrouped(texts(flat), sizes)
    rest = np.flatnonzero(~easy)
    one_by_one = [items(v, separator) or [] for v in written.take(pa.array(rest)).to_pylist()]
    return filled(found, rest, pa.array(one_by_one, LISTS))
