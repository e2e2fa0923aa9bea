"""Compiled kernels are kept where that can be, and otherwise for one process; a run never fails of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

USES = """
import os
import numpy as np
import unisono
from unisono.maths.bounds import log_chernoff
log_chernoff(np.array([0.1, 0.2]), 1)
place = os.environ.get("NUMBA_CACHE_DIR")
print(place, *(os.listdir(place) if place else []))
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package."""
    ignored = shutil.ignore_patterns("__pycache__", "vendor")
    return Path(shutil.copytree(ROOT / "src" / "unisono", tmp_path / "site" / "unisono", ignore=ignored)).parent


def kept_in(package: Path, home: str, code: str, **more: str) -> list[str]:
    """Lines that a program prints which uses the package; home: of the user."""
    env = {n: v for n, v in os.environ.items() if n not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    env |= {"PYTHONPATH": str(package), "HOME": home, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(package.parent)}
    run = subprocess.run([sys.executable, "-c", code], env=env | more, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.split()


def no_folder(package: Path) -> None:
    """Nobody can write beside the modules, not even root: a file has the name of the folder."""
    for room in [package / "unisono", *(p for p in (package / "unisono").rglob("*") if p.is_dir())]:
        (room / "__pycache__").write_text("")


def test_beside_the_package_where_that_can_be(package: Path, tmp_path: Path) -> None:
    assert kept_in(package, "/dev/null", USES) == ["None"]
    assert any((package / "unisono" / "maths" / "__pycache__").glob("*.nbi"))
    mine = str(tmp_path / "mine")
    place, *kept = kept_in(package, "/dev/null", USES, NUMBA_CACHE_DIR=mine)
    assert (place, len(kept)) == (mine, 1)


def test_in_the_users_cache_else(package: Path, tmp_path: Path) -> None:
    no_folder(package)
    assert kept_in(package, str(tmp_path / "home"), USES) == ["None"]
    assert any((tmp_path / "home").rglob("*.nbi"))


@pytest.mark.parametrize("first", ["", "import numba"])
def test_for_one_process_where_nothing_can_be_kept(package: Path, first: str) -> None:
    """Regression: "cannot cache function", a fault of our own, for a user without a home."""
    no_folder(package)
    place, *kept = kept_in(package, "/dev/null", first + USES)
    assert Path(place).name.startswith("unisono-kernels-")
    assert Path(place).parent == package.parent
    assert len(kept) == 1
    assert not Path(place).exists()


def test_a_working_copy_forgets_what_was_compiled_from_other_sources(package: Path) -> None:
    """Numba does not notice that a kernel called by another one changed; an installed package is not looked at."""
    kept_in(package, "/dev/null", USES)
    maths = package / "unisono" / "maths"
    kept = {p.name: p.stat().st_mtime_ns for p in (maths / "__pycache__").glob("*.nbi")}
    kept_in(package, "/dev/null", "import unisono")
    assert {p.name: p.stat().st_mtime_ns for p in (maths / "__pycache__").glob("*.nbi")} == kept != {}
    (maths / "tails.py").write_text((maths / "tails.py").read_text() + "\n")
    kept_in(package, "/dev/null", "import unisono")
    assert not list(package.rglob("*.nb[ic]"))
