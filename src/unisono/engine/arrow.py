"""Tables of others in, tables of ours out: pyarrow, pandas, polars, all that speaks the Arrow PyCapsule interface."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, get_args, overload

import pyarrow as pa

from unisono.study import UserError, setting
from unisono.study.writer import conform
from unisono.tables import Table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


class _Stream(Protocol):
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class _Array(Protocol):
    def __arrow_c_array__(self, requested_schema: object | None = None) -> object: ...


Frame: TypeAlias = "_Stream | _Array"
"""A table of anybody's: pyarrow, pandas, polars, a DuckDB relation."""
To = Literal["pyarrow", "pandas", "polars"]
"""What tables come out as."""
TableOut: TypeAlias = "pa.Table | pd.DataFrame | pl.DataFrame"

_TYPES = "`unisono.tables` says which type each column has"
_FACTS = "unisono"


def table_in(data: Frame, table: Table, *more: str) -> pa.Table:
    """A table of ours, whatever it came as; its key and the columns `more` must be there. Raises UserError."""
    rows = arrow(data)
    for name in (*table.key, *more):
        if name not in rows.column_names:
            raise UserError(
                f"no column {name} in the table given as {table.name}",
                f"the columns of {table.name}: {', '.join(table.names)}",
            )
    try:
        return conform(rows, table)
    except pa.ArrowException as e:
        raise UserError(f"a column of the table given as {table.name} has another type: {e}", _TYPES) from None


def arrow(data: Frame) -> pa.Table:
    """Anybody's table as Arrow. Raises UserError where it is none, or a column holds values of several types."""
    if not hasattr(data, "__arrow_c_stream__") and not hasattr(data, "__arrow_c_array__"):
        raise UserError(f"{type(data).__name__} is no table", "give a pandas, polars or Arrow table")
    try:
        return pa.table(data)
    except (pa.ArrowException, TypeError, OverflowError, ValueError) as e:
        why = " ".join(map(str, e.args[::-1] if isinstance(e, pa.ArrowException) else e.args))
        raise UserError(
            f"the table cannot be read: {' '.join(why.split())}",
            'give each column one type, such as df["id"] = df["id"].astype(str)',
        ) from None


@overload
def table_out(table: pa.Table, to: Literal["pyarrow"]) -> pa.Table: ...
@overload
def table_out(table: pa.Table, to: Literal["pandas"]) -> pd.DataFrame: ...
@overload
def table_out(table: pa.Table, to: Literal["polars"]) -> pl.DataFrame: ...
@overload
def table_out(table: pa.Table, to: To) -> TableOut: ...
def table_out(table: pa.Table, to: To) -> TableOut:
    """The table as what `to` names, with the facts that it carries. Raises UserError."""
    if to not in get_args(To):
        raise UserError(f"there is no output {to!r}", f"{setting('to')} is one of: {', '.join(get_args(To))}")
    try:
        return _OUT[to](table)
    except ImportError:
        raise UserError(f"{to} is not installed", f"pip install {to}, or say {setting('to', 'pyarrow')}") from None


def _pandas(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    if facts := facts_of(table):
        frame.attrs[_FACTS] = facts
    return frame


def _polars(table: pa.Table) -> pl.DataFrame:
    import polars

    frame = polars.from_arrow(table)
    assert isinstance(frame, polars.DataFrame)
    return frame


_OUT: dict[To, Callable[[pa.Table], TableOut]] = {"pyarrow": lambda t: t, "pandas": _pandas, "polars": _polars}


def in_order(rows: pa.Table, table: Table) -> pa.Table:
    """Rows sorted by the key of their table."""
    return rows.sort_by([(k, "ascending") for k in table.key])


def with_facts(table: pa.Table, facts: Mapping[str, Any]) -> pa.Table:
    """The table with what its maker wrote beside it: what a stage of a study puts into the manifest.

    Arrow keeps it in the schema, pandas in `attrs`, through filters and copies; polars has no place for it.
    """
    return table.replace_schema_metadata({_FACTS: json.dumps(facts, sort_keys=True)})


def facts_of(data: Frame) -> dict[str, Any]:
    """What the maker of a table wrote beside it; empty where it did not, or got lost."""
    if isinstance(data, pa.Table | pa.RecordBatch):
        facts = json.loads((data.schema.metadata or {}).get(_FACTS.encode(), b"{}"))
    else:
        facts = getattr(data, "attrs", {}).get(_FACTS, {})
    return facts if isinstance(facts, dict) else {}
