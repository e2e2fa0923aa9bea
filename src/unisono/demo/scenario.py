"""The built-in demo scenario: about 70,000 posts on two networks, one planted operation among them."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.demo import lookalikes, operation, organic
from unisono.demo.cast import LENS, PLAZA, make_cast
from unisono.demo.languages import Voices
from unisono.demo.log import Log, Stage
from unisono.demo.world import World, make_world
from unisono.engine import duck
from unisono.study.errors import UserError, setting
from unisono.study.files import inside, replace_file
from unisono.study.folder import refuse_dangling

SEPARATOR = "|"
DEMO_MAP = (
    "account=author,time=created_at,id=post_id,text=text,kind=post_type,lang=language,urls=links:pipe,"
    "hashtags=tags:pipe,repost_of=repost_of,reply_to=reply_to,place=place,media_hash=media_sha1,"
    "platform=network,account_kind=author_kind"
)
"""The --map of both source files."""
CHATS, REACTIONS, PHOTOS = 17_000, 56_000, 9_000
"""Organic acts drawn at scale 1 (of the reactions about half happen: the others fall into sleep)."""


def make_demo(seed: int = 20210416, scale: float = 1.0) -> World:
    """Play the scenario. The same seed and scale give the same world.

    `scale` multiplies the organic background (accounts and posts); the operation and its look-alikes stay.
    UserError when the seed is negative or the scale not above 0.
    """
    if seed < 0 or not 0 < scale < 1000:
        raise UserError(
            f"A demo cannot be made with seed {seed} and scale {scale}.",
            "Give a seed of 0 or more and a scale above 0 (1 is about 70,000 posts).",
        )
    rng = np.random.default_rng(seed)
    cast = make_cast(rng, scale)
    stage = Stage(rng, cast, Voices.draw(rng, cast.quarter), Log())
    news = organic.publish_news(stage)
    organic.react(stage, news, round(REACTIONS * scale))
    organic.chat(stage, round(CHATS * scale))
    organic.show_photos(stage, round(PHOTOS * scale))
    lookalikes.syndicate(stage)
    lookalikes.cheer(stage)
    lookalikes.hurry(stage, news)
    operation.operate(stage, news)
    return make_world(cast, stage.log)


def write_sources(world: World, folder: Path) -> list[Path]:
    """Write plaza.ndjson and lens.csv.gz (lists joined by |) and return them, in that order.

    truth.csv goes beside them and is not among the returned: it is for checking, never for reading in.
    The same world gives the same bytes; a file that is there and has others is not replaced.
    UserError then, and when the folder cannot be written.
    """
    plaza, lens = folder / "plaza.ndjson", folder / "lens.csv.gz"
    files = {
        plaza: _ndjson(_on(world, PLAZA)), lens: gzip.compress(_csv(_on(world, LENS)), mtime=0),
        folder / "truth.csv": _csv(world.truth),
    }  # fmt: skip
    refuse_dangling(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = [path for path in files if inside(folder, path.name).exists()]
        if other := [path for path in there if path.read_bytes() != files[path]]:
            raise UserError(
                f"{other[0]} is not a file of this demo, and would have to be replaced.",
                f"Give a new or empty folder with {setting('out')}.",
            )
        for path in files.keys() - set(there):
            replace_file(path, files[path])
    except OSError as error:
        raise UserError(
            f"The demo's files cannot be written to {folder}: {error.strerror or error}.",
            "Name a folder that can be written and has 100 MB free.",
        ) from error
    return [plaza, lens]


def _on(world: World, network: str) -> pa.Table:
    return world.events.filter(pc.equal(world.events["network"], network))


def _ndjson(table: pa.Table) -> bytes:
    """One JSON object per row, by the engine: six times as quick as row by row."""
    with TemporaryDirectory() as aside, duck.connect(1, None, Path(aside)) as db:
        path = Path(aside) / "rows.ndjson"
        db.register("rows", table)
        db.execute("COPY rows TO $path (FORMAT JSON)", {"path": str(path)})
        return path.read_bytes()


def _csv(table: pa.Table) -> bytes:
    """CSV with a header; lists joined by SEPARATOR, null as an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.column_names)
    for row in table.to_pylist():
        writer.writerow(SEPARATOR.join(cell) if isinstance(cell, list) else cell for cell in row.values())
    return out.getvalue().encode()
