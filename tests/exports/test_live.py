"""What the page's script knows: each line with its evidence, curves that count everybody, boxes beside each other."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports.make import derive, export, scenario, whole, write_study
from tests.exports.test_report import report, words
from unisono.exports.drawings.layout import force_layout
from unisono.exports.drawings.shelves import shelves
from unisono.exports.report import live
from unisono.exports.report.scripts import elements
from unisono.study import Study
from unisono.words.shown import segments, shown


def known(study: Study) -> dict[str, Any]:
    """The data in the page."""
    found: dict[str, Any] = json.loads(report(study).split('id="data">')[1].split("</script>")[0])
    return found


def test_every_line_is_a_linked_pair_and_every_occasion_its_evidence(small: Study) -> None:
    data, events = known(small), {e["event_id"]: e for e in small.read("events").to_pylist()}
    evidence = {(e["event_a"], e["event_b"]): e["lag_us"] for e in small.read("evidence").to_pylist()}
    assert [g["rank"] for g in data["groups"]] == [1, 2]
    for told, group in zip(data["groups"], small.read("groups").to_pylist(), strict=True):
        assert told["links"] == len(told["edges"]) == group["n_edges"]
        assert len(told["members"]) == group["n_accounts"]
        for edge in told["edges"]:
            assert edge[0] != edge[1]
            assert len(edge[6]) >= 1
            for a, b, _, lag_ms, *_ in edge[6]:
                pair = tuple("/".join(data["posts"][p][5].split("/")[-2:]) for p in (a, b))
                assert evidence[pair] == lag_ms * 1000
                assert events[pair[0]]["t_us"] == data["posts"][a][0] * 1000


def test_a_curve_counts_what_everybody_did(small: Study) -> None:
    touched = Counter(t["object_id"] for t in small.read("traces").to_pylist())
    objects = [o for o in known(small)["objects"] if o[0] == "the same text"]
    assert len(objects) > 3
    for _, label, _, width_ms, accounts, steps in objects:
        assert sum(n for _, n in steps) == touched[label]
        assert 2 <= accounts <= touched[label]
        assert width_ms > 0
        assert all(0 <= step < 40 for step, _ in steps)


def test_links_outside_groups_are_there_to_explore(tmp_path: Path) -> None:
    made = scenario()
    rows = {k: v for k, v in made.items() if k != "teams"} | derive(made["traces"], made["teams"][:1])
    told = known(export(write_study(tmp_path / "s", **rows)))["groups"]
    assert [g["rank"] for g in told] == [1, 0]
    assert told[1]["edges"]


def test_groups_that_are_too_many_to_explore_keep_their_sections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MEMBERS", 7)
    study = export(write_study(tmp_path / "s", **whole(scenario())))
    assert [g["rank"] for g in known(study)["groups"]] == [1]
    assert report(study).count('class="group"') == 2


def test_an_empty_study_has_empty_data(tmp_path: Path) -> None:
    data = known(export(write_study(tmp_path / "s")))
    assert data["groups"] == data["posts"] == data["accounts"] == []


def test_where_nothing_is_found_it_is_said_what_could_not_have_been_seen(tmp_path: Path) -> None:
    rows = whole(scenario(sizes=(8, 8, 8), objects=30, outsiders=30))
    unlinked = [e | {"is_edge": False, "q": 1.0, "basis": None} for e in rows["edges"]]
    study = write_study(tmp_path / "s", **(rows | {"edges": unlinked, "evidence": [], "groups": [], "members": []}))
    text = words(export(study))
    assert "No pair is linked" in text
    assert "What could not have been seen: two accounts that share " in text
    assert " within 60 s (text; of pairs that share 10, " in text


def test_the_elements_are_the_data_the_charts_and_the_scripts() -> None:
    parts = list(elements({"x": "</script><script>alert(1)</script>"}))
    assert parts[0].count("</script>") == 1
    assert parts[1].startswith('<script type="application/json" id="charts">')
    assert all(p.startswith("<script>") for p in parts[2:])


@given(st.text())
def test_segments_are_what_is_shown_with_hidden_characters_at_odd_places(text: str) -> None:
    parts = segments(text)
    assert "".join(parts) == shown(text)
    assert len(parts) % 2 == 1


@given(st.lists(st.integers(0, 5000), max_size=60))
def test_boxes_stand_beside_each_other(sizes: list[int]) -> None:
    boxes = shelves(sizes)
    for i, (x, y, side) in enumerate(boxes):
        assert side >= 1
        for u, v, other in boxes[:i]:
            assert x >= u + other or u >= x + side or y >= v + other or v >= y + side


def test_a_layout_of_five_thousand_takes_seconds() -> None:
    ends = np.array([(i, (i + s) % 5000) for i in range(5000) for s in (1, 2)])
    force_layout(10, ends[:4], np.ones(4))  # compiled
    begin = time.monotonic()
    at = force_layout(5000, ends, np.ones(len(ends)))
    assert time.monotonic() - begin < 20
    assert np.isfinite(at).all()
