"""Any two accounts can be looked into, and what is found agrees with the tables."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pytest

from tests.small import MAP, small_sources
from unisono import pipeline
from unisono.edges.why import why_lines
from unisono.pairs.on_demand import pair_of, windows_of
from unisono.study import Quiet, Study, UserError, make_settings, open_study


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("demand")
    made = open_study(folder / "study", create=True)
    sources = [str(p) for p in small_sources(folder)]
    settings = make_settings({"sources": sources, "map": MAP}, "test")
    for stage in ("read", "trace", "pair", "test"):
        pipeline.run_stage(stage, made, settings, Quiet())
    return made


def test_pairs_and_evidence_of_two_accounts_are_those_of_the_tables(study: Study) -> None:
    edges = study.read("edges", where=pc.field("is_edge") & (pc.field("trace") != "all"))
    chosen = {(r["account_a"], r["account_b"]) for r in edges.to_pylist()[::97]}
    assert chosen
    for a, b in chosen:
        both = (pc.field("account_a") == a) & (pc.field("account_b") == b)
        pairs, evidence = pair_of(study, b, a)
        assert all(row in pairs.to_pylist() for row in study.read("pairs", where=both).to_pylist())
        kept = study.read("evidence", where=both).to_pylist()
        layers = {(e["trace"], e["window_us"]) for e in kept}
        found = [e for e in evidence.to_pylist() if (e["trace"], e["window_us"]) in layers]
        assert found == kept


def test_common_objects_below_the_least_are_found_too(study: Study) -> None:
    pairs = {(r["account_a"], r["account_b"]) for r in study.read("pairs").to_pylist()}
    close: dict[str, list[tuple[int, str]]] = {}
    for r in study.read("traces", where=pc.field("trace") == "url").to_pylist():
        close.setdefault(r["object_id"], []).append((r["t_us"], r["account_id"]))
    a, b = next(
        (x, y)
        for touches in close.values()
        for (s, x), (t, y) in zip(sorted(touches), sorted(touches)[1:], strict=False)
        if x != y and t - s <= 60_000_000 and tuple(sorted((x, y))) not in pairs
    )
    found, evidence = pair_of(study, a, b)
    assert set(found.column("n_objects").to_pylist()) == {1}
    assert "url" in found.column("trace").to_pylist()
    assert evidence.num_rows == sum(found.column("n_pairs").to_pylist())
    lines = list(why_lines(study, found, evidence, a, b))
    seen = next(k for k, line in enumerate(lines) if "on 1 object (url within 60 s)" in line)
    assert "Not tested: " in lines[seen + 1]
    assert len(lines) == 2 * found.num_rows + 1 + min(5, evidence.num_rows)


def test_windows_are_those_of_the_pair_stage(study: Study) -> None:
    assert windows_of(study)["url"] == [60_000_000]
    assert windows_of(study)["text"] == [600_000_000]


def test_before_anything_was_paired(tmp_path: Path) -> None:
    empty = open_study(tmp_path / "study", create=True)
    with pytest.raises(UserError) as e:
        windows_of(empty)
    assert "unisono pair" in e.value.said("switches")[1]


def test_nothing_was_paired_at_all(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("who,what,at,post\na,o,2021-03-15T07:00Z,1\nb,o,2021-03-15T07:00Z,2\n")
    made = open_study(tmp_path / "study", create=True)
    given = {
        "sources": [str(rows)], "as": "traces", "map": "account=who,time=at,object=what,event=post",
        "resolution": "1h", "window": ["60s"],
    }  # fmt: skip
    for stage in ("read", "trace", "pair", "test"):
        pipeline.run_stage(stage, made, make_settings(given, "test"), Quiet())
    pairs, evidence = pair_of(made, "a", "b")
    assert (pairs.num_rows, evidence.num_rows) == (0, 0)
    lines = list(why_lines(made, pairs, evidence, "a", "b"))
    assert lines[0].startswith("Not testable by object: object at 60 s was refused")
    with pytest.raises(UserError, match="c left no trace"):
        pair_of(made, "a", "c")
