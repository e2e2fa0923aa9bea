"""verify finds whatever changed since a study was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from unisono import pipeline
from unisono.study import Quiet, Study, make_settings, open_study
from unisono.study.files import sha256_file
from unisono.study.verify import _in_order, problems
from unisono.tables import TRACES

TEXT = "the harvest moon rose over the quiet valley"


@pytest.fixture
def study(tmp_path: Path) -> Study:
    posts = tmp_path / "posts.csv"
    rows = [f"{a},2021-03-{d:02} 07:00:0{k},{TEXT} {d}" for d in range(1, 6) for k, a in enumerate("abc")]
    posts.write_text("\n".join(["who,at,text", *rows, "nobody,never,x"]))
    made = open_study(tmp_path / "study", create=True)
    given = {"sources": [str(posts)], "map": "account=who,time=at,text=text", "zone": "UTC", "n_seeds": 2}
    pipeline.run(made, make_settings(given, "test"), Quiet())
    assert problems(made) == []
    return made


def edited(study: Study, change: Callable[[dict[str, Any]], None]) -> list[str]:
    path = study.path / "manifest.json"
    data = json.loads(path.read_bytes())
    change(data)
    path.write_text(json.dumps(data))
    return problems(open_study(study.path))


def forged(study: Study, table: str, rows: pa.Table) -> list[str]:
    """Replace a table's file, and what the manifest says of the file."""
    path = study.path / f"{table}.parquet"
    pq.write_table(rows, path)

    def change(data: dict[str, Any]) -> None:
        for stage in data["stages"].values():
            if table in stage["tables"]:
                stage["tables"][table]["files"][path.name] = {"sha256": sha256_file(path), "bytes": path.stat().st_size}

    return edited(study, change)


@pytest.mark.parametrize("name", ["events.parquet", "evidence.parquet", "report.html", "network.gexf", "csv/edges.csv"])
def test_a_flipped_bit_and_a_removed_file(study: Study, name: str) -> None:
    path = study.path / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert problems(study) == [f"{name} was changed"]
    path.unlink()
    assert problems(study) == [f"{name} is gone"]


def test_other_rows_under_a_mended_file_hash(study: Study) -> None:
    rows = study.read("edges")
    says = "the content of edges is not what the manifest says"
    assert forged(study, "edges", rows.slice(1)) == [says]
    changed = rows.set_column(rows.column_names.index("n_objects"), "n_objects", pa.array([9] * rows.num_rows))
    assert forged(study, "edges", changed) == [says]
    assert forged(study, "edges", rows) == []


@pytest.mark.parametrize("rows", [pa.table({"a": [1]}), pa.table({"account_a": [b"x"]})])
def test_another_table_under_a_mended_file_hash(study: Study, rows: pa.Table) -> None:
    (found,) = forged(study, "edges", rows)
    assert "edges" in found


def test_a_file_that_is_no_table_under_a_mended_hash(study: Study) -> None:
    forged(study, "edges", study.read("edges"))
    path = study.path / "edges.parquet"
    path.write_bytes(b"no table")

    def change(data: dict[str, Any]) -> None:
        record = {"sha256": sha256_file(path), "bytes": 8}
        data["stages"]["test"]["tables"]["edges"]["files"]["edges.parquet"] = record

    assert edited(study, change) == ["edges is no such table"]


def test_an_edited_manifest(study: Study) -> None:
    def rows(data: dict[str, Any]) -> None:
        data["stages"]["pair"]["tables"]["pairs"]["rows"] += 1

    assert edited(study, rows) == ["the content of pairs is not what the manifest says"]

    def lost(data: dict[str, Any]) -> None:
        rows_back(data)
        data["sources"]["posts.csv"]["kept"] -= 1

    def rows_back(data: dict[str, Any]) -> None:
        data["stages"]["pair"]["tables"]["pairs"]["rows"] -= 1

    assert edited(study, lost) == ["rows of posts.csv do not add up"]


def test_an_upstream_that_was_swapped(study: Study) -> None:
    def change(data: dict[str, Any]) -> None:
        data["stages"]["pair"]["inputs"]["traces"] = "0" * 64

    assert edited(study, change) == ["stage pair was made from another traces"]

    def drop(data: dict[str, Any]) -> None:
        del data["stages"]["trace"]

    assert "stage test was made from another traces" in edited(study, drop)


def test_nothing_to_verify(study: Study) -> None:
    (study.path / "manifest.json").write_text("{}")
    assert problems(open_study(study.path)) == ["no stage was finished in it"]


def test_a_table_out_of_order(study: Study) -> None:
    from unisono.study.hashing import content_hash
    from unisono.study.writer import conform

    rows = study.read("traces")
    turned = conform(rows.take(pa.array(range(rows.num_rows - 1, -1, -1))), TRACES)

    def change(data: dict[str, Any]) -> None:
        data["stages"]["trace"]["tables"]["traces"]["content_hash"] = content_hash(turned)
        for stage in data["stages"].values():
            if "traces" in stage["inputs"]:
                stage["inputs"]["traces"] = content_hash(turned)

    forged(study, "traces", turned)
    assert edited(study, change) == ["traces is not sorted by its key"]


def test_order_goes_across_batches_and_byte_by_byte() -> None:
    def table(*names: str) -> pa.Table:
        return pa.table({"a": list(names), "b": [1] * len(names)})

    assert _in_order(table("Z", "a", "a", "é", "\U0001f600"), ("a", "b"), None)
    assert not _in_order(table("a", "Z"), ("a", "b"), None)
    assert _in_order(table("b"), ("a", "b"), table("a"))
    assert not _in_order(table("a"), ("a", "b"), table("b"))
    assert not _in_order(pa.table({"a": ["x", "x"], "b": [2, 1]}), ("a", "b"), None)
    assert _in_order(table("a"), ("a", "b"), None)
