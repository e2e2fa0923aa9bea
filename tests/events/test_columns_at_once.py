"""A batch mapped at once is what its rows are one by one, whatever their cells are."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.events.one_by_one import OneByOne
from unisono.clean.time import TimeRule
from unisono.events.event_rows import EventMapper
from unisono.events.fields.columns import lists, numbers
from unisono.events.fields.mapping import Mapping
from unisono.events.files.batch import RawBatch, as_numbers
from unisono.events.files.letters import DIGIT, DIGITS, PRINTED, TRIMMED, WORD, letters

FIELDS = ("account", "handle", "time", "id", "text", "lang", "kind", "platform", "repost_of", "reply_to", "quote_of",
          "thread", "place", "reach", "followers", "urls", "hashtags", "mentions", "name", "account_kind")  # fmt: skip
_LISTED = ("urls", "hashtags", "mentions")
RULE = TimeRule(None, "UTC")
_WORDS = st.sampled_from(
    ["", " ", "ann", "Ann_1", "@ann", " @Bob ", "@", "77", "8.01E+17", "[deleted]", "AutoModerator", "automoderator",
     "row/1", "null", "post", "Repost", "R", "page", "Person", "2021-03-04T05:06:07Z", "2021-03-04 05:06", "1614834367",
     "#a", "＃b c", "#", "a b", " a,b ,,c", "a|b", '["a", " b", 1]', "[", "12.0", "-5", "1,5", "x", "Y", "\xa07", "７",
     "see https://a.example/x #Tag @Cid", "https://a.example/1 https://b.example/2", "\u2028", "ann\u0661", "r\x1c"]
)  # fmt: skip
_TEXTS = st.none() | _WORDS | st.text(st.characters(codec="utf-8"), max_size=6)
_NESTED = st.lists(_WORDS | st.none() | st.integers(0, 99), max_size=3) | st.dictionaries(_WORDS, st.none(), max_size=1)
_ANY = _TEXTS | st.integers(-(2**70), 2**70) | st.floats() | st.booleans() | _NESTED
_SEPARATORS = st.sampled_from([None, "space", "comma", "semicolon", "pipe", "json"])


def _mostly(good: Any, any_: Any) -> st.SearchStrategy[Any]:
    return st.tuples(st.integers(0, 4), good, any_).map(lambda t: t[2] if t[0] == 4 else t[1])


def _columns(cells: Any) -> st.SearchStrategy[list[dict[str, Any]]]:
    good = st.sampled_from(["2021-03-04T05:06:07Z", "1614834367", "Thu, 04 Mar 2021 05:06:07 GMT"])
    rows = dict.fromkeys(FIELDS, cells) | {"time": _mostly(good, cells), "account": _mostly(st.just("77"), cells)}
    return st.lists(st.fixed_dictionaries(rows), min_size=1, max_size=6)


@st.composite
def _mappings(draw: st.DrawFn) -> Mapping:
    fields = [f for f in FIELDS if f in ("account", "time") or draw(st.booleans())]
    marks = {f: s for f in _LISTED if (s := draw(_SEPARATORS))}
    return Mapping({f: f for f in fields}, marks, draw(st.sampled_from([{}, {"R": "repost", "": "quote"}])))


def check(rows: list[dict[str, Any]], columns: dict[str, Any], mapping: Mapping, platform: str | None) -> None:
    """Same rows, same reasons, same counts."""
    mapper, slow = EventMapper(mapping, RULE, platform, "p", None), OneByOne(mapping, RULE, platform)
    table, reasons = mapper.map(RawBatch(as_numbers(range(1, len(rows) + 1)), columns))
    expected = [slow.row(row) for row in rows]
    assert reasons == {i: reason for i, (_, reason) in enumerate(expected) if reason}
    assert +mapper.tally == slow.counts()
    names = [n for n in table.column_names if n not in ("line", "row", "t_basis")]
    kept = [made for made, reason in expected if not reason]
    assert table.select(names).to_pylist() == [{n: made.get(n) for n in names} for made in kept]
    assert all(set(made) <= set(names) for made in kept)


@given(_columns(_TEXTS), _mappings(), st.sampled_from([None, "x", "row", "telegram"]))
def test_texts_in_both_forms(rows: list[dict[str, Any]], mapping: Mapping, platform: str | None) -> None:
    columns = {f: [r[f] for r in rows] for f in FIELDS}
    check(rows, columns, mapping, platform)
    check(rows, {f: pa.array(c, pa.string()) for f, c in columns.items()}, mapping, platform)
    check(rows[1:], {f: pa.array(c, pa.large_string()).slice(1) for f, c in columns.items()}, mapping, platform)


def test_nobody_is_nobody_in_a_slice_of_large_texts() -> None:
    handles = [" ", " ", "AutoModerator", "x"]
    rows = [{"account": "77", "time": "1614834367", "handle": h} for h in handles]
    mapping = Mapping({f: f for f in rows[0]})
    columns = {f: pa.array([r[f] for r in rows], pa.large_string()).slice(1) for f in rows[0]}
    check(rows[1:], columns, mapping, "x")


@given(_columns(_ANY), _mappings(), st.sampled_from([None, "x"]))
def test_whatever_json_holds(rows: list[dict[str, Any]], mapping: Mapping, platform: str | None) -> None:
    check(rows, {f: [r[f] for r in rows] for f in FIELDS}, mapping, platform)


@given(st.lists(st.none() | st.lists(_TEXTS, max_size=3), max_size=6), st.sampled_from(_LISTED))
def test_lists_of_texts_in_both_forms(cells: list[Any], field: str) -> None:
    rows = [{"account": "a", "time": "2021-03-04T05:06:07Z", field: c} for c in cells]
    mapping = Mapping({"account": "account", "time": "time", field: field})
    for column in (cells, pa.array(cells, pa.list_(pa.string())), pa.array(cells, pa.large_list(pa.string()))):
        columns = {"account": ["a"] * len(rows), "time": ["2021-03-04T05:06:07Z"] * len(rows), field: column}
        check(rows, columns, mapping, "x")


@pytest.mark.parametrize("kind", [pa.int8(), pa.int64(), pa.uint64(), pa.float64(), pa.string()])
def test_numbers_of_every_type(kind: pa.DataType) -> None:
    tally: Counter[str] = Counter()
    assert numbers(pa.array([5, None, 7], pa.int8()).cast(kind), "reach", tally).to_pylist() == [5, None, 7]
    assert not tally


def test_a_column_of_nothing() -> None:
    tally: Counter[str] = Counter()
    assert numbers([None, None], "reach", tally).to_pylist() == [None, None]
    assert lists([None, None], "space", "urls", tally).to_pylist() == [[], []]
    assert lists([], None, "urls", tally).to_pylist() == numbers([], "reach", tally).to_pylist() == []


@given(st.lists(_TEXTS, max_size=8), st.integers(0, 3))
def test_letters(values: list[str | None], skip: int) -> None:
    found = letters(pa.array(values, pa.string()).slice(skip))
    for value, bits in zip(values[skip:], found.tolist(), strict=True):
        if not value:
            assert bits == 0
            continue
        ascii_ = [c if c.isascii() else "" for c in value]
        assert bool(bits & WORD) == all(c.isalnum() or c == "_" for c in ascii_)
        assert bool(bits & DIGITS) == all(c.isdigit() for c in ascii_)
        assert bool(bits & DIGIT) == any(c.isdigit() for c in ascii_)
        assert bool(bits & PRINTED) == (value.isascii() and value.isprintable())
        around = (value[0] + value[-1]).strip()
        assert bool(bits & TRIMMED) == (len(around) == 2 and around.isascii() and around.isprintable())


def test_letters_of_nothing() -> None:
    assert np.array_equal(letters(pa.array([], pa.string())), [])
    assert np.array_equal(letters(pa.nulls(2, pa.string())), [0, 0])
