"""CrowdTangle's CSV of Facebook posts of pages and groups, and its lists.

Columns: CrowdTangle's export, as tools that import it describe them. A post of a group is the group's: the export
names no member. `Post Created` carries the abbreviation of its zone (2021-03-04 05:06:07 EST), which is the one that
CrowdTangle was set to; those of RFC 822 are read by their fixed offsets, any other and none at all are bad_time.
`Image Text` is read off the picture by Facebook and `Link Text` and `Description` are the linked page's: none is what
the account wrote, so none is its text. A link to a post of another page is how a share looks. Scores, reactions and
sponsors are not used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from unisono.clean.time import TimeRule
from unisono.clean.url import extract_urls
from unisono.events.batch import RawBatch
from unisono.events.mapping import Mapping
from unisono.events.posts import Post
from unisono.events.row_posts import Row, cell, posts_of_rows, row_mapping, whole

NAME = "crowdtangle-facebook"
SUMMARY = "CrowdTangle's CSV of Facebook posts, of pages or groups"
COLUMNS = ("Facebook Id", "Post Created", "URL", "Message", "Final Link")
TIME: str | None = None
ZONE: str | None = None
PLATFORM: str | None = "facebook"
TRACES = False
RECORDS = False
FIELDS = {
    "account": "Facebook Id", "account_kind": "page, or forum where there is a Group Name", "handle": "User Name",
    "name": "Page Name, else Group Name", "label": "Page Category", "description": "Page Description",
    "location": "Page Admin Top Country", "followers": "Followers at Posting, else Likes at Posting",
    "account_created": "Page Created", "id": "of URL: page_post", "time": "Post Created", "text": "Message",
    "urls": "Final Link, else Link, and those in Message", "repost_of": "Link to a post of another page",
    "reach": "Total Views, else Post Views, else Likes", "permalink": "URL",
}  # fmt: skip
_READS = (
    *COLUMNS, "Page Name", "Group Name", "User Name", "Page Category", "Page Description", "Page Admin Top Country",
    "Followers at Posting", "Likes at Posting", "Page Created", "Link", "Total Views", "Post Views", "Likes",
)  # fmt: skip
_POST = re.compile(
    r"https?://(?:www\.|m\.|web\.)?facebook\.com/(?:groups/)?([0-9]+)/(?:posts|permalink|videos|photos)/([0-9]+)/?"
    r"(?:[?#].*)?",
    re.IGNORECASE,
)
_WRITTEN = TimeRule()


def claims(columns: Collection[str]) -> bool:
    """A file that has these columns."""
    return set(COLUMNS) <= set(columns)


def mapping(text: str | None) -> Mapping:
    """Fixed. Raises UserError where the user gives another."""
    return row_mapping(NAME, text, _READS, ("Facebook Id", "Post Created"))


def prepare(batch: RawBatch) -> RawBatch:
    """Every row as a post."""
    return posts_of_rows(batch, post, PLATFORM, _WRITTEN)


def post(row: Row, notes: Counter[str]) -> Post:
    """A post of a page or group."""
    account, url, link = cell(row, "Facebook Id"), cell(row, "URL"), cell(row, "Final Link", "Link")
    shared = _POST.fullmatch((link or "").strip())
    shared = shared if shared and shared[1] != (account or "").strip() else None
    found = Post(
        account=account, account_kind="forum" if cell(row, "Group Name") else "page", handle=cell(row, "User Name"),
        name=cell(row, "Page Name", "Group Name"), label=cell(row, "Page Category"),
        description=cell(row, "Page Description"), location=cell(row, "Page Admin Top Country"),
        followers=whole(row, "Followers at Posting", "Likes at Posting"), account_created=cell(row, "Page Created"),
        id=_id(url), time=cell(row, "Post Created"), text=cell(row, "Message"),
        repost_of=f"{shared[1]}_{shared[2]}" if shared else None, target=shared[1] if shared else None,
        kind="repost" if shared else "post", reach=whole(row, "Total Views", "Post Views", "Likes"), permalink=url,
    )  # fmt: skip
    if link and link.strip() != (url or "").strip():
        found["urls"] = list(dict.fromkeys([link.strip(), *extract_urls(found.get("text") or "")]))
    return found


def _id(url: str | None) -> str | None:
    """As Facebook numbers posts: those of the page and of the post."""
    found = _POST.fullmatch((url or "").strip())
    return f"{found[1]}_{found[2]}" if found else None
