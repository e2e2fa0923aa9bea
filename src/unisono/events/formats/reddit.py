"""Reddit submissions and comments, one per line: Pushshift's and Arctic Shift's dumps (often `.zst`), or the API's own.

Fields: Reddit's Link and Comment, checked against the answers in praw's tests. Ids get the prefix of their kind (`t3_`,
`t1_`) where it is missing. A name of an account is never given away again and older dumps have no other id, so the
account is `@name`. [deleted], [removed] and AutoModerator are nobody: their rows are rejects (`sentinel_account`); a
text that was [deleted] or [removed] is none. `url` of a self post, of a crosspost, of a gallery and of an uploaded file
is no link. Dumps write &, < and > as HTML does, which is undone. A crosspost is a repost with a title of its own.
`place` is the subreddit, null on the account's own profile.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unisono.clean.handle import is_sentinel
from unisono.clean.markup import unescape_basic as unescape
from unisono.clean.url import extract_urls
from unisono.events.files.pages import Pages, Record
from unisono.events.formats import Format, Records
from unisono.events.posts import Media, Post, as_record, first_number, first_text, media, text_at

_GONE = frozenset({"[deleted]", "[removed]", "[deleted by user]", "[removed by moderator]"})
_TAKEN_DOWN = "[ removed by reddit"
"""Begins several sentences that stand for a text."""
_FILES = {"i.redd.it": "image", "v.redd.it": "video", "i.reddituploads.com": "image"}


def unfold(page: Record) -> Iterator[tuple[Any, Any]]:
    """Things of a listing."""
    children = as_record(page.get("data")).get("children")
    if isinstance(children, list):
        yield from ((c.get("data") if isinstance(c, dict) else c, None) for c in children)
    else:
        yield page, None


def post(record: Record) -> Post | str:
    """A submission or a comment."""
    author, subreddit = text_at(record, "author"), text_at(record, "subreddit")
    comment = "body" in record or "link_id" in record
    path = text_at(record, "permalink")
    own = subreddit is not None and subreddit.lower().removeprefix("u_") == (author or "").lower() != subreddit.lower()
    found = Post(
        handle=author, account_kind="person", account_created=record.get("author_created_utc"),
        id=_fullname(first_text(record, "name", "id"), "t1_" if comment else "t3_"), time=record.get("created_utc"),
        place=f"r/{subreddit.lower()}" if subreddit and not own else None,
        reach=first_number(record, "view_count", "score"),
        permalink=f"https://www.reddit.com{path}" if path and path.startswith("/") else None,
    )  # fmt: skip
    return found | (_comment(record) if comment else _submission(record, found.get("id")))


def _comment(record: Record) -> Post:
    thread = _fullname(text_at(record, "link_id"), "t3_")
    return Post(
        text=_said(record, "body"), thread=thread, reply_to=_fullname(text_at(record, "parent_id"), "t1_") or thread
    )  # fmt: skip


def _submission(record: Record, own_id: str | None) -> Post:
    text = "\n\n".join(t for t in (_said(record, "title"), _said(record, "selftext")) if t) or None
    crosspost = _fullname(text_at(record, "crosspost_parent"), "t3_")
    url, kind = _link(record, crosspost)
    urls = extract_urls(text or "")
    if url and kind is None:
        urls = list(dict.fromkeys([url, *urls]))
    shown = [media(kind, url)] if kind else _gallery(record)
    return Post(text=text, repost_of=crosspost, thread=own_id, urls=urls, media=shown)


def _gallery(record: Record) -> list[Media]:
    """Pictures of a gallery in the order of their keys."""
    items = as_record(record.get("media_metadata")).values() if record.get("is_gallery") is True else ()
    urls = (first_text(item, "s.u", "s.gif", "s.mp4") for item in items)
    return [media("image", unescape(u)) for u in urls if u]


def _link(record: Record, crosspost: str | None) -> tuple[str | None, str | None]:
    """Where a link post leads, and of an uploaded file its kind."""
    url = first_text(record, "url_overridden_by_dest", "url")
    domain = (text_at(record, "domain") or "").lower()
    path = text_at(record, "permalink")
    own = record.get("is_self") is True or domain.startswith("self.") or bool(path and url and url.endswith(path))
    own = own or record.get("is_gallery") is True
    return (None, None) if not url or own or crosspost else (unescape(url), _FILES.get(domain))


def _said(record: Record, field: str) -> str | None:
    text = text_at(record, field)
    key = (text or "").strip().casefold()
    return None if text is None or key in _GONE or key.startswith(_TAKEN_DOWN) else unescape(text)


def _fullname(native: str | None, kind: str) -> str | None:
    """An id with the prefix of its kind; numbers of old dumps and sentinels give none."""
    if native is None or is_sentinel(native):
        return None
    return native if native[:1] == "t" and native[2:3] == "_" else f"{kind}{native}"


FORMAT = Format(
    name="reddit",
    summary="Reddit submissions or comments by line (Pushshift, Arctic Shift; also .zst)",
    about=__doc__,
    way=Records(post, Pages(unfold)),
    known_by=(
        ("author", "created_utc", "subreddit", "parent_id", "link_id"),
        ("author", "created_utc", "subreddit", "title", "selftext"),
        ("data.children[].data.author", "data.children[].data.created_utc"),
    ),
    fields={
        "account": "author", "handle": "author", "account_created": "author_created_utc", "id": "name, else id",
        "time": "created_utc", "text": "title and selftext, or body", "kind": "crosspost_parent, parent_id",
        "urls": "url of a link post, and links in the text", "repost_of": "crosspost_parent", "reply_to": "parent_id",
        "thread": "link_id, of a submission itself", "place": "subreddit", "media": "url of an uploaded file",
        "reach": "view_count, else score", "permalink": "permalink",
    },
    platform="reddit",
    time="unix",
)  # fmt: skip
