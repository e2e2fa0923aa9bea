"""quote: quotes of the same post."""

from unisono.traces.kind import TraceKind, of_column

TRACE = TraceKind(
    "quote", "quotes of the same post", ("quote_of",), of_column("quote_of"), kinds=("quote",), content=False
)
