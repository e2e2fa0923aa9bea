"""Sources that are known by name or columns and have no reader: what they are, and how to read them all the same.

Names: `source_platform` of Zeeschuimer's modules; columns: 4CAT's mappers of its data sources. A row of such a source
is a reject whose reason names it, and a file of nothing else is refused in its name, with the `--map` that reads it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from unisono.study import UserError, setting

UNKNOWN = "unknown_platform"
"""Reason of a row whose platform is none of those here."""


@dataclass(frozen=True)
class Unread:
    """A source.

    sites: as Zeeschuimer calls it; map: its own fields; marks: columns of 4CAT's CSV of it and no other's
    """

    name: str
    sites: tuple[str, ...] = ()
    map: str = ""
    marks: tuple[str, ...] = ()


_SOURCES = (
    Unread("9gag", ("9gag.com",), "account=creator.username,time=creationTs,text=title,id=id", ("is_vote_masked",)),
    Unread("Bilibili", ("bilibili.com",)),
    Unread("Douyin", ("douyin.com",), "account=author.uid,time=create_time,text=desc,id=aweme_id",
           ("author_user_id", "author_nickname")),
    Unread("Facebook comments", ("facebook-comments",)),
    Unread("Facebook posts", ("facebook.com",)),
    Unread("Gab", ("gab.com",), "account=account.id,handle=account.username,time=created_at,text=content,id=id",
           ("reaction_count", "account_is_donor")),
    Unread("Imgur", ("imgur.com",), "account=account_id,time=created_at,text=title,id=id",
           ("virality_score", "album_media")),
    Unread("Instagram comments", ("instagram-comments",)),
    Unread("LinkedIn", ("linkedin.com",), marks=("author_mentions", "timestamp_ago")),
    Unread("Parler", ("parler.com",)),
    Unread("Pinterest", ("pinterest.com",), "account=pinner.username,time=created_at,text=description,id=id",
           ("pinner_original", "board")),
    Unread("RedNote", ("xiaohongshu.com",)),
    Unread("RedNote comments", ("xiaohongshu-comments", "rednote-comments")),
    Unread("Threads", ("threads.net", "threads.com"),
           "account=user.pk,handle=user.username,time=taken_at,text=caption.text,id=code"),
    Unread("TikTok comments", ("tiktok-comments",), "account=user.unique_id,time=create_time,text=text,id=cid"),
    Unread("Truth Social", ("truthsocial.com",),
           "account=account.id,handle=account.username,time=created_at,text=content,id=id"),
    Unread("X replies", ("twitter-comments",)),
)  # fmt: skip
_BY_SITE = {site: source for source in _SOURCES for site in source.sites}
_REASONS = {f"no_reader_{s.name.lower().replace(' ', '_')}": s for s in _SOURCES}
_FOURCAT = ({"id", "thread_id", "author", "body", "timestamp"}, {"id", "author", "body", "timestamp", "unix_timestamp"})
"""Columns of nearly every CSV of 4CAT."""
_IN_TABLES = {
    "account": ("author_id", "author", "account_id", "author_user_id"), "time": ("unix_timestamp", "timestamp"),
    "text": ("body",), "id": ("id",),
}  # fmt: skip
_BY_HAND = (
    f"say which of its columns is what with {setting('map', 'account=COLUMN,time=COLUMN,text=COLUMN')}, where a field "
    "within a field is written with dots, such as {prefix}user.name"
)


def reason(site: str) -> str:
    """Why a row of this platform is none: there is no reader for it, or it is not even known by name."""
    source = _BY_SITE.get(site)
    return next((r for r, s in _REASONS.items() if s is source), UNKNOWN)


def name_of(site: str) -> str | None:
    """What people call a platform without a reader; None for any other."""
    return _BY_SITE[site].name if site in _BY_SITE else None


def notes(reasons: Counter[str]) -> list[str]:
    """What to say of rows of sources that have no reader."""
    return [f"{n:,} rows of {_REASONS[r].name}, for which there is no reader yet; not used"
            for r, n in sorted(reasons.items()) if r in _REASONS]  # fmt: skip


def refusal(file: str, reasons: Counter[str], prefix: str) -> UserError | None:
    """The error of a file of which no row could be used; None where none of them is of a source known by name.

    prefix: what stands before a field of the platform's own object, such as `data.`.
    """
    known = [(n, _REASONS[r]) for r, n in reasons.most_common() if r in _REASONS]
    if not known:
        return None
    names = " and ".join(s.name for _, s in known)
    mapped = ",".join(f"{k}={prefix}{v}" for k, _, v in (p.partition("=") for p in known[0][1].map.split(",")) if v)
    return UserError(
        f"{file} holds rows of {names}, for which there is no reader yet",
        f"read it with {setting('map', mapped)}" if mapped and len(known) == 1 else _BY_HAND.format(prefix=prefix),
    )


def table(file: str, columns: Collection[str]) -> UserError | None:
    """The error of a table that is 4CAT's, of a data source that has no reader; None for any other table."""
    found = set(columns)
    source = next((s for s in _SOURCES if s.marks and found.issuperset(s.marks)), None)
    if source is None and not any(known <= found for known in _FOURCAT):
        return None
    pairs = ((field, next((c for c in names if c in found), "COLUMN")) for field, names in _IN_TABLES.items())
    return UserError(
        f"{file} looks like 4CAT's CSV of {source.name if source else 'a source'}, for which there is no reader yet",
        f"read it with {setting('map', ','.join('='.join(p) for p in pairs))}",
    )
