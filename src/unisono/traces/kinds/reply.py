"""reply: replies to the same post."""

from unisono.traces.kind import TraceKind, of_column

TRACE = TraceKind(
    "reply", "replies to the same post", ("reply_to",), of_column("reply_to"), kinds=("reply",), content=False
)
