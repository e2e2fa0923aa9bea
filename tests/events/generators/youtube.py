"""Videos and comments of YouTube's Data API."""

from __future__ import annotations

from typing import Any

from tests.events.generators.x_v2 import iso


def resource(p: dict[str, Any], i: int) -> dict[str, Any]:
    """A comment where the post is a reply, an item of a playlist where it is a repost, else a video."""
    who, text = p["account"], " ".join([p["text"], *p["urls"]])
    if p["kind"] == "reply":
        said = {
            "videoId": p["thread"], "parentId": p["refers"], "textOriginal": text, "authorDisplayName": who["name"],
            "authorChannelId": {"value": f"UC{who['native']}"}, "publishedAt": iso(p["t_us"]), "likeCount": p["views"],
        }  # fmt: skip
        return {"kind": "youtube#comment", "etag": "e", "id": f"c{i}", "snippet": said}
    said = {
        "channelId": f"UC{who['native']}", "channelTitle": who["name"], "publishedAt": iso(p["t_us"]), "title": text,
        "defaultAudioLanguage": p["lang"], "tags": p["hashtags"],
    }  # fmt: skip
    if p["media"]:
        said["thumbnails"] = {"high": {"url": f"https://i.ytimg.com/{i}.jpg"}}
    if p["kind"] == "repost":
        said |= {"videoOwnerChannelId": "UCother", "resourceId": {"videoId": p["refers"]}}
        return {"kind": "youtube#playlistItem", "etag": "e", "id": f"p{i}", "snippet": said}
    numbers = {"viewCount": str(p["views"])}
    return {"kind": "youtube#video", "etag": "e", "id": f"v{i}", "snippet": said, "statistics": numbers}
