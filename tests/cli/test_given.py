"""Commands that unisono prints or shows as an example, given whole, as a reader copies them, and what comes of them."""

from __future__ import annotations

import csv
import gzip
import html
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Unisono
from unisono.cli.verbs import VERBS
from unisono.pipeline import STAGES
from unisono.study import load_settings, open_study
from unisono.study.verify import problems

SOURCE = "posts of $HOME; 'mine'.csv"
TEAM = ["o'neil & co", "$(whoami)", "-rf", "ann lee", 'say "hi"']
MAP = ("--map", "account=author,time=created,text=body")
TWEETS = Path(__file__).parents[1] / "events" / "fixtures" / "x_v1.ndjson"


def write_posts(path: Path) -> None:
    """Eighty accounts that post on their own, and TEAM, which posts the same texts within seconds."""
    draw, begin = random.Random(3), datetime(2024, 5, 1)
    rows: list[tuple[str, datetime, int]] = []
    for k in range(80):
        texts = draw.sample(range(60), 10)
        rows += [(f"user{k:02}", begin + timedelta(minutes=draw.randrange(30_000)), text) for text in texts]
    for text in range(60, 72):
        at = begin + timedelta(minutes=draw.randrange(30_000))
        rows += [(a, at + timedelta(seconds=draw.randrange(40)), text) for a in TEAM]
    with path.open("w", newline="") as f:
        out = csv.writer(f)
        out.writerow(["author", "created", "body"])
        for author, at, n in rows:
            body = f"the {n}th word on the harvest, see https://example.org/{n}"
            out.writerow([author, at.isoformat(" "), body])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a source and a study STUDY of it, made by a shell; look, do not touch."""
    folder = tmp_path_factory.mktemp("place")
    write_posts(folder / SOURCE)
    command = ["unisono", "run", SOURCE, *MAP, *shlex.split("--zone UTC --window 60s,5m --trace url,text --fdr 0.04")]
    in_a_shell(shlex.join([*command, "--spreadsheet", "--out", "STUDY", "--quiet"]), folder)
    assert open_study(folder / "STUDY").manifest.tables["groups"].rows == 1
    return folder


def in_a_shell(command: str, folder: Path) -> str:
    """Give a command to sh in a folder, where `unisono` is this one. What it prints."""
    program = folder / "unisono"
    if not program.exists():
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m unisono "$@"\n')
        program.chmod(0o755)
    env = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    run = subprocess.run(["sh", "-c", command], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, ""), command
    return run.stdout


def printed(study: Path, begin: str) -> list[str]:
    """Commands in a report that begin so."""
    said = (study / "report.html").read_text()
    return [html.unescape(c) for c in re.findall(r"<code>(.*?)</code>", said, re.S) if c.startswith(begin)]


def everything(study: Path) -> dict[str, object]:
    """A study: content of each table, bytes of each file, what the manifest says. Stages stand as they last ran."""
    manifest = open_study(study).manifest
    tables = {n: t.content_hash for n, t in manifest.tables.items()}
    files = {n: (study / n).read_bytes() for n in (*manifest.files, "study.yaml")}
    return {**tables, **files, "fingerprint": manifest.made_fingerprint()}


def test_run_as_the_report_repeats_it(place: Path, tmp_path: Path) -> None:
    (command,) = printed(place / "STUDY", "unisono run ")
    shutil.copy(place / SOURCE, tmp_path)
    in_a_shell(command, tmp_path)
    assert everything(tmp_path / "STUDY") == everything(place / "STUDY")


def test_run_as_the_report_repeats_it_where_the_study_file_is_needed(
    unisono: Unisono, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has no switch stands in study.yaml alone."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(place / SOURCE, tmp_path / "-posts.csv")
    (tmp_path / "mine.yaml").write_text("n_seeds: 3\nlimits: {nesting: 9}\n")
    words = ["--study", "mine.yaml", *MAP, "--zone", "UTC", "--seed", 4, "--out", "STUDY", "-q", "--", "-posts.csv"]
    assert unisono("run", *words).code == 0
    before = everything(Path("STUDY"))
    (command,) = printed(Path("STUDY"), "unisono run ")
    assert "--study STUDY/study.yaml" in command
    for path in Path("STUDY").rglob("*.*"):
        if path.name not in ("study.yaml", "manifest.json"):
            path.unlink()
    assert unisono(*shlex.split(command)[1:]).code == 0
    assert everything(Path("STUDY")) == before


def test_verb_after_verb_as_each_is_asked_for(
    unisono: Unisono, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`report` says what is missing, and that says what it needs, until the report is made."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(place / SOURCE, tmp_path)
    used = load_settings(place / "STUDY" / "study.yaml")
    said = unisono("read", SOURCE, *MAP, "--zone", "UTC", "--out", "STUDY")
    more = {"trace": ["--trace", "url,text"], "pair": ["--window", "60s,5m"], "test": ["--fdr", used.fdr]}
    given = ["read"]
    while (said := unisono("report", "STUDY", "--spreadsheet")).code:
        assert len(given) < len(STAGES), given
        (asked,) = re.findall(r"`(unisono \w+ STUDY)`", said.err)
        while (said := unisono(*shlex.split(asked)[1:], *more.get(asked.split()[1], []))).code:
            (asked,) = re.findall(r"`(unisono \w+ STUDY)`", said.err)
        given.append(asked.split()[1])
    assert sorted([*given, "report"]) == sorted(STAGES)
    assert everything(tmp_path / "STUDY") == everything(place / "STUDY")


def test_show_as_the_report_shows_evidence(place: Path) -> None:
    commands = printed(place / "STUDY", "unisono show ")
    assert len(commands) == 10
    named = set()
    evidence = open_study(place / "STUDY").read("evidence").to_pylist()
    for command in commands[:: len(commands) - 1]:
        a, b = shlex.split(command)[5:7]
        named |= {a, b}
        rows = list(csv.DictReader(in_a_shell(command, place).splitlines(), delimiter="\t"))
        assert {(r["account_a"], r["account_b"]) for r in rows} == {(a, b)}
        assert len(rows) == sum((e["account_a"], e["account_b"]) == (a, b) for e in evidence) > 20
    assert named <= set(TEAM)


def filled_in(example: str) -> list[str]:
    """The words of an example, with accounts of the study."""
    names = {"A": TEAM[0], "B": TEAM[3]}
    return [names.get(w, w) for w in shlex.split(example)]


ASKED: dict[str, dict[str, object]] = {
    "trace": {"trace": ("url", "hashtag")}, "pair": {"window": ("60s", "10m")}, "test": {"fdr": 0.01},
    "calibrate": {"calibrations": 20}, "profile": {"control": "ORDINARY"}, "report": {"spreadsheet": True},
    "run": {"zone": "UTC", "map": MAP[1]},
}  # fmt: skip
"""What the example of a verb sets."""
SAYS = {
    "advise": "widest window tried", "why": "Linked (", "verify": "is as it was written",
    "profile": "Beside matched groups of ordinary accounts:", "add": "known networks: 1 account",
    "formats": "public_metrics", "show": "ann lee\to'neil & co",
}  # fmt: skip
"""What it says, among other things."""


@pytest.mark.parametrize("verb", [v for v in VERBS if v != "demo"])  # the demo has a test of its own
def test_the_example_of_a_verb(
    unisono: Unisono, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    example = VERBS[verb][1]
    assert f"Example: unisono {example}" in " ".join(unisono(verb, "--help").out.split())
    monkeypatch.chdir(tmp_path)
    shutil.copytree(place / "STUDY", "ORDINARY")
    if verb not in ("run", "read"):
        shutil.copytree(place / "STUDY", "STUDY")
    shutil.copy(place / SOURCE, "posts.csv")
    Path("tweets.ndjson.gz").write_bytes(gzip.compress(TWEETS.read_bytes()))
    Path("newsrooms.csv").write_text("account_id,network,reason\nann lee,choir,sings together\n")
    said = unisono(*filled_in(example))
    assert (said.code, said.err) == (0, "")
    assert SAYS.get(verb, "") in said.out
    if verb == "formats":
        return
    study = open_study(Path("STUDY"))
    assert problems(study) == []
    assert study.manifest.tables["events"].rows
    assert verb not in STAGES or verb in study.manifest.stages
    used = load_settings(study.settings_file)
    assert {n: getattr(used, n) for n in ASKED.get(verb, {})} == ASKED.get(verb, {})
