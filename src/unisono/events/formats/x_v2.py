"""X API v2: pages (`data` and `includes`), single look-ups and stream lines, or tweets one by one.

Fields: X's "Post", "User" and "Media" object models. `text` of a long post and of a retweet is cut off; the whole is in
`note_tweet`, and in the original under `includes.tweets`, whose links, hashtags and media are then taken too. Posts
under `includes` are no events of their own: nobody collected them. Tweets that twarc or 4CAT flattened carry author,
media and referenced posts inside, which is read as well. Links of a post to its own media and to the post that it
quotes are left out. `text` has &, < and > as HTML has them, `note_tweet` as typed. `created_at` is written with
milliseconds that are always zero: its step is one second. A media key is the id of one upload, shared by all who post
it on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unisono.clean.markup import unescape_basic
from unisono.events.files.pages import PAGE, Pages, Record
from unisono.events.formats import Format, Records
from unisono.events.platforms.x import completed, leads_to, permalink
from unisono.events.posts import (
    Media,
    Post,
    as_record,
    at,
    first_number,
    first_text,
    media,
    number_of,
    records_at,
    records_of,
    text_at,
    text_of,
)  # fmt: skip

_TWEET = ("author_id", "created_at", "text")
_PARTS = {"users": "id", "tweets": "id", "media": "media_key"}


def unfold(page: Record) -> Iterator[tuple[Any, Any]]:
    """Tweets of a page, each with the page's index of users, tweets and media."""
    data = page.get("data")
    if not isinstance(data, list | dict):
        yield page, None
        return
    known = {
        part: {i: r for r in records_at(page, f"includes.{part}") if (i := text_at(r, key))}
        for part, key in _PARTS.items()
    }
    for record in data if isinstance(data, list) else [data]:
        yield record, known


def post(record: Record) -> Post | str:
    """A tweet."""
    known = as_record(record.get(PAGE))
    own_id = text_of(record.get("id"))
    refers = _references(record) if "referenced_tweets" in record else {}
    original = _original(record, known, refers.get("retweeted"))
    content, metrics = original or record, as_record(record.get("public_metrics"))
    own, whole = _entities(record), _entities(content)
    urls = None if whole is None else _urls(whole, own_id, refers.get("quoted"), text_of(content.get("id")))
    tags = None if whole is None else _tags(whole)
    text = _text(record)
    made = Post(
        account=text_of(record.get("author_id")), id=own_id, time=_time(record), lang=text_of(record.get("lang")),
        text=completed(text, _text(original)) if original else text, urls=urls, hashtags=tags,
        mentions=_mentions(own, whole), repost_of=refers.get("retweeted"), quote_of=refers.get("quoted"),
        reply_to=refers.get("replied_to"), thread=text_of(record.get("conversation_id")),
        media=_media(content, known) or _media(record, known), client=text_of(record.get("source")),
        permalink=permalink(None, own_id), reach=first_number(metrics, "impression_count", "like_count"),
    )  # fmt: skip
    author = _author(record, known)
    if author:
        made.update(_shown(author, made["account"], own_id))
    return made


def _author(record: Record, known: Record) -> Record:
    who = text_of(record.get("author_id"))
    found = as_record(known.get("users")).get(who) if who else None
    return as_record(found or record.get("author") or record.get("author_user"))


def _shown(author: Record, account: str | None, post: str | None) -> Post:
    handle, label = text_of(author.get("username")), text_of(author.get("verified_type"))
    metrics = as_record(author.get("public_metrics"))
    return Post(
        account=account or text_of(author.get("id")), handle=handle, name=text_of(author.get("name")),
        label=None if label == "none" else label, description=text_of(author.get("description")),
        location=text_of(author.get("location")), followers=number_of(metrics.get("followers_count")),
        following=number_of(metrics.get("following_count")), account_created=author.get("created_at"),
        permalink=permalink(handle, post),
    )  # fmt: skip


def _time(record: Record) -> Any:
    written = record.get("created_at")
    return written.replace(".000Z", "Z") if type(written) is str else written


def _text(record: Record) -> str | None:
    long = record.get("note_tweet")
    whole, short = text_of(long.get("text")) if isinstance(long, dict) else None, text_of(record.get("text"))
    return whole or (unescape_basic(short) if short else None)


def _references(record: Record) -> dict[str, str]:
    """Ids by type; the first of each."""
    found: dict[str, str] = {}
    for r in records_of(record.get("referenced_tweets")):
        kind, own_id = text_of(r.get("type")), text_of(r.get("id"))
        if kind and own_id:
            found.setdefault(kind, own_id)
    return found


def _original(record: Record, known: Record, retweeted: str | None) -> Record | None:
    """The retweeted post, where the page has it or the record carries it inside."""
    if retweeted is None:
        return None
    inside = (r for r in records_at(record, "referenced_tweets") if text_at(r, "id") == retweeted and "text" in r)
    found = as_record(known.get("tweets")).get(retweeted) or next(inside, None)
    return found if isinstance(found, dict) else None


def _entities(record: Record) -> Record | None:
    """Entities of the whole text; None where none were asked for."""
    long = at(record, "note_tweet.entities") if "note_tweet" in record else None
    found = long if isinstance(long, dict) else record.get("entities")
    return found if isinstance(found, dict) else None


def _tags(entities: Record) -> list[str]:
    listed = records_of(entities.get("hashtags"))
    return [t for h in listed if (t := text_of(h.get("tag")) or text_of(h.get("text")))]


def _urls(entities: Record, *posts: str | None) -> list[str]:
    found: dict[str, None] = {}
    for u in records_of(entities.get("urls")):
        link = text_of(u.get("unwound_url")) or text_of(u.get("expanded_url")) or text_of(u.get("url"))
        if link and "media_key" not in u and not leads_to(link, *posts):
            found[link] = None
    return list(found)


def _mentions(own: Record | None, whole: Record | None) -> list[str] | None:
    if own is None and whole is None:
        return None
    found: dict[str, None] = {}
    for entities in (own, whole) if own is not whole else (own,):
        for m in records_of(entities.get("mentions")) if entities else ():
            if who := text_of(m.get("id")):
                found[who] = None
            elif handle := text_of(m.get("username")):
                found[f"@{handle}"] = None
    return list(found)


def _media(record: Record, known: Record) -> list[Media]:
    """Attached media; a key whose object the page does not have is still the same upload."""
    if "attachments" not in record:
        return []
    items = {k: m for m in records_at(record, "attachments.media") if (k := text_at(m, "media_key"))}
    items |= as_record(known.get("media"))
    keys = at(record, "attachments.media_keys")
    listed = keys if isinstance(keys, list) else list(items) if not known else []
    pairs = [(text_at(k, "media_key"), k) if isinstance(k, dict) else (k, items.get(k) if isinstance(k, str) else None)
             for k in listed]  # fmt: skip
    return [
        media(text_at(item, "type"), first_text(item, "url", "preview_image_url"), key, "x_media_key")
        for key, item in pairs if isinstance(key, str) and key
    ]  # fmt: skip


FORMAT = Format(
    name="x-v2",
    summary="X API v2: pages with includes, stream lines or single tweets, as JSON or NDJSON",
    about=__doc__,
    way=Records(post, Pages(unfold)),
    known_by=(
        tuple(f"data[].{key}" for key in _TWEET),
        tuple(f"data.{key}" for key in _TWEET),
        *((*_TWEET, own) for own in ("edit_history_tweet_ids", "conversation_id", "public_metrics.retweet_count")),
    ),
    not_with=("__import_meta", "source_platform"),
    fields={
        "account": "author_id", "handle": "includes.users[].username", "name": "includes.users[].name",
        "label": "includes.users[].verified_type", "description": "includes.users[].description",
        "location": "includes.users[].location", "followers": "includes.users[].public_metrics.followers_count",
        "following": "includes.users[].public_metrics.following_count",
        "account_created": "includes.users[].created_at", "id": "id", "time": "created_at",
        "text": "note_tweet.text, else text; of a retweet that of the original", "kind": "referenced_tweets[].type",
        "lang": "lang", "urls": "entities.urls[].unwound_url, else expanded_url, else url",
        "hashtags": "entities.hashtags[].tag", "mentions": "entities.mentions[].id, else @username",
        "repost_of": "referenced_tweets[] retweeted", "quote_of": "referenced_tweets[] quoted",
        "reply_to": "referenced_tweets[] replied_to", "thread": "conversation_id",
        "media": "attachments.media_keys and includes.media[]; hash is the media key", "client": "source",
        "reach": "public_metrics.impression_count, else like_count", "permalink": "of username and id",
    },
    platform="x",
    zone="UTC",
)  # fmt: skip
