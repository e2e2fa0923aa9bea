"""report.html: the right numbers, in words, with the posts behind them."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest

from tests.exports.make import START, Rows, S, combined, derive, export, scenario, whole, write_study
from unisono.exports.report import page, pairs
from unisono.study import Settings, Study, UserError


def report(study: Study) -> str:
    return (study.path / "report.html").read_text("utf-8")


def words(study: Study) -> str:
    """The report's text without markup, on one line."""
    body = report(study).split("<body>")[1]
    body = re.sub(r"</?(td|th|tr|p|br|div|h\d|li|text|section|summary|caption)[^>]*>", " ", body)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", body)).split())


def test_the_first_screen_says_what_was_read_found_and_how_sure(small: Study) -> None:
    text = words(small)
    edges = [e for e in small.read("edges").to_pylist() if e["is_edge"] and e["trace"] != "all"]
    links = len({(e["account_a"], e["account_b"]) for e in edges})
    posts = small.manifest.tables["events"].rows
    assert "Coordinated behaviour observed: 2 groups, 11 accounts" in text
    assert f"1 file with {posts + 3} rows: {posts} used, 3 rejected." in text
    assert "Rejected: 2 as bad time, 1 as no account." in text
    assert f"They hold {posts} posts of 21 accounts on x (" in text
    assert "They form 2 groups of 11 accounts" in text
    assert f"{links} linked pairs of accounts, of 12,345 tested, at a false-discovery rate of 5 %" in text
    assert "if the model holds, about 5 % of links are wrong on average over studies" in text
    assert "Each group and account also passes alone" in text
    assert "Acting together is not yet an operation" in text
    assert f"All {links} links rest on the joint test." in text
    assert "per run" not in text
    assert "Not who is behind an account, not why it acted" in text
    assert "a note" in text


def test_the_words_are_those_that_are_allowed(small: Study) -> None:
    assert not re.search(r"\b(bots?|trolls?|fake|inauthentic|suspicious|campaign)\b", words(small), re.IGNORECASE)


def test_the_same_study_gives_the_same_bytes(tmp_path: Path, small: Study) -> None:
    one = Settings(sources=("posts.csv",), threads=1)
    again = export(write_study(tmp_path / "elsewhere", notes=["a note"], **whole(scenario())), one)
    for name in small.manifest.stages["report"].files:
        assert (again.path / name).read_bytes() == (small.path / name).read_bytes(), name


def test_a_section_shows_members_objects_and_posts(small: Study) -> None:
    text, traces = words(small), small.read("traces").to_pylist()
    group = min(small.read("groups").to_pylist(), key=lambda g: g["rank"])
    members = {m["account_id"] for m in small.read("members").to_pylist() if m["group_id"] == group["group_id"]}
    assert f'id="g-{group["group_id"]}"' in report(small)
    assert all(m in text for m in members)
    best = _best_object(small, members, group["traces"])
    outside = {t["account_id"] for t in traces if (t["trace"], t["object_id"]) == best[1]} - members
    row = re.search(r"Accounts outside the group (.*?)Members are counted", text)
    assert row
    assert f"{best[0]} of {len(members)} " in row[1]
    assert re.search(rf"\d\d:\d\d:\d\d {len(outside)} ", row[1])


def _best_object(study: Study, members: set[str], traces: list[str]) -> tuple[int, tuple[str, str]]:
    touched: dict[tuple[str, str], set[str]] = {}
    for e in study.read("evidence").to_pylist():
        if {e["account_a"], e["account_b"]} <= members and e["trace"] in traces:
            touched.setdefault((e["trace"], e["object_id"]), set()).update((e["account_a"], e["account_b"]))
    return max((len(who), key) for key, who in touched.items())


def test_every_post_shown_is_evidence_of_its_pair(small: Study) -> None:
    """From a group, the summary of a link leads to two posts with their times and the lag."""
    body = report(small)
    events = {e["event_id"]: e for e in small.read("events").to_pylist()}
    shown = re.findall(r'<p class="fine id"><bdi>hxxps://example\[\.\]org/([^<]+)</bdi>', body)
    assert len(shown) > 20
    evidence = {(e["event_a"], e["event_b"]): e for e in small.read("evidence").to_pylist()}
    for a, b in zip(shown[::2], shown[1::2], strict=True):
        assert evidence[a, b]["lag_us"] == events[b]["t_us"] - events[a]["t_us"]
        assert html.escape(events[a]["text"].split(" https")[0]) in body


def test_what_is_left_out_is_counted_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "PAIRS", 2)
    monkeypatch.setattr(pairs, "POSTS", 1)
    study = export(write_study(tmp_path / "s", **whole(scenario())))
    group = study.read("groups").to_pylist()[0]
    text = words(study)
    assert f"The 2 strongest of {group['n_edges']} links; the other {group['n_edges'] - 2} are in csv/edges.csv" in text
    assert re.search(r"1 of \d+ pairs of posts are shown, the least likely first", text)
    assert "unisono show STUDY evidence --pair" in text


def test_sections_stop_before_the_file_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = whole(scenario())
    first = report(export(write_study(tmp_path / "a", **rows)))
    monkeypatch.setattr(page, "SECTION_BYTES", first.index('id="outside"') - first.index('class="group"') - 1000)
    study = export(write_study(tmp_path / "b", **rows))
    assert report(study).count('class="group"') == 1
    assert "The first 1 are shown in full below, the others in this list only." in words(study)


def test_known_networks_are_marked_with_their_reason(tmp_path: Path) -> None:
    known = tmp_path / "known.csv"
    known.write_text("account_id,network,reason\nx/0001,The Desk,its own masthead\nx/0002,The Desk,its own masthead\n")
    study = write_study(tmp_path / "s", **whole(scenario()))
    text = words(export(study, Settings(sources=("posts.csv",), known=str(known))))
    assert "2 of 6 members belong to the known network The Desk: its own masthead" in text
    assert "c0 ring" in report(study) or "c1 ring" in report(study)


def test_a_known_file_that_cannot_be_used_stops_with_a_sentence(tmp_path: Path) -> None:
    study = write_study(tmp_path / "s", **whole(scenario()))
    with pytest.raises(UserError, match="cannot be read"):
        export(study, Settings(known=str(tmp_path / "none.csv")))
    assert not [p.name for p in study.path.iterdir() if p.name.startswith(".report")]


def test_traces_without_posts_show_object_times_and_lag(tmp_path: Path) -> None:
    rows = whole(scenario()) | {"events": []}
    study = export(write_study(tmp_path / "s", **rows))
    assert "traces (account, object, time; no texts) of" in words(study)
    evidence = study.read("evidence").to_pylist()[0]
    assert evidence["event_a"] in words(study)


def test_links_without_a_group_are_listed(tmp_path: Path) -> None:
    made = scenario()
    rows = whole(made) | derive(made["traces"], [])
    text = words(export(write_study(tmp_path / "s", **rows)))
    assert "They form no group of 3 or more accounts." in text
    assert re.search(r"\d+ linked pairs of accounts share no group", text)
    assert f"unisono show STUDY evidence --pair {rows['evidence'][0]['account_a']} " in text


def test_no_link_is_a_result_that_says_what_could_be_seen(tmp_path: Path) -> None:
    made = scenario()
    few = [t for t in made["traces"] if t["object_id"] in sorted({t["object_id"] for t in made["traces"]})[:2]]
    rows = derive(few, [])
    nobody = {"is_edge": False, "status": "tested", "n_tests": 12_345, "q": 1.0}
    rows["edges"] = combined([{"account_a": "x/0001", "account_b": "x/0002", "p": 0.3} | nobody])
    text = words(export(write_study(tmp_path / "s", accounts=made["accounts"], traces=few, **rows)))
    assert "No pair of accounts is linked" in text
    assert "No pair is linked among 12,345 tested, at a false-discovery rate of 5 %" in text
    assert "That does not mean that nobody acted in unison. Of 21 accounts, " in text
    assert "touched 2 or more objects of one kind; the" in text


def test_no_trace_shows_neither_coordination_nor_its_absence(tmp_path: Path) -> None:
    text = words(export(write_study(tmp_path / "s")))
    assert "Nothing could be compared." in text
    assert "neither coordination nor its absence" in text


def test_the_foot_repeats_the_study(small: Study) -> None:
    text = words(small)
    assert "unisono run posts.csv --seed 0 --out STUDY" in text
    assert small.manifest.tables["edges"].content_hash in text


def test_one_pair_in_many_windows_is_one_link(tmp_path: Path) -> None:
    rows = _windows()
    text = words(export(write_study(tmp_path / "s", **rows)))
    assert "1 linked pair of accounts" in text
    assert text.count("url 60 s 4 0.02 0.5") == text.count("url 10 min 4 0.02 0.5") == 1
    assert "They form no group" in text


def _windows() -> dict[str, Rows]:
    traces: list[dict[str, Any]] = [
        {"trace": "url", "account_id": f"x/{a}", "object_id": f"https://a.example/{o}",
         "t_us": START + o * 10**9 + a * S, "event_id": f"x/{a}{o}"}
        for a in (1, 2) for o in range(4)
    ]  # fmt: skip
    one, two = derive(traces, []), derive(traces, [], 600 * S)
    return {
        "traces": traces,
        "edges": [e for e in one["edges"] + two["edges"] if e["trace"] != "all"] + combined(one["edges"][1:]),
        "evidence": one["evidence"] + two["evidence"],
    }
