"""4CAT's NDJSON of imported data: the platform's own object, with `__import_meta` beside its keys.

Fields: 4CAT's import (`__import_meta` holds what Zeeschuimer's wrapping held: `source_platform`, `item_id`,
`timestamp_collected`). Objects of X and TikTok are read (see events/natives), those of other platforms are rejects
(`unknown_platform`). Unlike 4CAT's CSV it names the post that a repost repeats.
"""

from __future__ import annotations

from collections.abc import Collection

from unisono.events.fields.mapping import Mapping
from unisono.events.files.batch import RawBatch
from unisono.events.files.pages import Record
from unisono.events.natives import dispatch
from unisono.events.posts import Post, fixed_mapping, posts_of, text_at

NAME = "4cat-ndjson"
SUMMARY = "4CAT's NDJSON of data imported from X and TikTok"
COLUMNS = ("__import_meta.source_platform", "__import_meta.timestamp_collected")
TIME: str | None = None
ZONE: str | None = "UTC"
PLATFORM: str | None = None
TRACES = False
RECORDS = True
FIELDS = dispatch.FIELDS | {"platform": "__import_meta.source_platform"}


def claims(columns: Collection[str]) -> bool:
    """Objects with 4CAT's note of where they came from."""
    return set(COLUMNS) <= set(columns)


def mapping(text: str | None) -> Mapping:
    """Fixed. Raises UserError where the user gives another."""
    return fixed_mapping(NAME, text)


def prepare(batch: RawBatch) -> RawBatch:
    """Every line as columns."""
    return posts_of(batch, post)


def post(record: Record) -> Post | str:
    """The post of a line."""
    return dispatch.native_post(text_at(record, "__import_meta.source_platform"), record)
