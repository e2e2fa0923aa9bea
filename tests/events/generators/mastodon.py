"""Statuses of Mastodon's REST API."""

from __future__ import annotations

from html import escape
from typing import Any

from tests.events.generators.x_v2 import iso

HOST = "https://home.example"


def status(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A status, or a boost."""
    who = p["account"]
    links = "".join(f' <a href="{escape(u)}" rel="nofollow">l</a>' for u in p["urls"])
    tagged = "".join(f' <a href="{HOST}/tags/{t}" class="mention hashtag">#<span>{t}</span></a>' for t in p["hashtags"])
    named = "".join(f' <a href="{HOST}/@u{m}" class="u-url mention">@<span>u{m}</span></a>' for m in p["mentions"])
    body = {
        "content": f"<p>{escape(p['text'])}{links}{tagged}{named}</p>", "language": p["lang"],
        "tags": [{"name": t} for t in p["hashtags"]],
        "mentions": [{"id": m, "acct": f"u{m}", "url": f"{HOST}/@u{m}"} for m in p["mentions"]],
        "media_attachments": [{"id": "1", "type": "image", "url": f"{HOST}/{i}.png"}] if p["media"] else [],
    }  # fmt: skip
    found = {
        "id": str(i), "uri": f"{HOST}/statuses/{i}", "url": f"{HOST}/@x/{i}", "created_at": iso(p["t_us"]),
        "visibility": "public", "spoiler_text": "", "favourites_count": p["views"], "reblog": None,
        "application": {"name": p["client"]},
        "account": {
            "id": str(i), "acct": who["handle"], "url": f"{HOST}/@{who['handle']}", "display_name": who["name"],
            "note": f"<p>{escape(who['description'])}</p>", "followers_count": who["followers"],
            "following_count": who["following"], "created_at": iso(who["created_us"]), "bot": False,
        },
    } | body  # fmt: skip
    if p["kind"] == "repost":
        found |= {"reblog": {"uri": f"{HOST}/statuses/{p['refers']}", **body}}
    if p["kind"] == "reply":
        found["in_reply_to_id"] = p["refers"]
    if p["kind"] == "quote":
        found["quote"] = {"state": "accepted", "quoted_status": {"uri": f"{HOST}/statuses/{p['refers']}"}}
    return found
