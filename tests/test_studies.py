"""A change that only moves code leaves every table of ten studies as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.studies import GOLDEN, NAMES, hashes


@pytest.mark.parametrize("name", NAMES)
def test_the_tables_of_a_study_are_what_they_were(name: str, tmp_path: Path) -> None:
    expected = json.loads(GOLDEN.read_text())[name]
    assert {"events", "edges", "groups", "calibration", "profiles"} <= expected.keys()
    assert hashes(name, tmp_path) == expected
