"""Mastodon's REST API: statuses, as lists or one by one; also the contexts and search results that hold them.

Fields: Mastodon's entities Status, Account, MediaAttachment, PreviewCard (docs.joinmastodon.org/entities), checked
against the answers in Mastodon.py's tests. `id` and `account.id` are those of the server that was asked, so a status is
its `uri` and an account is `@user@host`, where `host` is that of `account.url` for local accounts. `in_reply_to_id` is
a local id too and is kept as it is: replies to one post meet in it, but it is no id of an event. `content` is HTML, of
which text and links are kept; anchors of mentions and hashtags are no links. Times of remote statuses are what their
server said (`client`). A boost is a repost of `reblog.uri` with its text. The line with which a server shows a quote to
readers that know none (`quote-inline`, also Truth Social's) is left out. A blurhash is no hash of a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from unisono.clean.markup import plain_text
from unisono.events.files.pages import Pages, Record
from unisono.events.formats import Format, Records
from unisono.events.posts import (
    Media,
    Post,
    as_record,
    at,
    first_text,
    media,
    number_at,
    records_at,
    text_at,
)  # fmt: skip

_LISTS = ("statuses", "ancestors", "descendants")
_STATUS = ("uri", "account.acct", "created_at", "content", "visibility")
_NOT_LINKS = frozenset({"mention", "hashtag", "u-url"})


def unfold(page: Record) -> Iterator[tuple[Any, Any]]:
    """Statuses of an answer."""
    lists = [v for part in _LISTS if isinstance(v := page.get(part), list)]
    if not lists or "content" in page:
        yield page, None
    else:
        yield from ((status, None) for statuses in lists for status in statuses)


def post(record: Record) -> Post | str:
    """A status, or a boost of one."""
    account, boosted = as_record(record.get("account")), as_record(record.get("reblog"))
    content = boosted or record
    text, links = _content(content)
    acct = text_at(account, "acct") or ""
    return Post(
        handle=_address(account), account_kind=_kind(account), name=text_at(account, "display_name"),
        description=plain_text(text_at(account, "note") or "")[0] or None,
        followers=number_at(account, "followers_count"), following=number_at(account, "following_count"),
        account_created=account.get("created_at"), id=text_at(record, "uri"), time=record.get("created_at"),
        basis="client" if "@" in acct else "platform", text=text, lang=text_at(content, "language"), urls=links,
        hashtags=[t for tag in records_at(content, "tags") if (t := text_at(tag, "name"))],
        mentions=[f"@{a}" for m in records_at(content, "mentions") if (a := _address(m))],
        repost_of=text_at(boosted, "uri"), kind="repost" if boosted else None,
        quote_of=first_text(content, "quote.quoted_status.uri", "quote.uri"),
        reply_to=text_at(record, "in_reply_to_id"), media=_media(content),
        client=text_at(record, "application.name"), reach=number_at(record, "favourites_count"),
        permalink=text_at(record, "url"),
    )  # fmt: skip


def _address(account: Record) -> str | None:
    """`user@host`, in lower case; without the host where nothing says it."""
    acct = (text_at(account, "acct") or "").strip().lower()
    if not acct or "@" in acct:
        return acct or None
    try:
        host = urlsplit(text_at(account, "url") or "").hostname
    except ValueError:
        host = None
    return f"{acct}@{host}" if host else acct


def _kind(account: Record) -> str:
    if account.get("group") is True:
        return "forum"
    return "person" if account.get("bot") is False else "unknown"


def _content(status: Record) -> tuple[str | None, list[str]]:
    """The text with the warning above it, and links but those of mentions, hashtags and to the quoted post."""
    text, anchors = plain_text(text_at(status, "content") or "", without="quote-inline")
    warning = text_at(status, "spoiler_text")
    links = [a.href for a in anchors if not a.classes & _NOT_LINKS]
    card = text_at(status, "card.url")
    quoted = {text_at(at(status, "quote.quoted_status") or at(status, "quote"), k) for k in ("url", "uri")}
    whole = f"{warning}\n\n{text}" if warning else text
    return whole or None, [u for u in dict.fromkeys([*links, *([card] if card else [])]) if u not in quoted]


def _media(status: Record) -> list[Media]:
    return [
        media(text_at(m, "type"), first_text(m, "remote_url", "url")) for m in records_at(status, "media_attachments")
    ]


FORMAT = Format(
    name="mastodon",
    summary="statuses of Mastodon's REST API, as JSON or NDJSON",
    about=__doc__,
    way=Records(post, Pages(unfold)),
    known_by=(_STATUS, *(tuple(f"{part}[].{c}" for c in _STATUS) for part in _LISTS)),
    fields={
        "account": "account.acct with the host of account.url", "account_kind": "account.bot, account.group",
        "handle": "account.acct", "name": "account.display_name", "description": "account.note",
        "followers": "account.followers_count", "following": "account.following_count",
        "account_created": "account.created_at", "id": "uri",
        "time": "created_at (of remote accounts: the client's clock)",
        "text": "spoiler_text and content", "kind": "reblog, in_reply_to_id, quote", "lang": "language",
        "urls": "anchors in content, card.url", "hashtags": "tags[].name", "mentions": "mentions[].acct",
        "repost_of": "reblog.uri", "quote_of": "quote.quoted_status.uri", "reply_to": "in_reply_to_id",
        "media": "media_attachments[]", "client": "application.name", "reach": "favourites_count", "permalink": "url",
    },
    platform="mastodon",
    zone="UTC",
)  # fmt: skip
