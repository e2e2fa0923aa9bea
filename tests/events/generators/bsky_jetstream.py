"""Frames of Jetstream, v1 and v2."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

FACET = "app.bsky.richtext.facet#"
CREATED = "2001-01-01T00:00:00Z"


def uri(native: str, rkey: str) -> str:
    """Of somebody's post."""
    return f"at://did:plc:{native}/app.bsky.feed.post/{rkey}"


def v1(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A frame of v1."""
    commit = {"rev": "r", "operation": "create", "cid": "c", "rkey": f"k{i}", **record(p)}
    return {"did": f"did:plc:{p['account']['native']}", "time_us": p["t_us"] + i, "kind": "commit", "commit": commit}


def v2(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A frame of v2."""
    when = datetime.fromtimestamp(p["t_us"] // 10**6, UTC).strftime("%Y-%m-%dT%H:%M:%S") + f".{i:06}Z"
    payload = {
        "$type": "network.bsky.jetstream.subscribeEvents#commit", "seq": i, "time": when, "rev": "r",
        "did": f"did:plc:{p['account']['native']}", "operation": "create", "rkey": f"k{i}", **record(p),
    }  # fmt: skip
    return {"$type": "message", "payload": payload}


def record(p: dict[str, Any]) -> dict[str, Any]:
    """Collection and record."""
    subject = {"uri": uri("x", p["refers"]), "cid": "c"}
    if p["kind"] == "repost":
        return {"collection": "app.bsky.feed.repost", "record": {"createdAt": CREATED, "subject": subject}}
    found = {"createdAt": CREATED, "text": p["text"], "langs": [p["lang"]], "facets": facets(p)}
    media = {"images": [{"alt": "", "image": {"ref": {"$link": f"bafk{p['refers']}"}}}]} if p["media"] else {}
    if p["kind"] == "reply":
        found["reply"] = {"parent": subject, "root": {"uri": uri("x", p["thread"]), "cid": "c"}}
    if p["kind"] == "quote":
        found["embed"] = {"record": {"record": subject}, "media": media} if media else {"record": subject}
    elif media:
        found["embed"] = media
    return {"collection": "app.bsky.feed.post", "record": found}


def facets(p: dict[str, Any]) -> list[dict[str, Any]]:
    """Links, tags and mentions, written from the last to the first."""
    features = [{"$type": f"{FACET}link", "uri": u} for u in p["urls"]]
    features += [{"$type": f"{FACET}tag", "tag": t} for t in p["hashtags"]]
    features += [{"$type": f"{FACET}mention", "did": f"did:plc:{m}"} for m in p["mentions"]]
    placed = [{"index": {"byteStart": i, "byteEnd": i + 1}, "features": [f]} for i, f in enumerate(features)]
    return placed[::-1]
