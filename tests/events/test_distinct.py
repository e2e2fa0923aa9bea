"""Cleaning a column at once gives what cleaning each value gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.events.fields.distinct import Cleaner
from unisono.events.fields.ids import account, object_id, own_id
from unisono.events.files.batch import as_text

words = st.sampled_from(
    ["", " ", "0", "12", "8.01E+17", "8e17", "1e+5", "5,7E+17", "row/a/1", "[deleted]", "AutoModerator", "nan", "None",
     " 7 ", "7\n", "a.b", "id_7", "é7", "7é", "-5", "@ann", "u/automoderator", "absent", "\x007", "٣"]
)  # fmt: skip
values = st.lists(st.one_of(st.none(), words, st.text(st.characters(codec="utf-8"), max_size=5)), max_size=12)
numbers = st.lists(st.one_of(st.none(), st.floats(), st.integers(-(2**53), 2**53).map(float)), max_size=8)


def check(cells: Any, platform: str | None) -> None:
    texts = [as_text(v) for v in (cells if isinstance(cells, list) else cells.to_pylist())]
    prefix = f"{platform}/" if platform else ""
    for clean, before in (
        (lambda t: account(platform, t), prefix),
        (lambda t: own_id(platform, t), prefix),
        (object_id, ""),
    ):
        got, problems = Cleaner(clean, before)(cells)
        assert got.to_pylist() == [clean(t)[0] for t in texts]
        expected = [clean(t)[1] for t in texts]
        assert {(i, p) for p, at in problems.items() for i in at.tolist()} == {
            (i, p) for i, p in enumerate(expected) if p
        }


@given(values, st.sampled_from([None, "x"]))
def test_texts(cells: list[str | None], platform: str | None) -> None:
    check(cells, platform)
    check(pa.array(cells, pa.string()), platform)
    check(pa.array(cells, pa.large_string()).slice(1), platform)


@given(numbers)
def test_floats(cells: list[float | None]) -> None:
    check(pa.array(cells, pa.float64()), "x")


@pytest.mark.parametrize("kind", [pa.int8(), pa.int64(), pa.uint64()])
def test_whole_numbers(kind: pa.DataType) -> None:
    check(pa.array([5, None, 0, 127], kind), "x")
    if kind == pa.int64():
        check(pa.array([-5, 2**63 - 1], kind), None)


def test_problems_are_counted_by_row_and_not_by_value() -> None:
    _, problems = Cleaner(object_id)(["a", "8.1E+17", "8.1E+17", "b"])
    ((_, rows),) = problems.items()
    assert np.array_equal(rows, [1, 2])
