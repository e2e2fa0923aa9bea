"""Sequences of a study: rows, facts, what is told; and the same from tables in memory."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

import unisono
from lab.measure import sequences as row
from lab.measure.cases import named
from tests.planted import TRACES_MAP
from tests.small import run
from unisono.exports import story
from unisono.exports.report import sequences
from unisono.study import Study
from unisono.tables import SEQUENCES
from unisono.words import sequences as words

WORLD = named("object sequence", 1)
GIVEN = {"as": "traces", "map": TRACES_MAP, "time_format": "unix_us", "resolution": "1s", "calibrations": 1}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("list")
    pyarrow.csv.write_csv(WORLD.table().select(["account_id", "object_id", "t_us", "event_id"]), folder / "traces.csv")
    return run([folder / "traces.csv"], folder / "study", n_seeds=2, **GIVEN)


def test_the_list_is_found_and_told(study: Study) -> None:
    rows = study.read("sequences")
    assert rows.schema.equals(SEQUENCES.schema)
    called = rows.filter(rows["is_called"])
    planted = WORLD.arrays().account_ids.take(pa.array(WORLD.labels["planted"])).to_pylist()
    assert set(called["account_id"].to_pylist()) == set(planted) >= set(called["partner_id"].to_pylist())
    assert called["list"].to_pylist() == [1] * 12
    assert all(r["n_common"] == 8 and r["n_opposite"] == 0 for r in called.to_pylist())
    assert pc.max(called["q"]).as_py() <= 0.05
    assert study.manifest.stages["sequence"].facts["tested"] == [["repost", rows["n_tests"][0].as_py()]]
    line = next(x for x in story.summary(study) if x.startswith("Sequences: "))
    assert "12 accounts go through the same things in the same order" in line
    assert words.MAY_BE in line


def test_report_and_sheet_say_what_the_table_says(study: Study) -> None:
    found = sequences.gather(study)
    assert found is not None
    page = (study.path / "report.html").read_text("utf-8")
    assert words.found(found.n, found.n_tests, found.lists) in page
    assert page.count("8 things, all in the same order") == 12
    sheet = pyarrow.csv.read_csv(study.path / "csv" / "sequences.csv")
    assert sheet["is_called"].to_pylist() == study.read("sequences")["is_called"].to_pylist()


def test_tables_in_memory_give_the_same(study: Study) -> None:
    assert unisono.sequence(study.read("traces")).equals(study.read("sequences"))


def test_little_is_insufficient_data(tmp_path: Path) -> None:
    rows = pa.table({"account_id": ["a", "b"], "object_id": ["o", "o"], "t_us": [1, 2], "event_id": ["1", "2"]})
    pyarrow.csv.write_csv(rows, tmp_path / "t.csv")
    small = run([tmp_path / "t.csv"], tmp_path / "study", **GIVEN)
    assert small.read("sequences").num_rows == 0
    assert any(n.startswith("sequences: insufficient data") for n in small.manifest.notes)
    assert sequences.gather(small) is None


def test_words() -> None:
    assert (
        words.found(0, 9, 0) == "Nobody goes through the same things in the same order as others (9 accounts compared)."
    )
    assert words.found(1, 1, 0).startswith("1 account goes through")
    assert words.found(7, 90, 2).endswith("(90 accounts compared). They work through 2 lists.")
    assert words.beside(8, 3) == "8 things, 25 of 28 pairs in the same order"


def test_row_16_is_judged_by_what_is_found_and_by_wrong_calls() -> None:
    lists = {"cell": row.LISTS[0], "planted": 12, "true": 12, "false": 0}
    control = {"cell": row.CONTROL, "planted": 12, "true": 0, "false": 0}
    assert row.judge([lists, control])[1] is True
    assert row.judge([lists | {"true": 10}, control])[1] is False
    assert row.judge([lists, *[control | {"true": 1}] * 3])[1] is False
    seen, _ = row.judge([lists, control | {"true": 1}])
    assert seen[row.CONTROL] == {"worlds": 1, "with_a_wrong_call": 1}
