"""Submissions and comments of Reddit."""

from __future__ import annotations

from typing import Any


def thing(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A comment where the post is a reply, else a submission; a repost is a crosspost."""
    links = "".join(f" {u}" for u in p["urls"])
    found = {
        "id": f"k{i}", "author": p["account"]["handle"], "created_utc": p["t_us"] // 10**6, "subreddit": "News",
        "author_created_utc": p["account"]["created_us"] // 10**6, "score": p["views"],
        "permalink": f"/r/News/comments/k{i}/",
    }  # fmt: skip
    if p["kind"] == "reply":
        refers, thread = f"t1_{p['refers']}", f"t3_{p['thread']}"
        return found | {"body": p["text"] + links, "parent_id": refers, "link_id": thread}
    found |= {"title": p["text"], "selftext": links.strip(), "is_self": not p["media"], "domain": "self.News"}
    if p["media"]:
        found |= {"url": f"https://i.redd.it/{i}.jpg", "domain": "i.redd.it"}
    if p["kind"] == "repost":
        found |= {"crosspost_parent": f"t3_{p['refers']}", "url": f"/r/News/comments/{p['refers']}/"}
    return found
