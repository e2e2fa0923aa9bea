"""mention: posts that address the same account."""

from unisono.traces.kind import TraceKind, of_list

TRACE = TraceKind("mention", "the same account addressed", ("mentions",), of_list("mentions", str), named_only=True)
