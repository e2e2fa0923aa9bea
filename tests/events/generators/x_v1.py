"""Tweets of X's API v1.1, as twarc writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def when(t_us: int) -> str:
    """As the API writes times."""
    return datetime.fromtimestamp(t_us // 10**6, UTC).strftime("%a %b %d %H:%M:%S +0000 %Y")


def tweet(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A tweet; of every third the text stands in `extended_tweet`, as in streams."""
    who = p["account"]
    user = {
        "id": int(who["native"]), "id_str": who["native"], "screen_name": who["handle"], "name": who["name"],
        "description": who["description"], "location": who["location"], "created_at": when(who["created_us"]),
        "followers_count": who["followers"], "friends_count": who["following"],
    }  # fmt: skip
    found = {
        "created_at": when(p["t_us"]), "id": i + 1, "id_str": str(i + 1), "lang": p["lang"], "user": user,
        "source": f'<a href="https://x.example">{p["client"]}</a>', "favorite_count": p["views"],
        "in_reply_to_status_id_str": p["refers"] if p["kind"] == "reply" else None,
    }  # fmt: skip
    if p["kind"] == "repost":
        original = {"id_str": p["refers"], "user": user, **_body(p, i)}
        text = {"full_text": f"RT @who: {p['text'][:3]}…", "entities": {"user_mentions": []}}
        return found | text | {"retweeted_status": original}
    if p["kind"] == "quote":
        found |= {"quoted_status_id_str": p["refers"], "quoted_status": {"id_str": p["refers"], "full_text": "theirs"}}
    return found | _body(p, i)


def _body(p: dict[str, Any], i: int) -> dict[str, Any]:
    body: dict[str, Any] = {"full_text": p["text"], "entities": {
        "urls": [{"url": "https://t.co/x", "expanded_url": u} for u in p["urls"]],
        "hashtags": [{"text": t} for t in p["hashtags"]],
        "user_mentions": [{"id_str": m, "screen_name": "m"} for m in p["mentions"]],
    }}  # fmt: skip
    if p["media"]:
        item = {"id_str": str(i), "type": "photo", "media_url_https": "https://pbs.twimg.com/media/x.jpg"}
        body["extended_entities"] = {"media": [item]}
    return {"text": f"{p['text'][:2]}…", "extended_tweet": body} if i % 3 == 2 else body
