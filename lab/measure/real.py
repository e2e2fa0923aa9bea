"""Real data as traces: which columns of the shared data are account, object, time and post."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from unisono.pairs.arrays import TraceArrays
from unisono.pairs.twins import encode_once
from unisono.study import UserError

CASCADES = "organic/twitter_cascades.parquet"
TELEGRAM = "organic/telegram_posts.parquet"
GIT = "organic/git_cofile_events.parquet"
RUSSIAN = "reference/coortweet_russian.parquet"
GERMAN = "reference/coortweet_german_elections.parquet"
DELETIONS = "operations/trend_bots_deletions.parquet"
IRA = "operations/ira_tweets.parquet"
CASCADE_CLOCK = 600_000
"""Microseconds: steps of the cascades' clock."""
_TAG = re.compile(r"(?<!\w)#\w*[^\W\d_]\w*")
_LINK = re.compile(r"https?://\S+")


def folder() -> Path:
    """The shared data: UNISONO_DATA, else ../shared/data."""
    return Path(os.environ.get("UNISONO_DATA", Path.cwd().parent / "shared" / "data"))


def missing(names: tuple[str, ...]) -> str:
    """The first of the files that is not there, or nothing."""
    return next((str(folder() / name) for name in names if not (folder() / name).is_file()), "")


def read(name: str, columns: list[str]) -> pa.Table:
    """Some columns of a file of the shared data. Raises UserError where it is not there."""
    path = folder() / name
    if not path.is_file():
        raise UserError(f"{path} is not there", "set UNISONO_DATA to the folder of the shared data")
    return pq.read_table(path, columns=columns)


@cache
def traces(name: str) -> TraceArrays:
    """Traces of a set by its name in SETS; ties in time are in the order of ids."""
    return SETS[name]()


def cascades() -> TraceArrays:
    """Shares of source tweets, without the tweets themselves and without shares that come before them."""
    t = read(CASCADES, ["user_id", "source_tweet_id", "timestamp_utc", "kind", "delay_min"])
    t = t.filter(pc.and_(pc.equal(t["kind"], "share"), pc.greater_equal(t["delay_min"], 0)))
    return _encode(t["user_id"], t["source_tweet_id"], _us(t["timestamp_utc"]))


def _telegram(column: str) -> TraceArrays:
    t = read(TELEGRAM, ["channel_id", "msg_id", "date_utc", column])
    return _encode(t["channel_id"], t[column], _us(t["date_utc"]), _post(t["channel_id"], t["msg_id"]))


def _forwards() -> TraceArrays:
    """A forwarded message is known by its first sender and moment."""
    t = read(TELEGRAM, ["channel_id", "msg_id", "date_utc", "fwd_from_id", "fwd_date"])
    source = pc.binary_join_element_wise(_text(t["fwd_from_id"]), _text(_us(t["fwd_date"])), "@")
    return _encode(t["channel_id"], source, _us(t["date_utc"]), _post(t["channel_id"], t["msg_id"]))


def _hashtags() -> TraceArrays:
    t = read(TELEGRAM, ["channel_id", "msg_id", "date_utc", "message"])
    t = t.filter(pc.match_substring(t["message"], "#"))
    row, word = _each([_TAG.findall(text.lower()) for text in t["message"].to_pylist()])
    t = t.take(row)
    return _encode(t["channel_id"], word, _us(t["date_utc"]), _post(t["channel_id"], t["msg_id"]))


def _ira() -> TraceArrays:
    """Links in texts as they stand; a clock of minutes."""
    t = read(IRA, ["author_id", "content", "publish_date"])
    t = t.append_column("number", pa.array(np.arange(len(t)))).filter(pc.match_substring(t["content"], "http"))
    row, link = _each([_LINK.findall(text) for text in t["content"].to_pylist()])
    t = t.take(row)
    return _encode(t["author_id"], link, _us(t["publish_date"]), t["number"])


def _each(found: list[list[str]]) -> tuple[pa.Array, pa.ChunkedArray]:
    """(row of the text, what is in it), each thing once a text."""
    once = [sorted(set(words)) for words in found]
    row = np.repeat(np.arange(len(once)), [len(words) for words in once])
    return pa.array(row), pa.chunked_array([pa.array([w for words in once for w in words], pa.string())])


def _git() -> TraceArrays:
    """Files touched; a user's commits of one second are one occasion."""
    t = read(GIT, ["user", "object", "ts"])
    return _encode(t["user"], t["object"], pc.multiply(t["ts"], 1_000_000), _post(t["user"], t["ts"]))


def _russian() -> TraceArrays:
    t = read(RUSSIAN, ["account_id", "object_id", "content_id", "timestamp_share"])
    return _encode(t["account_id"], t["object_id"], _seconds(t["timestamp_share"]), t["content_id"])


def _german(column: str) -> TraceArrays:
    t = read(GERMAN, ["account_id", "post_id", column, "timestamp"])
    return _encode(t["account_id"], t[column], _seconds(t["timestamp"]), _text(t["post_id"]))


SETS: dict[str, Callable[[], TraceArrays]] = {
    "cascades, shares": cascades,
    "telegram, forward": _forwards,
    "telegram, url": lambda: _telegram("url"),
    "telegram, domain": lambda: _telegram("domain"),
    "telegram, hashtag": _hashtags,
    "git, same file": _git,
    "CooRTweet Russian": _russian,
    "CooRTweet German, url": lambda: _german("url_id"),
    "CooRTweet German, hashtag": lambda: _german("hashtag_id"),
    "IRA, url": _ira,
}


def _encode(
    account: pa.ChunkedArray, obj: pa.ChunkedArray, t_us: pa.ChunkedArray, post: pa.ChunkedArray | None = None
) -> TraceArrays:
    """Rows without an account, object or time are left out; without posts every row is its own."""
    n = len(t_us)
    own = pa.array(np.char.add("e", np.char.zfill(np.arange(n).astype(str), 8)))
    table = pa.table({
        "account_id": _text(account), "object_id": _text(obj), "t_us": t_us,
        "event_id": own if post is None else _text(post),
    }).drop_null()  # fmt: skip
    keys = ("object_id", "t_us", "account_id", "event_id")
    return encode_once(table.sort_by([(key, "ascending") for key in keys]))[0]


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.cast(column, pa.string())


def _us(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.cast(pc.cast(column, pa.timestamp("us")), pa.int64())


def _seconds(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.cast(pc.round(pc.multiply(column, 1e6)), pa.int64())


def _post(account: pa.ChunkedArray, number: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(_text(account), _text(number), ":")
