"""A study in hand: what goes in, what it shows, what comes out, what stays behind."""

from __future__ import annotations

import gc
import inspect
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import unisono as un
from tests.api.made import MAP, TRIO, posts
from unisono.api.hand import study as make
from unisono.api.options import StudyOptions
from unisono.api.source import NAME
from unisono.study import Settings, UserError, open_study
from unisono.study.verify import problems

if TYPE_CHECKING:
    from unisono.api.hand import Study

TRACES = "account=who,time=at,object=what"
_HOSTILE = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("<>&\"'{}\x00\x07‮⁦")), min_size=1, max_size=20
)


def few(n: int, accounts: int = 3) -> pd.DataFrame:
    return pd.DataFrame({
        "who": pd.Series([f"a{k % accounts}" for k in range(n)], dtype=object),
        "at": pd.Series([1_700_000_000 + 60 * (k // accounts) for k in range(n)], dtype="int64"),
        "what": pd.Series([f"o{k // accounts}" for k in range(n)], dtype=object),
    })  # fmt: skip


def in_hand(data: Any, **how: Any) -> Study[Any]:
    return un.study(data, as_="traces", map=TRACES, time_format="unix", **how)


def mixed(n: int) -> list[object]:
    return [k if k % 2 else "b" for k in range(n)]


def hashes(study: Study[Any]) -> dict[str, str]:
    return {n: t.content_hash for n, t in study._folder.manifest.tables.items()}


def test_links_are_the_pairs_that_are_called(hand: Study[pd.DataFrame]) -> None:
    links = hand.links()
    assert isinstance(links, pd.DataFrame)
    assert {(a, b) for a, b in zip(links.account_a, links.account_b, strict=True)} == {
        ("a60", "a61"), ("a60", "a62"), ("a61", "a62")
    }  # fmt: skip
    assert str(links["first"].dt.tz) == "UTC"
    assert set(links["group"]) == {1}
    assert list(links.traces.map(list)) == [["url"]] * 3
    assert (links.window == pd.Timedelta("60s")).all()
    assert links.q.is_monotonic_increasing
    called = hand.edges().query("is_edge and trace != 'all'")
    assert set(zip(called.account_a, called.account_b, strict=True)) == set(
        zip(links.account_a, links.account_b, strict=True)
    )
    assert set(hand.edges().trace) == {"url", "all"}


def test_groups_members_posts_and_evidence(hand: Study[pd.DataFrame]) -> None:
    assert list(hand.groups["rank"]) == [1]
    assert set(hand.members.account_id) == TRIO
    assert hand.groups["first"].iloc[0] == pd.Timestamp("2023-11-14 22:13:20", tz="UTC")
    behind = hand.posts(group=1)
    assert set(behind.account_id) == TRIO
    assert len(behind) == 36
    assert hand.posts(group=hand.groups.group_id.iloc[0]).equals(behind)
    assert set(hand.posts(group=1, account="a60").account_id) == {"a60"}
    assert len(hand.posts()) == len(posts())
    met = hand.evidence("a61", "a60")
    assert len(met) == 12
    assert (met.lag == pd.Timedelta("1s")).all()
    assert met.text_a.str.startswith("<b>look</b>").all()
    assert met.q_o.is_monotonic_increasing
    assert "a60" in hand.why("a60", "a61")
    assert repr(hand.why("a60", "a61")) == str(hand.why("a60", "a61"))


def test_it_shows_itself_as_text_and_as_html(hand: Study[pd.DataFrame]) -> None:
    text, html = repr(hand), hand._repr_html_()
    assert "Coordinated behaviour observed" in text
    assert len([line for line in text.splitlines() if line]) <= 5 + 2
    assert html.count("<p ") <= 6
    assert html.count("<tr>") == 2
    assert html.count("<table>") == 1


@given(st.lists(_HOSTILE, min_size=8, max_size=8), st.lists(_HOSTILE, min_size=5, max_size=5))
def test_no_text_becomes_markup(names: list[str], story: list[str]) -> None:
    from unisono.api import shown
    from unisono.tables import GROUPS

    row = {
        "group_id": [names[0]], "rank": [1], "traces": [names[1:]], "n_accounts": [3],
        "n_always_first": [0], "n_edges": [3],
        "true_edges_at_least": [1], "stability": [1.0], "q": [0.01], "first_us": [0], "last_us": [2**62],
    }  # fmt: skip
    groups = pa.table(row, schema=GROUPS.schema)
    html = shown.as_html(story, groups)
    inside = html
    for tag in ("div", "p", "table", "thead", "tbody", "tr", "th", "td", "bdi"):
        for mark in (f"<{tag}>", f"</{tag}>", f"<{tag} "):
            inside = inside.replace(mark, "")
    assert "<" not in inside
    assert not any(c in html for c in "\x00\x07‮⁦")
    lines = shown.Lines(story)
    assert "<" not in lines._repr_html_().replace("<br>", "")
    assert not any(c in shown.as_text(story, groups) for c in "\x00\x07‮⁦")


def test_in_memory_and_in_a_folder_are_the_same_to_the_bit(
    hand: Study[pd.DataFrame], saved: Study[pd.DataFrame], tmp_path: Path
) -> None:
    pq.write_table(pa.Table.from_pandas(posts()), tmp_path / NAME)
    from_file = un.study(tmp_path / NAME, out=tmp_path / "study", map=MAP, trace=["url"])
    assert hashes(hand) == hashes(from_file) == hashes(saved)
    assert (saved.path, hand.path) == (saved._folder.path, None)
    again = un.study(posts(), out=tmp_path / "study", map=MAP, trace="url")
    assert hashes(again) == hashes(hand)
    arrow = un.study(
        pa.Table.from_pandas(posts().set_index(pd.Index(range(5, 5 + len(posts()))))), map=MAP, trace="url"
    )
    assert hashes(arrow) == hashes(hand)
    assert isinstance(arrow.links(), pa.Table)


def test_what_was_saved_is_a_study(saved: Study[pd.DataFrame], hand: Study[pd.DataFrame]) -> None:
    assert saved.path is not None
    assert problems(open_study(saved.path)) == []
    opened = un.open(saved.path, to="polars")
    assert opened.groups.to_dicts() == pl.from_pandas(hand.groups).to_dicts()
    assert repr(opened) == repr(hand)
    assert "report.html" in {p.name for p in saved.path.iterdir()}
    with pytest.raises(UserError, match="is there already"):
        hand.save(saved.path)


def test_a_report_is_one_file(hand: Study[pd.DataFrame], tmp_path: Path) -> None:
    assert hand.report(tmp_path / "r.html") == tmp_path / "r.html"
    assert "Coordinated behaviour observed" in (tmp_path / "r.html").read_text("utf-8")
    assert [p.name for p in tmp_path.iterdir()] == ["r.html"]
    with pytest.raises(UserError, match="cannot be written"):
        hand.report(tmp_path / "nowhere" / "r.html")


def test_nothing_is_left_on_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    study = in_hand(few(12))
    folder = study._folder.path
    assert folder.parent == tmp_path
    assert list(tmp_path.iterdir()) == [folder]
    plot = study.plot
    del study
    gc.collect()
    assert folder.exists()  # the charts of it are still held
    del plot
    gc.collect()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UserError):
        in_hand(few(12).drop(columns=["what"]))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("n", [0, 1, 2, 12])
@pytest.mark.parametrize("accounts", [1, 3])
def test_thin_studies_are_studies(n: int, accounts: int, tmp_path: Path) -> None:
    study = in_hand(few(n, accounts))
    assert study.links().empty
    assert study.groups.empty
    assert study.members.empty
    assert study.network().number_of_nodes() == 0
    assert "0 accounts" in repr(study) or "No pair" in repr(study)
    assert study._repr_html_()
    assert study.tables["traces"] == n
    for call in (lambda: study.plot.network(1), lambda: study.plot.timeline(1), lambda: study.posts(group=1)):
        with pytest.raises(UserError):
            call()
    opened = un.open(study.save(tmp_path / "s")._folder.path)
    assert hashes(opened) == hashes(study)


@settings(max_examples=6)
@given(st.lists(st.tuples(_HOSTILE, st.integers(0, 2_000_000_000), _HOSTILE), max_size=6))
def test_round_trips(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, str]]) -> None:
    """Whatever stands in the cells: saved and opened, the study is the same and shows itself."""
    kinds = {"who": pa.string(), "at": pa.int64(), "what": pa.string()}
    data = pa.table({name: pa.array([r[i] for r in rows], kind) for i, (name, kind) in enumerate(kinds.items())})
    study = in_hand(data, limits={"rejects_share": 1})
    folder = tmp_path_factory.mktemp("round") / "s"
    study.save(folder)
    opened = un.open(folder, to="pyarrow")
    assert hashes(opened) == hashes(study)
    assert study.tables["traces"] + study.tables["rejects"] >= len(rows)
    assert opened["traces"].equals(study["traces"])
    assert repr(opened) == repr(study)
    assert opened._repr_html_() == study._repr_html_()


def test_networks(hand: Study[pd.DataFrame], tmp_path: Path) -> None:
    net = hand.network()
    assert set(net.nodes) == TRIO
    assert net.number_of_edges() == 3
    assert net.nodes["a60"]["group"] == 1
    assert net.edges["a60", "a61"]["n_objects"] == 12
    nx.write_graphml(net, tmp_path / "n.graphml")
    nx.write_gexf(hand.network(group=1), tmp_path / "n.gexf")
    igraph = pytest.importorskip("igraph", reason="igraph is the user's own: it is never installed by us")
    graph = hand.network(to="igraph")
    assert isinstance(graph, igraph.Graph)
    assert set(graph.vs["name"]) == TRIO


def test_a_library_that_is_not_there_is_a_sentence(hand: Study[pd.DataFrame], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("altair", "networkx", "igraph", "polars"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    for call, says in (
        (lambda: hand.plot.network(1), "altair is not installed"), (hand.network, "networkx is not installed"),
        (lambda: hand.network(to="igraph"), "igraph is not installed"),
        (lambda: un.pair(few(0), to="polars"), "no column trace"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=says) as e:
            call()
        assert e.value.remedy


def test_charts_are_those_of_the_report(hand: Study[pd.DataFrame]) -> None:
    network = hand.plot.network(1).to_dict()
    assert {len(network["datasets"][n]) for n in ("links", "accounts")} == {3}
    timeline = hand.plot.timeline(1).to_dict()
    assert sum(r["n"] for r in timeline["datasets"]["total"]) == 36
    assert {r["member"] for r in timeline["datasets"]["lanes"]} == TRIO
    calibration = hand.plot.calibration().to_dict()
    assert calibration["datasets"]["dots"]
    specs = Path(__file__).parents[2] / "src/unisono/exports/charts"
    for name, chart in (("network", network), ("timeline", timeline), ("calibration", calibration)):
        written = json.loads((specs / f"{name}.json").read_text("utf-8"))
        assert chart["description"] == written["description"]


@pytest.mark.parametrize(
    ("call", "says", "remedy"),
    [
        (lambda s: un.study({"a": 1}), "dict is no table", "pandas"),
        (lambda s: un.study([1, 2]), "int is no path", "list of paths"),
        (lambda s: un.study("none.csv"), "none.csv", ""),
        (
            lambda s: un.study(posts(), map="account=author,time=created,text=bodi"),
            "no column 'bodi'", "did you mean body",
        ),
        (lambda s: un.study(posts(), map=MAP, fdr=2), "fdr", ""),
        (lambda s: un.study(posts(), map=MAP, window="1 fortnight"), 'window="1 fortnight"', "60s"),
        (lambda s: un.study(posts()), "known by its columns", 'map="account=author'),
        (
            lambda s: un.study(posts().assign(created=posts().created.dt.tz_localize(None)), map=MAP),
            "zone", 'zone="UTC"',
        ),
        (lambda s: un.study(posts().assign(post=mixed(len(posts()))), map=MAP), "post", "astype"),
        (lambda s: s["nothing"], "no table 'nothing'", "edges"),
        (lambda s: s["signals"], "signals", ""),
        (lambda s: s.posts(group=7), "no group 7", "group 1 alone"),
        (lambda s: s.posts(account="nobody"), "nobody has no post", ""),
        (lambda s: s.evidence("a60", "a60"), "twice", ""),
        (lambda s: s.why("a60", "nobody"), "nobody left no trace", ""),
        (lambda s: s.network(to="gephi"), "gephi", "networkx"),
        (lambda s: un.open("/nowhere"), "no study folder", "unisono.study"),
    ],
)  # fmt: skip
def test_errors_speak_python(hand: Study[pd.DataFrame], call: Any, says: str, remedy: str) -> None:
    with pytest.raises(UserError) as e:
        call(hand)
    assert says in e.value.what
    assert remedy in e.value.remedy
    assert "--" not in str(e.value)
    assert "`unisono " not in str(e.value)


def test_every_setting_is_a_keyword() -> None:
    fields = {f.alias or n for n, f in Settings.model_fields.items()} - {"sources"}
    keywords = set(inspect.signature(make).parameters) - {"data", "out", "to", "progress"}
    assert {k.rstrip("_") for k in keywords} == fields
    assert set(StudyOptions.__annotations__) == keywords


def test_what_can_be_typed_is_offered(hand: Study[pd.DataFrame]) -> None:
    assert {"links", "groups", "network", "plot"} <= set(dir(hand))
    assert hand._ipython_key_completions_() == sorted(hand.tables)
    assert set(dir(un)) >= {"study", "open", "read", "pair", "Study", "UserError"}
    assert hand["edges"]["window_us"].dtype == "int64"
    assert hand.settings["map"] == MAP
    assert isinstance(hand.notes, list)


class Watch:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def start(self, what: str, total: int | None, unit: str) -> None:
        self.said.append(what)

    def advance(self, n: int) -> None:
        assert n >= 0

    def say(self, text: str) -> None:
        self.said.append(text)


def test_who_watches_is_told() -> None:
    watch = Watch()
    in_hand(few(12), progress=watch)
    assert any(w.startswith("reading") for w in watch.said)


def test_a_bar_in_a_notebook_is_text() -> None:
    from unisono.api.watch import Bar

    drawn: list[str] = []
    bar = Bar(drawn.append)
    bar.start("reading <b>", None, "rows")
    bar.advance(3)
    bar.start("pairs", 4, "pairs")
    bar.say("two <i>minutes</i>")
    bar._drawn = 0.0
    bar.advance(9)
    assert not {"<b>", "<i>"} & {t for d in drawn for t in ("<b>", "<i>") if t in d}
    assert 'value="4" max="4"' in drawn[-1]
