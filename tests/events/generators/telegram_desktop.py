"""Exports of Telegram Desktop."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any


def export(posts: list[dict[str, Any]], chat: int) -> bytes:
    """A supergroup with these messages, numbered from 1, in the indented form of the program."""
    whole = {"name": "Group", "type": "public_supergroup", "id": chat,
             "messages": [message(p, i) for i, p in enumerate(posts)]}  # fmt: skip
    return json.dumps(whole, indent=1, ensure_ascii=False).encode()


def message(p: dict[str, Any], i: int) -> dict[str, Any]:
    """One message."""
    seconds = p["t_us"] // 10**6
    pieces: list[dict[str, Any]] = [{"type": "plain", "text": p["text"]}]
    pieces += [{"type": "text_link", "text": " l", "href": u} for u in p["urls"]]
    pieces += [{"type": "hashtag", "text": f"#{t}"} for t in p["hashtags"]]
    pieces += [{"type": "mention_name", "text": " m", "user_id": int(m)} for m in p["mentions"]]
    found = {
        "id": i + 1, "type": "message", "date_unixtime": str(seconds),
        "date": datetime.fromtimestamp(seconds + 3600, UTC).isoformat(), "from": p["account"]["name"],
        "from_id": f"user{p['account']['native']}", "text": p["text"], "text_entities": pieces,
        "via_bot": p["client"], "reactions": [{"type": "emoji", "count": p["views"], "emoji": "x"}],
    }  # fmt: skip
    if p["media"]:
        found["photo"] = f"photos/{i}.jpg"
    if p["kind"] == "repost":
        found |= {"forwarded_from": "X", "forwarded_from_id": f"channel{p['refers']}"}
    if p["kind"] == "reply":
        found["reply_to_message_id"] = int(p["refers"])
    return found
