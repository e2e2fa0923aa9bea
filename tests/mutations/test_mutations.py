"""A little of what `python -m tests.mutations` does for hours."""

from __future__ import annotations

import collections
import random

import pytest

from tests.mutations import exports, formats, tables
from tests.mutations.__main__ import through_a_reader


def test_tables() -> None:
    rng, done = random.Random(1), collections.Counter[str]()
    for _ in range(400):
        through_a_reader(done, *tables.mutant(rng))
    assert done["FAULTS"] == 0
    assert done["events"] > 200
    assert done["rejects"] > 200


def test_formats() -> None:
    rng, done, files = random.Random(2), collections.Counter[str](), formats.inputs()
    for _ in range(300):
        through_a_reader(done, *formats.mutant(rng, files))
    assert done["FAULTS"] == 0
    assert done["events"] > 200


@pytest.mark.parametrize("seed", [1, 2])
def test_exports(seed: int) -> None:
    done = collections.Counter[str]()
    exports.step(random.Random(seed), done)
    assert done["FAULTS"] == 0
    assert done["mutations"] > 500
