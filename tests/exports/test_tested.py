"""What the report says of the tests: observed and expected, nulls, core and joined, likenesses, others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.exports.make import Rows, combined, export, group_id, scenario, whole, write_study
from tests.exports.test_report import report, words
from unisono.cli import story
from unisono.exports.report import driven
from unisono.exports.words import about, verdict
from unisono.study import Study


def link(**changed: Any) -> dict[str, Any]:
    return {"trace": "url", "window_us": 60_000_000, "n_first": 9, "expected": 0.0183, "expected_timing": 0.8,
            "q": 3e-9, "basis": "joint"} | changed  # fmt: skip


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (link(), "the same link 9 times within 60 s; chance predicts 0.018 (q = 3e-09)"),
        (link(n_first=1, expected=1e-9),
         "the same link once within 60 s; chance predicts less than 0.0001 (q = 3e-09)"),
        (link(basis="timing"), "the same link 9 times within 60 s; the times of these objects predict 0.8 (q = 3e-09)"),
        (link(basis="crowd", trace="synchrony", window_us=1_000_000),
         "acts within 1 s of each other on 9 days; chance predicts 0.018 (q = 3e-09)"),
        (link(basis="reference"), "the same link 9 times within 60 s, on objects that hardly anybody else touched; "
         "others are not shared so fast (q = 3e-09)"),
        (link(expected=None, q=None, basis=None), "the same link 9 times within 60 s"),
    ],
)  # fmt: skip
def test_an_edge_in_a_sentence(row: dict[str, Any], said: str) -> None:
    assert verdict(row) == said


def test_expected_numbers_read_well() -> None:
    assert [about(x) for x in (0.0, 0.00012, 3.216, 12.6, 1240.0)] == [
        "less than 0.0001", "0.00012", "3.2", "13", "1,240",
    ]  # fmt: skip


def made(tmp_path: Path, **changed: Any) -> Study:
    return export(write_study(tmp_path / "s", **(whole(scenario()) | changed)))


def test_every_link_shows_what_each_null_says(tmp_path: Path) -> None:
    study = made(tmp_path)
    text = words(study)
    rows = [e for e in study.read("edges").to_pylist() if e["is_edge"] and e["trace"] != "all"]
    assert len(rows) > 10
    best = max(rows, key=lambda e: e["n_first"])
    n, q = best["n_first"], f"{best['q']:.2g}"
    assert f"{n} times within 60 s; chance predicts 0.02 (q = {q})" in text
    assert f"{n} 0.02 0.5 {best['p_joint']:.2g} 0.004 0.3 {q} joint" in text
    for kept in ("interest, activity, popularity, the object’s own curve, and both accounts’ speed and hours",
                 "who shared what, and each object’s times", "popularity; blind to time"):  # fmt: skip
        assert text.count(kept) == 1


def test_a_group_says_how_sure_it_is_and_who_joined(tmp_path: Path) -> None:
    rows = whole(scenario())
    group = min(rows["groups"], key=lambda g: g["rank"])
    mine = [m for m in rows["members"] if m["group_id"] == group["group_id"]]
    mine[0] |= {"role": "joined", "q": 0.031}
    study = export(write_study(tmp_path / "s", **rows))
    text = words(study)
    bound, n = group["true_edges_at_least"], group["n_edges"]
    pairs = group["n_accounts"] * (group["n_accounts"] - 1) // 2
    sure = f"At least {bound} of the {pairs:,} pairs among them are real, at 95 %, whether called a link ({n}) or not."
    assert f"{sure} That the whole group is chance: q = 2e-05" in text
    assert f"{len(mine) - 1} accounts are its core, joined by links; 1 joined: it comes within the bursts" in text
    assert "0.031 joined" in text
    assert f"{bound} or more 2e-05" in text


def test_groups_that_are_not_sure_by_themselves_are_said_to_be_so(tmp_path: Path) -> None:
    rows = whole(scenario())
    rows["groups"][0]["q"] = 0.4
    text = words(export(write_study(tmp_path / "s", **rows)))
    assert "1 of 2 groups and 11 of 11 accounts are beyond chance" in text
    assert "that they belong is less sure" in text


def test_pairs_that_share_but_at_no_special_times_are_listed_and_not_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = whole(scenario())
    crowd = [{"trace": "url", "window_us": 60_000_000, "account_a": "x/9000", "account_b": f"x/900{i}", "n_objects": 4,
              "n_first": 3, "n_pairs": 4, "expected_timing": 2.75, "p_timing": 0.44, "q_selection": 10.0**-i, "q": 1.0,
              "p": 1.0, "is_edge": False, "status": "selection_driven"} for i in (3, 4, 5)]  # fmt: skip
    known = next(e for e in rows["edges"] if e["is_edge"] and e["trace"] != "all")
    also = crowd[0] | {k: known[k] for k in ("account_a", "account_b")} | {"window_us": 600_000_000}
    rows["edges"] += [*crowd, also, crowd[2] | {"account_b": "x/9006", "status": "insufficient_data"}]
    monkeypatch.setattr(driven, "SHOWN", 2)
    study = export(write_study(tmp_path / "s", **rows))
    text = words(study)
    part = text[text.index("Same things, not by their times 3 pairs") :]
    assert "this is interest, or a task sheet worked off over hours. They are not called edges." in part
    assert "The 2 least likely are listed." in part
    assert part.index("1e-05 3 2.8 0.44") < part.index("0.0001 3 2.8 0.44")
    assert "0.001 3 2.8" not in part
    assert "1 pair has insufficient data" in text
    told = "\n".join(story._edges(study))
    assert "Insufficient data: 1 pair " in told
    assert "Same things, not by their times: 3 pairs" in told


def test_what_else_could_explain_a_group_stands_in_its_section_and_in_the_list(tmp_path: Path) -> None:
    one, two = (group_id(t) for t in scenario()["teams"])

    def row(group: str, finding: str, status: str) -> dict[str, Any]:
        said = f"It may be {finding}: <b>so</b>." if status == "found" else None
        return {"group_id": group, "subject": "group", "subject_id": group, "profile": "lookalike", "finding": finding,
                "status": status, "alternatives": said, "value_text": "84 % of 60 objects."}  # fmt: skip

    profiles: Rows = [
        row(one, "feed_relay", "found"),
        row(one, "fan_call", "not_found"),
        row(two, "fan_call", "not_found"),
    ]
    study = made(tmp_path, profiles=profiles)
    text = words(study)
    assert "What else could explain it It may be feed_relay: <b>so</b>. 84 % of 60 objects." in text
    assert "<b>so</b>" not in report(study)
    assert text.count("or: feed relay") == 1
    assert text.count("Nothing in its times and objects looks like") == 1
    assert "1 of 2 groups looks like such" in text


def called(control: str, n: float) -> dict[str, Any]:
    """Edges called by the same tests under a control."""
    return {"trace": "all", "window_us": 0, "null": f"edges/{control}", "nominal": 0.05, "empirical": n, "n": 20}


def test_error_measured_on_permuted_data_leads_how_sure_this_is(tmp_path: Path) -> None:
    quiet = words(made(tmp_path, calibration=[called("slots", 0.0), called("posts", 0.0)]))
    assert "in 2 ways, the same tests call no link (20 runs of each)" in quiet
    assert "That is more than" not in quiet
    loud = words(made(tmp_path / "b", calibration=[called("slots", 0.5), called("posts", 30.0)]))
    assert "the same tests call at most 30 links per run (20 runs of each)" in loud
    assert "That is more than the 5 % that were promised" in loud


def test_where_no_pair_could_be_tested_silence_proves_nothing(tmp_path: Path) -> None:
    text = words(export(write_study(tmp_path / "n", edges=combined([]), calibration=[called("slots", 0.0)])))
    assert "the same tests call nothing, and could not: no pair had enough in common (20 runs of each)" in text


def test_the_terminal_tells_the_tests_and_counts_no_combined_row(tmp_path: Path) -> None:
    study = made(tmp_path)
    rows = [e for e in study.read("edges").to_pylist() if e["is_edge"]]
    pairs = {(e["account_a"], e["account_b"]) for e in rows}
    (said,) = story._edges(study)
    assert said.startswith(f"Pairs: {len(pairs)} pairs of accounts beyond chance, of ")
    largest = list(story._largest(study))
    assert any(x.endswith(" UTC") and " of all its pairs real, q = 2e-05 (" in x for x in largest)
    none = write_study(tmp_path / "n", edges=combined([]))
    assert list(story._edges(none)) == ["Pairs: none could be tested."]
