"""The command as a user gives it, and one finished study to look into."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.small import MAP, small_sources
from unisono import cli, pipeline
from unisono.study import Quiet, make_settings, open_study


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str


Unisono = Callable[..., Said]


@pytest.fixture
def unisono(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Unisono:
    """`unisono("run", path, ...)`: as in a shell. No command may ever show a traceback."""

    def command(*words: object) -> Said:
        monkeypatch.setattr("sys.argv", ["unisono", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as e:
            cli.command()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert "a fault of its own" not in err
        return Said(int(e.value.code or 0), out, err)

    return command


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return small_sources(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, sources: list[Path]) -> Path:
    """A finished study; look, do not touch."""
    study = open_study(tmp_path_factory.mktemp("finished") / "study", create=True)
    settings = make_settings({"sources": [str(p) for p in sources], "map": MAP, "threads": 1}, "test")
    pipeline.run(study, settings, Quiet())
    return study.path


@pytest.fixture
def study(tmp_path: Path, finished: Path) -> Path:
    """A copy of the finished study."""
    return Path(shutil.copytree(finished, tmp_path / "study"))
