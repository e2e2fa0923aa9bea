"""Media Cloud and the Meta Content Library: documented fields, and each trap by name."""

from __future__ import annotations

from tests.events.reading import accounts, events, fixture, read_tables
from unisono.events.formats.media_cloud import DAYS
from unisono.events.formats.meta_content_library import CHANGED, TEXTLESS, UNREAD

CLOUD, MCL, MCL_JSON = fixture("media_cloud.csv"), fixture("mcl.csv"), fixture("mcl.json")
T_US, DAY_US = 1_614_834_367_000_000, 86_400_000_000


def test_media_cloud_fields() -> None:
    day, exact = events("p.csv", CLOUD)
    assert day == day | {
        "event_id": "news/abc", "account_id": "news/news.example", "t_us": T_US // DAY_US * DAY_US,
        "text": "A headline", "lang": "en", "urls": ["https://news.example/a"], "t_basis": "platform",
    }  # fmt: skip
    assert exact["t_us"] == T_US
    assert accounts("p.csv", CLOUD)["news/news.example"]["kind"] == "media_account"


def test_a_day_is_a_day_and_the_collectors_clock_is_not_used() -> None:
    day, exact = events("p.csv", CLOUD)
    assert (day["t_resolution_us"], exact["t_resolution_us"]) == (DAY_US, 1_000_000)
    assert f"p.csv: 1 {DAYS}" in read_tables("p.csv", CLOUD).out.notes


def test_older_exports_of_media_cloud_number_stories() -> None:
    assert events("p.csv", CLOUD.replace(b"id,ind", b"stories_id,ind"))[0]["event_id"] == "news/abc"


def test_meta_content_library_fields() -> None:
    first, _ = events("p.csv", MCL)
    assert first == first | {
        "event_id": "meta/11", "account_id": "meta/7", "t_us": T_US, "text": "Hello", "lang": "en", "kind": "post",
        "urls": ["https://a.example/x"], "hashtags": ["one", "two"], "place": "meta/55", "reach": 1200,
        "permalink": "https://www.facebook.com/transparency-tools/11",
        "media": [{"kind": "photo", "url": None, "hash": "99", "hash_kind": "mcl_id"}],
    }  # fmt: skip
    found = accounts("p.csv", MCL)
    assert {i: (a["kind"], a["handle"], a["name"]) for i, a in found.items()} == {
        "meta/7": ("person", "ann", "Ann"),
        "meta/8": ("page", "page", "Page"),
    }


def test_nested_json_is_the_same_as_dotted_columns() -> None:
    (nested,) = events("p.json", MCL_JSON)
    line = b" ".join(MCL_JSON.strip()[1:-1].split())
    assert nested | {"source_file": "p.csv", "source_line": 2} == events("p.csv", MCL)[0]
    assert {**events("p.ndjson", line)[0], "source_file": ""} == {**nested, "source_file": ""}


def test_a_share_and_a_post_on_the_own_wall() -> None:
    share = events("p.csv", MCL)[1]
    assert (share["kind"], share["repost_of"], share["place"]) == ("repost", "meta/11", None)


def test_changed_posts_and_unreadable_media_are_counted() -> None:
    notes = read_tables("p.csv", MCL).out.notes
    assert {f"p.csv: 1 {CHANGED}", f"p.csv: 1 {UNREAD}"} <= set(notes)


def test_a_library_that_was_not_asked_for_texts_is_told() -> None:
    notes = read_tables("p.csv", MCL.replace(b",text,", b",other,")).out.notes
    assert f"p.csv: 2 {TEXTLESS}" in notes


def test_text_comes_without_tags_so_tags_are_the_columns() -> None:
    assert events("p.csv", MCL.replace(b",Hello,", b",Hello #three,"))[0]["hashtags"] == ["one", "two"]
