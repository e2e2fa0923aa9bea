"""4CAT's NDJSON of imported data: the platform's own object, with `__import_meta` beside its keys.

Fields: 4CAT's import (`__import_meta` holds what Zeeschuimer's wrapping held: `source_platform`, `item_id`,
`timestamp_collected`). Objects of X, TikTok and Instagram are read (see events/platforms), those of other platforms are
rejects that name it (`no_reader_linkedin`). Unlike 4CAT's CSV it names the post that a repost repeats.
"""

from __future__ import annotations

from unisono.events.files.pages import Record
from unisono.events.formats import Format, Records
from unisono.events.platforms import browser
from unisono.events.posts import Post, text_at


def post(record: Record) -> Post | str:
    """The post of a line."""
    return browser.native_post(text_at(record, "__import_meta.source_platform"), record)


FORMAT = Format(
    name="4cat-ndjson",
    summary="4CAT's NDJSON of data imported from X, TikTok and Instagram",
    about=__doc__,
    way=Records(post),
    known_by=(("__import_meta.source_platform", "__import_meta.timestamp_collected"),),
    fields=browser.FIELDS | {"platform": "__import_meta.source_platform"},
    zone="UTC",
)  # fmt: skip
