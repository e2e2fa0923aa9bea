"""A small demo world with edges in several layers: three tenths of the crowd, a quarter of the operation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import unisono
from unisono.demo.scenario import DEMO_MAP, make_demo, write_sources
from unisono.demo.world import World
from unisono.study import Study, open_study

MAP = DEMO_MAP


def small_sources(folder: Path) -> list[Path]:
    """plaza.ndjson and lens.csv.gz; where nearly everybody is planted there would be nothing to compare with."""
    world = make_demo(scale=0.3)
    planted = pc.equal(world.truth["role"], "operation")
    operators = sorted(world.truth.filter(planted)["author"].to_pylist())
    kept = world.truth.filter(pc.invert(planted))["author"].to_pylist() + operators[::4]
    events = world.events.filter(pc.is_in(world.events["author"], pa.array(kept)))
    return write_sources(World(events, world.truth), folder)


def run(sources: list[Path], out: Path, **settings: Any) -> Study:
    """The main job in a folder; settings as in study.yaml."""
    named = {"as_" if name in ("as", "format") else name: value for name, value in settings.items()}
    unisono.study(sources, out=out, **named)
    return open_study(out)
