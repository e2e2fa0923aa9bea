"""Records become posts: getters that take anything, defaults from the text, times, and what is no post."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.events.files.batch import RawBatch, row_sha256
from unisono.events.posts import Post, at, number_at, posts_of, records_at, text_at, texts_at

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)


def batch(*records: dict[str, Any]) -> RawBatch:
    raw = [repr(r).encode() for r in records]
    return RawBatch(np.arange(1, len(records) + 1), {}, raw, records=list(records))


@given(ANYTHING, st.sampled_from(["a", "a.b", "a.b.c"]))
def test_getters_take_anything(value: Any, path: str) -> None:
    assert text_at(value, path) is None or isinstance(text_at(value, path), str)
    number = number_at(value, path)
    assert number is None or -(1 << 63) <= number < 1 << 63
    assert all(isinstance(r, dict) for r in records_at(value, path))
    assert all(t and isinstance(t, str) for t in texts_at(value, path))


def test_getters() -> None:
    record = {"a": {"b": 7, "c": "8", "t": True, "l": ["x", 1, {"y": 2}, ""]}}
    assert at(record, "a.b.c") is None
    assert (text_at(record, "a.b"), text_at(record, "a.t"), text_at(record, "a")) == ("7", None, None)
    assert (number_at(record, "a.c"), number_at(record, "a.l")) == (8, None)
    assert (records_at(record, "a.l"), texts_at(record, "a.l")) == ([{"y": 2}], ["x"])


def read(record: dict[str, Any]) -> Post | str:
    return "no_post" if record.get("bad") else Post(account="1", time=record.get("t"), text=record.get("text"))


def test_what_is_no_post_is_a_reject_with_the_row_it_came_from() -> None:
    given_ = batch({"t": "2021-03-04T05:06:07Z"}, {"bad": 1}, {"t": 1614834367})
    made = posts_of(given_, read)
    assert made.lines.tolist() == [1, 3]
    assert made.times is not None
    assert made.times.t_us.tolist() == [1614834367_000_000] * 2
    assert given_.raw is not None
    assert made.rejects == [(2, "no_post", row_sha256(given_.raw[1]))]


def test_lists_are_taken_from_the_text_only_where_the_platform_gives_none() -> None:
    text = "see https://a.example/x #tag @Ann"
    made = posts_of(batch({"t": 1614834367, "text": text}), read, "x")
    assert [made.columns[c] for c in ("urls", "hashtags", "mentions")] == [
        [["https://a.example/x"]],
        [["tag"]],
        [["@ann"]],
    ]
    own = posts_of(
        batch({}), lambda _: Post(account="1", t_us=5, step_us=2, text=text, urls=[], hashtags=[], mentions=[])
    )
    assert [own.columns[c] for c in ("urls", "hashtags", "mentions")] == [[[]], [[]], [[]]]
    assert own.times is not None
    assert (own.times.t_us[0], own.times.resolution_us[0]) == (5, 2)


@pytest.mark.parametrize(
    ("written", "reason"), [(None, "no_time"), ("", "no_time"), ("soon", "bad_time"), ([], "bad_time")]
)
def test_times_that_are_none(written: Any, reason: str) -> None:
    made = posts_of(batch({"t": written}), read)
    assert made.times is not None
    assert made.times.reasons == {0: reason}
