"""X API v1.1: tweets by line as twarc writes them, answers of its search, and lines of its streams.

Fields: X's "Tweet object" of v1.1 as twarc keeps it. Text, links, hashtags and media of a retweet, which is cut off,
are those of the original inside it, and of a post longer than 140 characters those of `extended_tweet`. The original
and a quoted post are no events of their own, as in `x-v2`: nobody collected them. Links to own media and to the quoted
post are no links. Texts have &, < and > as HTML has them. There is no id of the conversation. A deletion in a stream is
an act of its own; its other messages (`limit`, `status_withheld`) are no posts. Media keys, by which an upload is the
same one as in `x-v2`, are made of the media's id and kind (from memory: 3 for photos, 7 and 13 for videos, 16 for
GIFs).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unisono.clean.markup import plain_text, unescape_basic
from unisono.clean.time import TimeRule
from unisono.events.files.pages import Pages, Record
from unisono.events.formats import Format, Records
from unisono.events.platforms.x import completed, leads_to, permalink
from unisono.events.posts import Media, Post, as_record, first_number, first_text, media, records_at, text_at

_TWEET = ("id_str", "created_at", "user.screen_name")
_MS = TimeRule("unix_ms")
_KEYS = {"ext_tw_video": "7", "amplify_video": "13", "tweet_video": "16"}
"""What the address of a video's picture says of its kind."""


def unfold(page: Record) -> Iterator[tuple[Any, Any]]:
    """Tweets of an answer of the search."""
    found = page.get("statuses")
    yield from ((tweet, None) for tweet in (found if isinstance(found, list) else [page]))


def post(record: Record) -> Post | str:
    """A tweet, or the deletion of one."""
    if "delete" in record:
        return _deleted(as_record(record["delete"]))
    user = as_record(record.get("user"))
    if "created_at" not in record or not user:
        return "no_post"
    original = as_record(record.get("retweeted_status"))
    content, own_id = original or record, _id(record)
    quoted, handle = None if original else _quoted(record), text_at(user, "screen_name")
    text = _text(record)
    return Post(
        account=_id(user), handle=handle, name=text_at(user, "name"), description=text_at(user, "description"),
        location=text_at(user, "location"), followers=first_number(user, "followers_count"),
        following=first_number(user, "friends_count"), account_created=user.get("created_at"), id=own_id,
        time=record.get("created_at"), text=completed(text, _text(original)) if original else text,
        lang=text_at(record, "lang"), urls=_urls(content, own_id, _id(content), _quoted(content)),
        hashtags=[t for h in records_at(_entities(content), "hashtags") if (t := text_at(h, "text"))],
        mentions=_mentions(record, content), repost_of=_id(original), quote_of=quoted,
        reply_to=first_text(record, "in_reply_to_status_id_str", "in_reply_to_status_id"), media=_media(content),
        client=plain_text(text_at(record, "source") or "")[0] or None, permalink=permalink(handle, own_id),
        reach=first_number(record, "favorite_count"),
    )  # fmt: skip


def _deleted(said: Record) -> Post:
    tweet = as_record(said.get("status"))
    native = _id(tweet)
    return Post(
        account=first_text(tweet, "user_id_str", "user_id"), id=f"{native}#delete" if native else None, kind="delete",
        target=native, time=said.get("timestamp_ms"), rule=_MS,
    )  # fmt: skip


def _id(record: Record) -> str | None:
    """As text where it is there as text: programs that count in doubles spoil the number."""
    return first_text(record, "id_str", "id")


def _text(tweet: Record) -> str | None:
    text = first_text(tweet, "extended_tweet.full_text", "full_text", "text")
    return unescape_basic(text) if text else None


def _quoted(tweet: Record) -> str | None:
    return first_text(tweet, "quoted_status_id_str", "quoted_status_id") or _id(as_record(tweet.get("quoted_status")))


def _entities(tweet: Record) -> Record:
    """Entities of the whole text."""
    return as_record(as_record(tweet.get("extended_tweet")).get("entities")) or as_record(tweet.get("entities"))


def _urls(tweet: Record, *posts: str | None) -> list[str]:
    links = (first_text(u, "unwound.url", "expanded_url", "url") for u in records_at(_entities(tweet), "urls"))
    return list(dict.fromkeys(u for u in links if u and not leads_to(u, *posts)))


def _mentions(*tweets: Record) -> list[str]:
    """Ids, else handles; of a retweet also whom it retweets."""
    found = (m for tweet in tweets for m in records_at(_entities(tweet), "user_mentions"))
    named = (_id(m) or (f"@{h}" if (h := text_at(m, "screen_name")) else None) for m in found)
    return list(dict.fromkeys(n for n in named if n))


def _media(tweet: Record) -> list[Media]:
    """Uploads by their key, which all who post one on share."""
    holders = (as_record(tweet.get("extended_tweet")), tweet)
    places = ((holder, f"{part}.media") for part in ("extended_entities", "entities") for holder in holders)
    listed = next((found for holder, path in places if (found := records_at(holder, path))), [])
    return [
        media(text_at(m, "type"), url, text_at(m, "media_key") or _key(m, url), "x_media_key")
        for m in listed
        for url in [first_text(m, "media_url_https", "media_url")]
    ]


def _key(media: Record, url: str | None) -> str | None:
    native = _id(media)
    kind = next((k for part, k in _KEYS.items() if f"/{part}_thumb/" in (url or "")), None)
    kind = kind or ("3" if text_at(media, "type") == "photo" else None)
    return f"{kind}_{native}" if kind and native else None


FORMAT = Format(
    name="x-v1",
    summary="X API v1.1: tweets as twarc writes them, by line, or answers of the search",
    about=__doc__,
    way=Records(post, Pages(unfold)),
    known_by=(
        (*_TWEET, "full_text"),
        (*_TWEET, "text"),
        *(tuple(f"statuses[].{key}" for key in (*_TWEET, text)) for text in ("full_text", "text")),
    ),
    not_with=("__import_meta", "source_platform"),
    fields={
        "account": "user.id_str", "handle": "user.screen_name", "name": "user.name",
        "description": "user.description", "location": "user.location", "followers": "user.followers_count",
        "following": "user.friends_count", "account_created": "user.created_at", "id": "id_str",
        "time": "created_at, of a deletion timestamp_ms",
        "text": "extended_tweet.full_text, full_text, else text; of a retweet that of the original",
        "kind": "retweeted_status, in_reply_to_status_id_str, quoted_status_id_str, delete", "lang": "lang",
        "urls": "entities.urls[].unwound.url, else expanded_url, else url", "hashtags": "entities.hashtags[].text",
        "mentions": "entities.user_mentions[].id_str, else @screen_name", "repost_of": "retweeted_status.id_str",
        "quote_of": "quoted_status_id_str", "reply_to": "in_reply_to_status_id_str", "target": "of a deletion the post",
        "media": "extended_entities.media[]; hash is the media key", "client": "source", "reach": "favorite_count",
        "permalink": "of screen_name and id",
    },
    platform="x",
    zone="UTC",
)  # fmt: skip
