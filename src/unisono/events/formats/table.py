"""Any table of posts, by a mapping of its columns."""

from __future__ import annotations

from collections.abc import Collection

from unisono.events.fields.mapping import Mapping, parse_map
from unisono.events.files.batch import RawBatch
from unisono.study import UserError

NAME = "table"
SUMMARY = "any table of posts: --map account=author,time=created,text=body,..."
COLUMNS: tuple[str, ...] = ()
TIME: str | None = None
ZONE: str | None = None
PLATFORM: str | None = None
TRACES = False
RECORDS = False


def claims(columns: Collection[str]) -> bool:
    """Never: column names of any table mean nothing until the user maps them."""
    return False


def mapping(text: str | None) -> Mapping:
    """The mapping that the user gives. Raises UserError where there is none."""
    if text is None:
        raise UserError(
            "--as table needs a --map", "say which column is what: --map account=author,time=created,text=body"
        )
    return parse_map(text)


def prepare(batch: RawBatch) -> RawBatch:
    """As it is."""
    return batch
