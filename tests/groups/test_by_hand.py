"""Bounds for a set of accounts that somebody picks."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from tests.groups.make import edge, table
from unisono.edges.facts import Facts
from unisono.groups.by_hand import TESTED, bound, bound_lines
from unisono.study import StageOutput, Study, UserError, open_study
from unisono.tables import EDGES, TRACES


def edges(*rows: tuple[str, str, float]) -> pa.Table:
    """Combined p of some pairs, among 1,000 tests."""
    common = {
        "trace": "all", "window_us": 0, "n_tests": 1_000, "q": 1.0, "is_edge": False, "p_timing": None, "p_speed": None,
        "q_timing": None, "n_tests_timing": 10, "p_reference": None, "q_reference": None,
    }  # fmt: skip
    schema = pa.schema([EDGES.schema.field(c) for c in TESTED])
    return pa.Table.from_pylist([common | {"account_a": a, "account_b": b, "p": p} for a, b, p in rows], schema)


def test_a_triangle_that_chance_cannot_make() -> None:
    rows = edges(("a", "b", 1e-9), ("a", "c", 1e-9), ("b", "c", 1e-9), ("d", "e", 0.5))
    least, q = bound(rows, ["a", "b", "c"])
    assert least == 3
    assert q == pytest.approx(5 / 3 * 1_000 * 1e-9 / 3)  # three of five parts of the error; Simes over the three p
    assert bound(rows, ["a", "b", "d"])[0] == 1
    assert bound(rows, ["d", "e"]) == (0, 1.0)


def test_accounts_without_a_test_have_no_links() -> None:
    rows = edges(("a", "b", 1e-9))
    assert bound(rows, ["a", "b", "nobody"])[0] == 1
    assert bound(rows, ["x", "y"]) == (0, 1.0)
    assert bound(rows.slice(0, 0), ["a", "b"]) == (0, 1.0)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Five accounts with traces, a triangle of them linked by what nobody could do by chance."""
    made = open_study(tmp_path / "study", create=True)

    def traces(out: StageOutput) -> None:
        with out.table(TRACES) as writer:
            ids = list("abcde")
            writer.write(pa.table({"trace": ["url"] * 5, "account_id": ids, "object_id": ["o"] * 5, "t_us": [1] * 5,
                                   "event_id": ids}))  # fmt: skip

    made.stage("trace", needs=(), settings={}, make=traces)
    return made


def with_tests(study: Study) -> None:
    links = [edge(a, b, p=1e-9, n_tests=1_000, q=0.01) for a, b in ("ab", "ac", "bc")]
    combined = [r | {"trace": "all", "window_us": 0, "is_edge": False, "n_tests_timing": 10} for r in links]

    def tests(out: StageOutput) -> None:
        with out.table(EDGES) as writer:
            writer.write_sorted(table([*links, *combined]))
        out.facts.update(Facts(1, 5).plain())

    study.stage("test", needs=("traces",), settings={}, make=tests)


def test_what_is_said_of_a_set(study: Study) -> None:
    with_tests(study)
    said = list(bound_lines(study, ["a", "c", "d"]))
    assert said[0] == "3 accounts, 3 pairs: 1 of them is linked; 1 of the accounts has no link among these."
    assert said[1].startswith("At least 1 of these 3 pairs are not explained by this model, at 95 %")
    assert len(said) == 3
    nothing = list(bound_lines(study, ["d", "e"]))
    assert nothing[0].startswith("2 accounts, 1 pair: 0 of them are linked; 2 of the accounts")
    assert nothing[2] == "0 says that nothing can be promised, not that nothing is there."


def test_what_cannot_be_asked_is_said(study: Study) -> None:
    with pytest.raises(UserError, match="the pairs of this study are not tested"):
        list(bound_lines(study, ["a", "b"]))
    with_tests(study)
    with pytest.raises(UserError, match="b is named twice"):
        list(bound_lines(study, ["a", "b", "b"]))
    with pytest.raises(UserError, match="x left no trace"):
        list(bound_lines(study, ["a", "x"]))
