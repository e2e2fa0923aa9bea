"""Where the data is, and what says so when it is not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent

# What is compiled at its first call takes a second, and machines are shared: no test of ours asserts a time.
settings.register_profile("unisono", deadline=None)
settings.load_profile("unisono")


def shared(name: str) -> Path:
    """A file of the shared data (UNISONO_DATA, else ../shared/data); skips the test, saying so, where it is missing."""
    path = Path(os.environ.get("UNISONO_DATA", ROOT.parent / "shared" / "data")) / name
    if not path.is_file():
        pytest.skip(f"NOT TESTED on real data: {path} is not there (set UNISONO_DATA)")
    return path
