"""A table in memory as a source: a Parquet file with its own types, there only while it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from unisono.api.given import Sources
from unisono.engine.arrow import Frame, arrow
from unisono.study import UserError

NAME = "table.parquet"
"""What `source_file` and study.yaml call a table that was given in memory."""


@contextmanager
def sources_of(data: Frame | Sources) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Paths to read, and the names to remember them by. Raises UserError for what is neither table nor path.

    The file of a table lies in a temporary folder, is not packed and is removed with it. Types go through unchanged: no
    value becomes text on the way. The same table gives the same bytes, so a study of it resumes.
    """
    if isinstance(data, str | Path | Sequence):
        paths = tuple(str(p) for p in _paths(data))
        yield paths, paths
        return
    rows = _storable(arrow(data))
    with TemporaryDirectory(prefix="unisono-") as folder:
        path = Path(folder) / NAME
        try:
            pq.write_table(rows, path, compression="none")
        except pa.ArrowException as e:
            raise UserError(
                f"the table cannot be read: {e}", "leave such columns out, or turn them into text or numbers"
            ) from None
        yield (str(path),), (NAME,)


def _paths(data: Sources) -> Sequence[str | Path]:
    paths = [data] if isinstance(data, str | Path) else data
    if strange := [p for p in paths if not isinstance(p, str | Path)]:
        raise UserError(f"{type(strange[0]).__name__} is no path", "give a table, a path, or a list of paths")
    return paths


def _storable(rows: pa.Table) -> pa.Table:
    """Without what its maker wrote beside it (pandas' row labels that have no name are no column), and texts in the
    form that every reader of Parquet knows."""
    fields = [f for f in rows.schema if not f.name.startswith("__index_level_")]
    return rows.select([f.name for f in fields]).cast(pa.schema([pa.field(f.name, _known(f.type)) for f in fields]))


def _known(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_string_view(kind):
        return pa.large_string()
    if pa.types.is_binary_view(kind):
        return pa.large_binary()
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return pa.large_list(_known(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(f.name, _known(f.type)) for f in kind])
    return kind
