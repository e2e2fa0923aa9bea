"""Zeeschuimer and 4CAT's NDJSON: every field of X's and TikTok's own objects comes out, and each trap by name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from tests.events.generators import posts as made
from tests.events.generators import web
from tests.events.reading import LOOSE, accounts, events, fixture, mapped, read_tables, reasons
from unisono.study import UserError

FILES = {"zeeschuimer": fixture("zeeschuimer.ndjson"), "4cat-ndjson": fixture("4cat_ndjson.ndjson")}
EITHER = pytest.mark.parametrize("data", FILES.values(), ids=FILES)


def by_id(data: bytes) -> dict[str, dict[str, Any]]:
    return {e["event_id"]: e for e in events("p.ndjson", data)}


@pytest.mark.parametrize("name", FILES)
def test_each_is_known_by_its_wrapping(name: str) -> None:
    assert read_tables("p.ndjson", FILES[name], limits=LOOSE).sources["p.ndjson"].format == name


def test_both_wrappings_hold_the_same_posts() -> None:
    one, other = (events("p.ndjson", data) for data in FILES.values())
    assert one == other


@EITHER
def test_fields_of_x(data: bytes) -> None:
    first = by_id(data)["x/1367338200123456789"]
    assert first == first | {
        "platform": "x", "account_id": "x/44196397", "kind": "post", "t_us": 1_614_834_367_000_000,
        "t_resolution_us": 1_000_000, "t_basis": "platform", "lang": "en", "urls": ["https://news.example/a"],
        "hashtags": ["Tag", "سلام"], "mentions": ["x/12"], "thread_id": "x/1367338200123456789",
        "client": "Twitter Web App & co", "reach": 900, "permalink": "https://x.com/ann/status/1367338200123456789",
        "text": "Look at https://t.co/a #Tag #سلام @bob https://t.co/p",
        "media": [{"kind": "photo", "url": "https://pbs.twimg.com/media/a.jpg", "hash": "3_111",
                   "hash_kind": "x_media_key"}],
    }  # fmt: skip


@EITHER
def test_fields_of_tiktok(data: bytes) -> None:
    first = by_id(data)["tiktok/6935000000000000001"]
    assert first == first | {
        "platform": "tiktok", "account_id": "tiktok/@ann.x", "kind": "quote", "t_us": 1_614_834_367_000_000,
        "t_resolution_us": 1_000_000, "text": "Dance #one @bob", "lang": "en", "hashtags": ["one"],
        "mentions": ["tiktok/@bob"], "quote_of": "tiktok/6935000000000000000", "reach": 1_000,
        "permalink": "https://www.tiktok.com/@Ann.x/video/6935000000000000001",
    }  # fmt: skip
    assert [(m["kind"], m["url"], m["hash"]) for m in first["media"]] == [
        ("music", None, "6700000000000000001"),
        ("video", "https://p.example/c.jpg", None),
    ]


@EITHER
def test_accounts_in_their_older_and_newer_places(data: bytes) -> None:
    found = accounts("p.ndjson", data)
    shown = {"name": "Ann <b>", "description": "=1+1", "location": "Nowhere", "followers": 120, "following": 30,
             "label": "Business", "created_us": 1_243_973_549_000_000}  # fmt: skip
    for account, handle in (("x/44196397", "ann"), ("x/12", "bob")):
        assert found[account] == found[account] | shown | {"handle": handle}
    assert found["tiktok/@ann.x"] == found["tiktok/@ann.x"] | {
        "handle": "Ann.x", "name": "Ann", "description": "hi", "location": "DE", "followers": 10, "following": 2,
        "created_us": 1_500_000_000_000_000,
    }  # fmt: skip


def test_counts_of_an_author_without_legacy_and_a_short_text_is_html() -> None:
    line = json.loads(FILES["zeeschuimer"].splitlines()[0])
    user = line["data"]["core"]["user_results"]["result"]
    user |= {"core": {"screen_name": "ann"}, "relationship_counts": {"followers": 5, "following": 6}}
    del user["legacy"]
    line["data"]["legacy"]["full_text"] = "1st &amp; 2nd &lt;3"
    (found,) = events("p.ndjson", json.dumps(line))
    assert found["text"] == "1st & 2nd <3"
    (ann,) = accounts("p.ndjson", json.dumps(line)).values()
    assert (ann["followers"], ann["following"]) == (5, 6)


@EITHER
def test_a_truncated_retweet_is_completed_from_the_original_one_level_deeper(data: bytes) -> None:
    retweet = by_id(data)["x/1367338300000000001"]
    assert (retweet["kind"], retweet["repost_of"]) == ("repost", "x/1367338100000000000")
    assert retweet["text"] == "RT @ann: A text that is long enough to be cut off #Tag https://t.co/a and then more"
    assert retweet["urls"] == ["https://end.example/c", "https://more.example/d"]
    assert (retweet["hashtags"], retweet["mentions"]) == (["Tag"], ["x/44196397", "x/13"])


@EITHER
def test_a_reply_that_quotes_and_its_link_to_what_it_quotes(data: bytes) -> None:
    both = by_id(data)["x/1367338400000000002"]
    assert (both["kind"], both["reply_to"]) == ("reply", "x/1367338000000000000")
    assert (both["quote_of"], both["urls"]) == ("x/1367338100000000009", [])
    assert (both["thread_id"], both["reach"]) == ("x/1367338000000000000", 7)


@EITHER
def test_an_author_that_is_absent_is_known_by_the_id_in_the_post(data: bytes) -> None:
    post = by_id(data)["x/1367338500000000003"]
    assert (post["account_id"], post["permalink"]) == ("x/99", "https://x.com/i/web/status/1367338500000000003")


@EITHER
def test_posts_one_level_deeper_and_posts_of_older_pages(data: bytes) -> None:
    found = by_id(data)
    assert (found["x/1367338600000000004"]["account_id"], found["x/1367338600000000004"]["text"]) == (
        "x/12",
        "one level deeper",
    )
    older = found["x/1367338700000000005"]
    assert (older["account_id"], older["client"], older["permalink"]) == (
        "x/14",
        "Old",
        "https://x.com/dan/status/1367338700000000005",
    )


@EITHER
def test_an_author_that_is_a_text_and_a_duet_with_nobody(data: bytes) -> None:
    older = by_id(data)["tiktok/6935000000000000002"]
    assert (older["account_id"], older["kind"], older["hashtags"]) == ("tiktok/@bob", "post", ["two"])
    assert (older["media"], older["reach"]) == ([], 4)
    assert accounts("p.ndjson", data)["tiktok/@bob"]["name"] == "Bob B"


@EITHER
def test_tombstones_and_live_streams_are_no_posts_and_other_platforms_are_named(data: bytes) -> None:
    assert reasons("p.ndjson", data) == [(7, "no_post"), (10, "no_post"), (11, "unknown_platform")]


def test_a_file_of_an_unknown_platform_is_said_to_be_unreadable() -> None:
    line = json.dumps(web.wrapped("rookery.example", {"id": "1"}, 1))
    with pytest.raises(UserError, match="unknown_platform 30"):
        events("p.ndjson", "\n".join([line] * 30))


def test_the_time_of_collection_is_not_the_time_of_the_post() -> None:
    assert max(e["t_us"] for e in events("p.ndjson", FILES["zeeschuimer"])) < 1_700_000_000_000_000


@given(made.many)
def test_round_trip_of_x(given_posts: list[dict[str, Any]]) -> None:
    for wrap in (web.wrapped, web.imported):
        data = "\n".join(json.dumps(wrap("x.com", web.x(p, i), i)) for i, p in enumerate(given_posts))
        found, lost, rows = mapped("p.ndjson", data.encode())
        assert (len(found), lost, rows) == (len(given_posts), 0, len(given_posts))
        for i, (event, post) in enumerate(zip(found, given_posts, strict=True)):
            who, kind, refers = post["account"], post["kind"], f"x/{post['refers']}"
            assert event == event | {
                "native_id": f"x/{i + 1}", "platform": "x", "account_id": f"x/{who['native']}", "t_us": post["t_us"],
                "kind": kind, "lang": post["lang"], "client": post["client"], "reach": post["views"],
                "urls": post["urls"], "hashtags": post["hashtags"], "mentions": [f"x/{m}" for m in post["mentions"]],
                "text": f"RT @who: {post['text']}" if kind == "repost" else post["text"],
                "repost_of": refers if kind == "repost" else None, "quote_of": refers if kind == "quote" else None,
                "reply_to": refers if kind == "reply" else None, "thread_id": f"x/{post['thread']}",
                "account_handle": who["handle"], "account_name": who["name"],
                "account_created_us": who["created_us"], "account_description": who["description"],
                "account_location": who["location"], "account_followers": who["followers"],
                "account_following": who["following"], "permalink": f"https://x.com/{who['handle']}/status/{i + 1}",
            }  # fmt: skip
            assert [m["hash"] for m in event["media"]] == ([f"3_{i}"] if post["media"] else [])


@given(made.many)
def test_round_trip_of_tiktok(given_posts: list[dict[str, Any]]) -> None:
    for wrap in (web.wrapped, web.imported):
        data = "\n".join(json.dumps(wrap("tiktok.com", web.tiktok(p, i), i)) for i, p in enumerate(given_posts))
        found, lost, rows = mapped("p.ndjson", data.encode())
        assert (len(found), lost, rows) == (len(given_posts), 0, len(given_posts))
        for i, (event, post) in enumerate(zip(found, given_posts, strict=True)):
            who, duet = post["account"], post["kind"] == "quote"
            assert event == event | {
                "native_id": f"tiktok/{10**18 + i}", "platform": "tiktok", "account_id": f"tiktok/@{who['handle']}",
                "t_us": post["t_us"], "kind": "quote" if duet else "post", "text": post["text"], "lang": post["lang"],
                "hashtags": post["hashtags"], "mentions": [f"tiktok/@u{m}" for m in post["mentions"]],
                "quote_of": f"tiktok/{post['refers']}" if duet else None, "reach": post["views"],
                "account_name": who["name"], "account_description": who["description"],
                "account_location": who["location"], "account_followers": who["followers"],
                "account_following": who["following"], "account_created_us": who["created_us"],
                "permalink": f"https://www.tiktok.com/@{who['handle']}/video/{10**18 + i}",
            }  # fmt: skip
            assert [m["hash"] for m in event["media"]] == ([post["thread"]] if post["media"] else [])
