"""4CAT's CSV exports, whose columns differ from data source to data source; the source is known by its own columns.

Each source's mapper in 4CAT keeps one column of time right, and may shift another by the zone of the server it ran on.
X: `timestamp` is UTC, `unix_timestamp` made from it in local time. Facebook, Threads, Instagram and Telegram: the
other way round. Bluesky: `created_at` is ISO and what the client says, `timestamp` the same as a number. Where two
columns disagree, rows are counted in a note. A CSV does not say which post a repost repeats: 4CAT's NDJSON does.
Numbers of Telegram's messages count within their chat. Addresses are joined by commas, which they may hold themselves.
Accounts of TikTok are `@author`, as in TikTok's Research API and its web pages, whatever `author_id` says: one account
is one in all of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from unisono.clean.time import BadTime, NaiveTime, parse_time
from unisono.events.files.batch import RawBatch
from unisono.events.formats import Columns, Format
from unisono.events.posts import MAPPING, Media, Post
from unisono.events.row_posts import UTC, Row, cell, joined_urls, parts, picture, posts_of_rows, whole

NDJSON = "reposts whose original the CSV does not name; 4CAT's NDJSON export of the same data set does"
_BASE = ("id", "author", "body", "timestamp")
_READS = (
    *_BASE, "unix_timestamp", "created_at", "author_id", "author_username", "author_fullname", "author_display_name",
    "author_name", "author_full", "author_followers", "author_profile", "author_created_at", "is_retweet",
    "retweeted_user", "is_quote_tweet", "is_reply", "language_guess", "languages", "urls", "links", "link_url",
    "entities_linked", "hashtags", "tags", "mentions", "entities_mentioned", "usertags", "quoted_post",
    "replied_to_post", "reply_to", "thread_id", "chat", "is_in_group", "group_name", "image_url", "image_urls",
    "images", "video_url", "videos", "source", "impression_count", "views", "plays", "like_count", "likes",
    "num_likes", "num_comments", "link", "url", "tiktok_url", "author_forwarded_from_name",
    "author_forwarded_from_username", "author_forwarded_from_id", "is_paid_partnership", "link_thumbnail_url",
)  # fmt: skip
_BSKY = re.compile(r"(?:https?://bsky\.app/profile/|at://)(did:[^/]+)/(?:post|app\.bsky\.feed\.post)/([^/?#]+)")


@dataclass(frozen=True)
class _Origin:
    """A data source of 4CAT: its platform, the columns that no other has, and its columns of time, the right first."""

    platform: str | None
    marks: frozenset[str]
    times: tuple[str, ...]


_UNIX = ("unix_timestamp", "timestamp")
_ORIGINS = (
    _Origin("x", frozenset({"is_retweet", "retweeted_user"}), ("timestamp", "unix_timestamp")),
    _Origin("bsky", frozenset({"replied_to_post", "quoted_post"}), ("created_at", "timestamp")),
    _Origin("telegram", frozenset({"chat", "author_forwarded_from_name"}), _UNIX),
    _Origin("facebook", frozenset({"is_in_group", "group_name"}), _UNIX),
    _Origin("threads", frozenset({"is_paid_partnership", "link_thumbnail_url"}), _UNIX),
    _Origin("instagram", frozenset({"num_likes", "num_comments"}), _UNIX),
    _Origin("tiktok", frozenset({"tiktok_url"}), _UNIX),
)
_OTHER = _Origin(None, frozenset(), ("timestamp", "unix_timestamp"))


def prepare(batch: RawBatch) -> RawBatch:
    """Every row as a post of its platform."""
    columns = set(batch.columns)
    if batch.records is not None:  # JSON shows every column that was asked for
        columns = {c for c in columns if any(v is not None for v in batch.values(c))}
    origin = next((o for o in _ORIGINS if o.marks <= columns), _OTHER)
    return posts_of_rows(batch, lambda row, notes: _post(row, notes, origin), origin.platform)


def _post(row: Row, notes: Counter[str], origin: _Origin) -> Post:
    found = Post(
        account=cell(row, "author_id"), handle=cell(row, "author"),
        name=cell(row, "author_fullname", "author_display_name", "author_name", "author_full"),
        followers=whole(row, "author_followers"), description=cell(row, "author_profile"),
        account_created=cell(row, "author_created_at"), id=cell(row, "id"), time=_time(row, notes, origin),
        text=cell(row, "body"), kind="post", lang=cell(row, "language_guess", "languages"), urls=_urls(row),
        hashtags=next((t for c in ("hashtags", "tags") if (t := parts(row, c)) is not None), None),
        mentions=_mentions(row), media=_media(row), reach=_reach(row), permalink=cell(row, "tiktok_url", "url", "link"),
        platform=origin.platform,
    )  # fmt: skip
    own = _OWN.get(origin.platform or "")
    if own:
        own(row, found)
    notes[NDJSON] += found["kind"] == "repost"
    return found


def _time(row: Row, notes: Counter[str], origin: _Origin) -> str | None:
    """The column that the data source keeps right, else the other; where both are there and disagree, it counts."""
    first, second = (cell(row, c) for c in origin.times)
    if first and second and _seconds(first) != _seconds(second):
        notes[f"rows whose {origin.times[0]} and {origin.times[1]} disagree; {origin.times[0]} was taken"] += 1
    return first or second


def _seconds(written: str) -> int | None:
    try:
        return parse_time(written, UTC)[0] // 1_000_000
    except (BadTime, NaiveTime):
        return None


def _urls(row: Row) -> list[str] | None:
    columns = [c for c in ("urls", "links", "link_url", "entities_linked") if c in row]
    return joined_urls(row, *columns) if columns else None


def _mentions(row: Row) -> list[str] | None:
    columns = [m for c in ("mentions", "entities_mentioned", "usertags") if (m := parts(row, c)) is not None]
    named = [m for found in columns for m in found]
    return [m if m.startswith(("@", "did:")) else f"@{m}" for m in named] if columns else None


def _media(row: Row) -> list[Media]:
    photos = joined_urls(row, "image_url", "image_urls", "images")
    return [m for u in photos for m in picture(u)] + [
        m for u in joined_urls(row, "video_url", "videos") for m in picture(u, "video")
    ]


def _reach(row: Row) -> int | None:
    return whole(row, "impression_count", "views", "plays", "like_count", "likes", "num_likes")


def _yes(row: Row, column: str) -> bool:
    return (cell(row, column) or "").strip().lower() in ("yes", "true", "1")


def _x(row: Row, post: Post) -> None:
    post["client"], post["thread"] = cell(row, "source"), cell(row, "thread_id")
    if _yes(row, "is_retweet"):
        author = (cell(row, "retweeted_user") or "").split(",")[0].strip().lstrip("@").lower()
        post["kind"], post["target"] = "repost", f"@{author}" if author else None
    elif _yes(row, "is_reply"):
        post["kind"] = "reply"
    elif _yes(row, "is_quote_tweet"):
        post["kind"] = "quote"


def _bsky(row: Row, post: Post) -> None:
    quoted, answered = cell(row, "quoted_post"), cell(row, "replied_to_post")
    post["basis"] = "client"
    post["thread"] = _at_uri(cell(row, "thread_id"))
    post["quote_of"], post["reply_to"] = _at_uri(quoted), _at_uri(answered)
    post["kind"] = "reply" if answered else "quote" if quoted else "post"


def _at_uri(link: str | None) -> str | None:
    """The uri of a post, from its own or its page's address; None where the address has the handle, which changes."""
    found = _BSKY.fullmatch((link or "").strip())
    return f"at://{found[1]}/app.bsky.feed.post/{found[2]}" if found else None


def _telegram(row: Row, post: Post) -> None:
    chat = (cell(row, "chat") or "").strip().lstrip("@").lower()
    number, answered = (post.get("id") or "").rpartition("-")[2].strip(), (cell(row, "reply_to") or "").strip()
    post["account"], post["handle"] = cell(row, "author"), cell(row, "author_username")
    post["place"] = f"@{chat}" if chat else None
    post["id"] = f"@{chat}/{number}" if chat and number.isdecimal() else None
    if answered.isdecimal() and chat:
        post["reply_to"], post["kind"] = f"@{chat}/{answered}", "reply"
    source, user = cell(row, "author_forwarded_from_id"), cell(row, "author_forwarded_from_username")
    if source or user or cell(row, "author_forwarded_from_name"):
        post["kind"], post["target"] = "repost", source or (f"@{user.lstrip('@').lower()}" if user else None)


def _facebook(row: Row, post: Post) -> None:
    post["place"] = cell(row, "group_name")


def _tiktok(row: Row, post: Post) -> None:
    """By name, as every other source of TikTok knows an account; by number only where there is no name."""
    post["account"] = None if post.get("handle") else cell(row, "author_id")


_OWN: dict[str, Callable[[Row, Post], None]] = {"x": _x, "bsky": _bsky, "telegram": _telegram, "facebook": _facebook,
                                               "tiktok": _tiktok}  # fmt: skip


FORMAT = Format(
    name="4cat",
    summary="4CAT's CSV of X, Bluesky, Telegram, Facebook, Instagram, Threads or TikTok; better its NDJSON",
    about=__doc__,
    way=Columns(replace(MAPPING, reads=_READS, needs=("author", "timestamp")), prepare),
    known_by=tuple((*_BASE, *origin.marks) for origin in _ORIGINS),
    not_with=("__import_meta",),
    fields={
        "account": "author_id; Telegram: author; TikTok: @author", "handle": "author; Telegram: author_username",
        "name": "author_fullname, author_display_name, author_name or author_full", "followers": "author_followers",
        "description": "author_profile", "account_created": "author_created_at", "id": "id; Telegram: chat and number",
        "time": "X: timestamp; Bluesky: created_at; others: unix_timestamp; where that is empty, the other one",
        "text": "body", "kind": "is_retweet, is_quote_tweet, is_reply, author_forwarded_from_*, replied_to_post",
        "lang": "language_guess, languages", "urls": "urls, links, link_url, entities_linked",
        "hashtags": "hashtags, tags",
        "mentions": "mentions, entities_mentioned, usertags", "quote_of": "quoted_post (Bluesky)",
        "reply_to": "replied_to_post (Bluesky), reply_to (Telegram)",
        "target": "retweeted_user, author_forwarded_from_*",
        "thread": "thread_id (X, Bluesky)", "place": "chat (Telegram), group_name (Facebook)",
        "media": "image_url, image_urls, images, video_url, videos", "client": "source (X)",
        "reach": "impression_count, views, plays, else like_count, likes, num_likes",
        "permalink": "link, url, tiktok_url", "platform": "by the columns",
    },
    zone="UTC",
)  # fmt: skip
