"""A quarter of the small demo world: enough for edges and groups in every layer, and read in a second."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from unisono.lab.demo import DEMO_MAP, make_demo, write_sources
from unisono.lab.world import World

MAP = DEMO_MAP


def small_sources(folder: Path) -> list[Path]:
    """plaza.ndjson and lens.csv.gz of every fourth account."""
    world = make_demo(scale=0.05)
    authors = sorted(pc.unique(world.events["author"]).to_pylist())
    some = world.events.filter(pc.is_in(world.events["author"], pa.array(authors[::4])))
    return write_sources(World(some, world.truth), folder)
