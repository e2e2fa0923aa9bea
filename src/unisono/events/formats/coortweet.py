"""Input of the R package CooRTweet: who shared which object when, in unix seconds (its documentation)."""

from __future__ import annotations

from unisono.events.fields.mapping import TraceMapping
from unisono.events.formats import Columns, Format

FORMAT = Format(
    name="coortweet",
    summary="CooRTweet's four columns: object_id, account_id, content_id, timestamp_share",
    about=__doc__,
    way=Columns(TraceMapping(
        {"account": "account_id", "time": "timestamp_share", "event": "content_id"}, {"object": "object_id"}
    )),
    known_by=(("object_id", "account_id", "content_id", "timestamp_share"),),
    time="unix",
)  # fmt: skip
