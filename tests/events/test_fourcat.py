"""4CAT's CSV: one source after the other, and each trap by name."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.events.generators import posts as made
from tests.events.generators import web
from tests.events.reading import events, mapped, read_tables
from unisono.events.formats import fourcat

T_US, AT, UNIX, SHIFTED = 1_614_834_367_000_000, "2021-03-04 05:06:07", "1614834367", "1614830767"
BASE = {"id": "5", "author": "Ann", "body": "hi", "timestamp": AT, "unix_timestamp": UNIX}
X = BASE | {
    "thread_id": "4", "author_id": "77", "author_fullname": "Ann A", "author_followers": "12", "source": "Web",
    "language_guess": "en", "is_retweet": "no", "retweeted_user": "", "is_quote_tweet": "no", "is_reply": "no",
    "hashtags": "a,b", "urls": "", "images": "", "mentions": "bob,Cy", "impression_count": "9", "like_count": "3",
    "link": "https://x.com/Ann/status/5",
}  # fmt: skip
BSKY = {
    "id": "at://did:plc:a/app.bsky.feed.post/1", "thread_id": "at://did:plc:b/app.bsky.feed.post/0",
    "created_at": "2021-03-04T05:06:07+00:00", "author": "ann.example", "author_id": "did:plc:a", "body": "hi",
    "quoted_post": "", "replied_to_post": "https://bsky.app/profile/did:plc:b/post/0", "mentions": "",
    "links": "https://a.example/x", "tags": "t", "languages": "en", "timestamp": UNIX,
}  # fmt: skip
TELEGRAM = BASE | {
    "id": "News-8", "chat": "News", "author": "123", "author_username": "ann", "author_name": "Ann A",
    "reply_to": "7", "views": "40", "author_forwarded_from_name": "", "author_forwarded_from_username": "",
    "author_forwarded_from_id": "", "entities_linked": "https://a.example/x", "entities_mentioned": "@bob",
}  # fmt: skip
FACEBOOK = BASE | {"is_in_group": "yes", "group_name": "the.group", "url": "https://facebook.com/5", "image_url": ""}
THREADS = BASE | {"is_paid_partnership": "no", "link_thumbnail_url": "", "link_url": "https://a.example/x", "likes": 2}
INSTAGRAM = BASE | {"num_likes": "3", "num_comments": "1", "hashtags": "x", "usertags": "bob"}
TIKTOK = BASE | {"tiktok_url": "https://tiktok.com/@ann/video/5", "plays": "8", "hashtags": "x"}
ALL = {"x": X, "bsky": BSKY, "telegram": TELEGRAM, "facebook": FACEBOOK, "threads": THREADS, "instagram": INSTAGRAM,
       "tiktok": TIKTOK}  # fmt: skip


def table(*rows: dict[str, Any]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("name", ALL)
def test_the_source_is_known_by_its_columns(name: str) -> None:
    (event,) = events("p.csv", table(ALL[name]))
    assert (event["platform"], event["t_us"], event["text"]) == (name, T_US, "hi")
    assert event["t_resolution_us"] == 1_000_000
    assert event["account_id"].startswith(f"{name}/")


def test_x_fields() -> None:
    (e,) = events("p.csv", table(X))
    assert e == e | {
        "event_id": "x/5", "account_id": "x/77", "kind": "post", "hashtags": ["a", "b"],
        "mentions": ["x/@bob", "x/@cy"],
        "lang": "en", "client": "Web", "reach": 9, "thread_id": "x/4", "permalink": X["link"], "t_basis": "platform",
    }  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_which_column_of_time_is_right_depends_on_the_source(name: str) -> None:
    wrong = {"x": "unix_timestamp", "bsky": "timestamp"}.get(name, "timestamp")
    shifted = SHIFTED if wrong == "unix_timestamp" or name == "bsky" else "2021-03-04 06:06:07"
    result = read_tables("p.csv", table(ALL[name] | {wrong: shifted}))
    assert [e["t_us"] for e in result.out.facts["events"]] == [T_US]
    assert any("1 rows whose" in n and "disagree" in n for n in result.out.notes)
    assert not any("disagree" in n for n in read_tables("p.csv", table(ALL[name])).out.notes)


def test_bluesky_writes_timestamp_as_a_number_and_time_is_the_clients() -> None:
    (e,) = events("p.csv", table(BSKY))
    assert (e["t_basis"], e["t_us"], e["account_id"]) == ("client", T_US, "bsky/did:plc:a")
    assert (e["kind"], e["reply_to"]) == ("reply", "bsky/at://did:plc:b/app.bsky.feed.post/0")
    assert events("p.csv", table(BSKY | {"created_at": ""}))[0]["t_us"] == T_US


def test_a_csv_does_not_name_the_original_of_a_repost() -> None:
    result = read_tables("p.csv", table(X | {"is_retweet": "yes", "retweeted_user": "Bob"}))
    (e,) = result.out.facts["events"]
    assert (e["kind"], e["repost_of"], e["target_id"]) == ("repost", None, "x/@bob")
    assert f"p.csv: 1 {fourcat.NDJSON}" in result.out.notes


def test_commas_within_addresses_do_not_part_them() -> None:
    joined = "https://a.example/x,y,https://b.example/"
    assert events("p.csv", table(X | {"urls": joined}))[0]["urls"] == ["https://a.example/x,y", "https://b.example/"]


def test_numbers_of_telegram_messages_count_within_their_chat() -> None:
    new, old = events("p.csv", table(TELEGRAM, TELEGRAM | {"id": "9"}))
    assert (new["event_id"], old["event_id"]) == ("telegram/@news/8", "telegram/@news/9")
    assert (new["kind"], new["reply_to"], new["place"]) == ("reply", "telegram/@news/7", "telegram/@news")
    forward = events("p.csv", table(TELEGRAM | {"author_forwarded_from_id": "55"}))[0]
    assert (forward["kind"], forward["target_id"]) == ("repost", "telegram/55")


def test_a_table_without_the_marks_of_a_source_is_not_claimed() -> None:
    assert not fourcat.FORMAT.claims(BASE)
    assert not fourcat.FORMAT.claims([*X, "__import_meta"])
    (e,) = events("p.csv", table(BASE), format="4cat", platform="forum")
    assert (e["account_id"], e["t_us"]) == ("forum/@ann", T_US)


def test_an_account_of_tiktok_is_its_name_as_in_every_other_source_of_tiktok() -> None:
    both = TIKTOK | {"author_id": "77"}
    named, numbered = events("p.csv", table(both, both | {"id": "6", "author": ""}))
    assert (named["account_id"], numbered["account_id"]) == ("tiktok/@ann", "tiktok/77")
    video = {"id": "5", "desc": "hi", "createTime": int(UNIX), "author": {"id": "77", "uniqueId": "Ann"}}
    (web_page,) = events("p.ndjson", json.dumps(web.wrapped("tiktok.com", video, 1)))
    answer = {"id": 5, "username": "Ann", "create_time": int(UNIX), "video_description": "hi", "region_code": "DE"}
    (researched,) = events("p.ndjson", json.dumps(answer))
    assert {e["account_id"] for e in (named, web_page, researched)} == {"tiktok/@ann"}
    assert {e["event_id"] for e in (named, web_page, researched)} == {"tiktok/5"}


@given(made.many)
def test_round_trip(given_posts: list[dict[str, Any]]) -> None:
    rows = [
        X | {"id": str(i), "author": p["account"]["handle"], "author_id": p["account"]["native"], "body": p["text"],
             "author_fullname": p["account"]["name"], "hashtags": ",".join(p["hashtags"]), "urls": ",".join(p["urls"]),
             "unix_timestamp": str(p["t_us"] // 10**6), "impression_count": p["views"], "source": p["client"],
             "is_reply": "yes" if p["kind"] == "reply" else "no",
             "is_retweet": "yes" if p["kind"] == "repost" else "no",
             "timestamp": "", "is_quote_tweet": "yes" if p["kind"] == "quote" else "no"}
        for i, p in enumerate(given_posts)
    ]  # fmt: skip
    found, lost, n = mapped("p.csv", table(*rows).encode())
    assert (len(found), lost, n) == (len(rows), 0, len(rows))
    for event, p in zip(found, given_posts, strict=True):
        assert event == event | {
            "account_id": f"x/{p['account']['native']}", "t_us": p["t_us"], "text": p["text"], "kind": p["kind"],
            "urls": p["urls"], "hashtags": p["hashtags"], "reach": p["views"], "client": p["client"],
        }  # fmt: skip


CELLS = st.sampled_from(["", "1", "yes", AT, UNIX, "1e99", "\x00", "https://a,,", "@", "-", "at://did:x/y", "[", "💥"])


@given(st.sampled_from(sorted(ALL)), st.lists(st.dictionaries(st.sampled_from(sorted(X | BSKY | TELEGRAM)), CELLS)))
def test_whatever_stands_in_the_cells_every_row_is_an_event_or_a_reject(
    name: str, changes: list[dict[str, str]]
) -> None:
    rows = [ALL[name] | {k: v for k, v in c.items() if k in ALL[name]} for c in changes]
    found, lost, n = mapped("p.csv", table(ALL[name], *rows).encode())
    assert len(found) + lost == n == len(rows) + 1
