"""Mastodon's REST API: every documented field comes out, and each trap of the format by name."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from tests.events.generators import posts as made
from tests.events.generators.mastodon import HOST, status
from tests.events.reading import accounts, events, fixture, mapped

DATA = fixture("mastodon.json")
FIRST = "mastodon/https://home.example/users/Ann/statuses/103254962155278888"


def test_fields() -> None:
    first = events("p.json", DATA)[0]
    assert first == first | {
        "event_id": FIRST, "account_id": "mastodon/@ann@home.example", "platform": "mastodon", "kind": "post",
        "t_us": 1_614_834_367_123_000, "lang": "fa", "hashtags": ["tag"], "client": "Web", "reach": 11,
        "mentions": ["mastodon/@bob@far.example", "mastodon/@cid@home.example"],
        "permalink": "https://home.example/@Ann/103254962155278888",
        "media": [
            {"kind": "image", "url": "https://files.example/a.png", "hash": None, "hash_kind": None},
            {"kind": "video", "url": "https://far.example/b.mp4", "hash": None, "hash_kind": None},
        ],
    }  # fmt: skip


def test_html_becomes_text() -> None:
    first = events("p.json", DATA)[0]
    assert first["text"] == "a warning\n\nhello <script>alert(1)</script> #Tag\n@bob\n\nhttps://a.example/x?a=1&b=2"


def test_anchors_of_mentions_and_hashtags_are_no_links() -> None:
    assert events("p.json", DATA)[0]["urls"] == ["https://a.example/x?a=1&b=2", "https://card.example/"]


def test_a_boost_is_a_repost_of_the_global_id_with_its_content() -> None:
    boost = events("p.json", DATA)[2]
    assert (boost["kind"], boost["repost_of"]) == ("repost", "mastodon/https://far.example/users/bob/statuses/0")
    assert (boost["text"], boost["urls"], boost["hashtags"], boost["lang"]) == (
        "boosted b.example",
        ["https://b.example/"],
        ["Two"],
        "de",
    )
    assert len(events("p.json", DATA)) == 4


def test_times_of_remote_accounts_are_their_own_word() -> None:
    assert [e["t_basis"] for e in events("p.json", DATA)] == ["platform", "client", "platform", "platform"]


def test_ids_are_global_and_not_those_of_one_server() -> None:
    found = [(e["event_id"], e["account_id"]) for e in events("p.json", DATA)]
    assert found[1] == ("mastodon/https://far.example/users/bob/statuses/1", "mastodon/@bob@far.example")
    elsewhere = json.loads(DATA)[:1]
    elsewhere[0] |= {"id": "5", "account": {**elsewhere[0]["account"], "id": "3", "acct": "ann@home.example"}}
    (same,) = events("p.json", json.dumps(elsewhere))
    assert (same["event_id"], same["account_id"]) == (FIRST, "mastodon/@ann@home.example")


def test_a_reply_points_at_the_local_id() -> None:
    reply = events("p.json", DATA)[1]
    assert (reply["kind"], reply["reply_to"]) == ("reply", "mastodon/103254962155278888")


def test_a_quote_and_its_link_to_what_it_quotes() -> None:
    quote = events("p.json", DATA)[3]
    assert (quote["kind"], quote["quote_of"]) == ("quote", "mastodon/https://far.example/users/bob/statuses/1")
    assert quote["urls"] == []


def test_the_line_that_stands_for_a_quote_is_not_what_was_written() -> None:
    status = json.loads(DATA)[3]
    line = '<p class="quote-inline">RE: <a href="https://gone.example/@x/1">https://gone.example/@x/1</a></p>'
    status |= {"content": f"{line}<p>My view</p>", "quote": {"state": "revoked", "quoted_status": None}}
    (found,) = events("p.json", json.dumps([status]))
    assert (found["text"], found["urls"]) == ("My view", [])


def test_accounts() -> None:
    found = accounts("p.json", DATA)
    assert found["mastodon/@ann@home.example"] == found["mastodon/@ann@home.example"] | {
        "handle": "ann@home.example", "name": "Ann 🐘", "description": "I am Ann", "followers": 320_775,
        "following": 453, "created_us": 1_479_981_732_085_000, "kind": "person",
    }  # fmt: skip
    assert found["mastodon/@bob@far.example"]["kind"] == "unknown"


def test_contexts_searches_and_lines_hold_the_same_statuses() -> None:
    whole = json.loads(DATA)
    ways = {"context.json": json.dumps({"ancestors": whole[:1], "descendants": whole[1:]}),
            "search.json": json.dumps({"accounts": [], "statuses": whole, "hashtags": []}),
            "lines.ndjson": "\n".join(map(json.dumps, whole)),
            "pages.ndjson": "\n".join(json.dumps({"statuses": [s]}) for s in whole)}  # fmt: skip
    first = [{**e, "source_file": ""} for e in events("p.json", DATA)]
    for name, data in ways.items():
        assert [{**e, "source_file": ""} for e in events(name, data)] == first


@given(made.many)
def test_round_trip(given_posts: list[dict[str, Any]]) -> None:
    data = json.dumps([status(p, i) for i, p in enumerate(given_posts)])
    found, lost, rows = mapped("p.json", data.encode())
    assert (len(found), lost, rows) == (len(given_posts), 0, len(given_posts))
    for i, (event, post) in enumerate(zip(found, given_posts, strict=True)):
        who, kind, refers = post["account"], post["kind"], post["refers"]
        tail = " l" * len(post["urls"]) + "".join(f" #{t}" for t in post["hashtags"])
        tail += "".join(f" @u{m}" for m in post["mentions"])
        assert event == event | {
            "native_id": f"mastodon/{HOST}/statuses/{i}", "account_id": f"mastodon/@{who['handle']}@home.example",
            "t_us": post["t_us"], "kind": kind, "text": post["text"] + tail, "lang": post["lang"],
            "urls": post["urls"], "hashtags": post["hashtags"], "client": post["client"], "reach": post["views"],
            "mentions": [f"mastodon/@u{m}@home.example" for m in post["mentions"]],
            "repost_of": f"mastodon/{HOST}/statuses/{refers}" if kind == "repost" else None,
            "quote_of": f"mastodon/{HOST}/statuses/{refers}" if kind == "quote" else None,
            "reply_to": f"mastodon/{refers}" if kind == "reply" else None, "account_name": who["name"],
            "account_description": who["description"], "account_followers": who["followers"],
            "account_following": who["following"], "account_created_us": who["created_us"],
        }  # fmt: skip
        assert [m["url"] for m in event["media"]] == ([f"{HOST}/{i}.png"] if post["media"] else [])
