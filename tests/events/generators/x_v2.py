"""Pages of X's API v2."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

TYPES = {"repost": "retweeted", "quote": "quoted", "reply": "replied_to"}


def iso(t_us: int) -> str:
    """As the API writes times."""
    return datetime.fromtimestamp(t_us // 10**6, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def page(posts: list[dict[str, Any]], first: int) -> dict[str, Any]:
    """A page of posts, numbered from `first` + 1."""
    users = {p["account"]["native"]: user(p["account"]) for p in reversed(posts)}
    made = [tweet(p, first + i) for i, p in enumerate(posts)]
    return {
        "data": [t for t, _, _ in made],
        "includes": {"users": list(users.values()), "tweets": [o for _, o, _ in made if o],
                     "media": [m for _, _, m in made if m]},
        "meta": {"result_count": len(posts)},
    }  # fmt: skip


def user(a: dict[str, Any]) -> dict[str, Any]:
    """A user of includes."""
    return {
        "id": a["native"], "username": a["handle"], "name": a["name"], "description": a["description"],
        "location": a["location"], "created_at": iso(a["created_us"]),
        "public_metrics": {"followers_count": a["followers"], "following_count": a["following"]},
    }  # fmt: skip


def tweet(p: dict[str, Any], i: int) -> tuple[dict[str, Any], dict[str, Any] | None, dict[str, Any] | None]:
    """A tweet, the original that it retweets, and its media."""
    entities = {
        "urls": [{"url": "https://t.co/x", "expanded_url": u} for u in p["urls"]],
        "hashtags": [{"tag": t} for t in p["hashtags"]],
        "mentions": [{"id": m, "username": "m"} for m in p["mentions"]],
    }  # fmt: skip
    media = {"media_key": f"3_{i}", "type": "photo", "url": "https://pbs.twimg.com/media/x.jpg"} if p["media"] else None
    body = {"text": p["text"], "entities": entities} | ({"attachments": {"media_keys": [f"3_{i}"]}} if media else {})
    found = {
        "id": str(i + 1), "author_id": p["account"]["native"], "created_at": iso(p["t_us"]), "lang": p["lang"],
        "source": p["client"], "conversation_id": p["thread"],
        "public_metrics": {"impression_count": p["views"], "like_count": 1},
    }  # fmt: skip
    if p["kind"] == "post":
        return found | body, None, media
    found["referenced_tweets"] = [{"type": TYPES[p["kind"]], "id": p["refers"]}]
    if p["kind"] == "repost":
        return found | {"text": f"RT @who: {p['text'][:3]}…"}, {"id": p["refers"], **body}, media
    return found | body, None, media
