"""What a table is: its name, key, columns, Arrow types, units and meanings."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TEXT, INT, FLOAT, FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
TEXTS = pa.list_(TEXT)


@dataclass(frozen=True)
class Column:
    """One column: its name, Arrow type and one line of meaning (with the unit)."""

    name: str
    type: pa.DataType
    meaning: str


@dataclass(frozen=True)
class Table:
    """One table: what a row is, which columns order it, and its columns."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema; every column is nullable except those of the key."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.name not in self.key) for c in self.columns])

    @property
    def names(self) -> list[str]:
        """Column names in schema order."""
        return [c.name for c in self.columns]


def table(name: str, row: str, key: str, *columns: tuple[str, pa.DataType, str]) -> Table:
    """A table from its name, what a row is, its key columns (names with blanks between) and its columns."""
    return Table(name, row, tuple(key.split()), tuple(Column(*c) for c in columns))
