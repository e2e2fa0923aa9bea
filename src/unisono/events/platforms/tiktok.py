"""What all sources of TikTok share, and its own objects as its web pages hold them, which is what browser tools save.

Fields: 4CAT's import of TikTok, and memory. The account is `@uniqueId`, as in TikTok's Research API: older pages name
the author by that alone, in `author`. A duet is a quote of the video beside it. A sound that several videos share
stands under media by its id. Stickers are not used. What has no `createTime` is no post.
"""

from __future__ import annotations

import re

from unisono.events.files.pages import Record
from unisono.events.posts import Media, Post, as_record, first_number, first_text, media, records_at, text_at

_HANDLE = re.compile(r"[\w.]{1,64}")
_STATS = ("stats", "statsV2")


def handle(name: str | None) -> str | None:
    """A name without its sign; None for none."""
    return (name or "").strip().lstrip("@").strip() or None


def permalink(name: str | None, video: str | None) -> str | None:
    """Where a video can be seen."""
    if not name or not video or not _HANDLE.fullmatch(name) or not (video.isascii() and video.isdigit()):
        return None
    return f"https://www.tiktok.com/@{name}/video/{video}"


def web_post(item: Record) -> Post | str:
    """A video of the web pages."""
    if "createTime" not in item:
        return "no_post"
    author = as_record(item.get("author"))
    who, own_id = handle(first_text(item, "author", "author.uniqueId")), text_at(item, "id")
    extras = records_at(item, "textExtra")
    tags = [t for e in extras if (t := text_at(e, "hashtagName"))]
    tags = tags or [t for c in records_at(item, "challenges") if (t := text_at(c, "title"))]
    duet = text_at(item, "duetInfo.duetFromId")
    return Post(
        handle=who, name=text_at(author, "nickname") or text_at(item, "nickname"),
        description=text_at(author, "signature"), account_created=author.get("createTime") or None,
        followers=first_number(item, "authorStats.followerCount", "authorStatsV2.followerCount"),
        following=first_number(item, "authorStats.followingCount", "authorStatsV2.followingCount"),
        location=text_at(item, "locationCreated"), id=own_id, time=item.get("createTime"), text=text_at(item, "desc"),
        lang=text_at(item, "textLanguage"), hashtags=tags if tags or "textExtra" in item else None,
        mentions=[f"@{n}" for e in extras if (n := handle(text_at(e, "userUniqueId")))] if extras else None,
        quote_of=duet if duet != "0" else None, media=_media(item), permalink=permalink(who, own_id),
        reach=first_number(item, *(f"{s}.playCount" for s in _STATS), *(f"{s}.diggCount" for s in _STATS)),
    )  # fmt: skip


def _media(item: Record) -> list[Media]:
    """The sound, and the picture of the video."""
    music, cover = text_at(item, "music.id"), text_at(item, "video.cover")
    found = [media("music", None, music, "tiktok_music")] if music else []
    return found + ([media("video", cover)] if cover else [])
