"""Media Cloud's CSV of stories, of its present directory (`id`) and of the one before (`stories_id`).

`publish_date` is a day as a rule, so nothing finer than a day can be said of when; where it holds a time, that is
read. `indexed_date` is when the collector saw the story, and is not used: stories that an outlet published hours apart
are indexed together. The account is the outlet, by the site of `media_url`, as in GDELT.
"""

from __future__ import annotations

import re
from collections import Counter

from unisono.events.formats import Format, Rows
from unisono.events.posts import Post
from unisono.events.row_posts import Row, cell

COLUMNS = ("publish_date", "title", "url", "media_name", "media_url")
DAYS = "rows whose publish_date is a day and no time; indexed_date is the collector's clock and was not used"
_DAY = re.compile(r"\s*[0-9]{4}-?[0-9]{2}-?[0-9]{2}\s*")
_SITE = re.compile(r"(?:[a-z]+://)?(?:www\.)?([^/?#\s]++)\S*+", re.IGNORECASE)


def post(row: Row, notes: Counter[str]) -> Post:
    """A story."""
    name, url, when = cell(row, "media_name"), cell(row, "url"), cell(row, "publish_date")
    site = _SITE.fullmatch((cell(row, "media_url") or "").strip())
    notes[DAYS] += bool(when and _DAY.fullmatch(when))
    return Post(
        account=site[1].lower() if site else name, account_kind="media_account", name=name,
        id=cell(row, "id", "stories_id"), time=when, text=cell(row, "title"), kind="post", lang=cell(row, "language"),
        urls=[url] if url else [], hashtags=[], mentions=[], permalink=url,
    )  # fmt: skip


FORMAT = Format(
    name="media-cloud",
    summary="Media Cloud's CSV of stories; days, no times",
    about=__doc__,
    way=Rows(post, (*COLUMNS, "id", "stories_id", "language"), ("publish_date", "media_name")),
    known_by=(COLUMNS,),
    fields={
        "account": "site of media_url, else media_name", "account_kind": "media_account", "name": "media_name",
        "id": "id, else stories_id", "time": "publish_date", "text": "title", "lang": "language", "urls": "url",
        "permalink": "url",
    },
    platform="news",
    zone="UTC",
)  # fmt: skip
