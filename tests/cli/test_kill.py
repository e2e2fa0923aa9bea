"""A run that is killed at any moment, and started again, ends as if nothing had happened."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.cli.conftest import Unisono
from tests.small import MAP
from unisono.pipeline import STAGES
from unisono.study import open_study
from unisono.study.verify import problems

MOMENTS = STAGES


def start(sources: list[Path], out: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "unisono",
        "run",
        *sources,
        "--map",
        MAP,
        "--out",
        out,
        "--threads",
        "1",
        "--quiet",
    ]
    return subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def kill_in(stage: str, delay: float, sources: list[Path], out: Path) -> bool:
    """Start the command and kill it `delay` seconds into a stage. Whether that stage was still at work."""
    aside = out / f".{stage}.new"
    shutil.rmtree(aside, ignore_errors=True)
    forget(stage, out)
    run = start(sources, out)
    assert run.stderr is not None
    with run.stderr:
        while run.poll() is None and not aside.exists():
            time.sleep(0.001)
        time.sleep(delay)
        run.kill()
        run.wait(30)
        assert run.stderr.read() == b""
    return aside.exists()


def forget(stage: str, out: Path) -> None:
    """Take a file of a finished stage away, so that it has to run."""
    if (out / "manifest.json").exists() and (record := open_study(out).manifest.stages.get(stage)):
        files = [*record.files, *(f for t in record.tables.values() for f in t.files)]
        (out / files[0]).unlink(missing_ok=True)


def results(out: Path) -> dict[str, Any]:
    """What the manifest says, and the bytes of every file that it names."""
    data: dict[str, Any] = json.loads((out / "manifest.json").read_bytes())
    m = open_study(out).manifest
    named = [*m.files, *(f for t in m.tables.values() for f in t.files)]
    return {**data, "bytes": {n: (out / n).read_bytes() for n in named}}


def test_killed_at_a_random_moment_of_every_stage(finished: Path, sources: list[Path], tmp_path: Path) -> None:
    out, rng, killed = tmp_path / "study", random.Random(7), []
    for stage in sorted(MOMENTS, key=STAGES.index):
        delays = [rng.uniform(0, 0.06), 0.0, 0.0]
        assert any(kill_in(stage, delay, sources, out) for delay in delays), f"{stage} was over before it was killed"
        killed.append(stage)
    assert killed == list(STAGES)
    assert set(killed) == set(STAGES)
    last = start(sources, out)
    _, err = last.communicate(timeout=60)
    assert (last.returncode, err) == (0, b"")
    again, once = open_study(out).manifest, open_study(finished).manifest
    assert {n: t.content_hash for n, t in again.tables.items()} == {n: t.content_hash for n, t in once.tables.items()}
    assert results(out) == results(finished)
    assert problems(open_study(out)) == []
    assert not list(out.glob(".*.new"))


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
