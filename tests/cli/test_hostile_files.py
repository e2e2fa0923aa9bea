"""Every file of ../shared/data/hostile: events and rejects that add up, or a sentence; never a traceback."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import unisono as un
from tests.cli.conftest import Unisono
from tests.cli.test_memory import command
from tests.conftest import ROOT
from unisono.study import Study, UserError, open_study
from unisono.study.verify import problems

FOLDER = Path(os.environ.get("UNISONO_DATA", ROOT.parent / "shared" / "data")) / "hostile"
FILES = sorted(p.name for p in FOLDER.glob("*") if p.is_file()) if FOLDER.is_dir() else ["(none)"]
POSTS = "account=account,time=time,text=text"
NESTED = [
    "account=nested,time=optional_data", "account=nested.inner,time=optional_data", "account=id,time=nested.inner",
    "account=id,time=optional_data,text=nested", "account=id,time=optional_data,urls=nested.inner",
    "account=id,time=optional_data",
]  # fmt: skip
SAYS = {
    "bz2_2g.zip": "unpacks to more than 200 times its size", "bz2bomb.zip": "unpacks to more than 200 times its size",
    "many.zip": "holds 20,000 tables", "laugh.xlsx": "declares entities", "laugh2.xlsx": "declares entities",
    "xxe.xlsx": "declares entities", "yaml_bigint.yaml": "a number of so many digits", "yaml_date.yaml": "seed:",
    "yaml_deep.yaml": "nests more than 20 deep", "yaml_merge_bomb.yaml": "anchors and aliases",
    "empty_group_test.parquet": "is in no format that is known by its columns",
    "README.md": "", "mk_zero.py": "", "symlink_study.sh": "",
}  # fmt: skip
"""Of files that are refused, what is said of each."""
KEPT: dict[str, tuple[int, dict[str, int]]] = {
    "hashes.csv": (1, {}), "depth_redos.ndjson": (1, {"too_deep": 1}), "zero_division.csv": (5575, {}),
    "swallow.csv": (4, {"text_after_quote": 2, "unterminated_quote": 1}),
}  # fmt: skip
"""Of files that are read, how many rows are used, and why others are not."""
SMALL = 4 << 30
"""Bytes of address space in which everything here fits, libraries included; what the bombs hold does not."""


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest) -> Path:
    """Each file; skips, saying so, where they are missing."""
    name: str = request.param
    if not (FOLDER / name).is_file():
        pytest.skip(f"NOT TESTED on hostile files: {FOLDER} is not there (set UNISONO_DATA)")
    return FOLDER / name


def adds_up(study: Study, name: str) -> None:
    """Every row is an event or a reject, and the study is whole."""
    tables = study.manifest.tables
    assert problems(study) == []
    source = study.manifest.sources[name]
    assert source.rows == source.kept + sum(source.rejects.values()) == tables["events"].rows + tables["rejects"].rows


def given_to(file: Path) -> tuple[list[object], dict[str, str]]:
    """Switches under which a file may be read at all, and the same in Python."""
    if file.suffix == ".parquet":
        return [], {}
    if file.name == "zero_division.csv":
        return ["--map", POSTS, "--trace", "url", "--time-format", "unix"], {
            "map": POSTS, "trace": "url", "time_format": "unix",
        }  # fmt: skip
    return ["--map", POSTS, "--zone", "UTC"], {"map": POSTS, "zone": "UTC"}


def test_every_file_by_run(unisono: Unisono, file: Path, tmp_path: Path) -> None:
    out, (switches, _) = tmp_path / "study", given_to(file)
    if file.suffix in (".yaml", ".yml"):
        (tmp_path / "posts.csv").write_text("account,time,text\na,2021-01-01T00:00:00Z,hello\n")
        said = unisono("run", tmp_path / "posts.csv", *switches, "--study", file, "--out", out)
    else:
        said = unisono("run", file, *switches, "--out", out)
    if file.name in SAYS:
        assert said.code == 2
        assert SAYS[file.name] in said.err
    assert said.code in (0, 1, 2)
    assert len(said.err) < 1500
    assert not any(len(line) > 300 for line in (said.out + said.err).splitlines())
    if said.code == 2:
        assert said.err.startswith("unisono: ")
        assert len(said.err.splitlines()) >= 2  # what is wrong, and what to do
        assert not out.exists()
    else:
        adds_up(open_study(out), file.name)
        source = open_study(out).manifest.sources[file.name]
        assert KEPT.get(file.name, (source.kept, source.rejects)) == (source.kept, source.rejects)


@pytest.mark.parametrize("how", ["csv", "ndjson", "json", "parquet", "xlsx"])
def test_every_file_taken_for_another(unisono: Unisono, file: Path, tmp_path: Path, how: str) -> None:
    if file.stat().st_size > 1 << 20:
        return
    said = unisono("read", file, "--map", POSTS, "--zone", "UTC", "--file-format", how, "--out", tmp_path / "study")
    assert said.code in (0, 1, 2)
    assert len(said.err) < 1500
    if said.code != 2:
        adds_up(open_study(tmp_path / "study"), file.name)


def in_python(data: Any, **settings: Any) -> dict[str, int] | UserError:
    """Rows of the tables of un.study, or what it says instead."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return un.study(data, **settings).tables
        except UserError as e:
            said = e
    assert said.remedy
    return said


def test_every_file_in_python(file: Path) -> None:
    if file.suffix in (".yaml", ".yml"):
        return
    _, settings = given_to(file)
    made = in_python(file, **settings)
    if isinstance(made, UserError):
        assert SAYS.get(file.name, "") in made.what
        assert "--" not in str(made)  # it speaks Python
    else:
        kept, lost = KEPT.get(file.name, (made["events"], {"": made["rejects"]}))
        assert (made["events"], made["rejects"]) == (kept, sum(lost.values()))


def test_bombs_need_little_memory(file: Path, tmp_path: Path) -> None:
    if file.suffix not in (".zip", ".xlsx"):
        return
    run = command("read", file, "--map", POSTS, "--zone", "UTC", "--out", tmp_path / "study", cap=SMALL)
    _, err = run.communicate(timeout=120)
    assert run.returncode == 2, err
    assert SAYS.get(file.name, "") in err
    assert "memory" not in err


@pytest.mark.parametrize("mapping", NESTED)
def test_a_struct_without_fields(unisono: Unisono, tmp_path: Path, mapping: str) -> None:
    """It once ended in a KeyError. pyarrow reads such a column and cannot write it."""
    path = FOLDER / "empty_group_test.parquet"
    if not path.is_file():
        pytest.skip(f"NOT TESTED on hostile files: {FOLDER} is not there (set UNISONO_DATA)")
    said = unisono("run", path, "--map", mapping, "--time-format", "unix", "--out", tmp_path / "study")
    if "nested" in mapping:
        assert said.code == 2
        assert "it has: id, optional_data" in said.err
    else:
        assert said.code == 0
        adds_up(open_study(tmp_path / "study"), path.name)
    table = pq.read_table(path)
    for data in (path, table, table.to_pandas()):
        made = in_python(data, map=mapping, time_format="unix")
        assert isinstance(made, UserError) or made["events"] + made["rejects"] == 1


def test_every_settings_file_inside_a_study(unisono: Unisono, file: Path, tmp_path: Path) -> None:
    if file.suffix not in (".yaml", ".yml"):
        return
    (tmp_path / "posts.csv").write_text("account,time,text\na,2021-01-01T00:00:00Z,hello\n")
    out = tmp_path / "study"
    assert unisono("read", tmp_path / "posts.csv", "--map", POSTS, "--zone", "UTC", "--out", out).code == 0
    shutil.copy(file, out / "study.yaml")
    said = unisono("trace", out)
    assert said.code == 2
    assert SAYS.get(file.name, "") in said.err


def test_links_in_a_study_from_somebody_else(tmp_path: Path) -> None:
    """The script that overwrote a file outside, with this unisono."""
    script = FOLDER / "symlink_study.sh"
    if not script.is_file():
        pytest.skip(f"NOT TESTED on hostile files: {FOLDER} is not there (set UNISONO_DATA)")
    program, place = tmp_path / "bin" / "unisono", tmp_path / "place"
    program.parent.mkdir()
    place.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m unisono "$@"\n')
    program.chmod(0o755)
    env = os.environ | {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}"}
    run = subprocess.run(["sh", script], cwd=place, env=env, capture_output=True, text=True, check=False)
    assert run.stdout == "secret\nkeep\n"
    assert (place / "victim.txt").read_text() == "secret\n"
    assert (place / "vdir" / "edges.csv").read_text() == "keep\n"
    assert sorted(p.name for p in (place / "vdir").iterdir()) == ["edges.csv"]
    assert "is a link, and none is followed" in run.stderr
