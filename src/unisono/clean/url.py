"""Links: found in a text, brought to one address per thing, given an owner, made harmless to print."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address

from unisono.clean import link as links
from unisono.clean import sites
from unisono.clean.patterns import URL

_GLUED = re.compile(r"(?:(?<=\w)|(?<=\]\())(?=https?://)", re.IGNORECASE)
_BEGIN = re.compile(r"https?://[^/]", re.IGNORECASE)
_WHOLE_TCO = re.compile(r"https?://t\.co/[A-Za-z0-9]{10}", re.IGNORECASE)
_ELLIPSES = ("…", "...")
_TRAILING = frozenset(".,;:!?'*|\\`")
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_MAX_REDIRECTS = 10
_SHORTENED = re.compile(r"https?://(t\.co|bit\.ly|goo\.gl|ow\.ly|dlvr\.it|fb\.me|is\.gd)/([A-Za-z0-9]+)")
_ADDRESS = re.compile(r"h(?:tt|xx)p(s?):/+([^/?#\s]*)", re.IGNORECASE)


def extract_urls(text: str) -> list[str]:
    """Return the http(s) links of `text` in order, as written, each once.

    Trailing punctuation and closing brackets that were not opened in the link are not part of it; links that
    touch each other are separated, and so are the two of [text](link). A link cut off by an ellipsis (… or ...) is left
    out: it leads nowhere, and all that were cut at the same place would look alike. A t.co link of full length before
    one is whole.
    """
    if "://" not in text:
        return []
    found: dict[str, None] = {}
    for match in URL.finditer(text):
        start = match.start()
        one = match[0][0] in "hH" and match[0].count("://") == 1
        for part in (match[0],) if one else _GLUED.split(match[0]):
            url = _trimmed(part.partition("](")[0])
            cut = text.startswith(_ELLIPSES, start + len(url)) and not _WHOLE_TCO.fullmatch(url)
            if _BEGIN.match(url) and not cut:
                found[url] = None
            start += len(part)
    return list(found)


def _trimmed(url: str) -> str:
    end = len(url)
    if url[end - 1 :].isalnum():  # most
        return url
    surplus = {close: url.count(close) - url.count(opened) for close, opened in _BRACKETS.items()}
    while end and (url[end - 1] in _TRAILING or surplus.get(url[end - 1], 0) > 0):
        end -= 1
        if url[end] in surplus:
            surplus[url[end]] -= 1
    return url[:end]


@lru_cache(maxsize=16_384)
def canonical_url(url: str) -> str | None:
    """Return the one address of what `url` leads to: the object of the `url` trace. None for no web link.

    The form is "https://host/path?query" whatever the scheme was, "https://host/" for a home page. Host in
    lower-case ASCII (IDNA) without www., mobile and AMP names; no default port, user, trailing slash or
    fragment (a hashbang stays); tracking parameters dropped, the others sorted; YouTube videos and X posts
    have one address each; redirect pages and AMP caches are followed on paper (see `sites.target`), ten deep.
    Applying it twice changes nothing. Over 8,192 characters it is no web link. Never raises.
    """
    if short := _SHORTENED.fullmatch(url):  # most links of a post; nothing in the rules below concerns them
        return f"https://{short[1]}/{short[2]}"
    return _by_the_rules(url)


def _by_the_rules(url: str) -> str | None:
    link = links.split(url)
    for _ in range(_MAX_REDIRECTS):
        if link is None:
            return None
        link = _settled(link)
        inner = sites.target(link)
        if inner is None or (following := links.split(inner)) is None:
            canonical = str(link)
            return canonical if len(canonical) <= links.MAX_CHARS else None
        link = following
    return None


def _settled(link: links.Link) -> links.Link:
    """Apply the sites' rules until they change nothing: one may uncover another, and each shortens."""
    while (tidied := sites.tidy(link)) != link:
        link = tidied
    return link


def registrable_domain(url: str) -> str | None:
    """Return who owns the host of `url` as it stands: "example.co.uk"; an IP address is its own.

    By the public suffix list with its private part, offline: name.blogspot.com and other.blogspot.com are two
    owners. Under a suffix that is not on the list its default rule holds: the last two labels. None for no web
    link and for a bare suffix. It does not look through redirects: give it a canonical URL for that.
    """
    link = links.split(url)
    if link is None:
        return None
    bare = link.host.strip("[]")
    try:
        return str(ip_address(bare))
    except ValueError:
        return links.owner(bare) or links.owner_by_default(bare)


def defang(url: str) -> str:
    """Return the address, and any inside it, so that no program links it: hxxps://example[.]com/a."""
    if _ADDRESS.search(url) is None:
        return _dotted(url)
    return _ADDRESS.sub(lambda m: f"hxxp{m[1].lower()}://{_dotted(m[2])}", url)


def _dotted(host: str) -> str:
    return host.replace("[.]", ".").replace(".", "[.]")
