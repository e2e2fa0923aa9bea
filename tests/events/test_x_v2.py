"""X API v2: every documented field comes out, and each trap of the format by name."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from tests.events.generators import posts as made
from tests.events.generators.x_v2 import page
from tests.events.reading import accounts, events, fixture, mapped, read_tables, reasons

PAGE = fixture("x_v2_page.json")
FIRST = "2021-03-04T05:06:07.000Z"


def tweet(**more: Any) -> dict[str, Any]:
    return {"id": "5", "author_id": "1", "created_at": FIRST, "text": "hi", "conversation_id": "5", **more}


def test_fields() -> None:
    first, _, _, _ = events("p.json", PAGE)
    assert first == first | {
        "event_id": "x/1367338200123456789", "platform": "x", "account_id": "x/44196397", "kind": "post",
        "t_us": 1_614_834_367_000_000, "t_basis": "platform", "t_resolution_us": 1_000_000, "lang": "en",
        "lang_basis": "platform", "urls": ["https://news.example/a"], "hashtags": ["Tag", "سلام"],
        "mentions": ["x/12"], "repost_of": None, "quote_of": None, "reply_to": None, "place": None,
        "thread_id": "x/1367338200123456789", "client": "Twitter Web App", "reach": 900,
        "permalink": "https://x.com/ann/status/1367338200123456789", "source_line": 1,
        "media": [
            {"kind": "photo", "url": "https://pbs.twimg.com/media/a.jpg", "hash": "3_111", "hash_kind": "x_media_key"},
            {"kind": "video", "url": "https://pbs.twimg.com/media/b.jpg", "hash": "7_222", "hash_kind": "x_media_key"},
        ],
    }  # fmt: skip


def test_authors_come_from_includes() -> None:
    found = accounts("p.json", PAGE)
    assert found["x/44196397"] == found["x/44196397"] | {
        "handle": "ann", "name": "Ann <b>", "description": "=1+1", "location": "Nowhere", "followers": 120,
        "following": 30, "label": "blue", "created_us": 1_243_973_549_000_000, "platform": "x",
    }  # fmt: skip
    assert (found["x/12"]["handle"], found["x/12"]["label"]) == ("bob", None)
    assert found["x/99"]["handle"] is None


def test_a_truncated_retweet_is_completed_from_the_original() -> None:
    retweet = events("p.json", PAGE)[1]
    assert (retweet["kind"], retweet["repost_of"]) == ("repost", "x/1367338100000000000")
    assert retweet["text"].startswith("RT @ann: Look at ")
    assert retweet["text"].endswith("cut off no more https://t.co/end1234567")
    assert retweet["urls"] == ["https://bit.ly/x", "https://end.example/c"]
    assert retweet["hashtags"] == ["Tag", "سلام"]
    assert retweet["mentions"] == ["x/44196397", "x/12"]
    assert [m["hash"] for m in retweet["media"]] == ["3_333"]


def test_a_retweet_whose_original_is_missing_keeps_what_it_has() -> None:
    (event,) = events("p.ndjson", json.dumps(tweet(referenced_tweets=[{"type": "retweeted", "id": "4"}])))
    assert (event["kind"], event["repost_of"], event["text"]) == ("repost", "x/4", "hi")


def test_posts_of_includes_are_no_events() -> None:
    ids = {e["event_id"] for e in events("p.json", PAGE)}
    assert len(ids) == 4
    assert "x/1367338100000000000" not in ids


def test_a_long_post_has_its_whole_text_and_the_links_in_it() -> None:
    long = events("p.json", PAGE)[2]
    assert long["text"].endswith("https://t.co/longer1234 #Ende")
    assert (long["urls"], long["hashtags"]) == (["https://long.example/b"], ["Ende"])


def test_a_short_text_is_html_and_a_long_one_is_not() -> None:
    short, long = tweet(text="1st &amp; 2nd &lt;3"), tweet(text="cut", note_tweet={"text": "&amp; as typed"})
    assert [events("p.json", json.dumps({"data": [t]}))[0]["text"] for t in (short, long)] == [
        "1st & 2nd <3",
        "&amp; as typed",
    ]


def test_a_reply_that_quotes_is_a_reply_with_both() -> None:
    reply = events("p.json", PAGE)[2]
    assert (reply["kind"], reply["reply_to"], reply["quote_of"]) == (
        "reply",
        "x/1367338000000000000",
        "x/1367338300000000001",
    )
    assert (reply["thread_id"], reply["reach"]) == ("x/1367338000000000000", 4)
    assert reply["permalink"] == "https://x.com/i/web/status/1367338400000000002"


def test_the_link_to_the_quoted_post_and_to_own_media_are_no_links() -> None:
    quote = events("p.json", PAGE)[3]
    assert (quote["kind"], quote["quote_of"], quote["urls"]) == ("quote", "x/1367338200123456789", [])


def test_unwound_before_expanded_before_short() -> None:
    links = [{"url": "https://t.co/1"}, {"url": "u", "expanded_url": "https://e.example/"},
             {"url": "u", "expanded_url": "e", "unwound_url": "https://w.example/"}]  # fmt: skip
    (event,) = events("p.ndjson", json.dumps(tweet(entities={"urls": links})))
    assert event["urls"] == ["https://t.co/1", "https://e.example/", "https://w.example/"]


def test_entities_that_nobody_asked_for_are_found_in_the_text() -> None:
    (event,) = events("p.ndjson", json.dumps(tweet(text="#a https://b.example/ @Carl")))
    assert (event["hashtags"], event["urls"], event["mentions"]) == (["a"], ["https://b.example/"], ["x/@carl"])


def test_views_that_are_zero_give_way_to_likes() -> None:
    for metrics, reach in (
        ({"impression_count": 0, "like_count": 3}, 3),
        ({"impression_count": 0, "like_count": 0}, 0),
    ):
        (event,) = events("p.ndjson", json.dumps(tweet(public_metrics=metrics)))
        assert event["reach"] == reach


def test_pages_tweets_and_stream_lines_are_the_same_posts() -> None:
    whole = json.loads(PAGE)
    lines = "\n".join(
        json.dumps({"data": d, "includes": whole["includes"], "matching_rules": []}) for d in whole["data"]
    )
    ways = {
        "p.json": PAGE,
        "pages.ndjson": json.dumps(whole),
        "array.json": json.dumps([whole]),
        "stream.ndjson": lines,
    }
    read = [
        sorted(({**e, "source_file": "", "source_line": 0} for e in events(name, data)), key=lambda e: e["event_id"])
        for name, data in ways.items()
    ]
    assert read[0] == read[1] == read[2] == read[3]
    bare = events("p.ndjson", "\n".join(json.dumps(d) for d in whole["data"]))
    assert sorted(e["event_id"] for e in bare) == [e["event_id"] for e in read[0]]


def test_flattened_tweets_carry_their_author_media_and_original_inside() -> None:
    whole = json.loads(PAGE)
    original, includes = whole["includes"]["tweets"][0], whole["includes"]
    flat = {**whole["data"][1], "author": includes["users"][1],
            "referenced_tweets": [{"type": "retweeted", **original}]}  # fmt: skip
    first = {**whole["data"][0], "author_user": includes["users"][0],
             "attachments": {"media_keys": includes["media"][:2]}}  # fmt: skip
    by_twarc = {**whole["data"][0], "id": "7", "attachments": {"media": includes["media"][:2]}}
    result = events("p.ndjson", "\n".join(map(json.dumps, (flat, first, by_twarc))))
    assert result[0]["text"].endswith("cut off no more https://t.co/end1234567")
    assert [m["hash"] for m in result[1]["media"]] == [m["hash"] for m in result[2]["media"]] == ["3_111", "7_222"]
    assert result[1]["permalink"] == "https://x.com/ann/status/1367338200123456789"


def test_a_damaged_page_is_one_reject_and_an_empty_one_too() -> None:
    line = json.dumps(json.loads(PAGE))
    data = f'{line[: len(line) // 2]}\n{{"data": [], "meta": {{"result_count": 0}}}}\n{line}\n{{"meta": {{}}}}\n'
    result = read_tables("p.ndjson", data)
    assert [(r["line"], r["reason"]) for r in result.out.facts["rejects"]] == [
        (1, "bad_json"), (2, "empty_page"), (4, "no_account"),
    ]  # fmt: skip
    assert [e["source_line"] for e in result.out.facts["events"]] == [3, 3, 3, 3]


def test_what_is_no_tweet_on_a_page_is_a_reject_of_its_own() -> None:
    data = json.dumps({"data": [tweet(), 5, None, tweet(id="6", text="x" * 2_000_000), tweet(id="7")]})
    assert reasons("p.json", data) == [(2, "not_an_object"), (3, "not_an_object"), (4, "field_too_long")]


@given(made.many)
def test_round_trip(given_posts: list[dict[str, Any]]) -> None:
    for size in (1, len(given_posts)):
        pages = [page(given_posts[i : i + size], i) for i in range(0, len(given_posts), size)]
        found, lost, rows = mapped("p.ndjson", "\n".join(map(json.dumps, pages)).encode())
        assert (len(found), lost, rows) == (len(given_posts), 0, len(given_posts))
        for i, (event, post) in enumerate(zip(found, given_posts, strict=True)):
            who, kind = post["account"], post["kind"]
            assert event == event | {
                "native_id": f"x/{i + 1}", "account_id": f"x/{who['native']}", "t_us": post["t_us"], "kind": kind,
                "lang": post["lang"], "client": post["client"], "reach": post["views"], "urls": post["urls"],
                "hashtags": post["hashtags"], "mentions": [f"x/{m}" for m in post["mentions"]],
                "text": f"RT @who: {post['text']}" if kind == "repost" else post["text"],
                "repost_of": f"x/{post['refers']}" if kind == "repost" else None,
                "quote_of": f"x/{post['refers']}" if kind == "quote" else None,
                "reply_to": f"x/{post['refers']}" if kind == "reply" else None, "thread_id": f"x/{post['thread']}",
                "account_handle": who["handle"], "account_name": who["name"], "account_created_us": who["created_us"],
                "account_description": who["description"], "account_location": who["location"],
                "account_followers": who["followers"], "account_following": who["following"],
            }  # fmt: skip
            assert [m["hash"] for m in event["media"]] == ([f"3_{i}"] if post["media"] else [])
