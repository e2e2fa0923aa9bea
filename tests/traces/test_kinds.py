"""Which posts leave which traces, by the rules of the house; one planted behaviour per kind."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.study import UserError
from unisono.study.writer import conform
from unisono.tables import EVENTS
from unisono.traces import chosen_kinds, trace_kinds, traces_of

LONG = "the harvest moon rose over the quiet valley"


def batch(*events: dict[str, Any]) -> pa.RecordBatch:
    base = {"kind": "post", "account_id": "x/a", "t_us": 1, "t_resolution_us": 1_000_000}
    rows = [{"event_id": f"x/{k}", **base, **e} for k, e in enumerate(events)]
    table = pa.Table.from_pylist(rows, schema=EVENTS.schema)
    return (
        conform(table, EVENTS).combine_chunks().to_batches()[0]
        if rows
        else pa.RecordBatch.from_pylist([], EVENTS.schema)
    )


def objects(name: str, *events: dict[str, Any], content_of_reposts: bool = False) -> list[tuple[str, str]]:
    found = traces_of(batch(*events), trace_kinds()[name], content_of_reposts)
    return [(r["event_id"], r["object_id"]) for r in found.to_pylist()]


PLANTED = {
    "repost": {"kind": "repost", "repost_of": "x/9"},
    "quote": {"kind": "quote", "quote_of": "x/9"},
    "reply": {"kind": "reply", "reply_to": "x/9"},
    "url": {"urls": ["http://www.example.org/a/?utm_source=x"]},
    "domain": {"urls": ["http://news.example.org/a"]},
    "hashtag": {"hashtags": ["Harvest"]},
    "hashtag_sequence": {"hashtags": ["Harvest", "moon", "valley"]},
    "mention": {"mentions": ["x/9"]},
    "text": {"text": f"{LONG} https://example.org @you"},
    "media": {"media": [{"kind": "image", "url": None, "hash": "AB12CD34", "hash_kind": "sha1"}]},
}
EXPECTED = {
    "repost": "x/9", "quote": "x/9", "reply": "x/9", "url": "https://example.org/a", "domain": "example.org",
    "hashtag": "harvest", "hashtag_sequence": "#harvest #moon #valley", "mention": "x/9", "text": LONG,
    "media": "sha1:ab12cd34",
}  # fmt: skip


def test_there_is_a_planted_test_for_every_kind() -> None:
    assert set(trace_kinds()) == set(PLANTED) == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_planted(name: str) -> None:
    assert objects(name, PLANTED[name]) == [("x/0", EXPECTED[name])]


@pytest.mark.parametrize("name", ["url", "domain", "hashtag", "hashtag_sequence", "mention", "text", "media"])
def test_content_of_a_repost_counts_only_where_nobody_knows_what_it_reposts(name: str) -> None:
    known = {**PLANTED[name], "kind": "repost", "repost_of": "x/9"}
    unknown = {**PLANTED[name], "kind": "repost", "repost_of": None}
    assert objects(name, known, unknown) == [("x/1", EXPECTED[name])]
    assert len(objects(name, known, unknown, content_of_reposts=True)) == 2


@pytest.mark.parametrize("kind", ["like", "follow", "delete"])
@pytest.mark.parametrize("name", sorted(PLANTED))
def test_likes_follows_and_deletions_leave_no_content(name: str, kind: str) -> None:
    assert objects(name, {**PLANTED[name], "kind": kind}) == []


def test_an_event_touches_an_object_once_and_each_of_its_objects() -> None:
    two_spellings = {"urls": ["https://example.org/a", "http://www.example.org/a#top", "https://example.org/b"]}
    assert objects("url", two_spellings) == [("x/0", "https://example.org/a"), ("x/0", "https://example.org/b")]


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_nothing_is_no_object(name: str) -> None:
    nothing = {"urls": ["", "no link"], "hashtags": ["", "#"], "text": "@you https://example.org short", "mentions": []}
    empty = [{"kind": k, **nothing} for k in ("post", "repost", "quote", "reply")]
    assert objects(name, *empty) == []
    assert objects(name) == []


def test_long_texts_stay_apart_though_they_are_cut() -> None:
    start = "word " * 60
    found = objects("text", {"text": start + "one"}, {"text": start + "two"}, {"text": start + "one"})
    assert len({o for _, o in found}) == 2
    assert found[0][1] == found[2][1]
    assert all(len(o) < 220 for _, o in found)


def test_two_tags_are_no_sequence_and_order_counts() -> None:
    assert objects("hashtag_sequence", {"hashtags": ["a", "b"]}) == []
    found = objects("hashtag_sequence", {"hashtags": ["a", "b", "c"]}, {"hashtags": ["c", "b", "a"]})
    assert found[0][1] != found[1][1]


@given(st.lists(st.text(max_size=40), max_size=5), st.text(max_size=80))
def test_any_text_leaves_well_formed_objects(items: list[str], text: str) -> None:
    clean = [i.encode("utf-8", "replace").decode() for i in items]
    event = {"urls": clean, "hashtags": clean, "mentions": clean, "text": text.encode("utf-8", "replace").decode()}
    for kind in trace_kinds().values():
        found = traces_of(batch(event), kind).to_pylist()
        assert all(r["object_id"] for r in found)
        assert len({r["object_id"] for r in found}) == len(found)


def test_defaults_leave_topics_out_and_a_typo_is_told() -> None:
    assert {k.name for k in chosen_kinds(None)} == set(trace_kinds()) - {"domain", "hashtag", "mention"}
    assert [k.name for k in chosen_kinds(["url", "hashtag", "url"])] == ["hashtag", "url"]
    with pytest.raises(UserError) as e:
        chosen_kinds(["hashtags"])
    assert "did you mean hashtag" in e.value.remedy
