"""The verbs on tables in memory give what the study folder holds."""

from __future__ import annotations

import inspect
import re
import typing
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import unisono
from tests.api.made import traces as crowded
from tests.small import MAP, run, small_sources
from unisono.edges.facts import Facts
from unisono.study import Study, UserError

S = 1_000_000
TRACE = pa.table({
    "trace": ["url"] * 12,
    "account_id": ["a", "b", "c"] * 4,
    "object_id": [f"o{k // 3}" for k in range(12)],
    "t_us": [k // 3 * 3600 * S + k % 3 * S for k in range(12)],
    "event_id": [f"e{k}" for k in range(12)],
})  # fmt: skip


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return small_sources(tmp_path_factory.mktemp("api"))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory, sources: list[Path]) -> Study:
    return run(sources, tmp_path_factory.mktemp("out"), map=MAP, seed=3)


def test_step_by_step_equals_the_pipeline(study: Study, sources: list[Path]) -> None:
    tables = unisono.read(sources, map=MAP)
    assert set(tables) == {"events", "accounts", "rejects"}
    traces = unisono.trace(tables["events"])
    pairs = unisono.pair(traces, threads=2)
    edges = unisono.test(pairs, traces, seed=3)
    is_edge = edges.filter(edges.column("is_edge"))
    evidence = unisono.evidence(is_edge, traces)
    groups, members = unisono.group(edges, traces, seed=3)
    with warnings.catch_warnings():  # of what cannot be tested in a small world
        warnings.simplefilter("ignore")
        moments, reactions = unisono.moment(traces), unisono.react(traces, tables["events"])
        company, ordered = unisono.coact(traces), unisono.sequence(traces)
    made = {
        **tables, "traces": traces, "pairs": pairs, "edges": edges, "evidence": evidence,
        "groups": groups, "members": members, "moments": moments, "co_actors": company,
        "sequences": ordered, "reactions": reactions,
        "profiles": unisono.profile(members, evidence, traces, tables["events"]),
    }  # fmt: skip
    assert set(made) == set(study.manifest.tables) - {"calibration", "checks", "twins"}
    for name, table in made.items():
        assert table.num_rows or name in ("rejects", "moments", "co_actors", "sequences", "reactions")
        there = study.read(name)
        assert table.equals(there), name


@pytest.mark.parametrize("convert", [pa.Table.to_pandas, pl.from_arrow], ids=["pandas", "polars"])
def test_other_tables_go_in_and_come_out(convert: Callable[[pa.Table], Any]) -> None:
    plain = crowded()
    traces, to = convert(plain), "pandas" if convert is pa.Table.to_pandas else "polars"
    pairs = unisono.pair(traces, to=to)
    assert type(pairs) is type(traces)
    edges = unisono.test(pairs, traces, to=to)
    evidence = unisono.evidence(edges, traces, to=to)
    groups, members = unisono.group(edges, traces, to=to)
    assert {type(x) for x in (edges, evidence, groups, members)} == {type(traces)}
    assert pa.table(pairs).to_pylist() == unisono.pair(plain).to_pylist()
    assert set(pa.table(members)["account_id"].to_pylist()) == {"a60", "a61", "a62"}
    assert len(evidence) >= 36


def test_behaviours_without_a_pair_count_among_the_tests() -> None:
    traces = crowded()
    apart = traces.slice(0, 60).set_column(0, "trace", pa.array(["hashtag"] * 60))
    apart = apart.set_column(3, "t_us", pa.array([k * 86400 * S for k in range(60)]))
    pairs = unisono.pair(traces)
    one = unisono.test(pairs, traces).column("p").to_pylist()
    more = pa.concat_tables([traces, apart])
    assert unisono.pair(more).equals(pairs)
    two = unisono.test(unisono.pair(more), more).column("p").to_pylist()
    assert min(one) > 0
    assert two == pytest.approx([min(2 * p, 1.0) for p in one])


def test_edges_take_along_what_groups_need_and_say_so_where_they_lost_it() -> None:
    """Regression: a behaviour in which nobody was seen did not count among the K over which a group's p is combined."""
    traces = crowded()
    apart = traces.slice(0, 60).set_column(0, "trace", pa.array(["hashtag"] * 60))
    apart = apart.set_column(3, "t_us", pa.array([k * 86400 * S for k in range(60)]))
    both = pa.concat_tables([traces, apart])
    edges = unisono.test(unisono.pair(both), both)
    assert set(edges["trace"].to_pylist()) == {"url", "all"}
    facts = Facts.beside(edges)
    assert facts is not None
    assert (facts.n_layers, facts.n_accounts) == (2, 63)
    assert [d["trace"] for d in facts.draws] == ["hashtag", "url"]
    groups, members = unisono.group(edges, both)
    assert Facts.beside(edges.to_pandas()) is None  # pandas drops the metadata that is not its own
    frame = unisono.test(unisono.pair(both), both, to="pandas")
    assert Facts.beside(frame) == facts
    again, _ = unisono.group(frame, both)
    assert again.equals(groups)
    named = members["account_id"].to_pylist()
    assert unisono.bound(edges, named) == unisono.bound(frame, named)
    with pytest.warns(UserWarning, match="lost what test"):
        unisono.group(edges.replace_schema_metadata(None), both)


def test_events_of_pandas_and_polars_leave_the_same_traces(study: Study) -> None:
    events = study.read("events").slice(0, 300)
    expected = unisono.trace(events)
    assert expected.num_rows
    assert unisono.trace(events.to_pandas()).equals(expected)
    assert unisono.trace(pl.from_arrow(events)).equals(expected)
    some = unisono.trace(events, ["url", "hashtag"], content_of_reposts=True, to="pandas")
    assert isinstance(some, pd.DataFrame)
    assert set(some["trace"]) == {"url", "hashtag"}


def test_order_chunks_and_threads_do_not_matter() -> None:
    expected = unisono.pair(TRACE, ["1s", "10s"], min_objects=1)
    assert expected.column("window_us").to_pylist() == [S] * 2 + [10 * S] * 3
    turned = TRACE.take(pa.array(range(11, -1, -1)))
    chunked = pa.concat_tables([turned.slice(k, 1) for k in range(12)])
    for threads in (1, 2, 7):
        assert unisono.pair(chunked, ["10s", "1s"], min_objects=1, threads=threads).equals(expected)
    assert unisono.evidence(expected, turned).num_rows == unisono.evidence(expected, TRACE).num_rows == 20


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda: unisono.pair([1, 2]), "list is no table"),
        (lambda: unisono.pair(TRACE.drop_columns(["t_us"])), "no column t_us in the table given as traces"),
        (lambda: unisono.trace(TRACE.drop_columns(["event_id"])), "no column event_id"),
        (lambda: unisono.test(TRACE, TRACE), "no column window_us"),
        (lambda: unisono.test(unisono.pair(TRACE).drop_columns(["n_objects"]), TRACE), "no column n_objects"),
        (lambda: unisono.group(unisono.pair(TRACE)), "no column is_edge"),
        (lambda: unisono.pair(TRACE, "1 fortnight"), 'window="1 fortnight"'),
        (lambda: unisono.trace(pa.table({"event_id": ["a"]}), ["urll"]), "'urll'"),
        (lambda: unisono.read([]), "nothing to read"),
        (lambda: unisono.read(["none.csv"], widow="60s"), "widow"),
        (lambda: unisono.pair(TRACE.set_column(3, "t_us", pa.array(["noon"] * 12))), "has another type"),
        (lambda: unisono.pair(TRACE.set_column(1, "account_id", pa.nulls(12, pa.string()))), "account_id is empty"),
        (lambda: unisono.pair(TRACE.set_column(0, "trace", pa.nulls(12, pa.string()))), "trace is empty"),
    ],
)
def test_wrong_input_is_a_sentence(call: Callable[[], Any], what: str) -> None:
    with pytest.raises(UserError, match=what) as e:
        call()
    assert e.value.remedy


def test_evidence_of_other_traces_is_refused() -> None:
    edges = unisono.test(unisono.pair(TRACE), TRACE)
    with pytest.raises(UserError, match="were not made from these traces"):
        unisono.evidence(edges, TRACE.slice(3))
    with pytest.raises(UserError, match="no url trace"):
        unisono.evidence(edges, TRACE.slice(0, 0))
    coarse = TRACE.append_column("t_resolution_us", pa.array([60 * S] * 12))
    with pytest.raises(UserError, match="url pairs at 60 s were not made from these traces"):
        unisono.test(unisono.pair(TRACE).replace_schema_metadata(None), coarse)
    strangers = edges.set_column(2, "account_a", pa.array(["x"] * edges.num_rows))
    with pytest.raises(UserError, match="were not made from these traces"):
        unisono.evidence(strangers, TRACE)


def test_a_refused_window_warns() -> None:
    coarse = TRACE.append_column("t_resolution_us", pa.array([60 * S] * 12))
    with pytest.warns(UserWarning, match="url at 10 s was refused"):
        assert unisono.pair(coarse, "10s").num_rows == 0
    with pytest.warns(UserWarning, match="instead of the default"):
        assert unisono.pair(coarse).column("window_us").to_pylist() == [120 * S] * 3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert unisono.pair(coarse, "2m").num_rows == 3


def test_traces_with_no_object_are_not_paired() -> None:
    bare = TRACE.set_column(0, "trace", pa.array(["synchrony"] * 12))
    bare = bare.set_column(2, "object_id", pa.nulls(12, pa.string()))
    assert unisono.pair(bare).num_rows == 0
    assert unisono.pair(pa.concat_tables([bare, TRACE])).num_rows == 3


def test_the_package_knows_its_verbs_only() -> None:
    assert callable(unisono.study)
    assert [callable(f) for f in (unisono.study, unisono.advise)] == [True, True]  # rooms of these names stay behind
    with pytest.raises(AttributeError, match="unisnoo"):
        _ = unisono.unisnoo


@pytest.mark.parametrize("to", ["pyarrow", "pandas", "polars"])
def test_windows_are_said_once(to: Any) -> None:
    """pair() writes its windows beside its table: a window in which nobody met counts among the tests."""
    traces = crowded()
    alone, two = (unisono.pair(traces, w, to=to) for w in ("60s", ["1s", "60s"]))
    assert len(two) > len(alone)
    one = unisono.test(alone, traces, to=to)
    both = unisono.test(two, traces, to=to)
    seen = {(r["trace"], r["window_us"]) for r in pa.table(both).to_pylist()}
    assert seen == {("url", S), ("url", 60 * S), ("all", 0)}
    assert min(p for p in pa.table(one)["p"].to_pylist()) > 0
    groups, _ = unisono.group(both, traces, to=to)
    assert len(groups) == 1


def test_a_window_without_a_pair_is_remembered() -> None:
    far = TRACE.set_column(3, "t_us", pa.array([k // 3 * 3600 * S + k % 3 * 30 * S for k in range(12)]))
    pairs = unisono.pair(far, ["10s", "60s"], to="pandas")
    assert set(pairs.window_us) == {60 * S}
    assert pairs.attrs["unisono"] == {"windows": {"url": [10 * S, 60 * S]}}
    once = unisono.test(unisono.pair(far, "60s", to="pandas"), far, to="pandas")
    twice = unisono.test(pairs[pairs.n_objects > 1], far, to="pandas")
    assert min(twice.p) == pytest.approx(min(1.0, 2 * min(once.p)))


def test_every_verb_has_its_types() -> None:
    """No `Any` in what is public, and one signature for each form that tables come out as."""
    for name in set(unisono.__all__) - {"Study", "UserError", "__version__"}:
        verb = getattr(unisono, name)
        told = [verb, *typing.get_overloads(verb)]
        assert all("return" in f.__annotations__ for f in told)
        assert not [a for f in told for a in map(str, f.__annotations__.values()) if re.search(r"\bAny\b", a)]
        if "to" in inspect.signature(verb).parameters:
            forms = {str(f.__annotations__["to"]) for f in typing.get_overloads(verb)}
            assert all(any(form in said for said in forms) for form in ("pandas", "polars", "pyarrow")), name
