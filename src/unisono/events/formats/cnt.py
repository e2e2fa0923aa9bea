"""Input of the coordination-network-toolkit (its README): posts, times in unix seconds, urls by spaces."""

from __future__ import annotations

from collections.abc import Collection

from unisono.events.fields.mapping import Mapping, parse_map
from unisono.events.files.batch import RawBatch
from unisono.study import UserError

NAME = "cnt"
SUMMARY = "coordination-network-toolkit's eight columns, from message_id to urls"
COLUMNS = ("message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls")
TIME: str | None = "unix"
ZONE: str | None = None
PLATFORM: str | None = None
TRACES = False
RECORDS = False
_MAP = (
    "id=message_id,account=user_id,handle=username,repost_of=repost_id,reply_to=reply_id,"
    "text=message,time=timestamp,urls=urls:space"
)


def claims(columns: Collection[str]) -> bool:
    """A file that has all eight columns."""
    return set(COLUMNS) <= set(columns)


def mapping(text: str | None) -> Mapping:
    """Fixed. Raises UserError where the user gives another."""
    if text is not None:
        raise UserError("--as cnt knows its columns", "leave out --map, or say --as table")
    return parse_map(_MAP)


def prepare(batch: RawBatch) -> RawBatch:
    """As it is."""
    return batch
