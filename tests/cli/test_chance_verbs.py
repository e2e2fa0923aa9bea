"""advise and calibrate, as a user gives them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Unisono
from unisono.study import open_study


def test_advice_is_a_table_and_sentences_and_changes_nothing(unisono: Unisono, study: Path) -> None:
    before = (study / "manifest.json").read_bytes()
    said = unisono("advise", study, "--trace", "url,text")
    assert (said.code, said.err) == (0, "")
    lines = [line.split("\t") for line in said.out.splitlines() if "\t" in line]
    assert {row[0] for row in lines[1:]} == {"url", "text"}
    assert "power_10_100" in lines[0]
    assert "url: clock of" in said.out
    assert "recommended" in said.out.lower() or "Insufficient data" in said.out
    assert "url: clock of" not in unisono("advise", study, "--trace", "url", "--quiet").out
    assert (study / "manifest.json").read_bytes() == before
    wrong = unisono("advise", study, "--trace", "hastag")
    assert wrong.code == 2
    assert "there is no hastag trace" in wrong.err


def test_a_calibration_of_more_runs(unisono: Unisono, study: Path) -> None:
    assert open_study(study).manifest.stages["calibrate"].facts["runs"] == 1
    assert unisono("calibrate", study, "-k", 2, "--quiet").code == 0
    opened = open_study(study)
    assert opened.manifest.stages["calibrate"].facts["runs"] == 2
    runs = {r["n"] for r in opened.read("calibration").to_pylist() if r["null"].startswith("any edge/")}
    assert runs == {2}
    assert "report" in opened.manifest.stages  # it is made again, for it told of the other calibration
    assert "(2 runs)" in (study / "report.html").read_text("utf-8")


@pytest.mark.parametrize("k", [0, 1001, "many"])
def test_runs_are_a_number_from_one_on(unisono: Unisono, study: Path, k: object) -> None:
    said = unisono("calibrate", study, "-k", k)
    assert said.code == 2
    assert "-k" in said.err
