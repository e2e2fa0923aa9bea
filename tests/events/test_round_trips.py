"""Exports that are tables: what their generators write is what their readers read, field by field."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from tests.events.generators import posts as made
from tests.events.generators import tables
from tests.events.reading import mapped
from unisono.events.formats.gdelt_gkg import QUARTER_US

MINUTE_US, DAY_US = 60_000_000, 86_400_000_000
Posts = list[dict[str, Any]]
Expected = Callable[[dict[str, Any], int], dict[str, Any]]
"""Of a post and its place, what its event must hold."""


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(dict.fromkeys(c for r in rows for c in r)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def check(
    name: str, data: bytes, posts: Posts, expected: Callable[[dict[str, Any], int], dict[str, Any]], **more: Any
) -> None:
    found, lost, n = mapped(name, data, **more)
    assert (len(found), lost, n) == (len(posts), 0, len(posts))
    for i, (event, p) in enumerate(zip(found, posts, strict=True)):
        assert event == event | expected(p, i)


def photo(p: dict[str, Any], url: str) -> list[dict[str, Any]]:
    return [{"kind": "photo", "url": url, "hash": None, "hash_kind": None}] if p["media"] else []


@given(made.many)
def test_crowdtangle_facebook(posts: Posts) -> None:
    def expected(p: dict[str, Any], i: int) -> dict[str, Any]:
        who, repost = p["account"], p["kind"] == "repost"
        shared = [f"https://www.facebook.com/{who['native']}7/posts/{p['refers']}"]
        return {
            "native_id": f"facebook/{who['native']}_{i}", "account_id": f"facebook/{who['native']}", "t_us": p["t_us"],
            "account_name": who["name"], "account_handle": who["handle"], "account_label": "MEDIA",
            "account_kind": "page" if p["media"] else "forum", "account_location": who["location"],
            "account_description": who["description"], "account_followers": who["followers"] or 7,
            "account_created_us": who["created_us"], "text": p["text"], "reach": p["views"],
            "kind": "repost" if repost else "post", "urls": shared if repost else p["urls"][:1],
            "repost_of": f"facebook/{who['native']}7_{p['refers']}" if repost else None,
            "target_id": f"facebook/{who['native']}7" if repost else None,
            "permalink": f"https://www.facebook.com/{who['native']}/posts/{i}",
        }  # fmt: skip

    check("p.csv", as_csv([tables.facebook(p, i) for i, p in enumerate(posts)]), posts, expected)


@given(made.many)
def test_crowdtangle_instagram(posts: Posts) -> None:
    def expected(p: dict[str, Any], i: int) -> dict[str, Any]:
        who = p["account"]
        return {
            "native_id": f"instagram/C{i}-_x", "account_id": f"instagram/@{who['handle']}", "t_us": p["t_us"],
            "account_name": who["name"], "account_handle": who["handle"], "account_followers": who["followers"],
            "text": p["text"], "reach": p["views"], "kind": "post", "urls": [], "hashtags": [], "mentions": [],
            "permalink": f"https://www.instagram.com/p/C{i}-_x/", "media": photo(p, f"https://cdn.example/{i}.jpg"),
        }  # fmt: skip

    check("p.csv", as_csv([tables.instagram(p, i) for i, p in enumerate(posts)]), posts, expected)


@pytest.mark.parametrize("name", ["p.csv", "p.json", "p.ndjson"])
@settings(max_examples=30)
@given(posts=made.many)
def test_meta_content_library(name: str, posts: Posts) -> None:
    def expected(p: dict[str, Any], i: int) -> dict[str, Any]:
        who, media = p["account"], {"kind": "photo", "url": None, "hash": str(i), "hash_kind": "mcl_id"}
        return {
            "native_id": f"meta/{i}", "account_id": f"meta/{who['native']}", "t_us": p["t_us"], "lang": p["lang"],
            "account_kind": ("person", "page")[i % 2], "account_handle": who["handle"], "account_name": who["name"],
            "text": p["text"], "urls": p["urls"][:1], "hashtags": p["hashtags"], "reach": p["views"],
            "kind": "repost" if p["kind"] == "repost" else "post", "media": [media] if p["media"] else [],
            "repost_of": f"meta/{p['refers']}" if p["kind"] == "repost" else None,
            "place": f"meta/{p['thread']}" if p["thread"] != who["native"] else None,
            "permalink": f"https://www.facebook.com/mcl/{i}",
        }  # fmt: skip

    rows = [tables.library(p, i) for i, p in enumerate(posts)]
    written = {"p.csv": lambda: as_csv([tables.dotted(r) for r in rows]), "p.json": lambda: json.dumps(rows).encode(),
               "p.ndjson": lambda: "\n".join(map(json.dumps, rows)).encode()}  # fmt: skip
    check(name, written[name](), posts, expected)


@given(made.many)
def test_media_cloud(posts: Posts) -> None:
    def expected(p: dict[str, Any], i: int) -> dict[str, Any]:
        exact = p["kind"] == "reply"
        return {
            "native_id": f"news/s{i}", "account_id": f"news/{p['account']['handle'].replace('_', '-')}.example",
            "account_name": p["account"]["name"], "account_kind": "media_account", "kind": "post", "text": p["text"],
            "t_us": p["t_us"] if exact else p["t_us"] // DAY_US * DAY_US, "lang": p["lang"],
            "t_resolution_us": 1_000_000 if exact else DAY_US, "urls": [f"https://{i}.example/"], "hashtags": [],
            "permalink": f"https://{i}.example/",
        }  # fmt: skip

    check("p.csv", as_csv([tables.story(p, i) for i, p in enumerate(posts)]), posts, expected)


@given(made.many)
def test_gdelt(posts: Posts) -> None:
    def expected(p: dict[str, Any], i: int) -> dict[str, Any]:
        return {
            "account_id": f"news/{p['account']['handle']}.example", "t_us": p["t_us"], "t_basis": "collector",
            "t_resolution_us": QUARTER_US, "account_kind": "media_account", "kind": "post", "lang": p["lang"],
            "text": p["text"], "urls": [f"https://{i}.example/a"], "permalink": f"https://{i}.example/a",
            "media": photo(p, f"https://{i}.example/a.jpg"), "hashtags": [], "mentions": [],
        }  # fmt: skip

    rows = "\n".join(tables.article(p, i) for i, p in enumerate(posts))
    check("x.gkg.csv", rows.encode(), posts, expected, format="gdelt-gkg")


@given(made.many)
def test_the_toolkits_input(posts: Posts) -> None:
    def expected(p: dict[str, Any], i: int) -> dict[str, Any]:
        return {
            "native_id": f"m{i}", "account_id": p["account"]["native"], "account_handle": p["account"]["handle"],
            "t_us": p["t_us"], "text": p["text"], "urls": p["urls"],
            "kind": p["kind"] if p["kind"] in ("repost", "reply") else "post",
            "repost_of": p["refers"] if p["kind"] == "repost" else None,
            "reply_to": p["refers"] if p["kind"] == "reply" else None,
        }  # fmt: skip

    check("p.csv", as_csv([tables.toolkit(p, i) for i, p in enumerate(posts)]), posts, expected)


@given(made.many)
def test_releases_of_x(posts: Posts) -> None:
    def expected(p: dict[str, Any], i: int) -> dict[str, Any]:
        who, refers = p["account"], {f"x/{p['refers']}": p["kind"]}
        pointed = dict.fromkeys(("repost_of", "reply_to", "quote_of")) | {
            {"repost": "repost_of", "reply": "reply_to", "quote": "quote_of"}.get(k, ""): i for i, k in refers.items()
        }  # fmt: skip
        pointed.pop("", None)
        return pointed | {
            "native_id": f"x/{i}", "account_id": f"x/{who['native']}=", "account_name": who["name"],
            "account_handle": who["handle"], "account_location": who["location"], "lang": p["lang"],
            "account_description": who["description"], "account_followers": who["followers"],
            "account_following": who["following"], "account_created_us": who["created_us"] // DAY_US * DAY_US,
            "t_us": p["t_us"] // MINUTE_US * MINUTE_US, "t_resolution_us": MINUTE_US, "t_basis": "platform",
            "text": p["text"], "client": p["client"], "kind": p["kind"], "reach": p["views"],
            "hashtags": p["hashtags"], "urls": p["urls"], "mentions": [f"x/{m}=" for m in p["mentions"]],
        }  # fmt: skip

    check("p.csv", as_csv([tables.released(p, i) for i, p in enumerate(posts)]), posts, expected)


@given(made.many)
def test_coortweet(posts: Posts) -> None:
    def expected(p: dict[str, Any], i: int) -> dict[str, Any]:
        return {"object_id": p["thread"], "account_id": p["account"]["native"], "native_id": f"c{i}", "t_us": p["t_us"]}

    check("p.csv", as_csv([tables.share(p, i) for i, p in enumerate(posts)]), posts, expected)
