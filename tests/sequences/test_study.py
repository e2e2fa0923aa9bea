"""Lists of a study: rows, facts, what is told; nothing else changes; and the same from tables in memory."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pytest

import unisono
from lab.measure.cases import named
from tests.planted import TRACES_MAP
from tests.small import run
from unisono.exports import story
from unisono.exports.report import lists
from unisono.study import Study
from unisono.tables import SEQUENCES
from unisono.words import sequences as words

WORLD = named("object sequence", 1)
GIVEN = {"as": "traces", "map": TRACES_MAP, "time_format": "unix_us", "resolution": "1s", "calibrations": 1}


def study_of(rows: pa.Table, folder: Path) -> Study:
    pyarrow.csv.write_csv(rows.select(["account_id", "object_id", "t_us", "event_id"]), folder / "traces.csv")
    return run([folder / "traces.csv"], folder / "study", n_seeds=2, **GIVEN)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study_of(WORLD.table(), tmp_path_factory.mktemp("list"))


def test_the_list_is_called_and_told(study: Study) -> None:
    rows = study.read("sequences")
    assert rows.schema.equals(SEQUENCES.schema)
    called = rows.filter(rows["is_called"]).to_pylist()
    accounts = {a for r in called for a in (r["account_a"], r["account_b"])}
    arrays = WORLD.arrays()
    planted = {arrays.account_ids[int(a)].as_py() for a in WORLD.labels["planted"]}
    items = {arrays.object_ids[int(o)].as_py() for o in WORLD.targets["planted"]}
    assert accounts == planted
    assert {r["list"] for r in called} == {1}
    assert all(set(r["objects"]) == items and r["n_same_order"] == r["n_pairs"] == 28 for r in called)
    assert len({tuple(r["objects"]) for r in called}) == 1
    assert all(r["account_a"].encode() < r["account_b"].encode() for r in rows.to_pylist())
    assert study.manifest.stages["test"].facts["sequences"] == rows["n_tests"][0].as_py()
    told = list(story.summary(study))
    at = next(k for k, x in enumerate(told) if x.startswith("Lists: "))
    assert "12 accounts went through 1 list of the same things" in told[at]
    assert words.MAY_BE in told[at]
    assert told[at + 1].startswith("  12 accounts went through the same list of 8 ")
    assert "in the same order, about " in told[at + 1]
    assert told[at + 1].endswith(" hours apart")


def test_report_and_sheet_say_what_the_table_says(study: Study) -> None:
    worked = lists.gather(study)
    assert worked is not None
    page = (study.path / "report.html").read_text("utf-8")
    assert words.found(worked.n_accounts, worked.n, worked.n_tests) in page
    assert all(x.told in page for x in worked.shown)
    rows = pyarrow.csv.read_csv(study.path / "csv" / "sequences.csv")
    assert rows["is_called"].to_pylist() == study.read("sequences")["is_called"].to_pylist()


def test_tables_in_memory_give_the_same(study: Study) -> None:
    assert unisono.sequence(study.read("traces")).equals(study.read("sequences"))


def test_one_account_and_no_list_are_said_as_nothing_tested(tmp_path: Path) -> None:
    rows = pa.table({
        "account_id": ["a"] * 8, "object_id": [f"o{k}" for k in range(8)], "t_us": [10**6 * k for k in range(8)],
        "event_id": [f"e{k}" for k in range(8)],
    })  # fmt: skip
    small = study_of(rows, tmp_path)
    assert small.read("sequences").num_rows == 0
    assert small.manifest.stages["test"].facts["sequences"] == 0
    assert lists.gather(small) is None
    assert not any(x.startswith("Lists") for x in story.summary(small))


def test_words() -> None:
    assert words.found(0, 0, 9) == (
        "No two accounts go through the same things in one order more than habit and chance explain "
        "(9 accounts tested)."
    )
    assert words.found(12, 1, 1) == (
        "12 accounts went through 1 list of the same things in an order more alike than habit and chance explain "
        "(1 account tested)."
    )
    hour = 3_600_000_000
    assert words.worked(12, "url", 8, 8, True, 7 * hour) == (
        "12 accounts went through the same list of 8 links in the same order, about 7 hours apart"
    )
    assert words.worked(2, "repost", 6, 9, False, 50 * hour) == (
        "2 accounts went through the same list of 6 to 9 posts shared in nearly the same order, about 2 days apart"
    )
    assert words.format_apart(60_000_000) == "60 s"
    assert words.left_out("url", 1, 40) == (
        "lists of url: 1 object that more than 40 sittings share is left out, which says little of an order"
    )
