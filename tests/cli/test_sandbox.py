"""The sandbox commands of SECURITY.md, run as they stand there: they make the study, and keep in what they promise."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from unisono import pipeline
from unisono.study import Quiet, make_settings, open_study
from unisono.study.verify import problems

MAP = "--map account=account,time=time,text=text --zone UTC -q"
SECRET = "what the process must not see"
PROBE = """
import os, socket, sys
def can(what, look):
    try: print(what, look())
    except OSError: print(what, "no")
can("connect", lambda: socket.create_connection(("127.0.0.1", int(sys.argv[1])), 3) and "yes")
can("resolve", lambda: socket.getaddrinfo("example.org", 80) and "yes")
can("secret", lambda: open(sys.argv[2]).read())
can("passwd", lambda: open("/etc/passwd") and "yes")
can("source", lambda: open("posts.csv", "a") and "yes")
can("beside", lambda: open("beside", "w") and "yes")
can("system", lambda: open("/usr/beside", "w") and "yes")
print("environment", sorted(n for n in os.environ if n not in ("NUMBA_CACHE_DIR", "PWD", "PYTHONPATH", "LC_CTYPE")))
print("processes", sum(p.isdigit() for p in os.listdir("/proc")))
"""


def commands() -> list[str]:
    """The blocks of the page's section, as they stand."""
    section = (ROOT / "SECURITY.md").read_text().partition("run in a sandbox\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"(?:^    .*\n)+", section, re.M)
    return [re.sub(r"^    ", "", b, flags=re.M) for b in blocks]


def refused(program: str, *words: str) -> str:
    """Why this machine cannot run it; empty where it can."""
    if not shutil.which(program):
        return f"{program} is not installed"
    tried = subprocess.run([program, *words, "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else tried.stderr.strip()


def given(command: str, place: Path, inside: str) -> str:
    """Give it to sh, with `inside` in place of the call of unisono. What it prints."""
    # The package under test may be one that is edited: it lies beside its environment.
    source = ROOT / "src"
    command = command.replace("--chdir", f"--ro-bind {source} {source} --setenv PYTHONPATH {source} --chdir")
    call = re.search(r'("\$VIRTUAL_ENV/bin/unisono"|unisono) run posts\.csv --map \.\.\.', command)
    assert call
    command = command.replace(call[0], f'"{sys.prefix}/bin/python" {inside}')
    env = os.environ | {"VIRTUAL_ENV": sys.prefix, "PYTHONPATH": str(source), "TOKEN": SECRET}
    run = subprocess.run(["sh", "-ec", command], cwd=place, env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "place"
    folder.mkdir()
    rows = "".join(f"{a},2021-01-01T00:00:0{s}Z,hello there\n" for s, a in enumerate("abc"))
    (folder / "posts.csv").write_text(f"account,time,text\n{rows}")
    (tmp_path / "secret.txt").write_text(SECRET)
    (folder / "probe.py").write_text(PROBE)
    return folder


def probed(command: str, place: Path) -> dict[str, str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        words = f"probe.py {server.getsockname()[1]} {place.parent / 'secret.txt'}"
        said = given(re.sub(r" --out \S*study", "", command), place, words)
    return dict(line.split(" ", 1) for line in said.splitlines())


def test_bubblewrap(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if why := refused("bwrap", "--unshare-all", "--ro-bind", "/", "/"):
        pytest.skip(f"NOT TESTED in bubblewrap: {why}")
    command, _ = commands()
    given(command, place, f"-m unisono run posts.csv {MAP}")
    made = open_study(place / "out" / "study")
    assert made.manifest.tables["events"].rows == 3
    assert problems(made) == []
    monkeypatch.chdir(place)
    settings = {"sources": ["posts.csv"], "map": "account=account,time=time,text=text", "zone": "UTC"}
    pipeline.run(outside := open_study(Path("outside"), create=True), make_settings(settings, "test"), Quiet())
    assert made.manifest.fingerprint == outside.manifest.fingerprint
    assert any((place / "out" / ".compiled").rglob("*.nbi"))
    assert probed(command, place) == {
        "connect": "no", "resolve": "no", "secret": "no", "passwd": "no", "source": "no", "beside": "no",
        "system": "no", "environment": "[]", "processes": "2",
    }  # fmt: skip


def test_unshare(place: Path) -> None:
    if why := refused("unshare", "-r", "-n"):
        pytest.skip(f"NOT TESTED without a network: {why}")
    _, command = commands()
    assert command.startswith("unshare ")
    given(command, place, f"-m unisono run posts.csv {MAP}")
    assert problems(open_study(place / "study")) == []
    found = probed(command, place)
    assert (found["connect"], found["resolve"]) == ("no", "no")
    assert found["secret"] == SECRET  # it is said that files are within reach
