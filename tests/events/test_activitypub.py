"""ActivityPub: every field of an outbox comes out, and each trap by name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from tests.conftest import shared
from tests.events.generators import activitypub
from tests.events.generators import posts as made
from tests.events.reading import LOOSE, accounts, events, fixture, read_tables, reasons
from tests.events.test_round_trips import Posts, check

BOX = fixture("activitypub_outbox.json")
ITEMS: list[dict[str, Any]] = json.loads(BOX)["orderedItems"]
ANN, BOB = "activitypub/https://home.example/users/ann", "activitypub/https://far.example/users/bob"
T_US = 1_704_164_645_000_000


def by_id() -> dict[str, dict[str, Any]]:
    return {e["event_id"].removeprefix("activitypub/"): e for e in events("p.json", BOX)}


def own(number: int | str) -> dict[str, Any]:
    return by_id()[f"https://home.example/users/ann/statuses/{number}"]


def told(name: str, data: str | bytes) -> list[dict[str, Any]]:
    """Its events, wherever they stand."""
    found = (e | {"source_file": "x", "source_line": 0} for e in events(name, data))
    return sorted(found, key=lambda e: str(e["event_id"]))


def test_an_outbox_its_pages_and_its_activities_by_line_hold_the_same() -> None:
    page = json.loads(BOX)
    inside = {"type": "OrderedCollection", "totalItems": 2, "first": page}
    lines = "\n".join(map(json.dumps, ITEMS))
    expected = told("p.json", BOX)
    for name, data in (("p.json", json.dumps(inside)), ("p.ndjson", json.dumps(page)), ("p.ndjson", lines)):
        assert read_tables(name, data, limits=LOOSE).sources[name].format == "activitypub"
        assert told(name, data) == expected


def test_fields() -> None:
    first = own(1)
    assert first == first | {
        "platform": "activitypub", "account_id": ANN, "t_us": T_US, "t_basis": "client", "kind": "post", "lang": "en",
        "text": "Look https://news.example/a #Tag @bob", "urls": ["https://news.example/a?x=1&y=2"],
        "hashtags": ["Tag"], "mentions": [BOB], "reach": 4, "permalink": "https://home.example/@ann/1",
        "thread_id": "activitypub/tag:home.example,2024:1",
        "media": [{"kind": "image", "url": "https://home.example/a.png", "hash": None, "hash_kind": None}],
    }  # fmt: skip
    assert accounts("p.json", BOX)[ANN]["handle"] == "ann@home.example"


def test_an_announce_is_a_repost_of_its_object() -> None:
    boost = own("2/activity")
    assert (boost["kind"], boost["repost_of"]) == ("repost", f"{BOB}/statuses/9")
    assert (boost["t_us"], boost["text"]) == (T_US + 55_000_000, None)


def test_a_warning_stands_above_the_text_and_a_reply_says_to_what() -> None:
    reply = own(3)
    assert (reply["text"], reply["kind"]) == ("warning\n\nno <b>", "reply")
    assert (reply["reply_to"], reply["thread_id"]) == (f"{BOB}/statuses/9", "activitypub/https://far.example/c/1")


def test_a_quote_and_the_link_that_stands_for_it() -> None:
    quote = own(4)
    assert (quote["kind"], quote["quote_of"], quote["text"]) == ("quote", f"{BOB}/statuses/9", "mine")
    assert quote["urls"] == []


def test_likes_follows_and_deletions_are_acts_with_a_target() -> None:
    acts = [own(f"{i}/activity") for i in (6, 7, 8)]
    assert [(a["kind"], a["target_id"]) for a in acts] == [
        ("like", f"{BOB}/statuses/9"), ("follow", BOB), ("delete", f"{ANN}/statuses/1"),
    ]  # fmt: skip


def test_votes_undone_acts_and_profiles_are_no_posts_and_nobody_no_account() -> None:
    assert reasons("p.json", BOX) == [(5, "no_post"), (9, "no_post"), (10, "no_post"), (12, "no_account")]


def test_a_video_with_its_title_its_page_and_its_author_inside() -> None:
    film = by_id()["https://tube.example/videos/1"]
    assert (film["text"], film["permalink"], film["reach"]) == ("A film\n\nabout", "https://tube.example/w/1", 90)
    assert (film["urls"], film["t_resolution_us"], film["media"]) == (["https://films.example/"], 1_000, [])
    cy = accounts("p.json", BOX)["activitypub/https://tube.example/accounts/cy"]
    assert (cy["kind"], cy["handle"], cy["name"]) == ("person", "cy@tube.example", "Cy")
    assert (cy["description"], cy["created_us"]) == ("films", 1_577_836_800_000_000)


def test_a_list_of_bare_posts_is_read_by_their_authors() -> None:
    notes = [item["object"] for item in ITEMS[:1]]
    (found,) = events("p.json", json.dumps({"type": "Collection", "items": notes}))
    assert found | {"source_line": 1} == own(1) | {"source_file": "p.json"}


@pytest.mark.parametrize("odd", [None, [], {}, 7, "x", [None], {"type": {}}, [{"type": ["Note"]}], True, "https://["])
def test_whatever_stands_for_an_object_or_an_actor_makes_a_row_or_a_reject(odd: Any) -> None:
    rows = [ITEMS[0] | {key: odd} for key in ("object", "actor", "type", "published", "id")]
    rows += [ITEMS[0] | {"object": ITEMS[0]["object"] | {key: odd}} for key in ITEMS[0]["object"]]
    found = read_tables("p.json", json.dumps({"type": "OrderedCollectionPage", "orderedItems": rows}),
                        format="activitypub", limits=LOOSE)  # fmt: skip
    assert found.sources["p.json"].rows == len(rows)


@given(made.many)
def test_round_trip(posts: Posts) -> None:
    def expected(p: dict[str, Any], i: int) -> dict[str, Any]:
        kind, refers = p["kind"], f"activitypub/{activitypub.note(p['refers'])}"
        found = {
            "account_id": f"activitypub/{activitypub.actor(p)}", "t_us": p["t_us"], "kind": kind,
            "repost_of": refers if kind == "repost" else None, "quote_of": refers if kind == "quote" else None,
            "reply_to": refers if kind == "reply" else None,
            "account_handle": f"{p['account']['handle']}@home.example",
        }  # fmt: skip
        if kind == "repost":
            return found | {"native_id": f"activitypub/{activitypub.note(i)}/activity", "text": None, "urls": []}
        tail = " l" * len(p["urls"]) + "".join(f" #{t}" for t in p["hashtags"])
        return found | {
            "native_id": f"activitypub/{activitypub.note(i)}", "text": p["text"] + tail, "lang": p["lang"],
            "urls": p["urls"], "hashtags": p["hashtags"], "reach": p["views"],
            "mentions": [f"activitypub/{activitypub.HOST}/users/u{m}" for m in p["mentions"]],
            "thread_id": f"activitypub/tag:{p['thread']}", "permalink": f"{activitypub.HOST}/@x/{i}",
        }  # fmt: skip

    check("p.json", json.dumps(activitypub.outbox(posts)).encode(), posts, expected)


@pytest.mark.data
def test_the_shape_of_a_real_outbox() -> None:
    """Its values are placeholders: two acts under one id, at one time, that say nothing."""
    found = read_tables("p.json", shared("shapes/activitypub_outbox.json").read_bytes(), limits=LOOSE)
    (source,) = found.sources.values()
    assert (source.format, source.rows, source.kept, source.rejects) == ("activitypub", 2, 1, {"duplicate": 1})
