"""X's own objects as its web pages hold them, which is what browser tools save.

Fields: 4CAT's import of X, and posts kept by twscrape: `rest_id`, `legacy` (the post), `core.user_results.result` (its
author, with the names in `legacy`, lately in `core`, and its counts in `relationship_counts`), `note_tweet` (the whole
of a long post), `views`. A post may stand one level deeper, in `tweet`; older ones of the kind `adaptive` have the
author in `user` and no `rest_id`. What has no `legacy` (a tombstone, an advertisement, a cursor) is no post. A retweet
is cut off: text, links, hashtags and media are those of the original that comes with it. Links to own media and to the
quoted post are no links.
"""

from __future__ import annotations

from typing import Any

from unisono.clean.markup import plain_text, unescape_basic
from unisono.events.files.pages import Record
from unisono.events.platforms.x import completed, leads_to, permalink
from unisono.events.posts import Media, Post, as_record, at, first_number, first_text, media, records_at, text_at


def web_post(item: Record) -> Post | str:
    """A post of the web pages."""
    tweet = _unwrapped(item)
    own = as_record(tweet.get("legacy"))
    if not own:
        return "no_post"
    user, own_id = _author(tweet), _id(tweet)
    handle = first_text(user, "core.screen_name", "legacy.screen_name", "screen_name")
    retweeted = _unwrapped(at(own, "retweeted_status_result.result"))
    content = retweeted if retweeted.get("legacy") else tweet
    quoted = None if retweeted else _quoted(tweet)
    text = _text(tweet)
    return Post(
        account=first_text(tweet, "legacy.user_id_str") or first_text(user, "rest_id", "id_str"), **_shown(user),
        handle=handle, id=own_id, time=own.get("created_at"), lang=text_at(own, "lang"),
        text=completed(text, _text(content)) if content is not tweet else text,
        urls=_urls(content, own_id, _id(content), _quoted(content)),
        hashtags=[t for h in records_at(_entities(content), "hashtags") if (t := text_at(h, "text"))],
        mentions=_mentions(tweet, content), repost_of=_id(retweeted), quote_of=quoted,
        reply_to=text_at(own, "in_reply_to_status_id_str"), thread=text_at(own, "conversation_id_str"),
        media=_media(content), client=_client(tweet), permalink=permalink(handle, own_id),
        reach=first_number(tweet, "views.count", "ext_views.count", "legacy.favorite_count"),
    )  # fmt: skip


def _unwrapped(value: Any) -> Record:
    """A post that may stand one level deeper."""
    outer = as_record(value)
    inner = as_record(outer.get("tweet"))
    return inner if inner.get("legacy") and not outer.get("legacy") else outer


def _id(tweet: Record) -> str | None:
    return first_text(tweet, "rest_id", "legacy.id_str")


def _author(tweet: Record) -> Record:
    return as_record(at(tweet, "core.user_results.result")) or as_record(tweet.get("user"))


def _shown(user: Record) -> Post:
    """What the page shows of an author."""
    said = as_record(user.get("legacy")) or user
    label = first_text(user, "verification.verified_type", "legacy.verified_type")
    return Post(
        name=text_at(user, "core.name") or text_at(said, "name"), label=label,
        description=text_at(said, "description") or text_at(user, "profile_bio.description"),
        location=text_at(said, "location") or text_at(user, "location.location"),
        followers=first_number(user, "legacy.followers_count", "followers_count", "relationship_counts.followers"),
        following=first_number(user, "legacy.friends_count", "friends_count", "relationship_counts.following"),
        account_created=first_text(user, "core.created_at") or said.get("created_at"),
    )  # fmt: skip


def _text(tweet: Record) -> str | None:
    """The whole text; the short one is written as HTML."""
    long, short = text_at(tweet, "note_tweet.note_tweet_results.result.text"), text_at(tweet, "legacy.full_text")
    return long or (unescape_basic(short) if short else None)


def _quoted(tweet: Record) -> str | None:
    found = _id(_unwrapped(at(tweet, "quoted_status_result.result")))
    return found or text_at(tweet, "legacy.quoted_status_id_str")


def _entities(tweet: Record) -> Record:
    """Entities of the whole text."""
    long = as_record(at(tweet, "note_tweet.note_tweet_results.result.entity_set"))
    return long or as_record(at(tweet, "legacy.entities"))


def _urls(tweet: Record, *posts: str | None) -> list[str]:
    links = (first_text(u, "expanded_url", "url") for u in records_at(_entities(tweet), "urls"))
    return list(dict.fromkeys(u for u in links if u and not leads_to(u, *posts)))


def _mentions(*tweets: Record) -> list[str]:
    """Ids, else handles; of a retweet also whom it retweets."""
    found = (m for tweet in tweets for m in records_at(_entities(tweet), "user_mentions"))
    named = (text_at(m, "id_str") or (f"@{h}" if (h := text_at(m, "screen_name")) else None) for m in found)
    return list(dict.fromkeys(n for n in named if n))


def _media(tweet: Record) -> list[Media]:
    """Uploads by their key, which all who post one on share."""
    listed = records_at(tweet, "legacy.extended_entities.media") or records_at(tweet, "legacy.entities.media")
    return [
        media(text_at(m, "type"), text_at(m, "media_url_https"), text_at(m, "media_key"), "x_media_key") for m in listed
    ]


def _client(tweet: Record) -> str | None:
    """The name of the application, which is written as a link."""
    html = first_text(tweet, "source", "legacy.source")
    return plain_text(html)[0] or None if html else None
