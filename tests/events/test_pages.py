"""Pages: many records in one JSON value, each with a number of its own, whatever the value is damaged by."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.events.conftest import Reader
from tests.events.reading import events
from unisono.events.files.json_array import JsonBytes, begin, elements_at
from unisono.events.files.json_rows import ObjectRows, json_rows
from unisono.events.files.lines import Damage
from unisono.events.files.pages import PAGE, Pages, as_it_is, record_bytes
from unisono.events.files.unpack import Stream
from unisono.study import Limits, UserError

LIMITS = Limits(line_bytes=4_000, nesting=8)
PATHS = frozenset({"messages", "chats.list[].messages"})
clean = st.text(st.characters(codec="utf-8"), max_size=4)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | clean,
    lambda v: st.lists(v, max_size=3) | st.dictionaries(clean, v, max_size=3),
    max_leaves=8,
)


class Pieces(Stream):
    """Bytes, a few at a time."""

    def __init__(self, data: bytes, size: int = 5) -> None:
        self._data, self._size = io.BytesIO(data), size

    def read(self, n: int) -> bytes:
        return self._data.read(self._size)


def walked(data: bytes, size: int = 5) -> list[tuple[Any, dict[str, Any]]]:
    found = elements_at(begin(Pieces(data, size), "p", LIMITS), PATHS, as_it_is)
    return [(e.reason if isinstance(e, Damage) else json.loads(e), head) for e, head in found]


@given(st.lists(st.lists(values, max_size=4), max_size=3), values, st.integers(1, 40), st.sampled_from([None, 1]))
def test_elements_inside_an_object(chats: list[list[Any]], other: Any, size: int, indent: int | None) -> None:
    whole = {
        "about": other, "chats": {"list": [{"name": "é\\\"[", "id": i, "messages": m, "x": other}
                                           for i, m in enumerate(chats)]}, "tail": other,
    }  # fmt: skip
    expected = [[m, {"name": 'é\\"[', "id": i}] for i, chat in enumerate(chats) for m in chat]
    for ascii_only in (True, False):
        data = json.dumps(whole, indent=indent, ensure_ascii=ascii_only).encode()
        if len(data) < 4_000:
            assert [[e, h] for e, h in walked(data, size)] == expected


@pytest.mark.parametrize(
    ("data", "ends"),
    [
        (b'{"messages": [1, {"a": 2', [1, "truncated_file"]),
        (b'{"messages": [1], "x": "unfinished', [1, "truncated_file"]),
        (b'{"messages": [1', ["truncated_file"]),
        (b'{"x": ' + b"[" * 20, ["too_deep"]),
        (b'{"messages": ["' + b"x" * 9_000 + b'"]}', ["line_too_long"]),
        (b'{"messages": 5}', []),
        (b'{"messages": []}', []),
        (b'{"messages": [1]}', [1]),
        (b'{"chats": {"list": [{"messages": [1]}, {"messages": [2]}, 5]}}', [1, 2]),
        (b'{"wrong": {"messages": [1]}}', []),
    ],
)
def test_where_an_object_is_damaged(data: bytes, ends: list[Any]) -> None:
    assert [e for e, _ in walked(data)] == ends


def test_a_head_is_what_stands_before_its_array() -> None:
    assert walked(b'{"id": 7, "messages": [1], "name": "late"}') == [(1, {"id": 7})]


def test_marks_of_an_object_go_through_its_lists() -> None:
    rows = json_rows(Pieces(b'{"a": [{"b": {"c": 1}}, {"d": 2}], "e": 3}'), "p.json", Limits(), None)
    assert isinstance(rows, ObjectRows)
    assert set(rows.marks) == {"a", "a[].b", "a[].b.c", "a[].d", "e"}
    with pytest.raises(UserError, match="begins with an object"):
        list(rows.batches([]))


def test_a_page_is_held_whole_and_its_records_are_counted() -> None:
    pages = Pages(lambda page: ((r, "known") for r in page["items"]))
    rows = json_rows(Pieces(b'{"items": [{"a": 1}, 2, {"a": 3}]} '), "p.json", Limits(), pages)
    (batch,) = rows.batches([])
    assert batch.lines.tolist() == [1, 3]
    assert batch.records == [{"a": 1, PAGE: "known"}, {"a": 3, PAGE: "known"}]
    assert batch.raw == [b'{"a":1}', b'{"a":3}']
    assert [(r.line, r.reason) for r in batch.rejects] == [(2, "not_an_object")]


def test_a_page_whose_numbers_are_beyond_64_bits() -> None:
    assert record_bytes({"a": 1 << 70}) == b'{"a":1180591620717411303424}'
    assert record_bytes(1 << 70) == b"1180591620717411303424"


def test_what_stands_behind_a_page_is_said() -> None:
    page = json.dumps({"data": [{"id": "5", "author_id": "1", "created_at": "2021-03-04T05:06:07Z", "text": "x"}]})
    rows = json_rows(Pieces(f"{page} 5".encode()), "p.json", Limits(), Pages())
    assert [(r.line, r.reason) for b in rows.batches([]) for r in b.rejects] == [(0, "after_the_end")]
    with pytest.raises(UserError, match='file_format="ndjson"'):
        events("p.json", f"{page}\n{page}")
    assert len(events("p.json", f"{page}\n{page.replace('5', '6')}", file_format="ndjson")) == 2


def test_a_page_that_breaks_off_is_one_reject(read: Reader) -> None:
    data = '{"data": [{"id": "5", "author_id": "1", "created_at": "2021-03-04T05:06:07Z", "text": "x"}'
    result = read({"p.json": data}, map=None, **{"as": None})
    assert result.reasons == [(0, "truncated_file")]


def test_an_object_that_no_format_claims_is_no_array(read: Reader) -> None:
    with pytest.raises(UserError, match="begins with an object"):
        read({"p.json": '{"a": 1}'}, map=None, **{"as": None})


def test_a_format_of_records_wants_json(read: Reader) -> None:
    with pytest.raises(UserError, match=r"p\.csv is csv, and x-v2 is written in JSON"):
        read({"p.csv": "author_id,created_at,text\n1,2,3\n"}, map=None, format="x-v2")
    with pytest.raises(UserError, match="no format that is known by its columns"):
        read({"p.csv": "author_id,created_at,text,conversation_id\n1,2,3,4\n"}, map=None, **{"as": None})


def test_records_of_later_rejects_are_found_again(read: Reader) -> None:
    one = {"id": "5", "author_id": "1", "created_at": "2021-03-04T05:06:07Z", "text": "x"}
    result = read({"p.ndjson": json.dumps({"data": [one, one | {"id": "6"}, one]})}, map=None, **{"as": None})
    assert result.reasons == [(1, "duplicate")]


def test_a_text_without_a_token() -> None:
    assert JsonBytes(None, b"", Limits()).token() is None
