"""CSV: round trip of any text, and formulas defused where asked for."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports.make import export, scenario, whole, write_study
from unisono.exports.sheets import _write, defused
from unisono.study import Settings, Study
from unisono.tables import MEMBERS

TEXT = st.text(st.characters(exclude_categories=("Cs",)))


def _read(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8"), newline="")))


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
def test_any_text_comes_back_through_the_csv_module(rows: list[tuple[str, str]]) -> None:
    schema = pa.schema([("a", pa.string()), ("b", pa.string())])
    batch = pa.record_batch([pa.array([r[i] for r in rows], pa.string()) for i in range(2)], schema=schema)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        _write(path, schema, iter([batch]), False)
        assert _read(path) == [["a", "b"], *map(list, rows)]


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@handle",
        "\tx",
        "\rx",
        "  =1",
        "\u00a0=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\n=1",
        "\u3000@x",
    ],
)
def test_formulas_get_an_apostrophe(cell: str) -> None:
    assert defused(pa.array([cell])).to_pylist() == ["'" + cell]


def test_other_cells_stay_as_they_are() -> None:
    cells = ["a=1", "x/1", "", None, "'=1", "https://a.example/?a=-1"]
    assert defused(pa.array(cells)).to_pylist() == cells
    assert defused(pa.array([-1, 2])).to_pylist() == [-1, 2]


def test_the_sheets_hold_the_tables(small: Study) -> None:
    edges = _read(small.path / "csv" / "edges.csv")
    rows = [e for e in small.read("edges").to_pylist() if e["is_edge"]]
    called = [e for e in rows if e["trace"] != "all"]
    assert len(called) < len(rows)  # a combined verdict is no further edge
    assert [r[2:5] for r in edges[1:]] == [[e["account_a"], e["account_b"], str(e["n_objects"])] for e in called]
    groups = _read(small.path / "csv" / "groups.csv")
    assert [json.loads(r[groups[0].index("traces")]) for r in groups[1:]] == small.read("groups")["traces"].to_pylist()
    assert b"\r\n" not in (small.path / "csv" / "groups.csv").read_bytes()


def test_only_the_spreadsheet_setting_changes_cells(tmp_path: Path) -> None:
    rows = whole(scenario())
    rows["members"] = [m | {"role": "=cmd()"} for m in rows["members"]]
    raw = export(write_study(tmp_path / "raw", **rows))
    safe = export(write_study(tmp_path / "safe", **rows), Settings(spreadsheet=True))
    at = MEMBERS.names.index("role")
    assert {r[at] for r in _read(raw.path / "csv" / "members.csv")[1:]} == {"=cmd()"}
    assert {r[at] for r in _read(safe.path / "csv" / "members.csv")[1:]} == {"'=cmd()"}
