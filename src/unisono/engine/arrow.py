"""Tables of others in, tables of ours out: pyarrow, pandas, polars, all that speaks the Arrow PyCapsule interface."""

from __future__ import annotations

from typing import Any, Literal, get_args

import pyarrow as pa

from unisono.study import UserError
from unisono.study.writer import conform
from unisono.tables import Table

_TYPES = "`unisono.tables` says which type each column has"
To = Literal["pyarrow", "pandas", "polars"]


def table_in(data: Any, table: Table, *more: str) -> pa.Table:
    """A table of ours, whatever it came as; its key and the columns `more` must be there. Raises UserError."""
    if not hasattr(data, "__arrow_c_stream__") and not hasattr(data, "__arrow_c_array__"):
        raise UserError(f"{type(data).__name__} is no Arrow table", "give a pyarrow, pandas or polars table")
    rows = pa.table(data)
    for name in (*table.key, *more):
        if name not in rows.column_names:
            has = f"the columns of {table.name}: " + ", ".join(table.names)
            raise UserError(f"no column {name} in the table given as {table.name}", has)
    try:
        return conform(rows, table)
    except pa.ArrowException as e:
        raise UserError(f"a column of the table given as {table.name} has another type: {e}", _TYPES) from None


def table_out(table: pa.Table, to: To) -> Any:
    """The table as what `to` names. Raises UserError."""
    if to not in get_args(To):
        raise UserError(f"there is no output {to!r}", f"to is one of: {', '.join(get_args(To))}")
    if to == "pandas":
        return table.to_pandas()
    if to == "polars":
        import polars

        return polars.from_arrow(table)
    return table


def in_order(rows: pa.Table, table: Table) -> pa.Table:
    """Rows sorted by the key of their table."""
    return rows.sort_by([(k, "ascending") for k in table.key])
