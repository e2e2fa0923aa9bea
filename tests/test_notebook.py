"""The notebook in the docs runs from top to bottom, and is a page with or without its data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.conftest import ROOT, shared


def written(page: Path, data: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "docs.notebook", str(page)], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "UNISONO_DATA": str(data)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return page.read_text("utf-8")


def test_it_holds_no_output() -> None:
    notebook = nbformat.read(ROOT / "docs/notebook.ipynb", as_version=4)
    assert not [c for c in notebook.cells if c.get("outputs") or c.get("execution_count")]


def test_without_its_data_it_says_so(tmp_path: Path) -> None:
    page = written(tmp_path / "page.md", tmp_path)
    assert "built without the data" in page
    assert "un.study(posts" in page


@pytest.mark.data
def test_it_runs(tmp_path: Path) -> None:
    folder = shared("reference/coortweet_russian.parquet").parents[1]
    page = written(tmp_path / "page.md", folder)
    assert "built without the data" not in page
    assert "Coordinated behaviour observed" in page
    assert page.count("<svg") >= 3
    assert "Error" not in page
