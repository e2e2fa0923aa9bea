"""ActivityPub: outboxes of the Fediverse (Mastodon, Pleroma, PeerTube, Lemmy ...), their pages, or activities by line.

Fields: the W3C's ActivityPub and Activity Streams 2.0, as Mastodon writes them: answers of `ACTOR/outbox?page=true`,
and `outbox.json` of an account's own archive. The account is the actor's address, whatever its server calls it; the
Mastodon reader knows accounts as `@user@host`, so that one account in both counts as two: read outboxes and answers of
the API into two studies. `Create` and `Update` are the post in them, under its own address; `Announce` is a repost of
its object; `Like`, `Follow` and `Delete` are acts of their own. Posts in a list of bare objects are read too. Other
activities (`Undo`, `Add`), profiles and votes in polls are no posts. `published` is what the account's server says,
which a server can make up: the clock is the client's. Texts are HTML; a summary is the warning above them, a `name` the
title of an article or video.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from unisono.clean.markup import plain_text
from unisono.events.files.pages import Pages, Record
from unisono.events.formats import Format, Records
from unisono.events.posts import Media, Post, as_record, first_number, first_text, media, records_of, text_at, text_of

_OBJECTS = frozenset({"Article", "Audio", "Document", "Event", "Image", "Note", "Page", "Question", "Video"})
_ITEMS = ("orderedItems", "items")
_PATHS = (*(f"{i}[]" for i in _ITEMS), *(f"first.{i}[]" for i in _ITEMS))
_NOT_LINKS = frozenset({"mention", "hashtag", "u-url"})
_NAMED = frozenset({"users", "u", "accounts", "c", "video-channels"})


def unfold(page: Record) -> Iterator[tuple[Any, Any]]:
    """Items of a collection, of a page of it, or of the first page that came with it."""
    for holder in (page, as_record(page.get("first"))):
        for name in _ITEMS:
            if isinstance(found := holder.get(name), list):
                yield from ((item, None) for item in found)
                return
    yield page, None


def post(record: Record) -> Post | str:
    """An activity, or a bare object."""
    inner, target = as_record(record.get("object")), _address(record.get("object"))
    match _type(record):
        case "Create" | "Update" if inner:
            found = _content(inner)
        case "Create":
            found = Post(id=target, kind="post")
        case "Announce":
            found = Post(id=text_at(record, "id"), kind="repost", repost_of=target)
        case "Like" | "Follow" | "Delete" as act:
            found = Post(id=text_at(record, "id"), kind=act.lower(), target=target)
        case kind if kind in _OBJECTS:
            found = _content(record)
        case _:
            return "no_post"
    if isinstance(found, str):
        return found
    actor = record.get("actor") or inner.get("attributedTo") or record.get("attributedTo")
    made = Post(basis="client", urls=[], hashtags=[], mentions=[]) | _shown(actor) | found
    made["time"] = found.get("time") or record.get("published")
    return made


def _type(record: Record) -> str:
    """The type, or the first that is one of ours."""
    kinds = record.get("type")
    found = [k for k in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(k, str)]
    return next((k for k in found if k in _OBJECTS), found[0] if found else "")


def _address(value: Any) -> str | None:
    """The id of an object, or of the first of several."""
    if isinstance(value, list):
        return next((a for v in value if (a := _address(v))), None)
    return text_at(value, "id") if isinstance(value, dict) else text_of(value)


def _shown(actor: Any) -> Post:
    """Who acts: an address, or the whole profile."""
    said = next(iter(records_of(actor)), {}) if isinstance(actor, list) else as_record(actor)
    address = _address(actor)
    bio = text_at(said, "summary")
    return Post(
        account=address, handle=_handle(address, text_at(said, "preferredUsername")), name=text_at(said, "name"),
        description=plain_text(bio)[0] or None if bio else None, account_created=said.get("published"),
        account_kind={"Person": "person", "Group": "forum"}.get(_type(said), "unknown"),
    )  # fmt: skip


def _handle(address: str | None, name: str | None) -> str | None:
    """`user@host`, where the address says both; it is shown and identifies nobody."""
    try:
        parts = urlsplit(address or "")
        host = parts.hostname
    except ValueError:
        return None
    path = parts.path.strip("/").split("/")
    if not name and len(path) == 2 and path[0] in _NAMED and not path[1].isdigit():
        name = path[1]
    if not name and len(path) == 1 and path[0].startswith("@"):
        name = path[0][1:]
    return f"{name}@{host}".lower() if name and host else None


def _content(said: Record) -> Post | str:
    """A post as it stands in an activity."""
    if _type(said) not in _OBJECTS or (text_at(said, "name") and said.get("inReplyTo") and "content" not in said):
        return "no_post"
    html, lang = _html(said)
    body, anchors = plain_text(html or "", without="quote-inline")
    quoted = first_text(said, "quote", "quoteUrl", "quoteUri", "_misskey_quote")
    links = [a.href for a in anchors if not a.classes & _NOT_LINKS]
    links += [u for a in _list(said.get("attachment")) if _type(a) == "Link" and (u := text_at(a, "href"))]
    warning = text_at(said, "summary")
    above = [t for t in (text_at(said, "name"), plain_text(warning)[0] if warning else None) if t]
    tags = _list(said.get("tag"))
    answered = _address(said.get("inReplyTo"))
    return Post(
        id=text_at(said, "id"), time=said.get("published"), text="\n\n".join([*above, body]).strip() or None,
        lang=lang, urls=[u for u in dict.fromkeys(links) if u != quoted],
        hashtags=[t for tag in tags if _type(tag) == "Hashtag" and (t := (text_at(tag, "name") or "").lstrip("#＃"))],
        mentions=[a for tag in tags if _type(tag) == "Mention" and (a := text_at(tag, "href"))],
        reply_to=answered, quote_of=quoted, kind="reply" if answered else "quote" if quoted else "post",
        thread=first_text(said, "conversation", "context"), media=_media(said), permalink=_link(said.get("url")),
        client=text_at(said, "generator.name"), reach=first_number(said, "views", "likes.totalItems"),
    )  # fmt: skip


def _html(said: Record) -> tuple[str | None, str | None]:
    """The text as it is written, and its language."""
    texts = {k: t for k, v in as_record(said.get("contentMap")).items() if (t := text_of(v))}
    html = text_at(said, "content") or next(iter(texts.values()), None)
    return html, next((k for k, t in texts.items() if t == html), None)


def _list(value: Any) -> list[Record]:
    """Objects of a list; an object that stands alone is the only one."""
    return records_of(value if isinstance(value, list) else [value])


def _link(value: Any) -> str | None:
    """An address, or the page among several."""
    if isinstance(value, list):
        pages = [v for v in records_of(value) if text_at(v, "mediaType") == "text/html"]
        value = next(iter(pages or value), None)
    return text_at(value, "href") if isinstance(value, dict) else text_of(value)


def _media(said: Record) -> list[Media]:
    found = []
    for item in _list(said.get("attachment")):
        url = _link(item.get("url"))
        if _type(item) != "Link" and url:
            kind = (text_at(item, "mediaType") or _type(item)).partition("/")[0].lower()
            found.append(media(kind or None, url))
    return found


FORMAT = Format(
    name="activitypub",
    summary="ActivityPub outboxes (Mastodon's archive, pages of any server's outbox), or activities by line",
    about=__doc__,
    way=Records(post, Pages(unfold)),
    known_by=(
        *((f"{items}.type", f"{items}.actor", f"{items}.object") for items in _PATHS),
        ("type", "actor", "object", "published"),
        ("type", "attributedTo", "published"),
        *((f"{items}.type", f"{items}.attributedTo", f"{items}.published") for items in _PATHS),
    ),
    not_with=("__import_meta", "source_platform"),
    fields={
        "account": "actor, else attributedTo", "account_kind": "type of the actor where it is there",
        "handle": "preferredUsername and the host, else of the actor's address", "name": "name of the actor",
        "description": "summary of the actor", "account_created": "published of the actor",
        "id": "object.id, of other activities id", "time": "published of the object, else of the activity",
        "text": "name, summary and content (or contentMap)", "kind": "type of the activity; inReplyTo; quote",
        "lang": "key of contentMap", "urls": "anchors in content, attachment[] of type Link",
        "hashtags": "tag[] of type Hashtag", "mentions": "tag[] of type Mention, href",
        "repost_of": "object of an Announce", "quote_of": "quote, quoteUrl, quoteUri, _misskey_quote",
        "reply_to": "inReplyTo", "target": "object of a Like, Follow or Delete",
        "thread": "conversation, else context", "media": "attachment[]", "client": "generator.name",
        "reach": "views, else likes.totalItems", "permalink": "url",
    },
    platform="activitypub",
    zone="UTC",
)  # fmt: skip
