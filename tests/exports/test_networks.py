"""GEXF and GraphML: well-formed for any text, complete, and read back by networkx."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exports.make import START, Rows, S, export, write_study
from unisono.exports.gexf import write_gexf
from unisono.exports.graphml import write_graphml
from unisono.exports.network import Network, _distinct
from unisono.study import Quiet, Study

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
FORMATS = {"network.gexf": write_gexf, "network.graphml": write_graphml}


def edge(a: str, b: str, trace: str = "url", window: int = 60 * S, **more: Any) -> dict[str, Any]:
    return {
        "trace": trace, "window_us": window, "account_a": a, "account_b": b, "n_objects": 3, "n_pairs": 4,
        "n_events_a": 3, "n_events_b": 4, "n_first": 3, "n_occasions": 4, "n_days": 2, "first_us": START,
        "last_us": START + 86_400 * S, "median_lag_us": -1_500_000, "a_first": 0.25, "is_edge": True,
        "n_evidence": 4, "expected": 0.25, "basis": "joint", "status": "tested",
    } | more  # fmt: skip


def _written(folder: Path, accounts: Rows, edges: Rows, members: Rows) -> Path:
    study = write_study(folder / "s", accounts=accounts, edges=edges, members=members)
    network = Network(study)
    for name, write in FORMATS.items():
        write(network, folder / name, Quiet())
    return folder


@settings(max_examples=30)
@given(st.lists(TEXT, min_size=3, max_size=5, unique=True), TEXT, TEXT, TEXT)
def test_any_text_is_well_formed(ids: list[str], handle: str, platform: str, trace: str) -> None:
    accounts = [{"account_id": a, "observed_us": 0, "handle": handle, "platform": platform} for a in ids]
    ids = sorted(ids, key=str.encode)
    edges = [edge(ids[0], b, "t" + trace) for b in ids[1:]]
    members = [{"group_id": handle, "account_id": ids[0], "evidence_mass": 0.5}]
    with tempfile.TemporaryDirectory() as folder:
        _written(Path(folder), accounts, edges, members)
        for name in FORMATS:
            root = ElementTree.parse(Path(folder) / name).getroot()
            nodes = [e.get("id") for e in root.iter() if e.tag.endswith("}node")]
            assert len(nodes) == len(set(nodes)) == len(ids)
            ends = [e.get(k) for e in root.iter() if e.tag.endswith("}edge") for k in ("source", "target")]
            assert set(ends) == set(nodes)


def test_ids_that_xml_cannot_tell_apart_stay_apart() -> None:
    assert _distinct(["a", "a\x00", "a\x01", "a~2"]) == ["a", "a~2", "a~3", "a~2~2"]
    assert len(set(_distinct(["a~2", "a", "a\x00"]))) == 3


def _tiny(folder: Path) -> Path:
    accounts = [
        {"account_id": "x/1", "observed_us": 1, "platform": "x", "kind": "person", "handle": "old"},
        {"account_id": "x/1", "observed_us": 2, "platform": "x", "kind": "person", "handle": 'an"<n>&\x07'},
        {"account_id": "x/2", "observed_us": 1, "platform": "x", "kind": "page", "handle": None},
    ]
    edges = [
        edge("x/1", "x/2", q=0.01), edge("x/1", "x/2", "text", 600 * S), edge("x/2", "\u0645/3", "url"),
        edge("x/1", "\u0645/3", is_edge=False), edge("x/1", "x/2", "all", 0),
    ]  # fmt: skip
    members = [
        {"group_id": "aaaaaaaaaaaa", "account_id": "x/1", "evidence_mass": 0.5},
        {"group_id": "bbbbbbbbbbbb", "account_id": "x/1", "evidence_mass": 0.125},
    ]
    return _written(folder, accounts, edges, members)


@pytest.mark.parametrize("name", FORMATS)
def test_bytes_are_those_of_the_golden_file(tmp_path: Path, name: str) -> None:
    golden = Path(__file__).parent / "golden" / name
    text = (_tiny(tmp_path) / name).read_text("utf-8")
    import unisono

    assert text.replace(f"unisono {unisono.__version__}", "unisono VERSION") == golden.read_text("utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_networkx_reads_it_back(tmp_path: Path, name: str) -> None:
    path = _tiny(tmp_path) / name
    graph = nx.read_gexf(path) if name.endswith("gexf") else nx.read_graphml(path)
    assert sorted(graph.nodes) == ["x/1", "x/2", "\u0645/3"]
    assert graph.nodes["x/1"]["label"] == 'an"<n>&'
    assert graph.nodes["x/1"]["groups"] == "aaaaaaaaaaaa bbbbbbbbbbbb"
    assert graph.nodes["x/1"]["evidence_mass"] == 0.5
    assert "platform" not in graph.nodes["\u0645/3"]
    both = sorted(graph.get_edge_data("x/1", "x/2").values(), key=lambda e: e["trace"])
    assert [(e["trace"], e["window_s"], e.get("q")) for e in both] == [
        ("text", 600.0, None),
        ("url", 60.0, 0.01),
    ]
    assert both[1]["median_lag_s"] == -1.5
    assert (both[1]["basis"], both[1]["expected"]) == ("joint", 0.25)
    assert both[1]["first"] == "2021-03-04T05:00:00.000000Z"
    assert not graph.has_edge("x/1", "\u0645/3")


def test_a_study_without_edges_is_an_empty_network(tmp_path: Path) -> None:
    _written(tmp_path, [], [], [])
    assert len(nx.read_gexf(tmp_path / "network.gexf")) == 0
    assert len(nx.read_graphml(tmp_path / "network.graphml")) == 0


def test_every_edge_of_a_study_is_there(small: Study) -> None:
    called = [e for e in small.read("edges").to_pylist() if e["is_edge"] and e["trace"] != "all"]
    graph = nx.MultiGraph(nx.read_gexf(small.path / "network.gexf"))
    assert graph.number_of_edges() == len(called)
    assert {a for e in called for a in (e["account_a"], e["account_b"])} == set(graph.nodes)


@pytest.mark.parametrize(("first", "last"), [(-(1 << 63), (1 << 63) - 1), (0, 1 << 62), (5, 5)])
def test_extreme_times_do_not_stop_the_export(tmp_path: Path, first: int, last: int) -> None:
    far = edge("a", "b", first_us=first, last_us=last, median_lag_us=last)
    key = {k: far[k] for k in ("trace", "window_us", "account_a", "account_b")}
    evidence = key | {
        "object_id": "o",
        "event_a": "1",
        "event_b": "2",
        "t_a": first,
        "t_b": last,
        "lag_us": last,
    }
    group = {
        "group_id": "g", "rank": 1, "traces": ["url"], "n_accounts": 2, "n_edges": 1, "first_us": first,
        "last_us": last,
    }  # fmt: skip
    members = [{"group_id": "g", "account_id": a, "evidence_mass": 0.5} for a in "ab"]
    study = write_study(tmp_path / "s", edges=[far], evidence=[evidence], groups=[group], members=members)
    export(study)
    for name in FORMATS:
        ElementTree.parse(study.path / name)
    assert 'class="group"' in (study.path / "report.html").read_text("utf-8")
