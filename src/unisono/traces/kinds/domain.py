"""domain: links to the same registrable domain."""

from unisono.clean.url import canonical_url, registrable_domain
from unisono.traces.kind import TraceKind, of_list


def _domain(url: str) -> str | None:
    canonical = canonical_url(url)
    return registrable_domain(canonical) if canonical else None


TRACE = TraceKind("domain", "links to the same site", ("urls",), of_list("urls", _domain), named_only=True)
