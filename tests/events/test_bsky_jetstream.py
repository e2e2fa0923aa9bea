"""Bluesky's Jetstream: every documented field comes out, and each trap of the format by name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from tests.events.generators import bsky_jetstream as made_frames
from tests.events.generators import posts as made
from tests.events.reading import events, fixture, mapped, reasons

V1, V2 = fixture("bsky_jetstream_v1.ndjson"), fixture("bsky_jetstream_v2.ndjson")
T_US = 1_725_911_162_329_308
ANN = "bsky/at://did:plc:ann/app.bsky.feed.post/3l3qo1"


def test_fields() -> None:
    first = events("p.ndjson", V1)[0]
    assert first == first | {
        "event_id": ANN, "account_id": "bsky/did:plc:ann", "platform": "bsky", "kind": "post", "lang": "fa",
        "text": "🎉🎉 #دوم see a.example/x @bob #first", "urls": ["https://a.example/x?full=1"],
        "mentions": ["bsky/did:plc:bob"], "thread_id": ANN, "reach": None,
        "permalink": "https://bsky.app/profile/did:plc:ann/post/3l3qo1",
    }  # fmt: skip


def test_the_time_is_when_the_stream_saw_it_and_not_what_the_client_says() -> None:
    first = events("p.ndjson", V1)[0]
    assert (first["t_us"], first["t_basis"], first["t_resolution_us"]) == (T_US, "collector", 1)
    first = events("p.ndjson", V2)[0]
    assert (first["t_us"], first["t_basis"], first["t_resolution_us"]) == (T_US, "collector", 1)


def test_facets_count_in_bytes_and_give_the_order_of_the_text() -> None:
    assert events("p.ndjson", V1)[0]["hashtags"] == ["دوم", "first", "extra"]


def test_the_cid_of_an_image_or_video_is_its_hash() -> None:
    first, second, *_ = events("p.ndjson", V1)
    assert [(m["kind"], m["hash"], m["hash_kind"]) for m in first["media"] + second["media"]] == [
        ("image", "bafkreia", "cid"),
        ("image", "bafkreib", "cid"),
        ("video", "bafkreiv", "cid"),
    ]


def test_quotes_with_and_without_media() -> None:
    assert [(e["kind"], e["quote_of"]) for e in events("p.ndjson", V1)[1:3]] == [("quote", ANN)] * 2


def test_a_reply_has_parent_and_root_and_a_card_is_a_link() -> None:
    reply = events("p.ndjson", V1)[3]
    assert (reply["kind"], reply["reply_to"]) == ("reply", "bsky/at://did:plc:bob/app.bsky.feed.post/3l3qo2")
    assert (reply["thread_id"], reply["urls"]) == (ANN, ["https://card.example/"])


def test_reposts_likes_and_follows() -> None:
    repost, like, follow = events("p.ndjson", V1)[4:7]
    assert (repost["kind"], repost["repost_of"]) == ("repost", ANN)
    assert (like["kind"], like["target_id"]) == ("like", ANN)
    assert (follow["kind"], follow["target_id"]) == ("follow", "bsky/did:plc:ann")


def test_a_deletion_is_an_act_of_its_own_beside_what_it_deletes() -> None:
    found = {e["event_id"]: e for e in events("p.ndjson", V1)}
    deletion = found[f"{ANN}#delete"]
    assert (deletion["kind"], deletion["target_id"], found[ANN]["kind"]) == ("delete", ANN, "post")
    (_, unliked) = events("p.ndjson", V2)
    assert (unliked["kind"], unliked["target_id"]) == ("delete", "bsky/at://did:plc:ann/app.bsky.feed.like/3l3qo2")


def test_frames_about_accounts_and_other_collections_are_no_post() -> None:
    assert reasons("p.ndjson", V1) == [(9, "no_post"), (10, "no_post"), (11, "no_post")]
    assert reasons("p.ndjson", V2) == [(3, "no_post"), (4, "no_post")]


@pytest.mark.parametrize(("time", "reason"), [(1 << 70, "no_time"), ("soon", "no_time"), (-5, ""), (None, "no_time")])
def test_a_time_that_is_none(time: Any, reason: str) -> None:
    frame = json.loads(V1.splitlines()[0]) | {"time_us": time}
    assert [r for _, r in reasons("p.ndjson", json.dumps(frame))] == [reason] * bool(reason)


@given(made.many)
def test_round_trip(given_posts: list[dict[str, Any]]) -> None:
    for write in (made_frames.v1, made_frames.v2):
        lines = "\n".join(json.dumps(write(p, i)) for i, p in enumerate(given_posts))
        found, lost, rows = mapped("p.ndjson", lines.encode())
        assert (len(found), lost, rows) == (len(given_posts), 0, len(given_posts))
        for i, (event, post) in enumerate(zip(found, given_posts, strict=True)):
            kind, refers = post["kind"], f"bsky/{made_frames.uri('x', post['refers'])}"
            own = "app.bsky.feed.repost" if kind == "repost" else "app.bsky.feed.post"
            assert event == event | {
                "account_id": f"bsky/did:plc:{post['account']['native']}", "t_us": post["t_us"] + i, "kind": kind,
                "native_id": f"bsky/at://did:plc:{post['account']['native']}/{own}/k{i}", "t_basis": "collector",
                "repost_of": refers if kind == "repost" else None, "reply_to": refers if kind == "reply" else None,
                "quote_of": refers if kind == "quote" else None,
            }  # fmt: skip
            if kind != "repost":
                assert event == event | {
                    "text": post["text"], "lang": post["lang"], "urls": post["urls"], "hashtags": post["hashtags"],
                    "mentions": [f"bsky/did:plc:{m}" for m in post["mentions"]],
                }  # fmt: skip
                assert [m["hash"] for m in event["media"]] == ([f"bafk{post['refers']}"] if post["media"] else [])
            if kind == "reply":
                assert event["thread_id"] == f"bsky/{made_frames.uri('x', post['thread'])}"
