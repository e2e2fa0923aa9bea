"""CrowdTangle's CSV of Instagram posts.

It names accounts by their user names, which change hands; there is no id. Times are written as in the export of
Facebook posts. `Link` is the address of the post itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from unisono.events.fields.mapping import Mapping
from unisono.events.files.batch import RawBatch
from unisono.events.formats.crowdtangle_facebook import has_columns
from unisono.events.posts import Post
from unisono.events.row_posts import Row, cell, picture, posts_of_rows, row_mapping, whole

NAME = "crowdtangle-instagram"
SUMMARY = "CrowdTangle's CSV of Instagram posts"
COLUMNS = ("Account", "User Name", "Post Created", "URL", "Photo", "Description")
TIME: str | None = None
ZONE: str | None = None
PLATFORM: str | None = "instagram"
TRACES = False
RECORDS = False
FIELDS = {
    "handle": "User Name", "name": "Account", "followers": "Followers at Posting", "id": "of URL",
    "time": "Post Created, else Created", "text": "Description, else Title", "urls": "from the text",
    "hashtags": "from the text", "mentions": "from the text", "media": "Photo",
    "reach": "Views, else Likes", "permalink": "URL",
}  # fmt: skip
_READS = (*COLUMNS, "Created", "Followers at Posting", "Title", "Views", "Likes")
_POST = re.compile(r"https?://(?:www\.)?instagram\.com/(?:[\w.]+/)?(?:p|reel|tv)/([\w-]+)/?(?:[?#].*)?", re.ASCII)


def claims(columns: Collection[str]) -> bool:
    """A file that has these columns."""
    return has_columns(COLUMNS, columns)


def mapping(text: str | None) -> Mapping:
    """Fixed. Raises UserError where the user gives another."""
    return row_mapping(NAME, text, _READS, ("User Name",))


def prepare(batch: RawBatch) -> RawBatch:
    """Every row as a post."""
    return posts_of_rows(batch, post, PLATFORM, None)


def post(row: Row, notes: Counter[str]) -> Post:
    """A post."""
    url = cell(row, "URL")
    known = _POST.fullmatch((url or "").strip())
    return Post(
        handle=cell(row, "User Name"), name=cell(row, "Account"), followers=whole(row, "Followers at Posting"),
        id=known[1] if known else None, time=cell(row, "Post Created", "Created"),
        text=cell(row, "Description", "Title"), kind="post", media=picture(cell(row, "Photo")),
        reach=whole(row, "Views", "Likes"), permalink=url,
    )  # fmt: skip
