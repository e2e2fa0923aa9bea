"""Writes one table: zstd Parquet by pyarrow (whose bytes repeat), hashing content and file as it goes."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from unisono.study.files import HashingFile
from unisono.study.hashing import ContentHash
from unisono.study.manifest import FileRecord, TableRecord
from unisono.tables import Table

ROW_GROUP = 1 << 18


class TableWriter:
    """Takes a table's rows in key order, in pieces of any size. `record` is valid after the with block."""

    def __init__(self, table: Table, path: Path) -> None:
        self.table = table
        self._path = path
        self._file = HashingFile(path)
        self._parquet = pq.ParquetWriter(
            self._file, table.schema, compression="zstd", compression_level=1, write_statistics=True
        )
        self._hash = ContentHash(table.schema)
        self._hasher = ThreadPoolExecutor(1)  # sha256 and Parquet encoding run side by side
        self._hashing: Future[None] | None = None
        self._waiting: list[pa.Table] = []
        self._n_waiting = 0
        self.rows = 0

    def write(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Append rows. Their columns are those of the schema, in any order; absent ones are null."""
        if rows.num_rows == 0:
            return
        self._waiting.append(conform(rows, self.table))
        self._n_waiting += rows.num_rows
        if self._n_waiting >= ROW_GROUP:
            self._flush()

    def write_sorted(self, rows: pa.Table) -> None:
        """Sort a table that fits into memory by the key, and append it."""
        self.write(conform(rows, self.table).sort_by([(k, "ascending") for k in self.table.key]))

    def _flush(self) -> None:
        if not self._n_waiting:
            return
        rows = pa.concat_tables(self._waiting)
        self._waiting, self._n_waiting = [], 0
        if self._hashing:
            self._hashing.result()
        self._hashing = self._hasher.submit(self._hash.update, rows)
        self._parquet.write_table(rows, row_group_size=ROW_GROUP)
        self.rows += rows.num_rows

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        try:
            if kind is None:
                self._flush()
                self._parquet.close()
                self._file.close()
        finally:
            self._hasher.shutdown(wait=True)
            if not self._file.closed:
                self._file.abandon()
                self._parquet.close()
        if kind is None and self._hashing:
            self._hashing.result()

    @property
    def record(self) -> TableRecord:
        """What the manifest says of the finished table."""
        file = FileRecord(sha256=self._file.sha256, bytes=self._file.bytes)
        return TableRecord(rows=self.rows, content_hash=self._hash.hexdigest(), files={self._path.name: file})


def conform(rows: pa.Table | pa.RecordBatch, table: Table) -> pa.Table:
    """The rows with the schema's columns, order and types; columns that are absent become null."""
    if isinstance(rows, pa.RecordBatch):
        rows = pa.Table.from_batches([rows])
    columns = [
        _cast(rows.column(f.name), f.type) if f.name in rows.column_names else pa.nulls(rows.num_rows, f.type)
        for f in table.schema
    ]
    return pa.Table.from_arrays(columns, schema=table.schema)


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    return column if column.type == kind else column.cast(kind)
