"""CrowdTangle's CSV of Facebook posts of pages and groups, and its lists.

Columns: CrowdTangle's export, as tools that import it describe them. A post of a group is the group's: the export names
no member. `Post Created` (`Created` until about 2020) carries the abbreviation of the zone that CrowdTangle was set to
(2021-03-04 05:06:07 EST); those of RFC 822 are read by their fixed offsets. Any other is bad_time unless `--zone`
declares a zone of that name (Europe/Prague for CEST), which also serves where there is none. `Image Text` is read off
the picture by Facebook and `Link Text` and `Description` are the linked page's: none is what the account wrote, so none
is its text. A link to a post of another page is how a share looks; where it calls the page by its name, not its number,
what is shared is no event of the study. Scores, reactions and sponsors are not used.
"""

from __future__ import annotations

import re
from collections import Counter

from unisono.clean.url import extract_urls
from unisono.events.formats import Format, Rows
from unisono.events.posts import Post
from unisono.events.row_posts import Row, cell, whole

COLUMNS = ("Facebook Id", "Post Created", "URL", "Message", "Final Link")
_READS = (
    *COLUMNS, "Created", "Page Name", "Group Name", "User Name", "Page Category", "Page Description",
    "Page Admin Top Country", "Followers at Posting", "Likes at Posting", "Page Created", "Link", "Total Views",
    "Post Views", "Likes",
)  # fmt: skip
_POST = re.compile(
    r"https?://(?:www\.|m\.|web\.)?facebook\.com/(?:groups/)?([0-9A-Za-z.]+)"
    r"/(?:posts|permalink|videos|photos)/([0-9]+)/?(?:[?#].*)?",
    re.IGNORECASE,
)


def either_time(columns: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """These columns, and as exports until about 2020 name them: Created for Post Created."""
    return columns, tuple("Created" if c == "Post Created" else c for c in columns)


def post(row: Row, notes: Counter[str]) -> Post:
    """A post of a page or group."""
    account, url, link = cell(row, "Facebook Id"), cell(row, "URL"), cell(row, "Final Link", "Link")
    shared = _POST.fullmatch((link or "").strip())
    own = {(account or "").strip(), (cell(row, "User Name") or "").strip().lower()}
    shared = shared if shared and shared[1].lower() not in own else None
    found = Post(
        account=account, account_kind="forum" if cell(row, "Group Name") else "page", handle=cell(row, "User Name"),
        name=cell(row, "Page Name", "Group Name"), label=cell(row, "Page Category"),
        description=cell(row, "Page Description"), location=cell(row, "Page Admin Top Country"),
        followers=whole(row, "Followers at Posting", "Likes at Posting"), account_created=cell(row, "Page Created"),
        id=_id(account, url), time=cell(row, "Post Created", "Created"), text=cell(row, "Message"),
        repost_of=f"{shared[1].lower()}_{shared[2]}" if shared else None, target=_named(shared[1]) if shared else None,
        kind="repost" if shared else "post", reach=whole(row, "Total Views", "Post Views", "Likes"), permalink=url,
    )  # fmt: skip
    if link and link.strip() != (url or "").strip():
        found["urls"] = list(dict.fromkeys([link.strip(), *extract_urls(found.get("text") or "")]))
    return found


def _id(account: str | None, url: str | None) -> str | None:
    """As Facebook numbers posts: those of the page and of the post; the address may call the page by its name."""
    found = _POST.fullmatch((url or "").strip())
    if found is None:
        return None
    page = found[1] if found[1].isdigit() else (account or "").strip()
    return f"{page}_{found[2]}" if page else None


def _named(page: str) -> str:
    return page if page.isdigit() else f"@{page.lower()}"


FORMAT = Format(
    name="crowdtangle-facebook",
    summary="CrowdTangle's CSV of Facebook posts, of pages or groups",
    about=__doc__,
    way=Rows(post, _READS, ("Facebook Id",)),
    known_by=either_time(("Facebook Id", "Post Created", "URL", "Message", "Final Link")),
    fields={
        "account": "Facebook Id", "account_kind": "page, or forum where there is a Group Name", "handle": "User Name",
        "name": "Page Name, else Group Name", "label": "Page Category", "description": "Page Description",
        "location": "Page Admin Top Country", "followers": "Followers at Posting, else Likes at Posting",
        "account_created": "Page Created", "id": "of URL: page_post", "time": "Post Created, else Created",
        "text": "Message", "urls": "Final Link, else Link, and those in Message",
        "repost_of": "Link to a post of another page",
        "reach": "Total Views, else Post Views, else Likes", "permalink": "URL",
    },
    platform="facebook",
)  # fmt: skip
