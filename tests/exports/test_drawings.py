"""Drawings: safe by construction, repeatable, and legible."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from unisono.exports.drawings.bars import bar
from unisono.exports.drawings.layout import force_layout
from unisono.exports.drawings.network import LABELS, Node, draw_network
from unisono.exports.drawings.svg import element, number, picture
from unisono.exports.drawings.timeline import Axis, draw_timeline


@given(st.text(), st.text())
def test_svg_is_well_formed_for_any_text(text: str, value: str) -> None:
    root = ElementTree.fromstring(picture(1, 1, value, "k", element("text", {"class": value}, text)).markup)
    assert [e.tag for e in root.iter()] == ["svg", "text"]


def test_numbers_are_short() -> None:
    assert [number(v) for v in (1.0, -0.01, 1.25, 10)] == ["1", "0", "1.2", "10"]


def _cliques(n: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    ends = [(c * size + i, c * size + j) for c in range(n) for i in range(size) for j in range(i)]
    return np.array(ends), np.ones(len(ends))


def test_the_layout_repeats_fits_and_keeps_cliques_together() -> None:
    ends, weights = _cliques(3, 12)
    at = force_layout(36, ends, weights)
    assert (at == force_layout(36, ends, weights)).all()
    assert at.min() >= 0
    assert at.max() <= 1
    gap = np.sqrt(((at[:, None] - at[None]) ** 2).sum(axis=2))
    same = np.arange(36)[:, None] // 12 == np.arange(36)[None] // 12
    assert gap[same].mean() < 0.6 * gap[~same].mean()
    assert gap[~np.eye(36, dtype=bool)].min() > 0.005  # no two nodes on one spot


def test_layouts_of_nothing_and_of_one() -> None:
    none = np.zeros((0, 2), dtype=np.int64)
    assert force_layout(0, none, np.zeros(0)).shape == (0, 2)
    assert (force_layout(1, none, np.zeros(0)) == 0.5).all()
    assert np.isfinite(force_layout(5, none, np.zeros(0))).all()


def test_a_network_draws_every_node_and_names_without_collision() -> None:
    nodes = [Node(f"account number {i}", 1 / 40, i % 8, i == 0) for i in range(40)]
    root = ElementTree.fromstring(draw_network(nodes, [(0, i, i) for i in range(1, 40)], "t").markup)
    assert len(root.findall("circle")) == 40
    assert len([c for c in root.findall("circle") if "ring" in c.get("class", "")]) == 1
    assert sum(p.get("d", "").count("M") for p in root.findall("path")) == 39
    names = root.findall("text")
    assert 1 <= len(names) <= LABELS
    boxes = []
    for name in names:
        wide = 6.2 * len(name.text or "")
        x = float(name.get("x", 0)) - (wide if name.get("text-anchor") == "end" else 0)
        boxes.append((x, x + wide, float(name.get("y", 0))))
        assert x >= -wide
    for i, (a, b, y) in enumerate(boxes):
        assert all(abs(y - v) > 12.5 or b < s or e < a for s, e, v in boxes[:i])


def test_a_network_without_lines_is_drawn() -> None:
    root = ElementTree.fromstring(draw_network([Node("a", 0.0, 0, False)] * 3, [], "t").markup)
    assert len(root.findall("circle")) == 3
    assert not root.findall("path")


def test_a_timeline_has_a_bar_per_step_and_a_mark_per_lane() -> None:
    axis = Axis(0, 86_400_000_000, "1 d", 10)
    root = ElementTree.fromstring(draw_timeline(axis, {0: 2, 9: 4}, [("a", {0: 1}), ("b" * 50, {})], "t").markup)
    texts = [t.text for t in root.iter("text")]
    assert "posts per 1 d" in texts
    assert "time, UTC" in texts
    assert {"0", "2", "4", "1970-01-01", "1970-01-11"} <= set(texts)
    assert [p.get("d", "").count("M") for p in root.iter("path")] == [2, 1, 0]


def test_a_timeline_of_no_post_is_drawn() -> None:
    assert ElementTree.fromstring(draw_timeline(Axis(0, 1, "", 1), {}, [], "t").markup) is not None


def test_a_bar_stays_in_its_room() -> None:
    widths = [ElementTree.fromstring(bar(s).markup)[1].get("width") for s in (-1, 0, 0.0001, 0.5, 1, 9)]
    assert widths == ["0", "0", "1", "30", "60", "60"]
