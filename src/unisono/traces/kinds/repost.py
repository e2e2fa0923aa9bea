"""repost: reposts of the same post."""

from unisono.traces.kind import TraceKind, of_column

TRACE = TraceKind(
    "repost",
    "reposts of the same post",
    ("repost_of",),
    of_column("repost_of"),
    kinds=("repost",),
    content=False,
)
