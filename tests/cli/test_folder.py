"""Nothing of the user's is deleted, replaced or followed: sources, files beside a study, links in a received one."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Unisono
from unisono.study import open_study
from unisono.study.manifest import Manifest
from unisono.study.verify import problems

POSTS = "account,time,text\na,2021-01-01T00:00:00Z,hello there\nb,2021-01-01T00:00:05Z,hello there\n"
MAP = ("--map", "account=account,time=time,text=text", "--zone", "UTC", "-q")


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.csv"
    path.write_text(POSTS)
    return path


@pytest.fixture
def made(unisono: Unisono, posts: Path, tmp_path: Path) -> Path:
    """A study that is read, no more."""
    out = tmp_path / "made"
    assert unisono("read", posts, "--out", out, *MAP).code == 0
    return out


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def reseal(study: Path, change: Any) -> None:
    """Edit a manifest as an attacker does who computes everything anew."""
    data = json.loads((study / "manifest.json").read_bytes())
    change(data)
    made = Manifest.model_validate(data)
    for name, stage in made.stages.items():
        stage.key = stage.made_key(name)
    made.save(study / "manifest.json")


@pytest.mark.parametrize("also", [(), ("study.yaml",), ("study.yaml", ".lock"), (".git/config",), ("notes.txt",)])
@pytest.mark.parametrize("out", [".", "", "../mine", "link"])
def test_a_folder_of_the_users_own_files_is_refused(
    unisono: Unisono, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str, also: tuple[str, ...]
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (tmp_path / "link").symlink_to("mine")
    (mine / "posts.parquet").write_bytes(b"PAR1 mine")
    (mine / "posts.csv").write_text(POSTS)
    for name in also:
        (mine / name).parent.mkdir(exist_ok=True)
        (mine / name).write_text("zone: UTC\n")
    monkeypatch.chdir(mine)
    before = bytes_of(mine)
    where = {"": mine, "link": tmp_path / "link"}.get(out, Path(out))
    for verb in ("read", "run"):
        said = unisono(verb, "posts.csv", "--out", where, *MAP)
        assert said.code == 2
        assert "holds other files" in said.err
        assert "--out" in said.err
        assert bytes_of(mine) == before


@pytest.mark.parametrize("where", ["posts.csv", "deep/er/posts.csv"])
def test_a_source_inside_the_study_is_refused(unisono: Unisono, made: Path, tmp_path: Path, where: str) -> None:
    inside = made / where
    inside.parent.mkdir(parents=True, exist_ok=True)
    inside.write_text(POSTS)
    by_link = tmp_path / "elsewhere.csv"
    by_link.symlink_to(inside)
    other_name = tmp_path / "other"
    other_name.symlink_to(made)
    before = bytes_of(made)
    for source, out in ((inside, made), (by_link, made), (inside, other_name), (other_name / where, made)):
        for words in (("read", source, "--out", out, *MAP), ("add", out, "--signals", source)):
            said = unisono(*words)
            assert said.code == 2
            assert "lies inside the study folder" in said.err
            assert bytes_of(made) == before


def test_files_that_the_user_made_in_a_study_stay(unisono: Unisono, made: Path, posts: Path) -> None:
    mine = {"network.gexf": b"mine", "network.png": b"mine", "old.parquet": b"mine", "csv/mine.csv": b"mine"}
    mine |= {"report.html": b"my report", "csv/edges.csv": b"my edges", "signals.parquet": b"my signals"}
    (made / "csv").mkdir()
    for name, data in mine.items():
        (made / name).write_bytes(data)
    posts.write_text(POSTS + "c,2021-01-01T00:00:07Z,more\n")
    assert unisono("read", posts, "--out", made, *MAP).code == 0  # needs none of those names
    said = unisono("run", posts, "--out", made, *MAP)
    assert said.code == 2
    assert "is in the way: unisono did not write it" in said.err
    assert {n: (made / n).read_bytes() for n in mine} == mine
    (made / "report.html").unlink()
    assert unisono("report", made).code == 2
    assert "network.gexf is in the way" in unisono("report", made, "-q").err
    for name in ("network.gexf", "csv/edges.csv"):
        (made / name).unlink()
    assert unisono("run", posts, "--out", made, *MAP).code == 0
    left = {n: d for n, d in mine.items() if n not in ("network.gexf", "csv/edges.csv", "report.html")}
    assert {n: (made / n).read_bytes() for n in left} == left
    said = unisono("verify", made)
    assert said.code != 0
    assert "csv/mine.csv, network.png, old.parquet, signals.parquet" in said.err


def test_what_somebody_changed_in_a_study_is_kept(unisono: Unisono, study: Path, sources: list[Path]) -> None:
    told = (study / "csv" / "groups.csv").read_bytes() + b"my own remark\n"
    (study / "csv" / "groups.csv").write_bytes(told)
    used = (study / "study.yaml").read_text() + "# my own remark\n"
    (study / "study.yaml").write_text(used)
    assert unisono("moment", study, "--fdr", "0.01", "-q").code == 0  # the report is made again
    assert (study / "csv" / "groups.csv").read_bytes() + b"my own remark\n" == told
    assert (study / "csv" / "groups.csv.kept").read_bytes() == told
    assert (study / "study.yaml.kept").read_text() == used
    assert problems(open_study(study)) == []
    said = unisono("verify", study)
    assert said.code == 0
    assert "csv/groups.csv.kept" in said.out


def test_a_manifest_of_somebody_else_deletes_no_file_of_mine(unisono: Unisono, made: Path, posts: Path) -> None:
    """Their manifest.json names files that are mine: they are not what it says was written."""
    mine = {"events.parquet": b"PAR1 mine", "rejects.parquet": b"mine too", "csv/thesis.csv": b"mine three"}

    def name_them(data: dict[str, Any]) -> None:
        data["stages"]["read"]["files"]["csv/thesis.csv"] = {"sha256": "0" * 64, "bytes": 10}

    (made / "csv").mkdir()
    reseal(made, name_them)
    for name, data in mine.items():
        (made / name).write_bytes(data)
    assert unisono("read", posts, "--out", made, *MAP).code == 0
    assert {n: (made / f"{n}.kept").read_bytes() for n in mine} == mine


@pytest.mark.parametrize(
    "name", ["../victim.txt", "/etc/passwd", "csv/../../victim.txt", "..", ".hidden", "a/b/c", "C:x", "csv\\x", "",
             "csv/", "/", "manifest.json", "x\0y"],
)  # fmt: skip
@pytest.mark.parametrize("place", ["files", "tables", "table", "unfinished"])
def test_a_manifest_that_names_other_places_is_refused(
    unisono: Unisono, made: Path, posts: Path, tmp_path: Path, name: str, place: str
) -> None:
    (tmp_path / "victim.txt").write_text("secret")
    record = {"sha256": "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", "bytes": 6}
    if place == "table" and name == "":
        return

    def change(data: dict[str, Any]) -> None:
        read = data["stages"]["read"]
        if place == "files":
            read["files"][name] = record
        elif place == "tables":
            read["tables"]["events"]["files"] = {name: record}
        elif place == "table":
            read["tables"][name + "/x"] = read["tables"]["events"]
        else:
            data["unfinished"][name] = [record["sha256"]]

    reseal(made, change)
    for words in (("verify", made), ("show", made, "events"), ("read", posts, "--out", made, *MAP), ("trace", made)):
        said = unisono(*words)
        assert said.code == 2
        assert "names a file that is not in the study" in said.err
    assert (tmp_path / "victim.txt").read_text() == "secret"


LINKS = [
    "manifest.json.new",
    "csv",
    "study.yaml",
    "study.yaml.new",
    "events.parquet",
    ".lock",
    ".trace.new",
    "traces.parquet",
]


@pytest.mark.parametrize("name", [*LINKS, "manifest.json"])
@pytest.mark.parametrize("dangling", [False, True])
def test_no_link_inside_a_study_is_followed(
    unisono: Unisono, made: Path, posts: Path, tmp_path: Path, name: str, dangling: bool
) -> None:
    folder, victim = tmp_path / "vdir", tmp_path / "victim"
    folder.mkdir()
    (folder / "edges.csv").write_text("keep")
    if (made / name).is_file():
        os.replace(made / name, victim)
    else:
        victim.write_text("secret")
    before = victim.read_bytes()
    to = tmp_path / "nowhere" if dangling else folder if name in ("csv", ".trace.new") else victim
    (made / name).symlink_to(to)
    posts.write_text(POSTS + "c,2021-01-01T00:00:07Z,more\n")
    if name == "csv":
        signals = tmp_path / "signals.csv"
        signals.write_text("account_id,kind,value,time\na,ip,1,2021-01-01T00:00:00Z\n")
        tried = [("add", made, "--signals", signals)]
    else:
        tried = [("read", posts, "--out", made, "--platform", "x", *MAP), ("trace", made, "-q")]
    said = [unisono(*words) for words in tried]
    assert 2 in [s.code for s in said]
    assert any("is a link, and none is followed" in s.err or "is no study folder" in s.err for s in said)
    assert victim.read_bytes() == before
    assert (folder / "edges.csv").read_text() == "keep"
    assert not (tmp_path / "nowhere").exists()
    assert (made / name).is_symlink()
    verified = unisono("verify", made)
    assert verified.code != 0
    assert name in verified.err or "is no study folder" in verified.err


def test_another_name_of_a_file_is_not_written_through(
    unisono: Unisono, made: Path, posts: Path, tmp_path: Path
) -> None:
    """A hard link is no link that can be refused: what it names must not be opened for writing."""
    victim = tmp_path / "victim"
    victim.write_text("secret")
    for name in ("manifest.json.new", "study.yaml.new", ".lock"):
        os.link(victim, made / name)
    posts.write_text(POSTS + "c,2021-01-01T00:00:07Z,more\n")
    assert unisono("read", posts, "--out", made, *MAP).code == 0
    assert victim.read_text() == "secret"


def test_a_pipe_in_a_study_keeps_nobody_waiting(unisono: Unisono, made: Path) -> None:
    (made / "events.parquet").unlink()
    os.mkfifo(made / "events.parquet")
    for words in (("verify", made), ("trace", made, "-q"), ("show", made, "events")):
        assert unisono(*words).code != 0


@pytest.mark.parametrize("verb", ["read", "run", "demo"])
def test_an_out_that_is_a_dangling_link_is_a_sentence(unisono: Unisono, posts: Path, tmp_path: Path, verb: str) -> None:
    (tmp_path / "out").symlink_to(tmp_path / "nowhere")
    said = unisono(*([verb, "-q"] if verb == "demo" else [verb, posts, *MAP]), "--out", tmp_path / "out")
    assert said.code == 2
    assert "is a link to a folder that is not there" in said.err
    assert not (tmp_path / "nowhere").exists()


def test_a_study_may_be_reached_by_a_link(unisono: Unisono, made: Path, posts: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(made)
    assert unisono("read", posts, "--out", tmp_path / "link", *MAP).code == 0
    assert problems(open_study(tmp_path / "link")) == []


def test_a_read_that_fails_leaves_nothing(unisono: Unisono, posts: Path, tmp_path: Path) -> None:
    assert unisono("read", tmp_path / "none.csv", "--out", tmp_path / "out", *MAP).code == 2
    assert not (tmp_path / "out").exists()
    (tmp_path / "empty").mkdir()
    assert unisono("read", tmp_path / "none.csv", "--out", tmp_path / "empty", *MAP).code == 2
    assert list((tmp_path / "empty").iterdir()) == []  # it was there before
    assert unisono("read", posts, "--out", tmp_path / "empty", *MAP).code == 0
    assert not (tmp_path / "empty" / ".lock").exists()


def test_a_demo_writes_over_nothing(unisono: Unisono, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "truth.csv").write_text("mine")
    said = unisono("demo", "--out", tmp_path, "-q")
    assert said.code == 2
    assert "truth.csv" in said.err
    assert (source / "truth.csv").read_text() == "mine"
    assert [p.name for p in source.iterdir()] == ["truth.csv"]
