"""The demo's promises: seeded, sized, parseable, and described by one map."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from unisono.demo.scenario import DEMO_MAP, SEPARATOR, make_demo, write_sources
from unisono.demo.world import World
from unisono.study.errors import UserError


def sums(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def cells(row: dict[str, str]) -> dict[str, Any]:
    """A CSV row as the NDJSON would have it."""
    lists = {k: row[k].split(SEPARATOR) if row[k] else [] for k in ("links", "tags")}
    return {k: lists.get(k, v or None) for k, v in row.items()}


def test_same_seed_gives_the_same_bytes_and_another_seed_does_not(small: World, tmp_path: Path) -> None:
    for name, world in {"a": small, "b": make_demo(5, 0.02), "c": make_demo(6, 0.02)}.items():
        write_sources(world, tmp_path / name)
    assert sums(tmp_path / "a") == sums(tmp_path / "b")
    different = sums(tmp_path / "c")
    assert all(different[name] != digest for name, digest in sums(tmp_path / "a").items())


def test_size(world: World) -> None:
    assert 60_000 <= world.events.num_rows <= 100_000
    assert 5_000 <= world.truth.num_rows <= 7_000
    assert len(set(world.events["post_id"].to_pylist())) == world.events.num_rows
    assert len(set(world.truth["author"].to_pylist())) == world.truth.num_rows


def test_scale_multiplies_the_background_only(world: World, small: World) -> None:
    def count(w: World, role: str) -> int:
        return w.truth["role"].to_pylist().count(role)

    assert count(small, "operation") == count(world, "operation") == 336
    assert count(small, "look_alike") == count(world, "look_alike")
    assert count(small, "organic") < count(world, "organic") / 20


@pytest.mark.parametrize(("seed", "scale"), [(-1, 1.0), (1, 0.0), (1, -2.0), (1, float("nan")), (1, 1e9)])
def test_impossible_worlds_are_refused_in_words(seed: int, scale: float) -> None:
    with pytest.raises(UserError, match="cannot be made") as refusal:
        make_demo(seed, scale)
    assert refusal.value.remedy


def test_a_vanishing_background_is_still_a_world() -> None:
    assert make_demo(1, 1e-6).events.num_rows > 1000


def test_sources_hold_every_event_once(small: World, tmp_path: Path) -> None:
    plaza, lens = write_sources(small, tmp_path)
    rows = [json.loads(line) for line in plaza.read_text(encoding="utf-8").splitlines()]
    with gzip.open(lens, "rt", encoding="utf-8", newline="") as file:
        rows += [cells(row) for row in csv.DictReader(file)]
    assert {r["post_id"]: r for r in rows} == {r["post_id"]: r for r in small.events.to_pylist()}
    assert len(rows) == small.events.num_rows
    assert [p.name for p in (plaza, lens)] == ["plaza.ndjson", "lens.csv.gz"]


def test_truth_stands_apart(small: World, tmp_path: Path) -> None:
    assert tmp_path / "truth.csv" not in write_sources(small, tmp_path)
    with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file)).keys() == set(small.truth.column_names)
    assert not {"role", "cluster"} & set(small.events.column_names)


def test_list_cells_never_hold_the_separator(world: World) -> None:
    for column in ("links", "tags"):
        assert not any(SEPARATOR in item for cell in world.events[column].to_pylist() for item in cell)


def test_map_names_every_column_once(world: World) -> None:
    columns = [pair.split("=")[1].removesuffix(":pipe") for pair in DEMO_MAP.split(",")]
    assert sorted(columns) == sorted(world.events.column_names)


def test_times_are_whole_utc_seconds_in_order_within_28_days(world: World) -> None:
    times = world.events["created_at"].to_pylist()
    assert all(re.fullmatch(r"2021-0[34]-\d\dT\d\d:\d\d:\d\dZ", t) for t in times)
    assert times == sorted(times)
    assert times[0] >= "2021-03-15T00:00:00Z"
    assert times[-1] < "2021-04-12T00:00:00Z"


def test_references_lead_to_earlier_posts_of_the_same_network(world: World) -> None:
    seen: dict[str, tuple[str, str]] = {}
    for row in world.events.to_pylist():
        about = row["repost_of"] or row["reply_to"]
        assert (row["repost_of"] is not None) == (row["post_type"] == "repost")
        assert (row["reply_to"] is not None) == (row["post_type"] == "reply")
        if about:
            network, author = seen[about]  # a KeyError would be a post that answers the future
            assert network == row["network"]
            assert author != row["author"]
        seen[row["post_id"]] = (row["network"], row["author"])


def test_a_folder_that_cannot_be_written_is_a_sentence(small: World, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(UserError, match="cannot be written"):
        write_sources(small, tmp_path / "taken")
