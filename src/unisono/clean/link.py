"""A link in its parts: split and percent-encoded one way, and put together again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from tldextract import TLDExtract
from w3lib.url import safe_url_string

from unisono.clean.text import well_formed

MAX_CHARS = 8_192
"""A longer address is no web link: it carries data, not a place."""
_MAX_HOST = 253

_SCHEME = re.compile(r"https?:/{2,}", re.IGNORECASE)
_BARE = re.compile(r"(?://)?((?:[\w-]+\.)+[\w-]{2,})(?::[0-9]+)?(?:[/?#]|$)")
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)+[a-z0-9_-]{1,63}")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/]*", re.IGNORECASE)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

# The list that comes with tldextract: no network and no cache, so every run has the same answer.
_SUFFIXES = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@dataclass(frozen=True)
class Link:
    """A web link: host in lower-case ASCII, port ("" or ":8080"), path, query as "k=v" parts, hashbang."""

    host: str
    port: str = ""
    path: str = ""
    query: tuple[str, ...] = ()
    fragment: str = ""

    def __str__(self) -> str:
        query = f"?{'&'.join(self.query)}" if self.query else ""
        return f"https://{self.host}{self.port}{self.path or '/'}{query}{self.fragment}"

    def value(self, name: str) -> str | None:
        """Return the first value of a query parameter as it is written; None without one."""
        return next((p[len(name) + 1 :] for p in self.query if p.startswith(f"{name}=")), None)


def split(url: str) -> Link | None:
    """Return the parts of a web link, None where `url` is none.

    http and https are one; user and password, default ports, empty parameters, session ids, dot segments and
    trailing slashes go; what need not be percent-encoded is decoded, the rest encoded in upper case. Without
    a scheme it is a link only if it begins with a host under a public suffix.
    """
    rest = _without_scheme(well_formed(url).strip()) if len(url) <= MAX_CHARS else None
    if rest is None:
        return None
    try:
        parts = urlsplit(safe_url_string(f"https://{rest}"))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    if not _is_host(host):
        return None
    query = (_encoded(p).replace("%20", "+") for p in parts.query.replace("&amp;", "&").split("&"))
    return Link(
        host=f"[{ip_address(host)}]" if ":" in host else host,
        port="" if port in (None, 80, 443) else f":{port}",
        path=_path(parts.path),
        query=tuple(sorted(p for p in query if p.strip("="))),
        fragment=f"#{_encoded(parts.fragment)}" if parts.fragment.startswith("!") else "",
    )


def _without_scheme(url: str) -> str | None:
    if scheme := _SCHEME.match(url):
        return url[scheme.end() :]
    bare = _BARE.match(url)
    return url.removeprefix("//") if bare and owner(bare[1].lower()) else None


def _is_host(host: str) -> bool:
    if len(host) <= _MAX_HOST and _HOST.fullmatch(host):
        return True
    try:
        return ":" in host and "%" not in host and bool(ip_address(host))
    except ValueError:
        return False


def _path(path: str) -> str:
    path = _SESSION.sub("", _encoded(path))
    if "/." in path:
        kept: list[str] = []
        for segment in path.split("/")[1:]:
            if segment == "..":
                kept = kept[:-1]
            elif segment != ".":
                kept.append(segment)
        path = "/" + "/".join(kept)
    return path.rstrip("/")


def _encoded(s: str) -> str:
    return _PERCENT.sub(_percent, s) if "%" in s else s


def _percent(match: re.Match[str]) -> str:
    if match[1] is None:
        return "%25"
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match[0].upper()


@lru_cache(maxsize=65_536)
def owner_by_default(host: str) -> str | None:
    """Return the last two labels of a host under no listed suffix (the list's own default rule, `*`), else None."""
    labels = host.split(".")
    return ".".join(labels[-2:]) if len(labels) > 1 and not _SUFFIXES.extract_str(host).suffix else None


def owner(host: str) -> str | None:
    """Return the registrable domain of a host name; None where it is only a public suffix or has none.

    Private suffixes count: users of blogspot.com or github.io own their names, one each. A private suffix by
    itself (blogspot.com) is its own owner.
    """
    found = _SUFFIXES.extract_str(host)
    if found.top_domain_under_public_suffix:
        return found.top_domain_under_public_suffix
    return found.suffix or None if found.is_private else None
