"""The profile stage on a study: only evidence inside groups is read, and notes say why nobody was tested."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from tests.exports.make import Rows, derive, write_study
from unisono import pipeline
from unisono.profiles import leadership
from unisono.profiles.lookalikes import LIKENESSES
from unisono.study import Quiet, Settings, Study, UserError, open_study

S = 1_000_000
DAY = 86_400 * S
TEAM = ["x/a", "x/b", "x/c", "x/d"]


def led(n: int, leader: str = "x/c") -> Rows:
    """n objects, one a day: the leader first, the others behind it in turn; and strangers who are in no group."""
    rows = []
    for o in range(n):
        others = [a for a in TEAM if a != leader]
        order = [leader, *others[o % 3 :], *others[: o % 3], "x/y", "x/z"]
        rows += [{"trace": "url", "account_id": a, "object_id": f"https://e.example/{o}", "event_id": f"{a}{o}",
                  "t_us": 1_700_000_000 * S + o * DAY + k * 5 * S} for k, a in enumerate(order)]  # fmt: skip
    return rows


def profiled(folder: Path, n: int, groups: list[list[str]]) -> Study:
    study = write_study(folder / "s", absent=["profiles"], traces=led(n), **derive(led(n), groups))
    assert pipeline.run_stage("profile", study, Settings(), Quiet())
    return study


def test_the_leader_is_found_and_nobody_else(tmp_path: Path) -> None:
    study = profiled(tmp_path, 20, [TEAM])
    rows = {r["subject_id"]: r for r in study.read("profiles").to_pylist() if r["subject"] == "account"}
    assert set(rows) == set(TEAM)
    assert {a for a, r in rows.items() if r["status"] == "found"} == {"x/c"}
    assert rows["x/c"]["value_num"] == 1
    assert rows["x/c"]["n"] == 20
    told = study.read("profiles", where=pc.field("profile") == "leadership")
    assert told.equals(leadership(study.read("members"), study.read("evidence"), 0.05))
    assert study.manifest.stages["profile"].notes == []
    assert not pipeline.run_stage("profile", study, Settings(), Quiet())
    assert pipeline.run_stage("profile", study, Settings(fdr=1e-9), Quiet())
    assert "found" not in study.read("profiles", where=pc.field("subject") == "account")["status"].to_pylist()


@pytest.mark.parametrize(("n", "groups", "why"), [
    (4, [TEAM], "no member acted with its group in 5 sittings"), (9, [], "there is no group"),
])  # fmt: skip
def test_why_nobody_could_be_tested(tmp_path: Path, n: int, groups: list[list[str]], why: str) -> None:
    study = profiled(tmp_path, n, groups)
    (note,) = study.manifest.stages["profile"].notes
    assert note.startswith("who comes first: ")
    assert why in note
    rows = [(r["profile"], r["subject"]) for r in study.read("profiles").to_pylist()]
    assert rows.count(("leadership", "account")) == sum(map(len, groups))
    assert rows.count(("lookalike", "group")) == len(LIKENESSES) * len(groups)
    edges = study.read("edges", where=pc.field("is_edge") & (pc.field("trace") != "all")).to_pylist()
    outside = {(e["account_a"], e["account_b"]) for e in edges if not {e["account_a"], e["account_b"]} <= set(TEAM)}
    pairs = outside if groups else {(e["account_a"], e["account_b"]) for e in edges}
    assert rows.count(("lookalike", "pair")) == (len(LIKENESSES) + 1) * len(pairs)


def test_it_needs_groups(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has no table members yet"):
        pipeline.run_stage("profile", open_study(tmp_path / "s", create=True), Settings(), Quiet())


def test_a_control_study_is_part_of_the_key_and_must_have_traces(tmp_path: Path) -> None:
    study = profiled(tmp_path, 20, [TEAM])
    other = write_study(tmp_path / "other", traces=led(9))
    study.manifest.stages["pair"] = study.manifest.stages["profile"].model_copy(
        update={"tables": {}, "files": {}, "facts": {"windows": {"url": [60 * S]}}}
    )
    used = Settings(control=str(other.path))
    assert pipeline.run_stage("profile", study, used, Quiet())
    rows = study.read("profiles", where=pc.field("profile") == "control").to_pylist()
    assert [r["status"] for r in rows] == ["insufficient_data"] * 3
    assert not pipeline.run_stage("profile", study, used, Quiet())
    bare = write_study(tmp_path / "bare", absent=["traces"])
    with pytest.raises(UserError, match="no table traces"):
        pipeline.run_stage("profile", study, Settings(control=str(bare.path)), Quiet())
