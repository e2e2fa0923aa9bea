"""Instagram in the browser: Zeeschuimer's lines and 4CAT's NDJSON of them, from the documented schema."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from tests.conftest import shared
from tests.events.generators import posts as made
from tests.events.generators import web
from tests.events.reading import LOOSE, accounts, events, fixture, read_tables, reasons
from tests.events.test_round_trips import Posts, check, photo

FILES = {n: fixture(f"{n.replace('-', '_')}_instagram.ndjson") for n in ("zeeschuimer", "4cat-ndjson")}
EITHER = pytest.mark.parametrize("data", FILES.values(), ids=FILES)
T_US = 1_614_834_367_000_000


@pytest.mark.parametrize("name", FILES)
def test_each_is_known_by_its_wrapping_and_both_hold_the_same(name: str) -> None:
    assert read_tables("p.ndjson", FILES[name], limits=LOOSE).sources["p.ndjson"].format == name
    assert events("p.ndjson", FILES["zeeschuimer"]) == events("p.ndjson", FILES["4cat-ndjson"])


@EITHER
def test_fields(data: bytes) -> None:
    first = events("p.ndjson", data)[0]
    assert first == first | {
        "platform": "instagram", "event_id": "instagram/C1-_x", "account_id": "instagram/@ann.x", "kind": "post",
        "t_us": T_US, "t_resolution_us": 1_000_000, "t_basis": "platform", "reach": 5,
        "text": "Look #one @bob.y https://a.example/x", "urls": ["https://a.example/x"], "hashtags": ["one"],
        "mentions": ["instagram/@bob.y"], "permalink": "https://www.instagram.com/p/C1-_x/",
        "media": [{"kind": "photo", "url": "https://cdn.example/1.jpg", "hash": None, "hash_kind": None}],
    }  # fmt: skip
    ann = accounts("p.ndjson", data)["instagram/@ann.x"]
    assert (ann["handle"], ann["name"]) == ("Ann.x", "Ann <b>")


@EITHER
def test_an_album_is_all_its_pictures_and_may_say_nothing(data: bytes) -> None:
    album = events("p.ndjson", data)[1]
    assert (album["text"], [(m["kind"], m["url"]) for m in album["media"]]) == (
        None,
        [("photo", "https://cdn.example/2a.jpg"), ("video", "https://cdn.example/2b.jpg")],
    )


@EITHER
def test_an_account_without_its_name_is_its_number(data: bytes) -> None:
    reel = events("p.ndjson", data)[2]
    assert (reel["account_id"], reel["reach"], reel["media"][0]["kind"]) == ("instagram/77", 900, "video")


@EITHER
def test_posts_of_the_older_graph(data: bytes) -> None:
    older = events("p.ndjson", data)[3]
    assert older == older | {
        "event_id": "instagram/C4-_x", "account_id": "instagram/@bob.y", "text": "older #two", "reach": 3,
        "t_us": T_US + 3_000_000,
    }  # fmt: skip
    assert [(m["kind"], m["url"]) for m in older["media"]] == [
        ("video", "https://cdn.example/4a.jpg"), ("photo", "https://cdn.example/4b.jpg"),
    ]  # fmt: skip


@EITHER
def test_advertisements_objects_without_a_time_and_nobodys_posts_are_rejects(data: bytes) -> None:
    assert reasons("p.ndjson", data) == [(5, "advertisement"), (6, "no_post"), (7, "no_account")]


@given(made.many)
def test_round_trip(posts: Posts) -> None:
    def expected(p: dict[str, Any], i: int) -> dict[str, Any]:
        who = p["account"]
        return {
            "native_id": f"instagram/C{i}-_x", "platform": "instagram", "account_id": f"instagram/@{who['handle']}",
            "t_us": p["t_us"], "kind": "post", "text": p["text"], "reach": p["views"], "account_name": who["name"],
            "media": photo(p, f"https://cdn.example/{i}.jpg"), "permalink": f"https://www.instagram.com/p/C{i}-_x/",
        }  # fmt: skip

    for wrap in (web.wrapped, web.imported):
        lines = [json.dumps(wrap("instagram.com", web.instagram(p, i), i)) for i, p in enumerate(posts)]
        check("p.ndjson", "\n".join(lines).encode(), posts, expected)


@pytest.mark.data
def test_the_shape_of_a_real_export() -> None:
    """Its values are placeholders, so that all three posts are of one account and have no code of their own."""
    found = read_tables("p.ndjson", shared("shapes/zeeschuimer_instagram.ndjson").read_bytes(), limits=LOOSE)
    (source,) = found.sources.values()
    assert (source.format, source.rows, source.kept) == ("zeeschuimer", 3, 3)
    assert {e["text"] for e in found.out.facts["events"]} == {"<text>"}
