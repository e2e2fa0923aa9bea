"""url: the same link, after the rules of `clean.url.canonical_url`."""

from unisono.clean.url import canonical_url
from unisono.traces.kind import TraceKind, of_list

TRACE = TraceKind("url", "the same link", ("urls",), of_list("urls", canonical_url))
