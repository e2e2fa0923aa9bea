"""docs/contribute/platform.md: who follows it to the letter has added a platform."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

_BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HELPERS = ("tests/__init__.py", "tests/conftest.py", "tests/events/__init__.py", "tests/events/conftest.py",
            "tests/events/reading.py", "pyproject.toml")  # fmt: skip


def blocks() -> list[tuple[str, str, str]]:
    """The page's blocks: language, path, content."""
    return _BLOCK.findall((ROOT / "docs/contribute/platform.md").read_text(encoding="utf-8"))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the program with the files of the guide added, and none changed."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in _HELPERS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for _, path, content in blocks():
        if path:
            assert not (ROOT / path).exists()
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(content, encoding="utf-8")
    return tmp_path


def run(tree: Path, *words: str) -> str:
    """What a command writes in the tree; it must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(tree / "src")}
    done = subprocess.run(
        [sys.executable, *words], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_one_file_and_one_fixture_add_a_platform(tree: Path) -> None:
    (commands,) = (content for language, _, content in blocks() if language == "sh")
    tests, read, rejects = (run(tree, *line.split()[1:]) for line in commands.splitlines())
    assert "2 passed" in tests
    assert "4 rows: 2 used, 2 rejected" in read
    assert all(word in rejects for word in ("no_post", "no_account"))


def test_its_code_is_written_as_the_rest_is() -> None:
    for language, path, content in blocks():
        if language == "python":
            for words in (("check",), ("format", "--check")):
                command = [sys.executable, "-m", "ruff", *words, "--stdin-filename", str(ROOT / path), "-"]
                done = subprocess.run(command, input=content, cwd=ROOT, capture_output=True, text=True, check=False)
                assert done.returncode == 0, done.stdout + done.stderr
