"""Outboxes of ActivityPub, as Mastodon writes them."""

from __future__ import annotations

from html import escape
from typing import Any

from tests.events.generators.x_v2 import iso

HOST = "https://home.example"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


def actor(p: dict[str, Any]) -> str:
    """The address of who acts."""
    return f"{HOST}/users/{p['account']['handle']}"


def note(native: Any) -> str:
    """The address of a post."""
    return f"{HOST}/notes/{native}"


def outbox(posts: list[dict[str, Any]]) -> dict[str, Any]:
    """A page of an outbox."""
    return {"@context": "https://www.w3.org/ns/activitystreams", "id": f"{HOST}/outbox?page=true",
            "type": "OrderedCollectionPage", "orderedItems": [activity(p, i) for i, p in enumerate(posts)]}  # fmt: skip


def activity(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A post in its Create, or an Announce."""
    found = {"id": f"{note(i)}/activity", "actor": actor(p), "published": iso(p["t_us"]), "to": [PUBLIC]}
    if p["kind"] == "repost":
        return found | {"type": "Announce", "object": note(p["refers"])}
    links = "".join(f' <a href="{escape(u)}" rel="nofollow">l</a>' for u in p["urls"])
    tagged = "".join(f' <a href="{HOST}/tags/{t}" class="mention hashtag">#<span>{t}</span></a>' for t in p["hashtags"])
    text = f"<p>{escape(p['text'])}{links}{tagged}</p>"
    said = {
        "id": note(i), "type": "Note", "attributedTo": actor(p), "published": iso(p["t_us"]), "summary": None,
        "content": text, "contentMap": {p["lang"]: text}, "url": f"{HOST}/@x/{i}", "conversation": f"tag:{p['thread']}",
        "inReplyTo": note(p["refers"]) if p["kind"] == "reply" else None, "likes": {"totalItems": p["views"]},
        "tag": [{"type": "Hashtag", "name": f"#{t}", "href": f"{HOST}/tags/{t}"} for t in p["hashtags"]]
        + [{"type": "Mention", "name": "@m", "href": f"{HOST}/users/u{m}"} for m in p["mentions"]],
        "attachment": [{"type": "Document", "mediaType": "image/png", "url": f"{HOST}/{i}.png"}] if p["media"] else [],
    }  # fmt: skip
    if p["kind"] == "quote":
        said["quote"] = note(p["refers"])
    return found | {"type": "Create", "object": said}
