"""Every verb, as a user gives it."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pyarrow.compute as pc
import pytest

import unisono as unisono_api
from tests.cli.conftest import Said, Unisono
from tests.small import MAP
from unisono.demo import scenario as demo
from unisono.demo.world import World
from unisono.pipeline import STAGES
from unisono.study import load_settings, open_study
from unisono.study.verify import problems
from unisono.tables import TABLES

STAGE_VERBS = [
    "read",
    "trace",
    "pair",
    "test",
    "calibrate",
    "group",
    "moment",
    "coact",
    "sequence",
    "react",
    "profile",
    "check",
    "report",
]
VERBS = ["run", "demo", *STAGE_VERBS, "add", "advise", "show", "why", "verify"]


def hashes(study: Path) -> dict[str, str]:
    return {name: t.content_hash for name, t in open_study(study).manifest.tables.items()}


def edge(study: Path) -> tuple[str, str]:
    row = open_study(study).read("evidence").slice(0, 1).to_pylist()[0]
    return row["account_a"], row["account_b"]


def test_help_names_every_verb(unisono: Unisono) -> None:
    said = unisono("--help")
    assert said.code == 0
    assert all(re.search(rf"^  {verb} ", said.out, re.M) for verb in VERBS)
    assert "unisono demo" in said.out
    assert unisono().err.split() == said.out.split()


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_every_verb_explains_every_switch(unisono: Unisono, verb: str) -> None:
    said = unisono(verb, "--help")
    assert said.code == 0
    assert len(said.out.split("\n\n")[1]) > 20
    lines = said.out.split("Options:")[1].rstrip().split("\n  -")[1:]
    assert lines
    assert all(len(line.split()) > 2 for line in lines)


def test_stage_by_stage_is_the_same_as_run(
    unisono: Unisono, sources: list[Path], finished: Path, tmp_path: Path
) -> None:
    out = tmp_path / "study"
    said = unisono("read", *sources, "--map", MAP, "--out", out, "--threads", 2)
    assert (said.code, said.err) == (0, "")
    assert "Read: 2 files" in said.out
    assert "Report:" not in said.out
    assert len(STAGE_VERBS) == len(STAGES)
    for verb in STAGE_VERBS[1:]:
        said = unisono(verb, out, *(["--threads", 7] if verb in ("trace", "pair", "test", "group") else []))
        assert (said.code, said.err) == (0, "")
        assert (f"unisono report {out} makes it" in said.out) == (verb in STAGE_VERBS[STAGE_VERBS.index("group") : -1])
    assert "Coordinated behaviour observed" in said.out
    assert f"Report: {out / 'report.html'}" in said.out
    assert hashes(out) == hashes(finished)
    assert (out / "report.html").read_bytes() == (finished / "report.html").read_bytes()
    assert (out / "manifest.json").read_bytes() == (finished / "manifest.json").read_bytes()


def test_run_resumes_and_switches_change_only_what_they_touch(
    unisono: Unisono, sources: list[Path], study: Path
) -> None:
    before = hashes(study)
    words = ["run", *sources, "--map", MAP, "--out", study]
    assert unisono(*words, "--quiet") == Said(0, "", "")
    assert hashes(study) == before
    assert unisono(*words, "--window", "10m", "--trace", "url,text", "--min-objects", 3, "--quiet").code == 0
    after = hashes(study)
    assert {n for n in before if before[n] != after[n]} >= {"traces", "pairs", "edges", "evidence"}
    assert after["events"] == before["events"]
    assert open_study(study).manifest.stages["pair"].facts["windows"] == {"text": [600_000_000], "url": [600_000_000]}
    used = load_settings(study / "study.yaml")
    assert (used.window, used.trace, used.min_objects) == (("10m",), ("url", "text"), 3)


def test_the_study_yaml_that_was_written_repeats_the_study(unisono: Unisono, study: Path, tmp_path: Path) -> None:
    out = tmp_path / "again"
    assert unisono("run", "--study", study / "study.yaml", "--out", out, "--quiet").code == 0
    assert hashes(out) == hashes(study)
    assert (out / "study.yaml").read_bytes() == (study / "study.yaml").read_bytes()
    assert unisono("run", "--study", study / "study.yaml", "--out", out, "--seed", 3, "--quiet").code == 0
    assert load_settings(out / "study.yaml").seed == 3


def test_a_stage_that_failed_leaves_the_settings_that_hold(unisono: Unisono, study: Path) -> None:
    used = (study / "study.yaml").read_bytes()
    assert unisono("pair", study, "--window", "nonsense").code == 2
    assert unisono("trace", study, "--trace", "hashtga").code == 2
    assert (study / "study.yaml").read_bytes() == used
    assert unisono("pair", study).code == 0


def test_a_stage_whose_input_is_missing_names_the_verb_that_makes_it(
    unisono: Unisono, sources: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "study"
    assert unisono("read", *sources, "--map", MAP, "--out", out, "--quiet").code == 0
    makers = {
        "pair": "trace",
        "test": "trace",
        "group": "test",
        "moment": "trace",
        "coact": "trace",
        "sequence": "trace",
        "react": "trace",
    }
    for verb, needed in (makers | {"profile": "group", "report": "trace"}).items():
        said = unisono(verb, out)
        assert said.code == 2
        assert f"unisono {needed} " in said.err
    (out / "manifest.json").write_text("{}")
    said = unisono("trace", out)
    assert "has no table events yet" in said.err
    assert "unisono run SOURCE" in said.err


def test_demo(unisono: Unisono, sources: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds: list[int] = []

    def small(seed: int) -> str:
        seeds.append(seed)
        return f"world {seed}"

    def write(world: World, folder: Path) -> list[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        names = [folder / p.name for p in sources]
        for name, source in zip(names, sources, strict=True):
            name.write_bytes(source.read_bytes())
        return names

    monkeypatch.setattr(demo, "make_demo", small)
    monkeypatch.setattr(demo, "write_sources", write)
    said = unisono("demo", "--out", tmp_path / "demo", "--seed", 5)
    assert (said.code, seeds) == (0, [5])
    assert f"Report: {tmp_path / 'demo' / 'study' / 'report.html'}" in said.out
    assert "truth.csv" in said.out
    assert unisono("demo", "--out", tmp_path / "demo", "--quiet") == Said(0, "", "")
    assert len(seeds) == 2


def test_show_tells_the_story(unisono: Unisono, finished: Path) -> None:
    said = unisono("show", finished)
    assert said.code == 0
    for words in (
        "Read: 2 files",
        "Traces: ",
        "Pairs: ",
        "at a false-discovery rate of 5 %",
        "Coordinated behaviour observed: ",
        "group ",
    ):
        assert words in said.out
    assert "bot" not in said.out.lower().split()


@pytest.mark.parametrize("table", sorted(TABLES))
def test_show_of_every_table(unisono: Unisono, finished: Path, table: str) -> None:
    study, said = open_study(finished), unisono("show", finished, table, "--limit", 3)
    if not study.has(table):
        assert said.code == 2
        assert f"has no table {table} yet" in said.err
        return
    rows = list(csv.reader(said.out.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert (said.code, rows[0]) == (0, TABLES[table].names)
    assert len(rows) == 1 + min(3, study.manifest.tables[table].rows)
    assert {len(r) for r in rows} == {len(TABLES[table].columns)}


def test_show_of_two_accounts(unisono: Unisono, finished: Path) -> None:
    a, b = edge(finished)
    for order in ((a, b), (b, a)):
        rows = unisono("show", finished, "evidence", "--pair", *order, "--limit", 999).out.splitlines()[1:]
        assert rows
        assert all(r.split("\t")[2:4] == [a, b] for r in rows)
        assert unisono("show", finished, "--pair", *order, "--limit", 999).out.splitlines()[1:] == rows
    pairs = unisono("show", finished, "pairs", "--pair", b, a).out.splitlines()[1:]
    edges = unisono("show", finished, "edges", "--pair", b, a).out.splitlines()[1:]
    assert {r.split("\t")[0] for r in edges} - {"all"} <= {r.split("\t")[0] for r in pairs}
    both = unisono("show", finished, "accounts", "--pair", a, b).out.splitlines()[1:]
    assert {r.split("\t")[0] for r in both} == {a, b}


def test_show_of_one_account(unisono: Unisono, finished: Path) -> None:
    a, b = edge(finished)
    study = open_study(finished)
    for table in ("events", "traces", "members"):
        rows = unisono("show", finished, table, "--account", a, "--limit", 9999).out.splitlines()[1:]
        assert len(rows) == study.read(table).column("account_id").to_pylist().count(a)
    edges = unisono("show", finished, "--account", b, "--limit", 9999).out.splitlines()[1:]
    assert edges
    assert all(b in r.split("\t")[2:4] for r in edges)
    said = unisono("show", finished, "rejects", "--account", a)
    assert said.code == 2
    assert "--account" in said.err
    assert unisono("show", finished, "events", "--account", "nobody").out.count("\n") == 1


def test_show_of_an_account_in_the_tables_beside_pairs(unisono: Unisono, finished: Path) -> None:
    study = open_study(finished)
    row = study.read("reactions").to_pylist()[0]
    author, account = row["author_id"], row["account_id"]
    rows = unisono("show", finished, "reactions", "--account", author, "--limit", 9999).out.splitlines()[1:]
    assert rows
    assert all(author in r.split("\t")[1:3] for r in rows)
    rows = unisono("show", finished, "reactions", "--pair", account, author).out.splitlines()[1:]
    assert rows
    assert all({r.split("\t")[1], r.split("\t")[2]} == {author, account} for r in rows)
    member = study.read("members").to_pylist()[0]["account_id"]
    rows = unisono("show", finished, "profiles", "--account", member).out.splitlines()[1:]
    assert rows
    assert all(r.split("\t")[2] == member for r in rows)
    assert "moments has no column of accounts" in unisono("show", finished, "moments", "--account", member).err


def test_a_rate_of_false_findings_that_is_no_share_is_a_sentence(unisono: Unisono, study: Path) -> None:
    for verb in ("test", "group", "moment", "react", "profile"):
        for rate in ("0", "1", "1.5"):
            said = unisono(verb, study, "--fdr", rate)
            assert said.code == 2
            assert "fdr" in said.err
    assert unisono("moment", study, "--fdr", "0.01", "--quiet") == Said(0, "", "")
    assert open_study(study).manifest.stages["moment"].settings["fdr"] == 0.01
    assert load_settings(study / "study.yaml").fdr == 0.01


def test_show_of_an_unknown_table_or_account(unisono: Unisono, finished: Path) -> None:
    said = unisono("show", finished, "evnts")
    assert said.code == 2
    assert "events, accounts" in said.err
    said = unisono("show", finished, "evidence", "--pair", "plaza/nobody", "plaza/none")
    assert said.code == 2
    assert "left no trace" in said.err


def test_why_of_an_edge(unisono: Unisono, finished: Path) -> None:
    a, b = edge(finished)
    said = unisono("why", finished, b, a)
    assert said.code == 0
    assert "Linked (" in said.out
    assert "how often chance would do the same" in said.out
    assert " apart; of all pairs of accounts" in said.out


def test_why_of_no_edge_and_of_nothing_in_common(unisono: Unisono, finished: Path) -> None:
    study = open_study(finished)
    rows = study.read("edges").to_pylist()
    linked = {(r["account_a"], r["account_b"]) for r in rows if r["is_edge"]}
    a, b = next((r["account_a"], r["account_b"]) for r in rows if (r["account_a"], r["account_b"]) not in linked)
    said = unisono("why", finished, a, b)
    assert "  Linked" not in said.out
    assert any(word in said.out for word in ("Not linked: ", "Not tested: ", "Too little data: "))
    touched: dict[str, set[str]] = {}
    for r in study.read("traces").to_pylist():
        touched.setdefault(r["account_id"], set()).add(r["object_id"])
    names = sorted(touched)
    x, y = next((x, y) for x in names for y in names if x < y and not touched[x] & touched[y])
    said = unisono("why", finished, x, y)
    assert said.code == 0
    assert "never co-acted" in said.out
    assert "url at 60 s" in said.out


def test_why_of_strangers(unisono: Unisono, finished: Path) -> None:
    a, _ = edge(finished)
    said = unisono("why", finished, a, "plaza/nobody")
    assert said.code == 2
    assert "plaza/nobody left no trace" in said.err
    assert "unisono show" in said.err
    said = unisono("why", finished, a, a)
    assert said.code == 2
    assert "given twice" in said.err


def test_why_of_a_set_picked_by_hand(unisono: Unisono, finished: Path) -> None:
    study = open_study(finished)
    group = max(study.read("groups").to_pylist(), key=lambda g: g["true_edges_at_least"])
    members = study.read("members").filter(pc.field("group_id") == group["group_id"])["account_id"].to_pylist()
    said = unisono("why", finished, *members)
    n = len(members) * (len(members) - 1) // 2
    assert said.code == 0
    assert f"{len(members)} accounts, {n} pairs" in said.out
    assert (
        f"At least {group['true_edges_at_least']} of these {n} pairs are not explained by this model, at 95 %"
        in " ".join(said.out.split())
    )
    least, q = unisono_api.bound(study.read("edges"), members)
    assert least == group["true_edges_at_least"] > 0
    assert 0 <= q <= 1
    assert 0 <= group["q"] <= 1  # it pays for two ways to be called, and for layers that the rows alone do not show
    others = [a for a in sorted(set(study.read("traces")["account_id"].to_pylist())) if a not in members][:3]
    said = unisono("why", finished, *others)
    assert "At least 0 of these 3 pairs" in said.out
    assert "nothing can be promised" in said.out
    said = unisono("why", finished, *others, "plaza/nobody")
    assert (said.code, "plaza/nobody left no trace" in said.err) == (2, True)
    said = unisono("why", finished, *others, others[0])
    assert (said.code, "named twice" in said.err) == (2, True)


def test_verify(unisono: Unisono, study: Path) -> None:
    said = unisono("verify", study)
    assert said.code == 0
    assert "is as it was written" in said.out
    (study / "report.html").write_text("forged")
    said = unisono("verify", study)
    assert said.code == 3
    assert "report.html was changed" in said.err


def test_a_control_group_is_told_and_takes_nothing_away(unisono: Unisono, study: Path, tmp_path: Path) -> None:
    """Once it removed the report, the networks and the CSV files, and printed no comparison."""
    ordinary = Path(shutil.copytree(study, tmp_path / "ordinary"))
    before, files = hashes(study), set(open_study(study).manifest.files)
    assert {"report.html", "network.gexf", "network.graphml", "csv/edges.csv"} <= files
    said = unisono("profile", study, "--control", ordinary)
    assert (said.code, said.err) == (0, "")
    told = said.out.partition("Beside matched groups of ordinary accounts:\n")[2].splitlines()
    assert re.match(r"  group 1: first touches together: \d+; matched groups \d+ to \d+, p = 0\.\d+", told[0]), told[:3]
    made = open_study(study)
    assert set(made.manifest.files) == files
    assert all((study / f).is_file() for f in files)
    assert problems(made) == []
    after = hashes(study)
    assert {n for n in after if before[n] != after[n]} == {"profiles"}
    rows = made.read("profiles", ["group_id", "profile"], pc.field("profile") == "control")
    assert rows.num_rows == 3 * made.manifest.tables["groups"].rows
    kept = made.read("profiles", where=pc.field("profile") != "control")
    assert kept.equals(open_study(ordinary).read("profiles"))
    assert f"Report: {study / 'report.html'}" in said.out
    assert "--control" in (study / "report.html").read_text()  # the command that repeats it


def test_a_control_that_is_no_study_takes_nothing_away(unisono: Unisono, study: Path, tmp_path: Path) -> None:
    before = {p: p.read_bytes() for p in study.rglob("*.*") if p.is_file()}
    (tmp_path / "empty").mkdir()
    (tmp_path / "read").mkdir()
    (tmp_path / "read" / "manifest.json").write_text("{}")
    for name, says in (("nowhere", "is no study folder"), ("empty", "is no study folder"), ("read", "has no table")):
        said = unisono("profile", study, "--control", tmp_path / name)
        assert said.code == 2
        assert says in said.err
        assert {p: p.read_bytes() for p in study.rglob("*.*") if p.is_file()} == before
