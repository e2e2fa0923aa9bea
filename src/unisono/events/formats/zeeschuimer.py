"""Zeeschuimer: what the browser extension saw, one object a line in a wrapping that says of which platform it is.

Fields: the extension's NDJSON (`source_platform`, `source_platform_url`, `timestamp_collected`, `nav_index`, `item_id`,
`data`). `data` is the platform's own object: of X, TikTok and Instagram it is read (see events/platforms), lines of
other platforms are rejects that name it (`no_reader_linkedin`). When a line was collected is not when it was posted,
and not used. Instagram is read from the schema that 4CAT documents, not from posts: say so where it matters.
"""

from __future__ import annotations

from unisono.events.files.pages import Record
from unisono.events.formats import Format, Records
from unisono.events.platforms import browser
from unisono.events.posts import Post, text_at


def post(record: Record) -> Post | str:
    """The post in the wrapping."""
    return browser.native_post(text_at(record, "source_platform"), record.get("data"))


FORMAT = Format(
    name="zeeschuimer",
    summary="Zeeschuimer's NDJSON of X, TikTok and Instagram, as the browser extension saves it",
    about=__doc__,
    way=Records(post),
    known_by=(("source_platform", "timestamp_collected", "nav_index", "data"),),
    fields=browser.FIELDS,
    inside="data.",
    zone="UTC",
)  # fmt: skip
