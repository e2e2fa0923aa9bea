"""Videos of TikTok: as its Research API gives them, and as its web pages hold them."""

from __future__ import annotations

from typing import Any


def researched(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A Video Object of the Research API."""
    return {
        "id": 10**18 + i, "username": p["account"]["handle"], "create_time": p["t_us"] // 10**6,
        "video_description": p["text"], "region_code": "DE", "hashtag_names": p["hashtags"],
        "video_mention_list": [f"u{m}" for m in p["mentions"]], "view_count": p["views"],
        "music_id": int(p["thread"]) if p["media"] else 0,
    }  # fmt: skip
