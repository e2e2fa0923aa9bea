"""Input of the R package CooRTweet: who shared which object when, in unix seconds (its documentation)."""

from __future__ import annotations

from collections.abc import Collection

from unisono.events.fields.mapping import TraceMapping
from unisono.events.files.batch import RawBatch
from unisono.study import UserError

NAME = "coortweet"
SUMMARY = "CooRTweet's four columns: object_id, account_id, content_id, timestamp_share"
COLUMNS = ("object_id", "account_id", "content_id", "timestamp_share")
TIME: str | None = "unix"
ZONE: str | None = None
PLATFORM: str | None = None
TRACES = True
RECORDS = False


def claims(columns: Collection[str]) -> bool:
    """A file that has all four columns."""
    return set(COLUMNS) <= set(columns)


def mapping(text: str | None) -> TraceMapping:
    """Fixed. Raises UserError where the user gives another."""
    if text is not None:
        raise UserError("--as coortweet knows its columns", "leave out --map, or say --as traces")
    return TraceMapping(
        {"account": "account_id", "time": "timestamp_share", "event": "content_id"}, {"object": "object_id"}
    )


def prepare(batch: RawBatch) -> RawBatch:
    """As it is."""
    return batch
