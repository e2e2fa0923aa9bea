"""Moments, reactions and profiles as stages: from a user's file to tables, notes, report and sheets."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import pyarrow.compute as pc
import pytest

import unisono
from tests.planted import Planted, as_posts, as_traces
from tests.small import run
from unisono import pipeline
from unisono.study import Quiet, Study, UserError, make_settings, open_study
from unisono.study.verify import problems
from unisono.tables import MOMENTS, PROFILES, REACTIONS

TABLES = ("moments", "reactions", "profiles")


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return as_posts(tmp_path_factory.mktemp("posts"))


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return as_traces(tmp_path_factory.mktemp("traces"))


def made(planted: Planted, out: Path, **more: object) -> Study:
    return run([planted.path], out, n_seeds=2, **planted.reads, **more)


@pytest.fixture(scope="module")
def of_posts(posts: Planted, tmp_path_factory: pytest.TempPathFactory) -> Study:
    return made(posts, tmp_path_factory.mktemp("of_posts"), threads=1)


@pytest.fixture(scope="module")
def of_traces(traces: Planted, tmp_path_factory: pytest.TempPathFactory) -> Study:
    return made(traces, tmp_path_factory.mktemp("of_traces"), threads=1)


def page(study: Study) -> str:
    return (study.path / "report.html").read_text("utf-8")


def test_moments_of_accounts_that_act_once_are_found_and_no_others(of_traces: Study, traces: Planted) -> None:
    rows = of_traces.read("moments")
    assert rows.schema.equals(MOMENTS.schema)
    assert set(rows["object_id"].to_pylist()) == traces.objects
    assert set(rows["width_us"].to_pylist()) == {60_000_000, 180_000_000, 600_000_000}
    assert all(m["alternatives"] and m["q"] <= 0.05 for m in rows.to_pylist())
    tested = of_traces.manifest.stages["moment"].facts["tested"]
    assert [row[:2] for row in tested] == [["repost", w * 1_000_000] for w in (60, 180, 600)]
    assert sum(n for _, _, n in tested) == rows["n_tests"][0].as_py()


def test_amplifiers_are_found_and_nobody_else(of_posts: Study, posts: Planted) -> None:
    rows = of_posts.read("reactions")
    assert rows.schema.equals(REACTIONS.schema)
    called = [r for r in rows.to_pylist() if r["is_reaction"]]
    assert {r["author_id"] for r in called} == {posts.author}
    found = {r["account_id"] for r in called}
    assert found <= posts.amplifiers
    assert len(found) >= 8
    (trace, n, known, pairs), *others = of_posts.manifest.stages["react"].facts["tested"]
    assert (trace, known, pairs) == ("repost", n, len(rows))
    assert not others


def test_everybody_in_a_group_is_profiled(of_posts: Study) -> None:
    rows, members = of_posts.read("profiles"), of_posts.read("members")
    assert rows.schema.equals(PROFILES.schema)
    of_accounts = rows.filter(pc.equal(rows["subject"], "account"))
    assert [(r["group_id"], r["subject_id"]) for r in of_accounts.to_pylist()] == [
        (m["group_id"], m["account_id"]) for m in members.to_pylist()
    ]
    of_groups = rows.filter(pc.equal(rows["subject"], "group"))
    assert set(of_groups["group_id"].to_pylist()) == set(members["group_id"].to_pylist())


def test_without_posts_nobody_is_known_to_react_and_a_note_says_so(of_traces: Study) -> None:
    assert of_traces.read("reactions").num_rows == 0
    assert any("authors are unknown" in n and "insufficient data" in n for n in of_traces.manifest.notes)
    assert "Nothing could be tested in full" in page(of_traces)


def test_the_report_and_the_sheets_tell_it(of_posts: Study, posts: Planted) -> None:
    text = page(of_posts)
    section = text[text.index('<section id="moments">') : text.index('<section id="reactions">')]
    assert section.count('<article class="moment">') == len(posts.objects)
    assert all(thing in section for thing in posts.objects)
    assert "touch nothing else of this kind" in section
    assert "what number" in section, "the post itself is shown"
    called = [r for r in of_posts.read("reactions").to_pylist() if r["is_reaction"]]
    section = text[text.index('<section id="reactions">') : text.index('<section id="compared">')]
    assert all(r["account_id"] in section for r in called)
    assert "notifications switched on" in section
    for name in TABLES:
        rows = list(csv.DictReader((of_posts.path / "csv" / f"{name}.csv").read_text("utf-8").splitlines()))
        expected = of_posts.read(name).to_pylist()
        if name == "reactions":
            expected = [r for r in expected if r["q"] is not None and r["q"] <= 0.05]
        assert len(rows) == len(expected)
        assert not rows or list(rows[0]) == of_posts.read(name).column_names


def test_the_same_bytes_with_more_threads_and_nothing_to_do_again(
    of_posts: Study, posts: Planted, tmp_path: Path
) -> None:
    again = made(posts, tmp_path / "s", threads=2)
    for name in ("moments.parquet", "reactions.parquet", "profiles.parquet", "report.html", "manifest.json"):
        assert (again.path / name).read_bytes() == (of_posts.path / name).read_bytes(), name
    settings = make_settings({"sources": [str(posts.path)], "n_seeds": 2, **posts.reads}, "test")
    assert pipeline.run(again, settings, Quiet()) == []
    assert problems(again) == []
    path = again.path / "moments.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    assert problems(again) == ["moments.parquet was changed"]
    assert pipeline.run(again, settings, Quiet()) == ["moment"], "made again, the same; the report stands"
    assert problems(again) == []


def test_another_rate_of_false_findings_runs_what_depends_on_it(traces: Planted, tmp_path: Path) -> None:
    study = made(traces, tmp_path / "s")
    given = {"sources": [str(traces.path)], "n_seeds": 2, **traces.reads}
    ran = pipeline.run(study, make_settings(given | {"fdr": 1e-15}, "test"), Quiet())
    assert {"moment", "react", "profile", "report"} <= set(ran)
    assert not {"read", "trace", "pair"} & set(ran)
    assert study.read("moments").num_rows == 0
    assert "none had more accounts at once than its own curve explains" in page(study)
    assert study.manifest.stages["moment"].settings["fdr"] == 1e-15


def test_other_windows_are_scanned_when_others_are_paired(traces: Planted, tmp_path: Path) -> None:
    study = made(traces, tmp_path / "s", window=["30s", "2m"])
    widths = [w for _, w, _ in study.manifest.stages["moment"].facts["tested"]]
    assert widths == [30_000_000, 90_000_000, 120_000_000, 300_000_000]
    given = {"sources": [str(traces.path)], "n_seeds": 2, **traces.reads}
    pipeline.run_stage("pair", study, make_settings(given, "test"), Quiet())
    assert not study.has("moments"), "moments of windows that are no longer paired are gone"
    with pytest.raises(UserError, match="has no table edges yet"):
        pipeline.run_stage("report", study, make_settings(given, "test"), Quiet())


def test_the_verbs_on_tables_give_what_the_study_holds(of_posts: Study) -> None:
    stored = {name: of_posts.read(name) for name in (*TABLES, "traces", "events", "members", "evidence")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert unisono.moment(stored["traces"]).equals(stored["moments"])
        assert unisono.react(stored["traces"], stored["events"]).equals(stored["reactions"])
        few = unisono.moment(stored["traces"].to_pandas(), "60s", to="polars")
    profiles = unisono.profile(*(stored[n] for n in ("members", "evidence", "traces", "events")))
    assert profiles.equals(stored["profiles"])
    assert set(few["width_us"]) == {60_000_000, 180_000_000, 600_000_000}


def test_verbs_on_tables_warn_and_refuse_in_sentences(of_traces: Study) -> None:
    traces = of_traces.read("traces").slice(0, 50)
    with pytest.warns(UserWarning, match="moments of repost: insufficient data"):
        assert unisono.moment(traces).num_rows == 0
    with pytest.warns(UserWarning, match="authors are unknown"):
        assert unisono.react(traces, of_traces.read("events")).num_rows == 0
    for verb in (lambda: unisono.moment(traces, fdr=1), lambda: unisono.react(traces, traces, fdr=0)):
        with pytest.raises(UserError, match="fdr"):
            verb()


def test_a_study_of_nothing_says_why_nothing_was_tested(tmp_path: Path) -> None:
    source = tmp_path / "p.csv"
    source.write_text("a,t,x\none,2024-01-01T10:00:00Z,the same twenty characters here\n")
    study = run([source], tmp_path / "s", map="account=a,time=t,text=x")
    assert [study.read(name).num_rows for name in TABLES] == [0, 0, 0]
    notes = " ".join(study.manifest.notes)
    assert "moments of text: insufficient data" in notes
    assert "there is no repost, quote or reply" in notes
    assert "there is no group" in notes
    assert problems(open_study(tmp_path / "s")) == []
