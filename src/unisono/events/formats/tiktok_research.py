"""TikTok Research API: answers with `data.videos`, pinned, liked or reposted videos among them, or videos by line.

Fields: TikTok's "Video Object" (developers.tiktok.com, research-api-specs-query-videos). There is no id of an
account: it is `@username`, which its owner can change. Ids of videos are numbers of 64 bits. Duets and stitches are
not told. Music and effects are things that several videos share by their id, and stand under media.
`voice_to_text`, stickers and comments (which name no author) are not used. `region_code` is where the account was
registered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unisono.events.files.pages import Pages, Record
from unisono.events.formats import Format, Records
from unisono.events.platforms.tiktok import handle, permalink
from unisono.events.posts import (
    Media,
    Post,
    as_record,
    at,
    first_number,
    first_text,
    media,
    records_at,
    text_at,
    texts_at,
)  # fmt: skip

_LISTS = (
    "videos", "pinned_videos_list", "user_pinned_videos", "user_liked_videos", "reposted_videos",
    "user_reposted_videos",
)  # fmt: skip


def unfold(page: Record) -> Iterator[tuple[Any, Any]]:
    """Videos of an answer."""
    data = as_record(page.get("data"))
    lists = [v for part in _LISTS if isinstance(v := data.get(part), list)]
    if not lists:
        yield page, None
    yield from ((video, None) for videos in lists for video in videos)


def post(record: Record) -> Post | str:
    """A video."""
    who, own_id = handle(text_at(record, "username")), text_at(record, "id")
    tags = texts_at(record, "hashtag_names") or [
        t for h in records_at(record, "hashtag_info_list") if (t := text_at(h, "hashtag_name"))
    ]
    asked = "hashtag_names" in record or "hashtag_info_list" in record
    return Post(
        handle=who, location=text_at(record, "region_code"), id=own_id, time=record.get("create_time"),
        text=text_at(record, "video_description"), hashtags=tags if asked else None, mentions=_mentions(record),
        media=_shared(record), reach=first_number(record, "view_count", "like_count"),
        permalink=permalink(who, own_id),
    )  # fmt: skip


def _mentions(record: Record) -> list[str] | None:
    """Names, as texts or in objects."""
    if not isinstance(at(record, "video_mention_list"), list):
        return None
    named = texts_at(record, "video_mention_list")
    named += [n for m in records_at(record, "video_mention_list") if (n := first_text(m, "username", "user_name"))]
    return [f"@{n.lstrip('@')}" for n in named]


def _shared(record: Record) -> list[Media]:
    """Music and effects by their ids."""
    music = text_at(record, "music_id")
    effects = at(record, "effect_ids")
    ids = [text_at({"id": e}, "id") for e in effects] if isinstance(effects, list) else []
    ids += [first_text(e, "effect_id", "id") for e in records_at(record, "effect_info_list")]
    found = [("music", music)] + [("effect", i) for i in dict.fromkeys(ids)]
    return [media(kind, None, i, f"tiktok_{kind}") for kind, i in found if i and i != "0"]


FORMAT = Format(
    name="tiktok-research",
    summary="TikTok Research API: answers to video queries, as JSON or NDJSON",
    about=__doc__,
    way=Records(post, Pages(unfold)),
    known_by=(
        *(tuple(f"data.{videos}[].{key}" for key in ("username", "create_time", "id")) for videos in _LISTS),
        ("username", "create_time", "video_description", "region_code"),
    ),
    fields={
        "account": "username", "handle": "username", "location": "region_code", "id": "id", "time": "create_time",
        "text": "video_description", "hashtags": "hashtag_names[], else hashtag_info_list[].hashtag_name",
        "mentions": "video_mention_list[]", "media": "music_id, effect_ids[], effect_info_list[].effect_id",
        "reach": "view_count, else like_count", "permalink": "of username and id",
    },
    platform="tiktok",
    time="unix",
)  # fmt: skip
