"""A small simulated world with moments and amplifiers in it, written as a user's files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from lab.simulator import (
    Amplifiers,
    Causes,
    Disposable,
    World,
    assign_authors,
    plant_amplifiers,
    plant_disposable,
    simulate,
)

POSTS_MAP = "account=account,time=t,id=id,kind=kind,repost_of=repost_of,text=text"
TRACES_MAP = "account=account_id,time=t_us,object:repost=object_id,event=event_id"
SMALL = Causes(n_accounts=800, n_objects=160, n_acts=20_000)


@dataclass(frozen=True)
class Planted:
    """A source file, the settings that read it, and the truth, as ids that the study gives."""

    path: Path
    reads: dict[str, str]
    objects: set[str]
    amplifiers: set[str]
    author: str


def as_traces(folder: Path, seed: int = 1) -> Planted:
    """Rows of (account, object, time): two moments of 60 accounts that act once."""
    world = plant_disposable(simulate(SMALL, seed), Disposable(n_accounts=120), seed)
    path = folder / "traces.csv"
    pyarrow.csv.write_csv(world.table().select(["account_id", "object_id", "t_us", "event_id"]), path)
    reads = {"as": "traces", "map": TRACES_MAP, "time_format": "unix_us", "resolution": "1s"}
    return Planted(path, reads, _objects(world, "disposable"), set(), "")


def as_posts(folder: Path, seed: int = 1) -> Planted:
    """Posts and their reposts: the moments, and ten amplifiers of one author."""
    world = assign_authors(simulate(SMALL, seed), 100, seed)
    plan = Amplifiers(n_amplifiers=10, n_posts=40, n_followers=200, audience=(20, 50))
    world, author = plant_amplifiers(world, plan, seed)
    world = plant_disposable(world, Disposable(n_accounts=120), seed)
    path = folder / "posts.csv"
    pyarrow.csv.write_csv(_posts(world), path)
    amplifiers = set(pc.take(world.arrays().account_ids, pa.array(world.labels["amplifiers"])).to_pylist())
    reads = {"map": POSTS_MAP, "time_format": "unix_us"}
    return Planted(path, reads, _objects(world, "disposable"), amplifiers, f"a{author:07}")


def _posts(world: World) -> pa.Table:
    """Every object as a post by its author, every act as a repost of it."""
    acts, a = world.table(), world.arrays()
    made = {
        "account": a.account_ids.take(pa.array(world.author)), "t": pa.array(world.born), "id": a.object_ids,
        "kind": pa.repeat("post", world.n_objects), "repost_of": pa.nulls(world.n_objects, pa.string()),
        "text": pa.array([f"what number {k} has to say" for k in range(world.n_objects)]),
    }  # fmt: skip
    again = {
        "account": acts["account_id"], "t": acts["t_us"], "id": acts["event_id"],
        "kind": pa.repeat("repost", len(acts)), "repost_of": acts["object_id"],
        "text": pa.nulls(len(acts), pa.string()),
    }  # fmt: skip
    rows = pa.concat_tables([pa.table(made), pa.table(again)])
    return rows.take(pa.array(np.random.default_rng(0).permutation(len(rows))))


def _objects(world: World, label: str) -> set[str]:
    return set(pc.take(world.arrays().object_ids, pa.array(world.targets[label])).to_pylist())
