"""Zeeschuimer: what the browser extension saw, one object a line in a wrapping that says of which platform it is.

Fields: the extension's NDJSON (`source_platform`, `source_platform_url`, `timestamp_collected`, `nav_index`,
`item_id`, `data`). `data` is the platform's own object: of X and TikTok it is read (see events/natives), lines of
other platforms are rejects (`unknown_platform`). When a line was collected is not when it was posted, and not used.
"""

from __future__ import annotations

from collections.abc import Collection

from unisono.events.fields.mapping import Mapping
from unisono.events.files.batch import RawBatch
from unisono.events.files.pages import Record
from unisono.events.natives import dispatch
from unisono.events.posts import Post, fixed_mapping, posts_of, text_at

NAME = "zeeschuimer"
SUMMARY = "Zeeschuimer's NDJSON of X and TikTok, as the browser extension saves it"
COLUMNS = ("source_platform", "timestamp_collected", "nav_index", "data")
TIME: str | None = None
ZONE: str | None = "UTC"
PLATFORM: str | None = None
TRACES = False
RECORDS = True
FIELDS = dispatch.FIELDS


def claims(columns: Collection[str]) -> bool:
    """The extension's wrapping."""
    return set(COLUMNS) <= set(columns)


def mapping(text: str | None) -> Mapping:
    """Fixed. Raises UserError where the user gives another."""
    return fixed_mapping(NAME, text)


def prepare(batch: RawBatch) -> RawBatch:
    """Every line as columns."""
    return posts_of(batch, post)


def post(record: Record) -> Post | str:
    """The post in the wrapping."""
    return dispatch.native_post(text_at(record, "source_platform"), record.get("data"))
