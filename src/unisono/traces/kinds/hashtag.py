"""hashtag: the same hashtag, whatever its case."""

from unisono.clean.handle import canonical_hashtag
from unisono.traces.kind import TraceKind, of_list

TRACE = TraceKind("hashtag", "the same hashtag", ("hashtags",), of_list("hashtags", canonical_hashtag), named_only=True)
