"""X's API v1.1: every field comes out, and each trap by name."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from tests.events.generators import posts as made
from tests.events.generators import x_v1
from tests.events.reading import LOOSE, accounts, events, fixture, mapped, read_tables, reasons
from tests.events.test_round_trips import Posts, check
from unisono.events.formats import formats

TWEETS = fixture("x_v1.ndjson")
LINES = [json.loads(line) for line in TWEETS.splitlines()]


def by_id() -> dict[str, dict[str, Any]]:
    return {e["event_id"]: e for e in events("p.jsonl", TWEETS)}


def test_tweets_and_answers_of_the_search_are_known_by_their_keys() -> None:
    assert read_tables("p.jsonl", TWEETS, limits=LOOSE).sources["p.jsonl"].format == "x-v1"
    answer = json.dumps({"statuses": LINES[:4], "search_metadata": {"count": 4}})
    assert events("p.json", answer) == [
        e | {"source_file": "p.json"} for e in events("p.jsonl", TWEETS) if e["kind"] != "delete"
    ]


def test_fields() -> None:
    first = by_id()["x/1367338200123456789"]
    assert first == first | {
        "platform": "x", "account_id": "x/44196397", "kind": "post", "t_us": 1_614_834_367_000_000,
        "t_resolution_us": 1_000_000, "t_basis": "platform", "lang": "en", "urls": ["https://news.example/a"],
        "hashtags": ["Tag", "سلام"], "mentions": ["x/12", "x/@old"], "thread_id": None, "client": "Web App & co",
        "reach": 7, "permalink": "https://x.com/ann/status/1367338200123456789",
    }  # fmt: skip
    ann = accounts("p.jsonl", json.dumps(LINES[0]))["x/44196397"]
    assert ann == ann | {
        "handle": "ann", "name": "Ann", "description": "=1+1", "location": "Nowhere", "followers": 12, "following": 3,
        "created_us": 1_243_973_549_000_000,
    }  # fmt: skip


def test_media_have_the_keys_that_v2_gives_them_where_their_kind_is_known() -> None:
    found = by_id()
    keys = [m["hash"] for m in found["x/1367338200123456789"]["media"]]
    assert keys == ["3_111", "7_112", None]
    assert [m["hash"] for m in found["x/1367338500000000003"]["media"]] == ["16_114"]


def test_a_truncated_retweet_is_completed_from_the_original_inside_and_quotes_nothing_itself() -> None:
    retweet = by_id()["x/1367338300000000001"]
    assert (retweet["kind"], retweet["repost_of"], retweet["quote_of"]) == ("repost", "x/1367338100000000000", None)
    assert retweet["text"] == "RT @ann: A text that is long enough to be cut off #Tag https://t.co/a & then more"
    assert (retweet["urls"], retweet["hashtags"]) == (["https://end.example/c"], ["Tag"])
    assert retweet["mentions"] == ["x/44196397", "x/13"]


def test_originals_and_quoted_posts_are_no_events_of_their_own() -> None:
    assert not by_id().keys() & {"x/1367338100000000000", "x/1367338100000000009"}


def test_a_reply_that_quotes_and_its_link_to_what_it_quotes() -> None:
    both = by_id()["x/1367338400000000002"]
    assert (both["kind"], both["reply_to"]) == ("reply", "x/1367338000000000000")
    assert (both["quote_of"], both["urls"]) == ("x/1367338100000000009", [])


def test_a_long_post_of_a_stream_is_whole() -> None:
    long = by_id()["x/1367338500000000003"]
    assert (long["text"], long["hashtags"]) == ("cut off at 140 > #more https://t.co/a", ["more"])
    assert long["urls"] == ["https://more.example/"]


def test_a_deletion_in_a_stream_is_an_act_and_its_other_messages_are_none() -> None:
    gone = by_id()["x/1367338100000000000#delete"]
    assert (gone["kind"], gone["account_id"], gone["t_us"]) == ("delete", "x/44196397", 1_614_834_400_123_000)
    assert gone["target_id"] == "x/1367338100000000000"
    assert reasons("p.jsonl", TWEETS) == [(6, "no_post"), (7, "no_post")]


def test_ids_that_are_only_numbers_are_read_as_they_stand() -> None:
    tweet = {**LINES[0], "id": 2**60 + 1, "id_str": None, "user": {**LINES[0]["user"], "id_str": None, "id": 2**61 + 1}}
    (found,) = events("p.jsonl", json.dumps(tweet), format="x-v1")
    assert (found["event_id"], found["account_id"]) == (f"x/{2**60 + 1}", f"x/{2**61 + 1}")


def test_v2_and_wrappings_of_other_tools_are_not_claimed() -> None:
    keys = ["id_str", "created_at", "full_text", "user.screen_name"]
    assert formats()["x-v1"].claims(keys)
    assert not formats()["x-v1"].claims([*keys, "__import_meta"])
    assert not any(f.claims(keys) for n, f in formats().items() if n != "x-v1")


@given(made.many)
def test_round_trip(posts: Posts) -> None:
    def expected(p: dict[str, Any], i: int) -> dict[str, Any]:
        who, kind, refers = p["account"], p["kind"], f"x/{p['refers']}"
        return {
            "native_id": f"x/{i + 1}", "account_id": f"x/{who['native']}", "t_us": p["t_us"], "kind": kind,
            "lang": p["lang"], "client": p["client"], "reach": p["views"], "urls": p["urls"],
            "hashtags": p["hashtags"], "mentions": [f"x/{m}" for m in p["mentions"]],
            "text": f"RT @who: {p['text']}" if kind == "repost" else p["text"],
            "repost_of": refers if kind == "repost" else None, "quote_of": refers if kind == "quote" else None,
            "reply_to": refers if kind == "reply" else None, "account_handle": who["handle"],
            "account_name": who["name"], "account_created_us": who["created_us"],
            "account_description": who["description"], "account_location": who["location"],
            "account_followers": who["followers"], "account_following": who["following"],
            "permalink": f"https://x.com/{who['handle']}/status/{i + 1}",
        }  # fmt: skip

    data = "\n".join(json.dumps(x_v1.tweet(p, i)) for i, p in enumerate(posts)).encode()
    check("p.jsonl", data, posts, expected)
    for i, (event, post) in enumerate(zip(mapped("p.jsonl", data)[0], posts, strict=True)):
        assert [m["hash"] for m in event["media"]] == ([f"3_{i}"] if post["media"] else [])
