"""Rows on their way: staged on disk until every source has been read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from unisono.events.files.batch import Reject
from unisono.tables import REJECTS

_REJECT_STAGE = pa.schema([(c.name, c.type) for c in REJECTS.columns])
_GROUP = 1 << 16
_FEW_VALUES = ("trace", "platform", "t_basis", "kind", "lang", "lang_basis", "source_file", "reason", "account_kind")


class StageFile:
    """A Parquet file that is written in pieces and removed in the end."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path, self._schema = path, schema
        few = [c for c in _FEW_VALUES if c in schema.names]
        self._writer = pq.ParquetWriter(path, schema, compression="lz4", use_dictionary=few)
        self._waiting: list[pa.Table] = []
        self._n = 0

    def add(self, rows: pa.Table) -> None:
        """Append rows; columns that are absent become null."""
        arrays = [
            rows.column(f.name).cast(f.type) if f.name in rows.column_names else pa.nulls(len(rows), f.type)
            for f in self._schema
        ]
        self._waiting.append(pa.Table.from_arrays(arrays, schema=self._schema))
        self._n += len(rows)
        if self._n >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._n:
            self._writer.write_table(pa.concat_tables(self._waiting))
            self._waiting, self._n = [], 0

    def finish(self) -> Path:
        """Close it for writing; its path."""
        self._flush()
        self._writer.close()
        return self.path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._writer.close()
        self.path.unlink(missing_ok=True)


def reject_stage(folder: Path) -> StageFile:
    """Where rejects are staged."""
    return StageFile(folder / "staged_rejects.parquet", _REJECT_STAGE)


def stage_rejects(stage: StageFile, name: str, rejects: Iterable[Reject]) -> None:
    """Append rejects of one source."""
    rows = list(rejects)
    if rows:
        stage.add(
            pa.table(
                {
                    "source_file": pa.array([name] * len(rows), pa.string()),
                    "line": pa.array([r.line for r in rows], pa.int64()),
                    "reason": pa.array([r.reason for r in rows], pa.string()),
                    "sha256": pa.array([r.sha256 for r in rows], pa.string()),
                }
            )
        )
