"""Co-actors of a study: rows, facts, what is told, what is refused; and the same from tables in memory."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

import unisono
from lab.measure.cases import named
from tests.planted import TRACES_MAP
from tests.small import run
from unisono.exports import story
from unisono.exports.report import co_actors
from unisono.study import Study
from unisono.tables import CO_ACTORS
from unisono.words import co_actors as words

WORLD = named("farm of 300", 1)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("farm")
    columns = ["account_id", "object_id", "t_us", "event_id"]
    pyarrow.csv.write_csv(WORLD.table().select(columns), folder / "traces.csv")
    given = {"as": "traces", "map": TRACES_MAP, "time_format": "unix_us", "resolution": "1s", "calibrations": 1}
    return run([folder / "traces.csv"], folder / "study", n_seeds=2, **given)


def test_the_farm_is_called_and_told(study: Study) -> None:
    rows = study.read("co_actors")
    assert rows.schema.equals(CO_ACTORS.schema)
    called = rows.filter(rows["is_called"])
    names = set(called["account_id"].to_pylist())
    arrays = WORLD.arrays()
    planted = arrays.account_ids.take(pa.array(WORLD.labels["planted"])).to_pylist()
    assert len(names & set(planted)) >= 0.85 * 300
    assert pc.max(called["q"]).as_py() <= 0.05 < pc.min(rows.filter(pc.invert(rows["is_called"]))["q"]).as_py()
    assert all(r["observed"] > r["expected"] for r in called.to_pylist())
    assert rows["n_tests"].unique().to_pylist() == [sum(n for *_, n in study.manifest.stages["coact"].facts["tested"])]
    line = next(x for x in story.summary(study) if x.startswith("Co-actors: "))
    assert f"When {len(names):,} accounts act, others act on the same things" in line
    assert words.MAY_BE in line


def test_the_farm_is_one_gathering(study: Study) -> None:
    rows = study.read("co_actors", where=pc.field("is_called")).to_pylist()
    sizes = {n: sum(r["gathering"] == n for r in rows) for n in {r["gathering"] for r in rows} - {None}}
    assert sizes[1] >= 200


def test_report_and_sheet_say_what_the_table_says(study: Study) -> None:
    company = co_actors.gather(study)
    assert company is not None
    page = (study.path / "report.html").read_text("utf-8")
    assert words.found(company.n, company.n_tests, company.outside, company.gatherings) in page
    assert page.count("expected</td>") >= len(company.shown)
    rows = pyarrow.csv.read_csv(study.path / "csv" / "co_actors.csv")
    assert rows["is_called"].to_pylist() == study.read("co_actors")["is_called"].to_pylist()


def test_tables_in_memory_give_the_same(study: Study) -> None:
    assert unisono.coact(study.read("traces")).equals(study.read("co_actors"))


def test_one_act_each_is_insufficient_data(tmp_path: Path) -> None:
    rows = pa.table({"account_id": ["a", "b"], "object_id": ["o", "o"], "t_us": [1, 2], "event_id": ["1", "2"]})
    pyarrow.csv.write_csv(rows, tmp_path / "t.csv")
    given = {"as": "traces", "map": TRACES_MAP, "time_format": "unix_us", "resolution": "1s", "calibrations": 1}
    small = run([tmp_path / "t.csv"], tmp_path / "study", **given)
    assert small.read("co_actors").num_rows == 0
    assert any("co-actors" in n and "insufficient data" in n for n in small.manifest.notes)
    assert co_actors.gather(small) is None


def test_words() -> None:
    assert words.found(0, 9, 0, 0) == "No account is in company more often than chance (9 tests)."
    more = (
        "others act on the same things within the window, again and again and more than the crowds on {} objects and "
    )
    more += "the busy hours of the study explain (9 tests)."
    assert words.found(1, 9, 1, 0) == f"When 1 account acts, {more.format('its')} It is in no group."
    assert words.found(7, 9, 2, 2) == (
        f"When 7 accounts act, {more.format('their')} 2 of them are in no group. They form 2 clusters, by the crowds "
        "that they share."
    )
    assert words.company(47, 1.0) == "47 others where 1 is expected"
    assert words.company(1, 0.25) == "1 other where 0.25 are expected"
