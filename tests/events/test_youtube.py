"""YouTube's Data API: every documented field comes out, and each trap of the format by name."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from tests.events.generators import posts as made
from tests.events.generators.youtube import resource
from tests.events.reading import accounts, events, fixture, mapped, reasons

VIDEOS, COMMENTS = fixture("youtube_videos.json"), fixture("youtube_comments.json")
T_US = 1_614_834_367_000_000


def test_fields_of_a_video() -> None:
    first = events("p.json", VIDEOS)[0]
    assert first == first | {
        "event_id": "youtube/dQw4w9WgXcQ", "account_id": "youtube/UCann", "platform": "youtube", "kind": "post",
        "t_us": T_US, "t_basis": "platform", "text": "A film\n\nsee https://a.example/x #one",
        "urls": ["https://a.example/x"], "hashtags": ["one", "Two"], "lang": "de", "reach": 170,
        "thread_id": "youtube/dQw4w9WgXcQ", "permalink": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
    }  # fmt: skip
    assert [(m["kind"], m["url"]) for m in first["media"]] == [("video", "https://i.ytimg.com/h.jpg")]
    ann = accounts("p.json", VIDEOS)["youtube/UCann"]
    assert (ann["name"], ann["kind"]) == ("Ann", "channel")


def test_fields_of_comments() -> None:
    first, reply = events("p.json", COMMENTS)
    assert first == first | {
        "event_id": "youtube/Ugx1", "account_id": "youtube/UCbob", "kind": "reply", "t_us": T_US,
        "text": "I & you\ntoo", "reply_to": "youtube/dQw4w9WgXcQ", "thread_id": "youtube/dQw4w9WgXcQ", "reach": 4,
        "place": "youtube/UCann", "permalink": "https://www.youtube.com/watch?v=dQw4w9WgXcQ&lc=Ugx1",
    }  # fmt: skip
    assert (reply["event_id"], reply["reply_to"]) == ("youtube/Ugx1.r1", "youtube/Ugx1")
    people = accounts("p.json", COMMENTS)
    assert (people["youtube/UCbob"]["handle"], people["youtube/UCcid"]["handle"]) == ("bob", None)


def test_displayed_text_is_html() -> None:
    reply = events("p.json", COMMENTS)[1]
    assert (reply["text"], reply["urls"]) == ("so <b> https://b.example/", ["https://b.example/"])


def test_the_author_of_a_video_is_not_the_commenter() -> None:
    assert {e["account_id"] for e in events("p.json", COMMENTS)} == {"youtube/UCbob", "youtube/UCcid"}


def test_a_comment_that_names_no_author_is_a_reject() -> None:
    assert [line for line, _ in reasons("p.json", COMMENTS)] == [3]


def test_a_found_channel_is_no_post() -> None:
    assert reasons("p.json", VIDEOS) == [(3, "no_post")]
    assert events("p.json", VIDEOS)[1]["event_id"] == "youtube/sssssssssss"


def test_another_channels_video_in_a_playlist_is_a_repost_when_it_was_listed() -> None:
    listed = events("p.json", VIDEOS)[2]
    assert (listed["kind"], listed["account_id"], listed["repost_of"], listed["t_us"] // 10**6) == (
        "repost", "youtube/UCann", "youtube/sssssssssss", 1_614_902_400)  # fmt: skip


def test_an_own_video_in_a_playlist_is_the_video_when_it_was_published() -> None:
    own = events("p.json", VIDEOS)[3]
    assert (own["kind"], own["event_id"], own["t_us"]) == ("post", "youtube/ooooooooooo", T_US + 3_000_000)


def test_items_by_line() -> None:
    videos, threads = (json.loads(x)["items"] for x in (VIDEOS, COMMENTS))
    lines = "\n".join(map(json.dumps, [videos[0], videos[1]]))
    assert [e["event_id"] for e in events("p.ndjson", lines)] == ["youtube/dQw4w9WgXcQ", "youtube/sssssssssss"]
    assert len(events("p.ndjson", json.dumps(threads[0]))) == 2


@given(made.many)
def test_round_trip(given_posts: list[dict[str, Any]]) -> None:
    page = {"kind": "youtube#videoListResponse", "items": [resource(p, i) for i, p in enumerate(given_posts)]}
    found, lost, rows = mapped("p.json", json.dumps(page).encode(), format="youtube")
    assert (len(found), lost, rows) == (len(given_posts), 0, len(given_posts))
    for i, (event, post) in enumerate(zip(found, given_posts, strict=True)):
        kind = post["kind"] if post["kind"] != "quote" else "post"
        own_id = {"reply": f"c{i}", "repost": f"p{i}", "post": f"v{i}"}[kind]
        thread = {"reply": post["thread"], "repost": post["refers"], "post": own_id}[kind]
        assert event == event | {
            "native_id": f"youtube/{own_id}", "account_id": f"youtube/UC{post['account']['native']}", "kind": kind,
            "t_us": post["t_us"], "text": " ".join([post["text"], *post["urls"]]), "urls": post["urls"],
            "repost_of": f"youtube/{post['refers']}" if kind == "repost" else None,
            "reply_to": f"youtube/{post['refers']}" if kind == "reply" else None, "thread_id": f"youtube/{thread}",
            "lang": None if kind == "reply" else post["lang"],
            "reach": None if kind == "repost" else post["views"],
        }  # fmt: skip
        assert len(event["media"]) == (post["media"] and kind != "reply")


def listed(**snippet: Any) -> bytes:
    """An item of a playlist."""
    said = {"publishedAt": "2021-03-04T05:06:07Z", "channelId": "UCowner", "title": "A film", "playlistId": "PL1",
            "resourceId": {"videoId": "v1"}} | snippet  # fmt: skip
    item = {"kind": "youtube#playlistItem", "etag": "e", "id": "i1", "snippet": said}
    return json.dumps({"kind": "youtube#playlistItemListResponse", "etag": "e", "items": [item]}).encode()


def test_a_deleted_video_in_a_playlist_is_no_post() -> None:
    for title in ("Deleted video", "Private video"):
        assert reasons("p.json", listed(title=title)) == [(1, "no_post")]
    assert reasons("p.json", listed(title="Deleted video", videoOwnerChannelId="UCother")) == []


def test_whose_video_a_playlist_shows_where_no_owner_is_said() -> None:
    (other,) = events("p.json", listed())
    assert (other["kind"], other["repost_of"]) == ("repost", "youtube/v1")
    (own,) = events("p.json", listed(playlistId="UUowner"))
    assert (own["kind"], own["event_id"]) == ("post", "youtube/v1")


def test_titles_of_search_results_are_html() -> None:
    said = {
        "publishedAt": "2021-03-04T05:06:07Z",
        "channelId": "UCa",
        "title": "Q&amp;A it&#39;s",
        "description": "a &amp; b",
    }
    item = {"kind": "youtube#searchResult", "etag": "e", "id": {"videoId": "v"}, "snippet": said}
    (found,) = events("p.json", json.dumps({"kind": "x", "items": [item]}))
    assert found["text"] == "Q&A it's\n\na &amp; b"
