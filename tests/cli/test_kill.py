"""A run that is killed at any moment, and started again, ends as if nothing had happened."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.cli.conftest import Unisono
from tests.cli.test_given import write_posts
from tests.conftest import ROOT
from tests.small import MAP
from unisono.pipeline import STAGES
from unisono.study import open_study
from unisono.study.verify import problems


def start(sources: list[Path], out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "unisono", "run", *sources, "--map", MAP, "--out", out, "--threads", 1, "--quiet"]
    return subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def test_a_run_at_work_keeps_others_out_and_a_killed_one_does_not(
    unisono: Unisono, sources: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / "study"
    first = start(sources, out)
    assert first.stderr is not None
    with first.stderr:
        while not (out / ".read.new").exists():
            assert first.poll() is None
            time.sleep(0.001)
        second = unisono("read", sources[0], "--map", MAP, "--out", out)
        first.kill()
        first.wait(30)
    assert second.code == 2
    assert "another unisono is at work" in second.err
    assert "--out" in second.err
    assert unisono("read", sources[0], "--map", MAP, "--out", out, "--quiet").code == 0


class Killer:
    """Commands in children of one process, killed where a job says so."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.cli.killing"]
        pipe = subprocess.PIPE
        self._run = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def __call__(self, words: list[object], folder: Path, before: int = 0, after: float = 0.0) -> dict[str, Any]:
        job = {"words": list(map(str, words)), "folder": str(folder), "before": before, "after": after}
        assert self._run.stdin is not None
        assert self._run.stdout is not None
        self._run.stdin.write(json.dumps(job) + "\n")
        self._run.stdin.flush()
        answer: dict[str, Any] = json.loads(self._run.stdout.readline())
        return answer

    def close(self) -> str:
        """End it. What was said meanwhile."""
        _, said = self._run.communicate(timeout=60)
        return said


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    made = Killer()
    yield made
    assert all("it is kept as csv/groups.csv.kept" in line for line in made.close().splitlines())


def lying(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


class Scene:
    """A place where a run is killed: how it begins, and how an undisturbed run leaves it.

    new: no study yet. again: a finished one of other settings, in which every stage has to run, with files of the
    user's own in it, and one of the study's that the user changed.
    """

    MINE: ClassVar = {"mine.txt": b"my notes", "csv/mine.csv": b"my,table\n", "posts.csv.txt": b"mine too"}
    REMARK = b"my own remark\n"

    def __init__(self, name: str, folder: Path, killer: Killer) -> None:
        self.killer, self.again = killer, name == "again"
        self.source, self.begin, self.folder = folder / "posts.csv", folder / "begin", folder
        write_posts(self.source)
        self.posts = self.source.read_bytes()
        if self.again:
            assert self.run(self.begin)["code"] == 0
            for mine, data in self.MINE.items():
                (self.begin / mine).write_bytes(data)
            with (self.begin / "csv" / "groups.csv").open("ab") as f:
                f.write(self.REMARK)
        self.words: list[object] = ["--platform", "x", "--fdr", "0.04", "--window", "5m"] if self.again else []
        once = self.fresh("once")
        self.whole = self.run(once, *self.words)
        assert self.whole["code"] == 0
        self.expected = lying(once)
        self.problems = problems(open_study(once))
        assert bool(self.problems) == self.again  # files of the user's own are told
        if self.again:
            assert self.expected["csv/groups.csv.kept"].endswith(self.REMARK)
            assert {n: self.expected[n] for n in self.MINE} == self.MINE
        assert open_study(once).manifest.tables["groups"].rows > 0

    def fresh(self, name: str) -> Path:
        """The place as it is before the run."""
        out = self.folder / name
        shutil.rmtree(out, ignore_errors=True)
        if self.again:
            shutil.copytree(self.begin, out)
        return out

    def run(self, out: Path, *more: object, within: Path | None = None, **kill: Any) -> dict[str, Any]:
        fixed = ["--map", "account=author,time=created,text=body", "--zone", "UTC", "--threads", "1", "--quiet"]
        return self.killer(["run", self.source, *fixed, *more, "--out", out], within or out, **kill)

    def kill(self, out: Path, what: str, **when: Any) -> bool:
        """Start it and kill it: what was finished is whole, and the user's files are there. Whether it was killed."""
        told = self.run(out, *self.words, **when)
        here = lying(out) if out.exists() else {}
        named = open_study(out).manifest.all_files if "manifest.json" in here else {}
        of_mine = {"csv/groups.csv"} if self.again else set()  # of the study, and changed by the user
        broken = [n for n, f in named.items() if hashlib.sha256(here.get(n, b"")).hexdigest() != f.sha256]
        assert set(broken) <= of_mine, what
        if self.again:
            assert {n: here.get(n) for n in self.MINE} == self.MINE, what
            remarks = [n for n, data in here.items() if data.endswith(self.REMARK)]
            assert remarks in (["csv/groups.csv"], ["csv/groups.csv.kept"]), what
        return bool(told["killed"])

    def goes_on(self, out: Path, what: str) -> None:
        """The same command ends as if nothing had happened."""
        assert self.run(out, *self.words)["code"] == 0, what
        assert self.source.read_bytes() == self.posts
        here = lying(out)
        assert here.keys() == self.expected.keys(), what
        assert [n for n in here if here[n] != self.expected[n]] == [], what
        assert problems(open_study(out)) == self.problems


@pytest.fixture(scope="module", params=[pytest.param("new", marks=pytest.mark.full), "again"])
def scene(request: pytest.FixtureRequest, killer: Killer, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(request.param, tmp_path_factory.mktemp(request.param), killer)


@pytest.fixture
def full(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--full"))


def test_killed_in_every_stage_in_turn(scene: Scene, full: bool) -> None:
    """Before one of the changes that the stage makes: its folder, each file that it opens, each that it moves out."""
    rng = random.Random(7)
    of = {s: [c for c in scene.whole["changes"] if f"/.{s}.new" in c] for s in STAGES}
    assert all(len(changes) >= 2 for changes in of.values())
    for _ in range(8 if full else 1):
        out = scene.fresh("killed")
        for stage in STAGES:
            k = rng.randint(1, len(of[stage]))
            what = f"{stage}, before change {k} of {of[stage]}"
            assert scene.kill(out, what, within=out / f".{stage}.new", before=k), what
        scene.goes_on(out, "killed in every stage")


def test_killed_before_any_change_that_it_makes(scene: Scene, full: bool) -> None:
    """Every change of the folder counts: a file opened for writing, a rename, a removal. A few are drawn, or 100."""
    rng, changes = random.Random(11), scene.whole["changes"]
    assert len(changes) > 100
    for k in sorted(rng.sample(range(1, len(changes) + 1), 100 if full else 1)):
        out = scene.fresh("killed")
        what = f"killed before change {k} of {len(changes)}: {changes[k - 1]}"
        assert scene.kill(out, what, before=k), what
        scene.goes_on(out, what)


def test_killed_again_and_again_at_any_moment(scene: Scene, full: bool) -> None:
    """One run that is killed several times before it comes to its end."""
    rng = random.Random(12)
    for round_ in range(12 if full else 1):
        out, kills = scene.fresh("killed"), 0
        for _ in range(3):
            kills += scene.kill(out, f"round {round_}", after=rng.uniform(0.02, 0.5) * scene.whole["seconds"])
        assert kills, round_
        scene.goes_on(out, f"round {round_}: killed {kills} times")
