"""The sections Moments, Reactions and Who comes first: merged windows, counts, words, hostile text, sheets."""

from __future__ import annotations

import csv
import io
import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports.hostile import PAYLOADS, poisoned
from tests.exports.make import START, Rows, S, export, group_id, scenario, whole, write_study
from tests.exports.test_report import report, words
from unisono.exports.report import bursts, leaders, reactions
from unisono.study import Settings, Study
from unisono.words.numbers import rate, small


def moment(thing: str = "https://site0.example/0", **changed: Any) -> dict[str, Any]:
    return {
        "object_id": thing, "trace": "url", "t0_us": START, "width_us": 60 * S, "n": 40, "expected": 3.25, "q": 2e-7,
        "p": 1e-8, "n_tests": 30, "n_only_here": 39, "p_only_here": 1e-9, "n_same_time": 2, "status": "tested",
        "alternatives": ["39 of its 40 accounts touch nothing else here."],
    } | changed  # fmt: skip


def reaction(account: str = "x/0001", author: str = "x/9001", **changed: Any) -> dict[str, Any]:
    return {
        "trace": "repost", "author_id": author, "account_id": account, "window_us": 30 * S, "n_objects": 16,
        "n_fast": 13, "expected": 0.261, "p_followers": 1e-9, "p_self": 1e-6, "p": 1e-6, "n_tests": 8, "q": 8e-6,
        "is_reaction": True, "n_others": 21, "author_fast": 0.8125, "others_fast": 0.095, "status": "tested",
    } | changed  # fmt: skip


def lead(account: str, **changed: Any) -> dict[str, Any]:
    return reaction(account, is_reaction=False, status="followers_only", p_self=None, others_fast=None, **changed)


def first(group: str, account: str, status: str = "found", share: float = 0.9) -> dict[str, Any]:
    return {
        "group_id": group, "subject": "account", "subject_id": account, "profile": "leadership",
        "finding": "comes_first", "value_num": share, "low": share - 0.2, "high": share + 0.05, "n": 20,
        "value_text": "came before 90 % of the others, on 20 objects in 12 sittings (q = 0.003)", "status": status,
        "alternatives": "Coming first is no proof of giving orders.",
    }  # fmt: skip


def told(tmp_path: Path, settings: Settings | None = None, **tables: Rows) -> Study:
    return export(write_study(tmp_path / "s", **(whole(scenario()) | tables)), settings)


def part(study: Study, name: str) -> str:
    text, begin = words(study), {"Moments": "Moments A moment is", "Reactions": "Reactions A reaction is"}
    text = text[text.index(begin[name]) :]
    return text[: text.index("Reactions A reaction is" if name == "Moments" else "What was compared Kinds of trace")]


ROWS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 30), st.sampled_from([3, 9]), st.sampled_from([1e-9, 1e-3, 0.01]),
              st.sampled_from(["tested", "tested", "times_filled_in"])),
    max_size=12, unique_by=lambda r: r[:3],
)  # fmt: skip


@given(ROWS)
def test_overlapping_windows_are_one_burst(rows: list[tuple[Any, ...]]) -> None:
    made = [moment(o, t0_us=t, width_us=w, q=q, status=s) for o, t, w, q, s in rows]
    made.sort(key=lambda m: (m["trace"], m["object_id"], m["t0_us"], m["width_us"]))
    found = list(bursts.one_each(made))
    left = [{i} for i in range(len(made))]  # by brute force: connected windows of one object
    for i, j in itertools.combinations(range(len(made)), 2):
        a, b = made[i], made[j]
        meet = a["t0_us"] <= b["t0_us"] + b["width_us"] and b["t0_us"] <= a["t0_us"] + a["width_us"]
        if a["object_id"] == b["object_id"] and meet:
            one, other = (next(x for x in left if k in x) for k in (i, j))
            if one is not other:
                left.remove(other)
                one |= other
    assert len(found) == len(left)
    for burst in found:
        mine = next(x for x in left if any({k: v for k, v in burst.items() if k != "also"} == made[i] for i in x))
        filled = [made[i] for i in mine if made[i]["status"] == "times_filled_in"]
        pool = filled or [made[i] for i in mine]
        assert burst["q"] == min(m["q"] for m in pool)
        assert bool(filled) == (burst["status"] == "times_filled_in")
        assert set(burst["also"]) | {burst["width_us"]} == {made[i]["width_us"] for i in mine}


def test_a_moment_is_told_with_what_else_could_explain_it(tmp_path: Path) -> None:
    made = whole(scenario())
    thing = next(t["object_id"] for t in made["traces"] if t["trace"] == "url")
    crowd = len({t["account_id"] for t in made["traces"] if t["object_id"] == thing})
    study = told(tmp_path, moments=[moment(thing), moment(thing, width_us=180 * S, q=1e-5)])
    text = part(study, "Moments")
    assert "1 moment on 1 object. By chance, at most 5 % of such objects" in text
    assert "40 accounts within 60 s, from 2021-03-04 05:00:00 UTC." in text
    assert (
        "Expected from the object’s own curve: 3.2 (q = 2e-07). 39 of them (98 %) touch nothing else of this kind."
        in text
    )
    assert f"The object has {crowd} accounts in all. Also found within 3 min." in text
    assert "What else could explain it: 39 of its 40 accounts touch nothing else here." in text
    assert "Besides pairs: Bursts beyond the object’s own curve on 1 object (" in words(study)


def test_filled_in_times_stand_last_and_long_lists_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bursts, "SHOWN", 2)
    rows = [moment("o1", q=1e-20, status="times_filled_in"), moment("o2", q=0.04), moment("o3", q=0.0)]
    study = told(tmp_path, moments=rows)
    text = part(study, "Moments")
    assert "3 moments on 3 objects" in text
    assert "1 of them rests on times that look filled in, and stands last. The first 2 are shown" in text
    assert text.index("(q = less than 1e-300)") < text.index("(q = 0.04)")
    assert "1e-20" not in text
    monkeypatch.setattr(bursts, "SHOWN", 3)
    assert "The times look filled in. 40 accounts" in part(told(tmp_path / "all", moments=rows), "Moments")


def test_reactions_stand_by_author_and_leads_are_no_findings(tmp_path: Path) -> None:
    rows = [reaction("x/0003", "x/9002"), reaction("x/0001"), reaction("x/0002", q=1e-9), lead("x/0004", q=0.001),
            lead("telegram/0000", q=0.2), reaction("x/0005", is_reaction=False, q=0.5)]  # fmt: skip
    study = told(tmp_path, reactions=rows)
    text = part(study, "Reactions")
    assert "3 accounts react so to 2 authors, of 4 pairs of account and author that could be tested" in text
    assert "repost 13 of 16 within 30 s 0.26 1e-09 81 % 9.5 % of 21" in text
    at = [text.index(x) for x in ("x/0002", "x/0001", "x/9002", "Leads, not findings: 1", "x/0004")]
    assert at == sorted(at)
    assert "telegram/0000" not in text
    assert "x/0005" not in text
    assert "2 more pairs could only be compared with the author’s other followers" in text
    assert "unusually fast (" in words(study)


def test_long_lists_of_reactions_are_cut_and_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions, "SHOWN", 1)
    monkeypatch.setattr(reactions, "LEADS", 1)
    rows = [reaction("x/0001"), reaction("x/0002"), lead("x/0003", q=0.001), lead("x/0004", q=0.002)]
    text = part(told(tmp_path, reactions=rows), "Reactions")
    assert "The first 1 of 2 are shown; all are in csv/reactions.csv" in text
    assert "The first 1; all are in csv/reactions.csv" in text
    assert "x/0002" not in text
    assert "x/0004" not in text


def test_nothing_found_and_nothing_tested_are_two_things(tmp_path: Path) -> None:
    study = told(tmp_path)
    assert "Nothing could be tested, so this data can show neither moments nor their absence." in part(study, "Moments")
    assert "Nothing could be tested in full, so" in part(study, "Reactions")
    assert "Besides pairs" not in words(study)
    study = told(tmp_path / "b", reactions=[reaction(is_reaction=False, q=0.9)])
    assert "None. 1 pair of account and author was tested: nobody unusually fast." in part(study, "Reactions")


def test_who_comes_first_stands_in_the_section_of_its_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = scenario()["teams"]
    rows = [first(group_id(one), a, s) for a, s in zip(one, ["found", "found", "not_found", "insufficient_data"],
                                                       strict=False)]  # fmt: skip
    text = words(told(tmp_path, profiles=rows))
    assert (
        "came before 90 % of the others, on 20 objects in 12 sittings (q = 0.003); 95 % interval 70 % to 95 %." in text
    )
    assert "3 of 6 members acted with the group in 5 sittings or more" in text
    assert "Coming first is no proof of giving orders." in text
    assert text.count("Not tested: no member acted with the group in 5 sittings or more") == 1
    quiet = words(told(tmp_path / "b", profiles=[first(group_id(two), a, "not_found") for a in two]))
    assert "No consistent leader (5 tested): 5 of 5 members" in quiet
    monkeypatch.setattr(leaders, "SHOWN", 1)
    assert "The first 1 of 2 found; all are in csv/profiles.csv." in words(told(tmp_path / "c", profiles=rows))


def hostile_rows(objects: int = 14) -> dict[str, Rows]:
    """A study with the three tables filled, and a payload in every text that is free to be anything."""
    made = whole(scenario(objects=objects))
    one = scenario()["teams"][0]
    things = sorted({t["object_id"] for t in made["traces"]})
    made |= {
        "moments": [moment(t, alternatives=[PAYLOADS[i % len(PAYLOADS)]]) for i, t in enumerate(things)],
        "reactions": [reaction(a) for a in one] + [lead(a, author="x/9002", q=0.01) for a in one],
        "profiles": [first(group_id(one), a) | {"value_text": PAYLOADS[i], "alternatives": PAYLOADS[i]}
                     for i, a in enumerate(one)],
    }  # fmt: skip
    return poisoned(made)


def test_hostile_text_is_inert_in_the_new_sections(tmp_path: Path) -> None:
    body = report(export(write_study(tmp_path / "s", **hostile_rows())))
    inside = body[body.index('<section id="moments">') : body.index('<section id="compared">')]
    assert inside.count('<article class="moment">') == 25
    for tag in ("<script", "<img", "<iframe", "<svg onload", "</style><", "<a href=javascript"):
        assert tag not in inside
    assert "https://ping" not in inside
    assert "\u202e" not in inside


def test_sheets_hold_the_three_tables_and_defuse_formulas(tmp_path: Path) -> None:
    tables: dict[str, Rows] = {
        "moments": [moment("=1+1")], "profiles": [first("g", "@x")],
        "reactions": [reaction("+a"), lead("b", q=0.01), lead("c", q=0.4), reaction("d", is_reaction=False, q=0.6)],
    }  # fmt: skip
    for name, safe in (("raw", False), ("safe", True)):
        study = told(tmp_path / name, Settings(spreadsheet=safe), **tables)
        sheets = {n: _sheet(study, n) for n in tables}
        mark = "'" if safe else ""
        assert sheets["moments"][0]["object_id"] == f"{mark}=1+1"
        assert [r["account_id"] for r in sheets["reactions"]] == [f"{mark}+a", "b"]
        assert sheets["profiles"][0]["subject_id"] == f"{mark}@x"
        assert sheets["moments"][0]["alternatives"] == '["39 of its 40 accounts touch nothing else here."]'


def _sheet(study: Study, name: str) -> list[dict[str, str]]:
    text = (study.path / "csv" / f"{name}.csv").read_bytes().decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_small_numbers_and_rates() -> None:
    assert [small(p) for p in (0.0, 3.14e-12, 0.0123, 1.0)] == ["less than 1e-300", "3.1e-12", "0.012", "1"]
    assert [rate(r) for r in (0.05, 0.001, 0.1, 0.07)] == ["5 %", "0.1 %", "10 %", "7 %"]
