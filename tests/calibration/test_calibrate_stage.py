"""The calibration of a study: as a stage, from the command line, in memory, and in the report."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.csv
import pytest

import unisono
from lab.simulator import Causes, Plan, plant, simulate
from tests.planted import TRACES_MAP
from unisono import pipeline
from unisono.calibration import CONTROLS, stage
from unisono.pairs.sample import some_objects
from unisono.study import Quiet, Settings, Study, changed_settings, make_settings, open_study

WORLD = plant(simulate(Causes(n_accounts=500, n_objects=200, n_acts=8_000), 3), Plan(n_accounts=8, target="any"), 3)
STAGES = ("read", "trace", "pair", "test", "calibrate")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("calibrated")
    path = folder / "traces.csv"
    pyarrow.csv.write_csv(WORLD.table().select(["account_id", "object_id", "t_us", "event_id"]), path)
    given = {"as": "traces", "map": TRACES_MAP, "time_format": "unix_us", "resolution": "1s", "calibrations": 2}
    made = open_study(folder / "study", create=True)
    for name in STAGES:
        assert pipeline.run_stage(name, made, make_settings({"sources": [str(path)], **given}, "test"), Quiet()) == (
            name != "trace"  # the rows were traces already
        )
    return made


def used(study: Study, **changes: object) -> Settings:
    return changed_settings(study.path / "study.yaml", changes, "test")


def test_the_plan_is_found_and_what_is_permuted_is_not(study: Study) -> None:
    edges = study.read("edges", where=pc.field("is_edge"))
    assert edges.num_rows > 0
    called = study.read("calibration", where=pc.field("null").isin([f"edges/{c}" for c in CONTROLS]))
    assert called.num_rows == 2 * len(CONTROLS)
    assert set(called["empirical"].to_pylist()) == {0.0}
    assert set(called["n"].to_pylist()) == {2}
    record = study.manifest.stages["calibrate"]
    assert (record.facts, record.notes) == ({"runs": 2, "fdr": 0.05, "sampled": {}}, [])


def test_it_resumes_and_only_its_own_settings_start_it_again(study: Study) -> None:
    assert not pipeline.run_stage("calibrate", study, used(study), Quiet())
    assert not pipeline.run_stage("calibrate", study, used(study, min_accounts=4, n_seeds=2), Quiet())
    before = study.manifest.tables["calibration"].content_hash
    assert pipeline.run_stage("calibrate", study, used(study, calibrations=1), Quiet())
    assert study.manifest.tables["calibration"].content_hash != before
    assert pipeline.run_stage("calibrate", study, used(study, calibrations=2, threads=1), Quiet())
    assert study.manifest.tables["calibration"].content_hash == before


def test_tables_in_memory_give_the_same(study: Study) -> None:
    found = unisono.calibrate(study.read("traces"), edges=study.read("edges"), calibrations=2)
    assert found.equals(study.read("calibration"))


def test_a_sample_is_whole_objects_and_is_said(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = WORLD.arrays()
    some = some_objects(arrays, 3_000, 1)
    assert some is not None
    assert 2_000 < some.sum() <= 3_000
    kept = {int(o) for o in arrays.object[some]}
    assert all((int(o) in kept) == bool(s) for o, s in zip(arrays.object, some, strict=True))
    assert some_objects(arrays, len(arrays), 1) is None
    monkeypatch.setattr(stage, "MOST", 3_000)
    assert pipeline.run_stage("calibrate", study, used(study, calibrations=1, seed=1), Quiet())
    record = study.manifest.stages["calibrate"]
    ((trace, (taken, n)),) = record.facts["sampled"].items()
    assert n == len(arrays) > taken
    assert f"calibration of {trace}: {taken:,} of {n:,} traces" in record.notes[0]


def test_a_study_without_pairs_is_calibrated_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "traces.csv"
    path.write_text("account_id,object_id,t_us,event_id\na,o,1600000000000000,1\n")
    given = {"as": "traces", "map": TRACES_MAP, "time_format": "unix_us", "sources": [str(path)]}
    made = open_study(tmp_path / "study", create=True)
    for name in STAGES:
        pipeline.run_stage(name, made, make_settings(given, "test"), Quiet())
    assert set(made.read("calibration")["empirical"].to_pylist()) <= {0.0, None}
