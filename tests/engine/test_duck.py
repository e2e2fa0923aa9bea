"""The engine: bounded memory, one folder, and errors that a user can mend."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unisono.engine.duck import connect, engine_errors
from unisono.study import UserError


def test_it_reads_its_own_folder_only(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    for folder in (inside, outside):
        folder.mkdir()
        pq.write_table(pa.table({"a": [1]}), folder / "t.parquet")
    with connect(1, None, inside) as con:
        query = "SELECT a FROM read_parquet($path)"
        assert con.execute(query, {"path": str(inside / "t.parquet")}).fetchall() == [(1,)]
        with pytest.raises(duckdb.Error):
            con.execute(query, {"path": str(outside / "t.parquet")})


def test_python_variables_are_no_tables(tmp_path: Path) -> None:
    local = pa.table({"a": [1]})
    with connect(1, None, tmp_path) as con, pytest.raises(duckdb.Error):
        con.execute("SELECT * FROM local")
    assert len(local) == 1


@pytest.mark.parametrize("memory", ["lots", "4 apples"])
def test_a_size_that_is_none(tmp_path: Path, memory: str) -> None:
    with pytest.raises(UserError, match='memory="4GB"'):
        connect(1, memory, tmp_path)


def test_too_little_memory_is_said(tmp_path: Path) -> None:
    with (
        connect(1, "1MB", tmp_path) as con,
        pytest.raises(UserError, match="more memory than 1MB"),
        engine_errors("1MB"),
    ):
        con.execute("SELECT list(i) FROM range(10000000) t(i)").fetchall()


def test_a_disk_that_fails_is_said(tmp_path: Path) -> None:
    with connect(1, None, tmp_path) as con, pytest.raises(UserError, match="space left"), engine_errors(None):
        con.execute("SELECT * FROM read_parquet($path)", {"path": str(tmp_path / "gone.parquet")})


def test_sorting_spills(tmp_path: Path) -> None:
    with connect(1, "40MB", tmp_path) as con:
        rows = con.sql("SELECT hash(i)::VARCHAR || repeat('x', 40) AS s FROM range(1000000) t(i) ORDER BY s")
        last = ""
        for batch in rows.to_arrow_reader(1 << 16):
            texts = batch.column(0).to_pylist()
            assert texts == sorted(texts)
            assert last <= texts[0]
            last = texts[-1]
