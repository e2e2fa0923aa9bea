"""CrowdTangle's CSV of Instagram posts.

It names accounts by their user names, which change hands; there is no id. Times are written as in the export of
Facebook posts. `Link` is the address of the post itself.
"""

from __future__ import annotations

import re
from collections import Counter

from unisono.events.formats import Format, Rows
from unisono.events.formats.crowdtangle_facebook import either_time
from unisono.events.posts import Post
from unisono.events.row_posts import Row, cell, picture, whole

COLUMNS = ("Account", "User Name", "Post Created", "URL", "Photo", "Description")
_READS = (*COLUMNS, "Created", "Followers at Posting", "Title", "Views", "Likes")
_POST = re.compile(r"https?://(?:www\.)?instagram\.com/(?:[\w.]+/)?(?:p|reel|tv)/([\w-]+)/?(?:[?#].*)?", re.ASCII)


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


FORMAT = Format(
    name="crowdtangle-instagram",
    summary="CrowdTangle's CSV of Instagram posts",
    about=__doc__,
    way=Rows(post, _READS, ("User Name",)),
    known_by=either_time(("Account", "User Name", "Post Created", "URL", "Photo", "Description")),
    fields={
        "handle": "User Name", "name": "Account", "followers": "Followers at Posting", "id": "of URL",
        "time": "Post Created, else Created", "text": "Description, else Title", "urls": "from the text",
        "hashtags": "from the text", "mentions": "from the text", "media": "Photo",
        "reach": "Views, else Likes", "permalink": "URL",
    },
    platform="instagram",
)  # fmt: skip
