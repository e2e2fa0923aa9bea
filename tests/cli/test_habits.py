"""docs/habits.md is walked row by row: every habit does what its line says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Unisono
from tests.exports.make import scenario, whole, write_study
from unisono.cli import guard

PAGE = (Path(__file__).parents[2] / "docs" / "habits.md").read_text(encoding="utf-8")
ROWS = [tuple(c.strip(" ") for c in row.split("|")[1:-1]) for row in PAGE.splitlines() if row.count("`") == 4]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """STUDY as it was written, and FORGED, of which a table was changed."""
    here = tmp_path_factory.mktemp("habits")
    write_study(here / "STUDY", **whole(scenario()))
    forged = write_study(here / "FORGED", **whole(scenario()))
    forged.file("groups").write_bytes(b"forged")
    return here


def test_the_page_has_its_rows() -> None:
    assert len(ROWS) >= 17


@pytest.mark.parametrize(("habit", "command", "status", "printed"), ROWS, ids=[r[1].strip("`") for r in ROWS])
def test_a_habit(
    unisono: Unisono, folder: Path, monkeypatch: pytest.MonkeyPatch, habit: str, command: str, status: str, printed: str
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr("shellingham.detect_shell", lambda *_: ("bash", "/bin/bash"))  # tests run beneath no shell
    program, *words = shlex.split(command.strip("`"))
    assert (program, bool(habit)) == ("unisono", True)
    said = unisono(*words)
    assert said.code == int(status)
    assert printed.strip("`") in re.sub(r"\s+", " ", said.out + said.err)


def test_the_page_names_every_exit_status() -> None:
    statuses = {int(m) for m in re.findall(r"^\| (\d+) \|", PAGE, re.M)}
    assert statuses == {0, guard.NOTHING, guard.REFUSED, guard.FAILED, guard.BROKEN, guard.STOPPED}


def test_the_first_rank_comes_first(unisono: Unisono, folder: Path) -> None:
    rows = unisono("show", folder / "STUDY", "groups", "--columns", "rank").out.split()
    assert rows == ["rank", "1", "2"]


def test_a_file_of_nothing_but_rejects_is_never_a_success(unisono: Unisono, tmp_path: Path) -> None:
    posts = tmp_path / "posts.csv"
    posts.write_text("who,at,text\na,never,x\nb,no time,y\n")
    said = unisono("run", posts, "--map", "account=who,time=at,text=text", "--zone", "UTC", "--out", tmp_path / "s")
    assert said.code in (1, 2)
    assert "Traceback" not in said.err
