"""The picture of the house shows every room, and the floors hold."""

from __future__ import annotations

import re
from pathlib import Path

from docs.house import GROUND, floors, needs
from tests.conftest import ROOT

_PACKAGE = ROOT / "src" / "unisono"


def _rooms(folder: Path) -> set[str]:
    packages = {p.parent.name for p in folder.glob("*/__init__.py")}
    return packages | {p.stem for p in folder.glob("*.py")} - {"__init__"}


def test_the_picture_shows_the_rooms_that_there_are() -> None:
    drawn = re.findall(r'font-weight="bold">(\w+)<', (ROOT / "docs" / "house.svg").read_text())
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == _rooms(_PACKAGE), "make house"


def test_a_room_needs_only_rooms_below_it() -> None:
    floor = {room: k for k, names in enumerate(floors()) for room in names}
    ways = needs(list(floor))
    assert all(floor[above] < floor[below] for above, reached in ways.items() for below in reached)
    assert "pairs" in ways["nulls"]
    assert set(GROUND) >= {"tables", "study", "clean", "maths"}
