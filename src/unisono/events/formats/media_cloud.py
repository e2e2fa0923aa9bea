"""Media Cloud's CSV of stories, of its present directory (`id`) and of the one before (`stories_id`).

`publish_date` is a day as a rule, so nothing finer than a day can be said of when; where it holds a time, that is
read. `indexed_date` is when the collector saw the story, and is not used: stories that an outlet published hours apart
are indexed together. The account is the outlet, by the site of `media_url`, as in GDELT.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from unisono.events.fields.mapping import Mapping
from unisono.events.files.batch import RawBatch
from unisono.events.posts import Post
from unisono.events.row_posts import Row, cell, posts_of_rows, row_mapping

NAME = "media-cloud"
SUMMARY = "Media Cloud's CSV of stories; days, no times"
COLUMNS = ("publish_date", "title", "url", "media_name", "media_url")
TIME: str | None = None
ZONE: str | None = "UTC"
PLATFORM: str | None = "news"
TRACES = False
RECORDS = False
FIELDS = {
    "account": "site of media_url, else media_name", "account_kind": "media_account", "name": "media_name",
    "id": "id, else stories_id", "time": "publish_date", "text": "title", "lang": "language", "urls": "url",
    "permalink": "url",
}  # fmt: skip
DAYS = "rows whose publish_date is a day and no time; indexed_date is the collector's clock and was not used"
_DAY = re.compile(r"\s*[0-9]{4}-?[0-9]{2}-?[0-9]{2}\s*")
_SITE = re.compile(r"(?:[a-z]+://)?(?:www\.)?([^/?#\s]+)[^\s]*", re.IGNORECASE)


def claims(columns: Collection[str]) -> bool:
    """A file that has these columns."""
    return set(COLUMNS) <= set(columns)


def mapping(text: str | None) -> Mapping:
    """Fixed. Raises UserError where the user gives another."""
    return row_mapping(NAME, text, (*COLUMNS, "id", "stories_id", "language"), ("publish_date", "media_name"))


def prepare(batch: RawBatch) -> RawBatch:
    """Every row as a post of its outlet."""
    return posts_of_rows(batch, post, PLATFORM)


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
