"""Reddit: every documented field comes out, and each trap of the format by name."""

from __future__ import annotations

import json
from typing import Any

import zstandard
from hypothesis import given

from tests.events.generators import posts as made
from tests.events.generators.reddit import thing
from tests.events.reading import accounts, events, fixture, mapped, reasons

POSTS, COMMENTS = fixture("reddit_submissions.ndjson"), fixture("reddit_comments.ndjson")


def test_fields() -> None:
    first = events("p.ndjson", POSTS)[0]
    assert first == first | {
        "event_id": "reddit/t3_abc", "account_id": "reddit/@ann", "platform": "reddit", "kind": "post",
        "t_us": 1_614_834_367_000_000, "t_resolution_us": 1_000_000, "text": "A link", "urls": ["https://a.example/x"],
        "place": "reddit/r/news", "thread_id": "reddit/t3_abc", "reach": 17, "media": [],
        "permalink": "https://www.reddit.com/r/News/comments/abc/a_link/",
    }  # fmt: skip
    assert accounts("p.ndjson", POSTS)["reddit/@ann"]["created_us"] == 1_500_000_000_000_000
    reply = events("p.ndjson", COMMENTS)[0]
    assert reply == reply | {
        "event_id": "reddit/t1_c1", "kind": "reply", "reply_to": "reddit/t3_abc", "thread_id": "reddit/t3_abc",
        "text": "I say https://a.example/z", "urls": ["https://a.example/z"],
    }  # fmt: skip


def test_the_address_of_a_self_post_is_no_link() -> None:
    question = events("p.ndjson", POSTS)[1]
    assert question["urls"] == ["https://b.example/y"]
    assert question["text"] == "A question\n\nsee https://b.example/y) and u/Ann"


def test_a_crosspost_is_a_repost_with_its_own_title() -> None:
    crosspost = events("p.ndjson", POSTS)[2]
    assert (crosspost["kind"], crosspost["repost_of"]) == ("repost", "reddit/t3_abd")
    assert (crosspost["text"], crosspost["urls"], crosspost["place"]) == ("My copy", [], None)


def test_an_uploaded_file_is_media_and_no_link() -> None:
    picture = events("p.ndjson", POSTS)[3]
    assert picture["urls"] == []
    assert [(m["kind"], m["url"]) for m in picture["media"]] == [("image", "https://i.redd.it/xyz.jpg")]


def test_pictures_of_a_gallery_are_media_and_its_address_no_link() -> None:
    said = json.loads(POSTS.splitlines()[0]) | {
        "is_gallery": True, "url": "https://www.reddit.com/gallery/abc", "domain": "reddit.com",
        "media_metadata": {"p1": {"e": "Image", "m": "image/jpg", "s": {"u": "https://preview.redd.it/p1.jpg?a=1&amp;b=2"}},
                           "p2": {"status": "failed"}},
    }  # fmt: skip
    (gallery,) = events("p.ndjson", json.dumps(said))
    assert gallery["urls"] == []
    assert [(m["kind"], m["url"]) for m in gallery["media"]] == [("image", "https://preview.redd.it/p1.jpg?a=1&b=2")]


def test_dumps_write_three_characters_as_html() -> None:
    said = json.loads(COMMENTS.splitlines()[0]) | {"body": "&gt; Q&amp;A &#39;x"}
    assert events("p.ndjson", json.dumps(said))[0]["text"] == "> Q&A &#39;x"
    link = json.loads(POSTS.splitlines()[0]) | {"url": "https://a.example/x?a=1&amp;b=2"}
    assert events("p.ndjson", json.dumps(link))[0]["urls"] == ["https://a.example/x?a=1&b=2"]


def test_nobody_is_no_account() -> None:
    assert reasons("p.ndjson", POSTS) == [(5, "sentinel_account"), (6, "sentinel_account")]
    assert reasons("p.ndjson", COMMENTS) == [(3, "sentinel_account")]


def test_a_removed_text_of_a_known_account_is_no_text() -> None:
    removed = events("p.ndjson", COMMENTS)[1]
    assert (removed["event_id"], removed["text"], removed["reply_to"]) == ("reddit/t1_c2", None, "reddit/t1_c1")


def test_what_reddit_writes_in_place_of_a_text_is_none() -> None:
    said = json.loads(POSTS.splitlines()[0])
    taken = "[ Removed by Reddit on account of violating the [content policy](/help/contentpolicy). ]"
    for gone in ("[deleted by user]", "[ Removed by Reddit ]", taken, "[removed by moderator]"):
        assert [e["text"] for e in events("p.ndjson", json.dumps(said | {"title": gone}))] == [None]


def test_a_text_that_is_a_word_for_nobody_is_a_text() -> None:
    said = json.loads(POSTS.splitlines()[0]) | {"title": "None"}
    assert [e["text"] for e in events("p.ndjson", json.dumps(said))] == ["None"]


def test_ids_without_their_prefix_get_it() -> None:
    bare = events("p.ndjson", COMMENTS)[2]
    assert (bare["event_id"], bare["reply_to"], bare["thread_id"]) == ("reddit/t1_c4", "reddit/t1_c1", "reddit/t3_abc")


def test_times_are_numbers_or_texts_of_unix_seconds() -> None:
    assert [e["t_us"] // 10**6 - 1_614_834_000 for e in events("p.ndjson", POSTS)] == [367, 400, 410, 420]


def test_a_dump_with_the_longest_zstd_window() -> None:
    long = zstandard.ZstdCompressionParameters(window_log=31, enable_ldm=True, write_content_size=0)
    packer = zstandard.ZstdCompressor(compression_params=long).compressobj()
    packed = packer.compress(POSTS) + packer.flush()
    assert zstandard.get_frame_parameters(packed).window_size == 1 << 31
    assert len(events("RS_2021-03.ndjson.zst", packed)) == 4


def test_a_listing_of_the_api() -> None:
    things = [{"kind": "t3", "data": json.loads(line)} for line in POSTS.splitlines()]
    found = events("p.json", json.dumps({"kind": "Listing", "data": {"after": None, "children": things}}))
    assert [e["event_id"] for e in found] == [e["event_id"] for e in events("p.ndjson", POSTS)]


@given(made.many)
def test_round_trip(given_posts: list[dict[str, Any]]) -> None:
    data = "\n".join(json.dumps(thing(p, i)) for i, p in enumerate(given_posts))
    found, lost, rows = mapped("p.ndjson", data.encode(), format="reddit")
    assert (len(found), lost, rows) == (len(given_posts), 0, len(given_posts))
    for i, (event, post) in enumerate(zip(found, given_posts, strict=True)):
        kind = post["kind"] if post["kind"] != "quote" else "post"
        links = " ".join(post["urls"])
        sep = " " if kind == "reply" else "\n\n"
        assert event == event | {
            "native_id": f"reddit/{'t1' if kind == 'reply' else 't3'}_k{i}", "t_us": post["t_us"], "kind": kind,
            "account_id": f"reddit/@{post['account']['handle']}", "account_created_us": post["account"]["created_us"],
            "text": f"{post['text']}{sep}{links}" if links else post["text"], "urls": post["urls"],
            "repost_of": f"reddit/t3_{post['refers']}" if kind == "repost" else None,
            "reply_to": f"reddit/t1_{post['refers']}" if kind == "reply" else None, "place": "reddit/r/news",
            "thread_id": f"reddit/t3_{post['thread']}" if kind == "reply" else f"reddit/t3_k{i}",
            "reach": post["views"],
        }  # fmt: skip
        with_file = post["media"] and kind == "post"
        assert [m["url"] for m in event["media"]] == ([f"https://i.redd.it/{i}.jpg"] if with_file else [])
