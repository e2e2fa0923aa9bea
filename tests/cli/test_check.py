"""`unisono check`, and the table that the main job writes."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Unisono
from tests.small import MAP
from unisono.study import open_study


def test_the_main_job_checks_its_data(finished: Path) -> None:
    rows = open_study(finished).read("checks").to_pylist()
    assert {r["check"] for r in rows} >= {"collected", "gaps", "caps", "clocks", "originals", "rejects", "span"}
    assert any(r["finding"] == "positives_only" and "are linked" in r["seen"] for r in rows)
    assert {r["status"] for r in rows} <= {"found", "not_found", "insufficient_data"}


def test_check_says_what_it_found_in_sentences(unisono: Unisono, study: Path) -> None:
    said = unisono("check", study)
    assert said.code == 0
    assert "note: " in said.out
    assert "For the tests: " in said.out
    assert "looked for and not found" in said.out
    assert unisono("check", study, "--quiet").out == ""


def test_check_needs_no_test_of_pairs(unisono: Unisono, sources: list[Path], tmp_path: Path) -> None:
    assert unisono("read", sources[0], "--map", MAP, "--out", tmp_path / "s").code == 0
    assert unisono("check", tmp_path / "s").code == 0
    rows = open_study(tmp_path / "s").read("checks").to_pylist()
    assert [r for r in rows if r["finding"] == "time_span"]
    assert not [r for r in rows if "are linked" in r["seen"]]


def test_a_study_of_traces_can_be_checked(unisono: Unisono, tmp_path: Path) -> None:
    source = tmp_path / "t.csv"
    source.write_text("a,t,o\n" + "".join(f"u{i % 9},{1_700_000_000 + 60 * i},o{i % 7}\n" for i in range(300)))
    mapped = "account=a,time=t,object:url=o"
    assert unisono("read", source, "--as", "traces", "--map", mapped, "--out", tmp_path / "s").code == 0
    assert unisono("check", tmp_path / "s").code == 0
    rows = {(r["finding"], r["subject"]): r for r in open_study(tmp_path / "s").read("checks").to_pylist()}
    assert rows["times_not_of_the_platform", "study"]["status"] == "insufficient_data"
    assert rows["time_span", "study"]["n"] == 300
