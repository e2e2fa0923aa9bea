"""Input of the coordination-network-toolkit (its README): posts, times in unix seconds, urls by spaces."""

from __future__ import annotations

from unisono.events.fields.mapping import parse_map
from unisono.events.formats import Columns, Format

_MAP = (
    "id=message_id,account=user_id,handle=username,repost_of=repost_id,reply_to=reply_id,"
    "text=message,time=timestamp,urls=urls:space"
)


FORMAT = Format(
    name="cnt",
    summary="coordination-network-toolkit's eight columns, from message_id to urls",
    about=__doc__,
    way=Columns(parse_map(_MAP)),
    known_by=(("message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls"),),
    time="unix",
)  # fmt: skip
