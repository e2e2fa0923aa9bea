"""NDJSON and JSON arrays: a bad row stays one row."""

from __future__ import annotations

import json

import pytest

from tests.events.conftest import MAP, Reader
from unisono.events.files.parse import depth
from unisono.study import Limits, UserError

T = "2021-03-04T05:06:07Z"


def row(user: object = "ann", **more: object) -> str:
    return json.dumps({"user": user, "at": T, "id": 1, "text": "x", **more})


def test_types_of_values(read: Reader) -> None:
    lines = [
        row(id=9007199254740993, text="a"),
        row(id=12.0, text=None, user=7),
        row(id="0012", text={"a": [1]}),
        row(id=True, text=5),
    ]
    result = read({"p.ndjson": "\n".join(lines)})
    assert {(e["event_id"], e["account_id"], e["text"]) for e in result.events} == {
        ("9007199254740993", "ann", "a"),
        ("12", "7", None),
        ("0012", "ann", '{"a":[1]}'),
        ("true", "ann", "5"),
    }


def test_nested_columns_and_native_lists(read: Reader) -> None:
    line = json.dumps(
        {"author": {"id": 5, "name": "Ann"}, "at": T, "links": ["http://a.example/", None, ""], "dotted.key": "t"}
    )
    result = read({"p.jsonl": line}, map="account=author.id,name=author.name,time=at,urls=links,text=dotted.key")
    assert result.events[0]["account_id"] == "5"
    assert result.events[0]["urls"] == ["http://a.example/"]
    assert result.events[0]["text"] == "t"
    assert result.rows("accounts")[0]["name"] == "Ann"


def test_reasons(read: Reader) -> None:
    deep = '{"user": "ann", "at": ' + "[" * 100_000 + "]" * 100_000 + "}"
    lines = [b"{", b"[1]", b"5", b'"s"', deep.encode(), b'{"user": "\xff"}', rb'{"text": "\x0B"}', row().encode()]
    result = read({"p.ndjson": b"\n".join(lines) + b"\n\n"}, limits=Limits(rejects_share=1))
    assert result.reasons == [
        (1, "bad_json"),
        (2, "not_an_object"),
        (3, "not_an_object"),
        (4, "not_an_object"),
        (5, "too_deep"),
        (6, "bad_utf8"),
        (7, "bad_json"),
    ]
    assert [e["source_line"] for e in result.events] == [8]


def test_brackets_in_texts_are_no_nesting(read: Reader) -> None:
    result = read({"p.ndjson": row(text="[" * 500 + '"')})
    assert len(result.events) == 1
    assert depth(b'{"a": "[[[\\"[", "b": [{}]}') == 3


def test_what_a_strict_parser_refuses_and_others_write(read: Reader) -> None:
    lines = '{"user": "ann", "at": "' + T + '", "id": NaN, "text": "a\\ud800b"}'
    event = read({"p.ndjson": lines}).events[0]
    assert event["text"] == "a\ufffdb"
    assert event["event_id"].startswith("row/")


def test_the_last_of_two_equal_keys_counts(read: Reader) -> None:
    result = read({"p.ndjson": '{"user": "a", "user": "b", "at": "' + T + '", "id": 1, "text": ""}'})
    assert result.events[0]["account_id"] == "b"


def test_long_values(read: Reader) -> None:
    result = read({"p.ndjson": row(text=["y" * 200]) + "\n" + row()}, limits=Limits(field_chars=100))
    assert result.reasons == [(1, "field_too_long")]


def test_an_array(read: Reader) -> None:
    rows = [row(text='],[{"\\'), "7", row(id=2, text="é" * 10), "{bad}"]
    result = read({"p.json": " [" + " ,\n".join(rows) + "]  \n"})
    assert [(e["source_line"], e["text"]) for e in result.events] == [(1, '],[{"\\'), (3, "é" * 10)]
    assert result.reasons == [(2, "not_an_object"), (4, "bad_json")]


def test_an_array_longer_than_a_block(read: Reader) -> None:
    rows = [row(id=i, text="z" * (i * 997 % 5_000)) for i in range(2_000)]
    result = read({"p.json": "[" + ",".join(rows) + "]"})
    assert {e["event_id"]: len(e["text"] or "") for e in result.events} == {
        str(i): i * 997 % 5_000 for i in range(2_000)
    }


@pytest.mark.parametrize("end", ["", ",", ',{"user": "ann"', ',{"user": "an'])
def test_an_array_that_breaks_off_keeps_what_is_whole(read: Reader, end: str) -> None:
    result = read({"p.json": f"[{row()}" + end})
    assert result.reasons == [(0, "truncated_file")]
    assert len(result.events) == (0 if end == "" else 1)


def test_what_stands_behind_an_array_is_said(read: Reader) -> None:
    assert read({"p.json": f"[{row()}] []"}).reasons == [(0, "after_the_end")]
    assert read({"p.json": "[]"}).events == []


def test_an_element_without_end_has_a_limit(read: Reader) -> None:
    data = f"[{row()}, " + '{"text": "' + "x" * (4 << 20)
    assert read({"p.json": data}, limits=Limits(line_bytes=1 << 20)).reasons == [(0, "line_too_long")]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("p.json", "", "p.json is empty"),
        ("p.json", " \n", "p.json is empty"),
        ("p.json", '{"a": 1}\n{"a": 2}', "no JSON array: it begins with an object"),
        ("p.json", "user,at", "does not begin with ["),
        ("p.ndjson", "", "p.ndjson is empty"),
        ("p.ndjson", "\n \n", "p.ndjson is empty"),
        ("p.ndjson", '{"usr": 1, "at": 2}', "no column 'user'"),
    ],
)
def test_a_file_that_is_no_table(read: Reader, name: str, data: str, says: str) -> None:
    with pytest.raises(UserError) as e:
        read({name: data})
    assert says in e.value.what
    assert name in e.value.what
    assert e.value.remedy


def test_the_remedy_for_objects_by_line(read: Reader) -> None:
    with pytest.raises(UserError, match='file_format="ndjson"'):
        read({"p.json": row()})
    assert len(read({"p.json": row()}, file_format="ndjson").events) == 1


def test_a_column_that_no_row_has_is_an_error_and_a_rare_one_is_not(read: Reader) -> None:
    lines = [row(id=i) for i in range(1_500)] + [row(id=9_999, rt=5)]
    result = read({"p.ndjson": "\n".join(lines)}, map=f"{MAP},repost_of=rt")
    assert [e["kind"] for e in result.events if e["repost_of"] == "5"] == ["repost"]
    with pytest.raises(UserError, match="no column 'retweet'"):
        read({"p.ndjson": "\n".join(lines)}, map=f"{MAP},repost_of=retweet")
