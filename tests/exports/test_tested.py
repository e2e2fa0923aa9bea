"""What the report says of the tests: observed and expected, nulls, core and joined, likenesses, others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.exports.make import Rows, combined, export, group_id, scenario, whole, write_study
from tests.exports.test_report import report, words
from unisono.exports import story
from unisono.exports.report import driven
from unisono.study import Study
from unisono.words.numbers import about


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
    assert f"{n} times within 60 s; expected: 0.02 (q = {q})." in text
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
    sure = (
        f"At least {bound} of its {pairs:,} pairs are pairs that this model does not explain, at 95 %, whether called "
        f"a link ({n}) or not."
    )
    assert f"{sure} Group q-value: 2e-05." in text
    assert f"{len(mine) - 1} directly linked accounts; 1 joined: it comes within the bursts" in text
    assert "0.031 joined" in text
    assert f"{bound} or more 2e-05" in text


def test_groups_that_are_not_sure_by_themselves_are_said_to_be_so(tmp_path: Path) -> None:
    rows = whole(scenario())
    rows["groups"][0]["q"] = 0.4
    text = words(export(write_study(tmp_path / "s", **rows)))
    assert "1 of 2 groups and 11 of 11 accounts also pass alone" in text
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
    part = text[text.index("Shared content, ordinary timing Shared content") :]
    assert "3 pairs, not linked; it may be common interest, or a list worked off over hours." in part
    assert "The 2 least likely are listed." in part
    assert part.index("1e-05 3 2.8 0.44") < part.index("0.0001 3 2.8 0.44")
    assert "0.001 3 2.8" not in part
    assert "1 pair has too little data: " in text
    told = story.summary(study)
    assert any(x.startswith("1 pair has too little data: hardly anybody else touched what they share.") for x in told)
    assert any(line.startswith("Shared content, ordinary timing: 3 pairs") for line in told)


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
    assert "The strongest other explanation: relays of one feed. 1 of 2 groups (6 accounts) looks like that." in text
    assert "Look first at group 2 (5 accounts). No open explanation fits it; that excludes none." in text


def called(control: str, n: float) -> dict[str, Any]:
    """Edges called by the same tests under a control."""
    return {"trace": "all", "window_us": 0, "null": f"edges/{control}", "nominal": 0.05, "empirical": n, "n": 20}


def test_error_measured_on_permuted_data_leads_how_sure_this_is(tmp_path: Path) -> None:
    quiet = words(made(tmp_path, calibration=[called("slots", 0.0), called("posts", 0.0)]))
    assert "After shuffling the data in two ways, the same tests call no link (20 runs of each)" in quiet
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
    told = story.summary(study)
    assert any(x.startswith(f"Pairs: {len(pairs)} linked pairs of accounts, of ") for x in told)
    assert f"All {len(pairs)} links rest on the joint test." in told
    assert any(x.endswith(" UTC") and " pairs that this model does not explain, q = 2e-05 (" in x for x in told)
    none = write_study(tmp_path / "n", edges=combined([]))
    assert "Pairs: No pair is linked, for none could be tested." in story.summary(none)
