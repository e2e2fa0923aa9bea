"""The plainest possible count of co-actions, to judge a world by; the product's kernel is not used."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa

WINDOWS = {"repost": 60, "reply": 60, "url": 60, "media": 60, "text": 600, "hashtag_sequence": 600}
Row = dict[str, Any]
Edge = tuple[str, str, str]


def seconds(created_at: str) -> int:
    """`created_at` of a world's events as Unix seconds."""
    return int(datetime.fromisoformat(created_at).timestamp())


def plain(text: str) -> str:
    """A text without its links and mentions."""
    return " ".join(re.sub(r"https?://\S+|@\S+", " ", text).split())


def objects(row: Row) -> Iterator[tuple[str, str]]:
    """(trace, object) of one post."""
    if row["post_type"] == "repost":
        yield "repost", row["repost_of"]
        return
    if row["post_type"] == "reply":
        yield "reply", row["reply_to"]
    for link in row["links"]:
        yield "url", link.split("?")[0]
    if row["media_sha1"]:
        yield "media", row["media_sha1"]
    if len(plain(row["text"])) >= 20:
        yield "text", plain(row["text"])
    if len(row["tags"]) >= 3:
        yield "hashtag_sequence", " ".join(row["tags"])


def edges(events: pa.Table, least: int = 3) -> set[Edge]:
    """(trace, account, account) with at least so many common objects within the trace's window."""
    touches: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for row in events.to_pylist():
        for key in objects(row):
            touches[key].append((seconds(row["created_at"]), row["author"]))
    common: Counter[Edge] = Counter()
    for (trace, _), posts in touches.items():
        posts.sort()
        near: set[tuple[str, str]] = set()
        for i, (t, a) in enumerate(posts):
            for u, b in posts[i + 1 :]:
                if u - t > WINDOWS[trace]:
                    break
                if a != b:
                    near.add((min(a, b), max(a, b)))
        common.update((trace, a, b) for a, b in near)
    return {edge for edge, n in common.items() if n >= least}
