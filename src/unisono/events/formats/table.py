"""Any table of posts, by a mapping of its columns."""

from __future__ import annotations

from unisono.events.fields.mapping import FIELDS, parse_map
from unisono.events.formats import ByMap, Format

FORMAT = Format(
    name="table",
    summary="any table of posts: --map account=author,time=created,text=body,...",
    about=__doc__,
    way=ByMap(parse_map, "account=author,time=created,text=body", FIELDS),
)  # fmt: skip
