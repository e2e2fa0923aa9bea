"""Posts of the Meta Content Library, as CSV or as JSON, whose nested names are the CSV's dotted columns.

Fields: Meta's data dictionary. Its ids are the library's own, so ids begin with `meta/`. `text` comes without tags,
which stand in `hashtags`. A share says which post it repeats (`shared_post_id`) and not whose. Where `modified_time`
is later than `creation_time` the text may be another than was first published: counted in a note.
"""

from __future__ import annotations

import ast
from collections import Counter
from typing import Any

import orjson

from unisono.events.files.batch import as_text
from unisono.events.formats import Format, Rows
from unisono.events.formats.x_disclosure import literal_list
from unisono.events.posts import Media, Post, media
from unisono.events.row_posts import Row, cell, whole

COLUMNS = ("id", "post_owner.id", "creation_time")
_READS = (
    *COLUMNS, "post_owner.type", "post_owner.username", "post_owner.name", "modified_time", "text", "lang",
    "link_attachment.link", "hashtags", "shared_post_id", "surface.id", "multimedia", "statistics.views",
    "statistics.like_count", "mcl_url",
)  # fmt: skip
CHANGED = "posts that were changed after they were made (modified_time); their text is that of the last change"
TEXTLESS = "posts without a field `text`, which the library gives only where it is asked for"
UNREAD = "values of multimedia that are no list; left empty"
_KINDS = {"page": "page", "group": "forum", "profile": "person", "user": "person", "event": "forum"}
_LONGEST = 1 << 16
"""Characters of a written list; a longer one is not parsed."""


def post(row: Row, notes: Counter[str]) -> Post:
    """A post."""
    made, changed, shared = cell(row, "creation_time"), cell(row, "modified_time"), cell(row, "shared_post_id")
    link, kind = cell(row, "link_attachment.link"), (cell(row, "post_owner.type") or "").strip().lower()
    notes[TEXTLESS] += "text" not in row
    notes[CHANGED] += bool(changed and changed != made)
    found = Post(
        account=cell(row, "post_owner.id"), account_kind=_KINDS.get(kind, "unknown"),
        handle=cell(row, "post_owner.username"), name=cell(row, "post_owner.name"), id=cell(row, "id"), time=made,
        text=cell(row, "text"), lang=cell(row, "lang"), repost_of=shared, kind="repost" if shared else "post",
        place=cell(row, "surface.id"), media=_media(row.get("multimedia"), notes), permalink=cell(row, "mcl_url"),
        reach=whole(row, "statistics.views", "statistics.like_count"), hashtags=_tags(row.get("hashtags")),
    )  # fmt: skip
    if link:
        found["urls"] = [link.strip()]
    return found


def _tags(value: Any) -> list[str] | None:
    """A list, one written as a literal, or names that commas join; None (so: of the text) where there is none."""
    if isinstance(value, list):
        return [t for v in value if (t := as_text(v))] or None
    text = (as_text(value) or "").strip()
    found = literal_list(text) if text.startswith("[") else [t.strip() for t in text.split(",")]
    return [t for t in found if t] or None


def _media(value: Any, notes: Counter[str]) -> list[Media]:
    if isinstance(value, str):
        value = _written(value.strip())
    if value is None or value == "":
        return []
    if not isinstance(value, list):
        notes[UNREAD] += 1
        return []
    items = [v for v in value if isinstance(v, dict)]
    return [media(as_text(v.get("type")), as_text(v.get("url")), as_text(v.get("id")), "mcl_id") for v in items]


def _written(text: str) -> Any:
    """A list written as JSON, or as Python writes one; anything else is False."""
    if not text:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        pass
    try:
        return ast.literal_eval(text) if len(text) <= _LONGEST else False
    except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
        return False


FORMAT = Format(
    name="meta-content-library",
    summary="Meta Content Library's posts, as CSV, NDJSON or a JSON array",
    about=__doc__,
    way=Rows(post, _READS, ("post_owner.id", "creation_time")),
    known_by=(COLUMNS,),
    fields={
        "account": "post_owner.id", "account_kind": "post_owner.type", "handle": "post_owner.username",
        "name": "post_owner.name", "id": "id", "time": "creation_time", "text": "text", "lang": "lang",
        "urls": "link_attachment.link", "hashtags": "hashtags", "mentions": "from the text",
        "repost_of": "shared_post_id", "place": "surface.id", "media": "multimedia: type, url, id as hash",
        "reach": "statistics.views, else statistics.like_count", "permalink": "mcl_url",
    },
    platform="meta",
    zone="UTC",
)  # fmt: skip
