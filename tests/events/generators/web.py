"""Objects of X and TikTok as their web pages hold them, in Zeeschuimer's wrapping and in 4CAT's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def wrapped(platform: str, data: dict[str, Any], i: int) -> dict[str, Any]:
    """A line of Zeeschuimer."""
    return _meta(platform, i) | {"data": data}


def imported(platform: str, data: dict[str, Any], i: int) -> dict[str, Any]:
    """A line of 4CAT."""
    return data | {"__import_meta": _meta(platform, i)}


def _meta(platform: str, i: int) -> dict[str, Any]:
    return {"nav_index": f"1:{i}", "item_id": str(i), "timestamp_collected": 1_700_000_000_000 + i,
            "source_platform": platform, "source_platform_url": f"https://{platform}/"}  # fmt: skip


def _when(t_us: int) -> str:
    return datetime.fromtimestamp(t_us // 10**6, UTC).strftime("%a %b %d %H:%M:%S +0000 %Y")


def x(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A post of X."""
    who = p["account"]
    user = {"rest_id": who["native"], "legacy": {
        "screen_name": who["handle"], "name": who["name"], "description": who["description"],
        "location": who["location"], "created_at": _when(who["created_us"]), "followers_count": who["followers"],
        "friends_count": who["following"],
    }}  # fmt: skip
    entities = {
        "urls": [{"url": "https://t.co/x", "expanded_url": u} for u in p["urls"]],
        "hashtags": [{"text": t} for t in p["hashtags"]],
        "user_mentions": [{"id_str": m, "screen_name": "m"} for m in p["mentions"]],
    }  # fmt: skip
    body: dict[str, Any] = {"full_text": p["text"], "entities": entities}
    if p["media"]:
        item = {"media_key": f"3_{i}", "type": "photo", "media_url_https": "https://pbs.twimg.com/media/x.jpg"}
        body["extended_entities"] = {"media": [item]}
    legacy = {
        "id_str": str(i + 1), "user_id_str": who["native"], "created_at": _when(p["t_us"]), "lang": p["lang"],
        "conversation_id_str": p["thread"], "favorite_count": 1,
    } | body  # fmt: skip
    found: dict[str, Any] = {
        "rest_id": str(i + 1), "core": {"user_results": {"result": user}}, "legacy": legacy,
        "views": {"count": str(p["views"])}, "source": f'<a href="https://x.example">{p["client"]}</a>',
    }  # fmt: skip
    if p["kind"] == "repost":
        original = {"rest_id": p["refers"], "legacy": body}
        legacy |= {"full_text": f"RT @who: {p['text'][:3]}…", "entities": {"user_mentions": []}}
        legacy["retweeted_status_result"] = {"result": original}
    if p["kind"] == "quote":
        found["quoted_status_result"] = {"result": {"rest_id": p["refers"], "legacy": {}}}
    if p["kind"] == "reply":
        legacy["in_reply_to_status_id_str"] = p["refers"]
    return found


def tiktok(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A video of TikTok; a quote is a duet."""
    who = p["account"]
    extras = [{"hashtagName": t} for t in p["hashtags"]] + [{"userUniqueId": f"u{m}"} for m in p["mentions"]]
    return {
        "id": str(10**18 + i), "desc": p["text"], "createTime": p["t_us"] // 10**6, "textLanguage": p["lang"],
        "author": {"uniqueId": who["handle"], "nickname": who["name"], "signature": who["description"],
                   "createTime": who["created_us"] // 10**6},
        "authorStats": {"followerCount": who["followers"], "followingCount": who["following"]},
        "locationCreated": who["location"], "stats": {"playCount": p["views"]}, "textExtra": extras,
        "music": {"id": p["thread"]} if p["media"] else {}, "video": {},
        "duetInfo": {"duetFromId": p["refers"] if p["kind"] == "quote" else "0"},
    }  # fmt: skip


def instagram(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A post of Instagram: a reply of the older graph, a quote an album of an item list, others of an item list."""
    who, url = p["account"], f"https://cdn.example/{i}.jpg"
    user = {"pk": who["native"], "id": who["native"], "username": who["handle"], "full_name": who["name"]}
    if p["kind"] == "reply":
        captions = [{"node": {"text": p["text"]}}]
        return {
            "__typename": "GraphImage", "id": str(i), "shortcode": f"C{i}-_x", "taken_at_timestamp": p["t_us"] // 10**6,
            "owner": user, "edge_media_to_caption": {"edges": captions}, "display_url": url if p["media"] else None,
            "edge_media_preview_like": {"count": p["views"]},
        }  # fmt: skip
    item = {"media_type": 1, "image_versions2": {"candidates": [{"url": url, "width": 9}, {"url": "small"}]}}
    item = item if p["media"] else {"media_type": 1}
    found = {
        "id": f"{i}_{who['native']}", "pk": str(i), "code": f"C{i}-_x", "taken_at": p["t_us"] // 10**6, "user": user,
        "owner": {"id": who["native"]}, "caption": {"text": p["text"]}, "like_count": p["views"], "view_count": None,
        "product_type": "feed", "link": None,
    }  # fmt: skip
    return found | ({"media_type": 8, "carousel_media": [item]} if p["kind"] == "quote" else item)
