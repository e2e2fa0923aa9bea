"""--map: what it says, and what it cannot say."""

from __future__ import annotations

import pytest

from unisono.events.fields.mapping import parse_map, parse_trace_map
from unisono.study import UserError


def test_columns_separators_and_kinds() -> None:
    m = parse_map(
        "account=author.id, time=created at,urls=links:pipe,kind=post_type:R=repost,Q=quote,=post,text=a:pipe,id=%-x"
    )
    assert m.columns == {
        "account": "author.id", "time": "created at", "urls": "links", "kind": "post_type", "text": "a:pipe",
        "id": "%-x",
    }  # fmt: skip
    assert m.separators == {"urls": "pipe"}
    assert m.kinds == {"R": "repost", "Q": "quote", "": "post"}
    assert m.required == ["author.id", "created at"]


def test_kind_tokens_end_where_another_field_begins() -> None:
    assert parse_map("account=a,time=t,kind=k:=post,text=post").columns["text"] == "post"
    with pytest.raises(UserError, match="no field 'R'"):
        parse_map("kind=k:Q=quote,account=a,time=t,R=repost")
    assert parse_map("account=a,time=t,kind=k").kinds == {}


def test_a_colon_that_names_no_separator_belongs_to_the_column() -> None:
    assert parse_map("account=a,time=t,urls=links:tab").columns["urls"] == "links:tab"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "write field=column"),
        ("account", "write field=column"),
        ("account=,time=t", "write field=column"),
        ("acount=a,time=t", "did you mean account?"),
        ("zzzz=a", "fields are: account"),
        ("account=a,account=b,time=t", "names account twice"),
        ("account=a", "which column is time"),
        ("text=a", "which column is account and time"),
        ("account=a,time=t,kind=k:R=retweet", "kinds are: post, repost"),
        ("account=a,time=t,kind=R=repost", "kind=COLUMN:VALUE=KIND"),
    ],
)
def test_errors_say_what_to_write(text: str, says: str) -> None:
    with pytest.raises(UserError) as e:
        parse_map(text)
    assert says in str(e.value)
    assert "`map`" in e.value.what


def test_traces() -> None:
    m = parse_trace_map("account=a,time=t,event=e,object:url=u,object:hashtag=h")
    assert m.columns == {"account": "a", "time": "t", "event": "e"}
    assert m.objects == {"url": "u", "hashtag": "h"}
    assert parse_trace_map("account=a,time=t,object=o").objects == {"object": "o"}
    assert parse_trace_map("account=a,time=t").objects == {}
    assert m.wanted == ["a", "t", "e", "u", "h"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("account=a,time=t,object:=x", "no field"),
        ("account=a,time=t,object:url=", "write field=column"),
        ("account=a,time=t,object:url=x,object:url=y", "twice"),
        ("account=a,time=t,text=x", "fields are: account, time, event, object"),
        ("account=a,object=x", "which column is time"),
    ],
)
def test_trace_errors(text: str, says: str) -> None:
    with pytest.raises(UserError) as e:
        parse_trace_map(text)
    assert says in str(e.value)
