"""TikTok's Research API: every documented field comes out, and each trap of the format by name."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from tests.events.generators import posts as made
from tests.events.generators.tiktok import researched
from tests.events.reading import accounts, events, fixture, mapped, reasons

PAGE = fixture("tiktok_research.json")
PLACE = "https://www.tiktok.com/@Ann.b/video/7300000000000000001"


def test_fields() -> None:
    first = events("p.json", PAGE)[0]
    assert first == first | {
        "event_id": "tiktok/7300000000000000001", "account_id": "tiktok/@ann.b", "platform": "tiktok", "kind": "post",
        "t_us": 1_614_834_367_000_000, "t_resolution_us": 1_000_000, "t_basis": "platform", "text": "look #one @bob",
        "hashtags": ["one"], "mentions": ["tiktok/@bob"], "reach": 170, "permalink": PLACE,
    }  # fmt: skip
    assert accounts("p.json", PAGE)["tiktok/@ann.b"]["location"] == "DE"


def test_ids_of_64_bits_are_no_floats() -> None:
    assert [e["event_id"][-2:] for e in events("p.json", PAGE)] == ["01", "02"]


def test_there_is_no_id_of_an_account_but_its_name() -> None:
    assert [e["account_id"] for e in events("p.json", PAGE)] == ["tiktok/@ann.b", "tiktok/@bob"]


def test_music_and_effects_are_shared_by_their_ids_and_0_is_none() -> None:
    found = [[(m["hash_kind"], m["hash"]) for m in e["media"]] for e in events("p.json", PAGE)]
    assert found == [[("tiktok_music", "6900000000000000007"), ("tiktok_effect", "33")], [("tiktok_effect", "44")]]


def test_hashtags_may_stand_in_objects() -> None:
    assert events("p.json", PAGE)[1]["hashtags"] == ["two"]


def test_videos_without_a_name_or_a_time_are_rejects() -> None:
    assert [line for line, _ in reasons("p.json", PAGE)] == [3, 4]
    assert reasons("p.json", PAGE)[1][1] == "no_time"


def test_videos_by_line() -> None:
    lines = "\n".join(json.dumps(v) for v in json.loads(PAGE)["data"]["videos"][:2])
    assert [e["event_id"] for e in events("p.ndjson", lines)] == [e["event_id"] for e in events("p.json", PAGE)]


def test_liked_videos_are_their_authors_posts() -> None:
    for name in ("user_liked_videos", "user_pinned_videos", "user_reposted_videos"):
        page = {"data": {name: json.loads(PAGE)["data"]["videos"][:1]}}
        assert [e["account_id"] for e in events("p.json", json.dumps(page))] == ["tiktok/@ann.b"]


@given(made.many)
def test_round_trip(given_posts: list[dict[str, Any]]) -> None:
    page = {"data": {"videos": [researched(p, i) for i, p in enumerate(given_posts)]}, "error": {"code": "ok"}}
    found, lost, rows = mapped("p.json", json.dumps(page).encode(), format="tiktok-research")
    assert (len(found), lost, rows) == (len(given_posts), 0, len(given_posts))
    for i, (event, post) in enumerate(zip(found, given_posts, strict=True)):
        assert event == event | {
            "native_id": f"tiktok/{10**18 + i}", "account_id": f"tiktok/@{post['account']['handle']}", "kind": "post",
            "t_us": post["t_us"], "text": post["text"], "reach": post["views"],
            "mentions": [f"tiktok/@u{m}" for m in post["mentions"]],
        }  # fmt: skip
        assert [m["hash"] for m in event["media"]] == ([post["thread"]] if post["media"] else [])
