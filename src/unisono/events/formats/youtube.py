"""YouTube Data API v3: answers with `items` (videos, search, playlistItems, commentThreads, comments), or their items.

Fields: YouTube's resources of those names. A comment thread is its first comment and the replies that came with it.
`textDisplay` is HTML and only used where `textOriginal` is missing; the title of a search result is HTML too. A search
result that is a channel or a playlist is no post. An item of a playlist is the video itself where the playlist is its
owner's own uploads (its id is the channel's with UU for UC, where no owner of the video is given), else its owner's
repost of the video; a deleted or private video in it is no post. Dislikes, and ids that say no author, are not used.
Checked against the answers in python-youtube's tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

from unisono.clean.handle import extract_hashtags
from unisono.clean.markup import plain_text
from unisono.events.files.pages import Pages, Record
from unisono.events.formats import Format, Records
from unisono.events.posts import (
    Post,
    as_record,
    first_number,
    first_text,
    media,
    text_at,
    texts_at,
)  # fmt: skip

_KEYS = (("kind", "snippet.publishedAt"), ("kind", "snippet.topLevelComment.snippet.publishedAt"))
_GONE = frozenset({"Deleted video", "Private video"})
_WATCH = "https://www.youtube.com/watch?v="


def unfold(page: Record) -> Iterator[tuple[Any, Any]]:
    """Items of an answer; a thread is its comments."""
    items = page.get("items")
    for item in items if isinstance(items, list) else [page]:
        if not isinstance(item, dict) or text_at(item, "kind") != "youtube#commentThread":
            yield item, None
            continue
        first = as_record(item.get("snippet")).get("topLevelComment")
        replies = as_record(item.get("replies")).get("comments")
        yield first, None
        yield from ((reply, None) for reply in (replies if isinstance(replies, list) else []))


def post(record: Record) -> Post | str:
    """A video or a comment."""
    match text_at(record, "kind"):
        case "youtube#comment":
            return _comment(record)
        case "youtube#playlistItem":
            return _listed(record)
        case "youtube#video":
            return _video(record, text_at(record, "id"))
        case "youtube#searchResult" if video := text_at(record, "id.videoId"):
            return _video(record, video, escaped=True)
    return "no_post"


def _video(record: Record, video: str | None, *, escaped: bool = False) -> Post:
    said = as_record(record.get("snippet"))
    title = text_at(said, "title")
    title = unescape(title) if title and escaped else title
    text = "\n\n".join(t for t in (title, text_at(said, "description")) if t)
    pictures = as_record(said.get("thumbnails"))
    cover = first_text(pictures, "maxres.url", "high.url", "default.url")
    return Post(
        account=text_at(said, "channelId"), account_kind="channel", name=text_at(said, "channelTitle"), id=video,
        time=said.get("publishedAt"), text=text or None, thread=video, permalink=_watch(video),
        lang=first_text(said, "defaultAudioLanguage", "defaultLanguage"),
        media=[media("video", cover)] if cover else [],
        reach=first_number(record, "statistics.viewCount", "statistics.likeCount"),
        hashtags=extract_hashtags(text) + texts_at(said, "tags"),
    )  # fmt: skip


def _listed(record: Record) -> Post | str:
    said = as_record(record.get("snippet"))
    list_owner, owner = text_at(said, "channelId") or "", text_at(said, "videoOwnerChannelId")
    if owner is None and text_at(said, "title") in _GONE:
        return "no_post"
    video = first_text(record, "contentDetails.videoId", "snippet.resourceId.videoId")
    found = _video(record, video)
    uploads = text_at(said, "playlistId") == f"UU{list_owner[2:]}"
    if owner != list_owner if owner is not None else not uploads:
        return found | Post(id=text_at(record, "id"), kind="repost", repost_of=video)
    return found | Post(time=as_record(record.get("contentDetails")).get("videoPublishedAt") or said.get("publishedAt"))


def _comment(record: Record) -> Post:
    said, own_id = as_record(record.get("snippet")), text_at(record, "id")
    name, video = text_at(said, "authorDisplayName"), text_at(said, "videoId")
    html = text_at(said, "textDisplay")
    text = text_at(said, "textOriginal") or (plain_text(html)[0] if html else None)
    link = _watch(video)
    return Post(
        account=text_at(said, "authorChannelId.value"), account_kind="person", name=name, id=own_id,
        handle=name if name and name.startswith("@") else None, time=said.get("publishedAt"), text=text,
        reply_to=first_text(said, "parentId", "videoId"), thread=video, place=text_at(said, "channelId"),
        reach=first_number(said, "likeCount"), permalink=f"{link}&lc={own_id}" if link and own_id else None,
    )  # fmt: skip


def _watch(video: str | None) -> str | None:
    return f"{_WATCH}{video}" if video and video.replace("-", "").replace("_", "").isalnum() else None


FORMAT = Format(
    name="youtube",
    summary="YouTube Data API: answers with videos, search results, playlist items or comments",
    about=__doc__,
    way=Records(post, Pages(unfold)),
    known_by=(
        *(tuple(f"items[].{key}" for key in keys) for keys in _KEYS),
        *((*keys, "etag") for keys in _KEYS),
    ),
    fields={
        "account": "snippet.channelId, of comments authorChannelId.value", "account_kind": "channel",
        "handle": "of comments authorDisplayName where it begins with @", "name": "channelTitle, authorDisplayName",
        "id": "id, id.videoId, contentDetails.videoId", "time": "snippet.publishedAt",
        "text": "title and description, textOriginal", "kind": "kind of the resource",
        "lang": "defaultAudioLanguage, else defaultLanguage", "urls": "from the text",
        "hashtags": "from the text, and snippet.tags[]", "repost_of": "of a playlist's item resourceId.videoId",
        "reply_to": "parentId, else videoId", "thread": "videoId", "place": "of comments snippet.channelId",
        "media": "thumbnails", "reach": "statistics.viewCount, else likeCount", "permalink": "of the ids",
    },
    platform="youtube",
    zone="UTC",
)  # fmt: skip
