"""A column of times: typed columns at once, written ones value by value."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.clean.clock import shown
from unisono.clean.time import BadTime, NaiveTime, TimeRule, parse_time
from unisono.events.fields.plain_times import SCALES, YEAR_1, YEAR_10000, bounds, plain_times
from unisono.events.files.batch import Cells, Times, in_microseconds, python_values
from unisono.maths.types import I64
from unisono.study import Settings, UserError, setting

_NAIVE = "naive_time"
"""Reason of a time without a zone, where none is declared either; never that of a reject."""
_UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1}


def time_rule(settings: Settings, named: str | None, zone: str | None) -> TimeRule:
    """How times are written: as the settings say, else as the `named` time format and zone of a file format.

    A zone that the file format itself fixes wins. Raises UserError.
    """
    try:
        return TimeRule(settings.time_format or named, zone or settings.zone)
    except ValueError as e:
        raise UserError(str(e), f"see {setting('time_format')} and {setting('zone')}") from None


def time_column(cells: Cells, rule: TimeRule, name: str, lines: I64) -> Times:
    """Times of a column. Rows without one have the reason no_time or bad_time.

    Raises UserError, naming the source and the line, where a time carries no zone and none is declared.
    """
    times = _written_times(cells, rule)
    for i, reason in times.reasons.items():
        if reason == _NAIVE:
            (cell,) = python_values(cells[i : i + 1])
            raise UserError(
                f"{name}: times carry no zone (line {lines[i]}: {shown(cell)})",
                f"say which, such as {setting('zone', 'UTC')}",
            )
    return times


def forgiving_times(cells: Cells, rule: TimeRule) -> Times:
    """Times of a column where a single one without a zone is a bad_time: of a format whose times carry one."""
    times = _written_times(cells, rule)
    naive = [i for i, reason in times.reasons.items() if reason == _NAIVE]
    times.reasons |= dict.fromkeys(naive, "bad_time")
    times.why = times.why or ("it carries no zone, and none is declared" if naive else "")
    return times


def _written_times(cells: Cells, rule: TimeRule) -> Times:
    """Times of a column. Rows without one have the reason no_time, bad_time or `_NAIVE`."""
    cells = _as_arrow(cells)
    if not isinstance(cells, list):
        typed = _typed(cells, rule)
        if typed is not None:
            return typed
        cells = in_microseconds(cells)
    text = not isinstance(cells, list) and pa.types.is_string(cells.type)
    t_us, steps, known = plain_times(cells if text else pa.nulls(len(cells), pa.string()), rule)
    rest = np.flatnonzero(~known)
    values = cells if isinstance(cells, list) else python_values(cells.take(pa.array(rest)))
    reasons: dict[int, str] = {}
    why = ""
    for i, value in zip(rest.tolist(), values, strict=True):
        if value is None or value == "" or value != value:
            reasons[i] = "no_time"
            continue
        try:
            t_us[i], steps[i] = parse_time(value, rule)
        except BadTime as e:
            reasons[i], why = "bad_time", why or str(e)
        except NaiveTime:
            reasons[i] = _NAIVE
    return Times(t_us, steps, reasons=reasons, why=why)


def _as_arrow(cells: Cells) -> Cells:
    """Cells that are all texts, or all whole numbers, as a column of these."""
    if isinstance(cells, list):
        kinds = set(map(type, cells)) - {type(None)}
        if kinds == {str}:
            return pa.array(cells, pa.string())
        with suppress(OverflowError):
            return pa.array(cells, pa.int64()) if kinds == {int} else cells
    elif pa.types.is_large_string(cells.type):
        return cells.cast(pa.string())
    return cells


def _typed(array: Any, rule: TimeRule) -> Times | None:
    """Times of timestamps that need no calendar, and of numbers; None for anything else."""
    kind = array.type
    if pa.types.is_timestamp(kind):
        # Only UTC and no declared zone at all are free of a calendar; the rest goes value by value.
        if kind.tz is None and (rule.zone or "").strip().upper() not in ("UTC", "Z"):
            return None
        array = in_microseconds(array)
        return _scaled(array.cast(pa.int64()), _UNITS[array.type.unit], YEAR_1, YEAR_10000)
    if rule.format not in SCALES or not _is_whole(array):
        return None
    times = _scaled(array.cast(pa.int64()), SCALES[rule.format], *bounds(rule))
    bad = next((i for i, reason in times.reasons.items() if reason == "bad_time"), None)
    if bad is not None:
        try:
            parse_time(array[bad].as_py(), rule)
        except BadTime as e:
            times.why = str(e)
    return times


def _is_whole(array: Any) -> bool:
    if pa.types.is_integer(array.type):
        return bool(array.type != pa.uint64())
    if not pa.types.is_floating(array.type) or pa.types.is_float16(array.type):  # no time fits a half
        return False
    whole = pc.and_(pc.equal(array, pc.floor(array)), pc.less(pc.abs(array), 1e18))
    return bool(pc.all(whole, min_count=0).as_py())


def _scaled(array: Any, scale: int, low: int, high: int) -> Times:
    valid = np.asarray(array.is_valid())
    values = np.asarray(array.fill_null(0), dtype=np.int64)
    fits = (values >= -(-low // scale)) & (values < -(-high // scale))
    reasons = {int(i): "no_time" for i in np.flatnonzero(~valid)}
    reasons |= {int(i): "bad_time" for i in np.flatnonzero(valid & ~fits)}
    t_us = np.where(valid & fits, values, 0) * scale
    return Times(t_us, np.full(len(values), scale, np.int64), reasons=reasons)
