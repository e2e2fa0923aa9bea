"""X's releases on information operations: 31 columns, lists as Python literals, times in whole minutes UTC.

The id of a post made since November 2010 holds its time in milliseconds; that is used, and says so (basis
`id`). Missing values are spelled `absent`, empty, `[]` or `0.0`; some releases write lists without quotes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from unisono.clean.time import TimeRule, snowflake_us
from unisono.events.fields.mapping import parse_map
from unisono.events.fields.times import time_column
from unisono.events.files.batch import RawBatch, Times
from unisono.events.formats import Columns, Format

COLUMNS = (
    "tweetid", "userid", "user_display_name", "user_screen_name", "user_reported_location",
    "user_profile_description", "user_profile_url", "follower_count", "following_count",
    "account_creation_date", "account_language", "tweet_language", "tweet_text", "tweet_time",
    "tweet_client_name", "in_reply_to_userid", "in_reply_to_tweetid", "quoted_tweet_tweetid", "is_retweet",
    "retweet_userid", "retweet_tweetid", "latitude", "longitude", "quote_count", "reply_count", "like_count",
    "retweet_count", "hashtags", "urls", "user_mentions", "poll_choices",
)  # fmt: skip

_MAP = (
    "id=tweetid,account=userid,handle=user_screen_name,name=user_display_name,text=tweet_text,time=tweet_time,"
    "location=user_reported_location,description=user_profile_description,"
    "followers=follower_count,following=following_count,lang=tweet_language,client=tweet_client_name,"
    "kind=is_retweet,repost_of=retweet_tweetid,quote_of=quoted_tweet_tweetid,reply_to=in_reply_to_tweetid,"
    "urls=urls,hashtags=hashtags,mentions=user_mentions,reach=like_count,account_created=account_creation_date"
)
_LISTS = ("urls", "hashtags", "user_mentions")
_IDS = ("retweet_tweetid", "in_reply_to_tweetid", "quoted_tweet_tweetid")
_NOTHING = frozenset({"", "absent", "''", '""', "[]", "0", "0.0", "nan", "null", "none"})
_ITEM = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,\s][^,]*)""", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UTC = TimeRule(None, "UTC")


def prepare(batch: RawBatch) -> RawBatch:
    """Empty what stands for nothing, read the lists, say what kind a post is, and take times from ids."""
    columns: dict[str, Any] = {c: [_present(v) for v in batch.texts(c)] for c in batch.columns}
    columns |= {c: [None if (v or "").strip().lower() in _NOTHING else v for v in columns[c]] for c in _IDS}
    columns |= {c: [literal_list(v) for v in columns[c]] for c in _LISTS}
    links = zip(columns["is_retweet"], *(columns[c] for c in _IDS), strict=True)
    columns["is_retweet"] = [_kind(*row) for row in links]
    return replace(batch, columns=columns, times=_times(batch, columns))


def literal_list(text: str | None) -> list[str]:
    """Items of `['a', 'b']`, `[a, b]` or `[]`; a text without brackets is one item."""
    text = (text or "").strip()
    if not (text.startswith("[") and text.endswith("]")):
        return [] if text.lower() in _NOTHING else [text]
    found = [_ESCAPED.sub(r"\1", m[1] or m[2] or "") or (m[3] or "").strip() for m in _ITEM.finditer(text[1:-1])]
    return [item for item in found if item.lower() not in _NOTHING]


def _present(text: str | None) -> str | None:
    return None if text is None or text.strip().lower() == "absent" else text


def _kind(flag: str | None, repost_of: str | None, reply_to: str | None, quote_of: str | None) -> str:
    if repost_of or (flag or "").strip().lower() in ("true", "1"):
        return "repost"
    return "reply" if reply_to else "quote" if quote_of else "post"


def _times(batch: RawBatch, columns: dict[str, Any]) -> Times:
    """Milliseconds from the id where it holds them, else the minute that the table gives."""
    written = time_column(columns["tweet_time"], _UTC, "x-disclosure", batch.lines)
    exact = [_from_id((i or "").strip()) for i in columns["tweetid"]]
    known = np.array([t is not None for t in exact], bool)
    return Times(
        np.where(known, np.array([t or 0 for t in exact], np.int64), written.t_us),
        np.where(known, 1_000, written.resolution_us),
        ["id" if k else "platform" for k in known.tolist()],
        {i: r for i, r in written.reasons.items() if not known[i]},
    )


def _from_id(tweetid: str) -> int | None:
    return snowflake_us(int(tweetid)) if tweetid.isascii() and tweetid.isdigit() and len(tweetid) < 20 else None


FORMAT = Format(
    name="x-disclosure",
    summary="X's 31-column releases of information operations; time from the tweet's id",
    about=__doc__,
    way=Columns(parse_map(_MAP), prepare),
    known_by=(COLUMNS,),
    platform="x",
    zone="UTC",
)  # fmt: skip
