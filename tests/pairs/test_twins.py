"""Twins beside a brute force; a study with doubled objects says what it says without them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.simulator import Causes, Plan, plant, simulate
from unisono import pipeline
from unisono.edges.why import why_lines
from unisono.pairs.arrays import TraceArrays, encode_clocked
from unisono.pairs.on_demand import pair_of
from unisono.pairs.twins import counted_once, encode_once, other_names
from unisono.study import Quiet, Study, make_settings, open_study
from unisono.tables import TRACES

Row = tuple[str, str, int, int | None]
"""Account, object, time, clock."""
ROWS = st.lists(
    st.tuples(st.sampled_from("abä"), st.sampled_from(["p", "q", "Q", "é", "r"]), st.integers(0, 2),
              st.sampled_from([None, 1])),
    max_size=24,
)  # fmt: skip


def table(rows: list[Row]) -> pa.Table:
    columns = [list(c) for c in zip(*rows, strict=True)] if rows else [[], [], [], []]
    made = {
        "trace": ["url"] * len(rows), "account_id": columns[0], "object_id": columns[1], "t_us": columns[2],
        "t_resolution_us": columns[3], "event_id": [f"e{k}" for k in range(len(rows))],
    }  # fmt: skip
    return pa.table(made, schema=pa.schema([TRACES.schema.field(n) for n in made]))


def brute(rows: list[Row]) -> dict[str, str]:
    """Other names, and the name of each."""
    touches: dict[str, set[tuple[str, int, int | None]]] = {}
    for account, thing, t, clock in rows:
        touches.setdefault(thing, set()).add((account, t, clock))
    names = sorted(touches, key=str.encode)
    first = {n: next(m for m in names if touches[m] == touches[n]) for n in names}
    return {n: m for n, m in first.items() if n != m and len({a for a, *_ in touches[n]}) > 1}


def told(arrays: TraceArrays, resolution: Any) -> list[tuple[Any, ...]]:
    columns = (
        arrays.account_ids.take(pa.array(arrays.account)), arrays.object_ids.take(pa.array(arrays.object)), arrays.t,
        resolution, arrays.post_ids.take(pa.array(arrays.post)),
    )  # fmt: skip
    return list(zip(*(c.tolist() for c in columns), strict=True))


@given(ROWS, st.booleans())
def test_as_by_hand(rows: list[Row], in_order: bool) -> None:
    given = table(rows)
    if in_order:
        given = given.sort_by([(k, "ascending") for k in ("object_id", "t_us", "account_id", "event_id")])
    once, names = counted_once(*encode_clocked(given)), brute(rows)
    assert once.rows("url").to_pylist() == [
        {"trace": "url", "object_id": n, "counted_as": names[n]} for n in sorted(names, key=str.encode)
    ]
    others = pc.is_in(given["object_id"], pa.array(sorted(names), pa.string()))
    left, clock = encode_clocked(given.filter(pc.invert(others)))
    assert told(once.arrays, once.resolution) == told(left, clock)


def doubled(rows: list[Row], before: bool) -> list[Row]:
    """Every object under a second name that comes before or after its own."""
    return [*rows, *((a, f"{' ' if before else '~'}{o}", t, c) for a, o, t, c in rows)]


@given(ROWS, st.booleans())
def test_what_is_shared_and_doubled_is_as_it_was(rows: list[Row], before: bool) -> None:
    shared = [r for r in rows if len({a for a, o, *_ in rows if o == r[1]}) > 1]
    once = counted_once(*encode_clocked(table(shared)))
    again = counted_once(*encode_clocked(table(doubled(shared, before))))
    once_by_time, again_by_time = (sorted(zip(x.arrays.account, x.arrays.t, strict=True)) for x in (once, again))
    assert once_by_time == again_by_time
    assert len(once.arrays.object_ids) == len(again.arrays.object_ids)
    assert len(again.names) == len(once.names) + len({r[1] for r in shared})


def test_objects_of_one_account_and_other_times_are_no_twins() -> None:
    rows: list[Row] = [("a", "p", 1, 1), ("a", "p", 2, 1), ("a", "q", 1, 1), ("a", "q", 2, 1)]
    rows += [("a", "r", 1, 1), ("b", "r", 2, 1), ("a", "s", 1, 1), ("b", "s", 3, 1)]
    rows += [("a", "u", 1, 1), ("b", "u", 2, 2)]
    assert not len(counted_once(*encode_clocked(table(rows))).names)


def test_with_the_second_names_behind_it_is_the_very_same_arrays() -> None:
    """Numbers of objects and posts too: what is drawn at random is drawn alike."""
    draw = np.random.default_rng(1)
    drawn = draw.integers(0, [9, 20, 99], (300, 3)).tolist()
    rows: list[Row] = [(f"a{a}", f"o{o:02}", t, 1) for a, o, t in drawn]
    plain = table(rows).sort_by([(k, "ascending") for k in ("object_id", "t_us", "account_id", "event_id")])
    more = plain
    for k, name in ((2, "object_id"), (5, "event_id")):
        more = more.set_column(k, name, pc.binary_join_element_wise(plain[name], "x", "/"))
    both = pa.concat_tables([plain, more.cast(plain.schema)]).sort_by(
        [(k, "ascending") for k in ("object_id", "t_us", "account_id", "event_id")]
    )
    (a, clock), (b, clock_again) = encode_once(plain), encode_once(both)
    for name in ("account", "object", "post", "t"):
        assert np.array_equal(getattr(a, name), getattr(b, name)), name
    assert np.array_equal(clock, clock_again)
    assert a.object_ids.equals(b.object_ids)
    assert a.post_ids.equals(b.post_ids)


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Study]:
    """A world with an operation; and the same with its objects doubled under names that come behind and before."""
    causes = Causes(n_accounts=600, n_objects=120, n_acts=12_000)
    world = plant(simulate(causes, 3), Plan(n_accounts=8, n_objects=20, fidelity=0.9, target="any"), 3)
    rows = world.table()
    names = world.arrays().object_ids.take(pa.array(world.targets["planted"]))
    more = rows.filter(pc.is_in(rows["object_id"], names))
    found = {}
    for name, mark in (("plain", None), ("behind", "{}~"), ("before", " {}")):
        extra = more.slice(0, 0) if mark is None else more
        ids = [(mark or "{}").format(o) for o in extra["object_id"].to_pylist()]
        posts = [f"{p}x" for p in extra["event_id"].to_pylist()]
        columns = {"object_id": ids, "event_id": posts}
        made = [pa.array(columns[n], pa.string()) if n in columns else extra[n] for n in rows.column_names]
        folder = tmp_path_factory.mktemp(name)
        both = pa.concat_tables([rows, pa.table(made, schema=rows.schema)])
        pyarrow.csv.write_csv(both.select(["account_id", "object_id", "t_us", "event_id"]), folder / "rows.csv")
        given = {
            "sources": [str(folder / "rows.csv")], "as": "traces", "time_format": "unix_us", "resolution": "1s",
            "map": "account=account_id,time=t_us,object:repost=object_id,event=event_id",
        }  # fmt: skip
        found[name] = open_study(folder / "study", create=True)
        for stage in ("read", "pair", "test", "check"):
            pipeline.run_stage(stage, found[name], make_settings(given, "test"), Quiet())
    return found


def test_doubled_objects_leave_every_row_of_edges_as_it_was(studies: dict[str, Study]) -> None:
    plain, behind, before = (studies[n].read("edges") for n in ("plain", "behind", "before"))
    assert pc.sum(plain["is_edge"]).as_py() >= 28
    assert behind.equals(plain)
    assert studies["behind"].read("evidence").equals(studies["plain"].read("evidence"))
    called = [rows.filter(rows["is_edge"]).select(["trace", "account_a", "account_b"]) for rows in (plain, before)]
    assert called[1].equals(called[0])
    assert studies["plain"].read("twins").num_rows == 0


def test_the_other_names_are_told(studies: dict[str, Study]) -> None:
    study = studies["behind"]
    twins = study.read("twins").to_pylist()
    assert [t["object_id"] for t in twins] == [f"{t['counted_as']}~" for t in twins]
    assert len(twins) == 20
    n_objects = pc.count_distinct(study.read("traces")["object_id"]).as_py()
    assert any(f"20 of {n_objects} objects are others under a second name" in note for note in study.manifest.notes)
    row = next(r for r in study.read("checks").to_pylist() if r["check"] == "twins")
    assert (row["status"], row["value"], row["n"], row["subject"]) == ("found", 20, n_objects, "repost")
    assert f"{twins[0]['counted_as']} (also {twins[0]['object_id']})" in row["seen"]
    edge = next(r for r in study.read("evidence").to_pylist() if other_names(study, "repost", r["object_id"]))
    a, b = edge["account_a"], edge["account_b"]
    assert "~)" in "\n".join(why_lines(study, *pair_of(study, a, b), a, b))
    plain = next(r for r in studies["plain"].read("checks").to_pylist() if r["check"] == "twins")
    assert plain["status"] == "not_found"
