"""Any table of (account, object, time) rows: whatever accounts touch can be an object."""

from __future__ import annotations

from unisono.events.fields.mapping import TRACE_FIELDS, parse_trace_map
from unisono.events.formats import ByMap, Format

FORMAT = Format(
    name="traces",
    summary="any table of who touched what and when: --map account=user,time=created,object=page",
    about=__doc__,
    way=ByMap(parse_trace_map, "account=user,time=created,object=page", (*TRACE_FIELDS, "object, object:TRACE")),
)  # fmt: skip
