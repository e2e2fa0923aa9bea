"""Any table of (account, object, time) rows: whatever accounts touch can be an object."""

from __future__ import annotations

from collections.abc import Collection

from unisono.events.fields.mapping import TraceMapping, parse_trace_map
from unisono.events.files.batch import RawBatch
from unisono.study import UserError

NAME = "traces"
SUMMARY = "any table of who touched what and when: --map account=user,time=created,object=page"
COLUMNS: tuple[str, ...] = ()
TIME: str | None = None
ZONE: str | None = None
PLATFORM: str | None = None
TRACES = True
RECORDS = False


def claims(columns: Collection[str]) -> bool:
    """Never: column names of any table mean nothing until the user maps them."""
    return False


def mapping(text: str | None) -> TraceMapping:
    """The mapping that the user gives. Raises UserError where there is none."""
    if text is None:
        raise UserError(
            "--as traces needs a --map", "say which column is what: --map account=user,time=created,object=page"
        )
    return parse_trace_map(text)


def prepare(batch: RawBatch) -> RawBatch:
    """As it is."""
    return batch
