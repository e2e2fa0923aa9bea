"""What is known about sites: second names, mobile and AMP copies, posts with several addresses, redirects.

A rule takes a Link and gives another that leads to the same thing; nothing is fetched.
"""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from urllib.parse import unquote

from unisono.clean.link import Link, owner

_SECOND_NAMES = {
    "twitter.com": "x.com", "fxtwitter.com": "x.com", "vxtwitter.com": "x.com", "fixupx.com": "x.com",
    "telegram.me": "t.me", "telegram.dog": "t.me", "vkontakte.ru": "vk.com", "fb.com": "facebook.com",
    "web.facebook.com": "facebook.com", "mbasic.facebook.com": "facebook.com",
    "old.reddit.com": "reddit.com", "new.reddit.com": "reddit.com", "np.reddit.com": "reddit.com",
    "youtube-nocookie.com": "youtube.com", "music.youtube.com": "youtube.com",
}  # fmt: skip

# Host, path and parameters of pages that only lead on. The host has lost its www. and m. already.
_REDIRECTS = [
    (re.compile(host), re.compile(path), names.split())
    for host, path, names in (
        (r"google(\.[a-z]{2,3}){1,2}", r"/url", "q url"),
        (r"(l[m]?\.)?facebook\.com", r"/l\.php", "u"),
        (r"facebook\.com", r"/flx/warn", "u"),
        (r"l\.(instagram|messenger|threads)\.(com|net)", r"", "u"),
        (r"out\.reddit\.com", r".*", "url"),
        (r"t\.umblr\.com", r"/redirect", "z"),
        (r"youtube\.com", r"/redirect", "q"),
        (r"(away\.)?vk\.com", r"/away(\.php)?", "to"),
        (r"duckduckgo\.com", r"/l", "uddg"),
        (r"steamcommunity\.com", r"/linkfilter", "url u"),
        (r"linkedin\.com", r"/(redir/redirect|safety/go)", "url"),
        (r"exit\.sc", r"", "url"),
        (r"slack-redir\.net", r"/link", "url"),
        (r"[a-z0-9]+\.safelinks\.protection\.outlook\.com", r".*", "url"),
    )
]
_AMP_CACHE = re.compile(r"(?:[^.]+\.)*(?:cdn\.ampproject\.org|bing-amp\.com)")
_AMP_CACHE_PATH = re.compile(r"(?:/[a-z]{1,2}){1,2}/([^/]+\.[^/]+(?:/.*)?)")
_GOOGLE_AMP = re.compile(r"/amp(?:/s)?/([^/]+\.[^/]+(?:/.*)?)")
_GOOGLE = _REDIRECTS[0][0]

_COPY_HOST = re.compile(r"(?:www[0-9]?|m|mobile|mobi|touch|wap|amp)\.(.+)")
_WIKI_MOBILE = re.compile(r"([a-z-]+)\.m\.(wiki[a-z]+\.org|wiktionary\.org)")
_HTML = (".html", ".htm")
_AMP = ("/amp", ".amp")

_YOUTUBE_PATH = re.compile(r"/(?:shorts|embed|live|v|e)/(?!videoseries)([\w-]{6,})(?:/.*)?", re.ASCII)
_YOUTUBE_SHORT = re.compile(r"/([\w-]{6,})(?:/.*)?", re.ASCII)
_YOUTUBE_ID = re.compile(r"[\w-]{6,}", re.ASCII)
_X_STATUS = re.compile(r"/(?:\w+|i/web)/status(?:es)?/([0-9]+)(?:/.*)?", re.ASCII)


def target(link: Link) -> str | None:
    """Return the address that a redirect page or an AMP cache leads to; None where the link is neither.

    Shorteners (bit.ly, t.co) lead where only a request would tell and stay. So do archives (web.archive.org,
    archive.today): to pass round a copy is a choice of its own, and most archives do not name the original.
    """
    path = _AMP_CACHE_PATH if _AMP_CACHE.fullmatch(link.host) else None
    path = _GOOGLE_AMP if _GOOGLE.fullmatch(link.host) else path
    if path and (inner := path.fullmatch(link.path)):
        return f"https://{inner[1]}{'?' if link.query else ''}{'&'.join(link.query)}"
    for host, where, names in _REDIRECTS:
        if host.fullmatch(link.host) and where.fullmatch(link.path):
            values = (unquote(v) for v in map(link.value, names) if v)
            return next((v for v in values if v[:4].lower() == "http"), None)
    return None


def tidy(link: Link) -> Link:
    """Return the link on the site's main host, without tracking, as the one address of its post."""
    host = _host(link.host)
    query = tuple(p for p in link.query if not is_tracking(p, host))
    path = _without_amp(link.path)
    if host == "t.me":
        path = path.removeprefix("/s") if path.startswith("/s/") else path
    return _post(replace(link, host=host, path=path.rstrip("/"), query=query))


def _host(host: str) -> str:
    while (copy := _COPY_HOST.fullmatch(host)) and owner(copy[1]):
        host = copy[1]
    if wiki := _WIKI_MOBILE.fullmatch(host):
        host = f"{wiki[1]}.{wiki[2]}"
    return _SECOND_NAMES.get(host, host)


def _without_amp(path: str) -> str:
    """The path of the page itself: `/a/amp` is that of `/a`, `/a.amp.html` of `/a.html`."""
    ending = next((e for e in _HTML if path.endswith(e)), "")
    whole = end = len(path) - len(ending)
    while end > len("/a/am") and path.endswith(_AMP, 0, end):
        end -= len("/amp")
    return path if end == whole else path[:end] + ending


def _post(link: Link) -> Link:
    """The one address of a YouTube video or X post; any other link as it is."""
    if link.host == "x.com" and (status := _X_STATUS.fullmatch(link.path)):
        return Link("x.com", path=f"/i/status/{status[1]}")
    video = None
    if link.host == "youtu.be" and (short := _YOUTUBE_SHORT.fullmatch(link.path)):
        video = short[1]
    elif link.host == "youtube.com" and (path := _YOUTUBE_PATH.fullmatch(link.path)):
        video = path[1]
    elif link.host == "youtube.com" and link.path == "/watch":
        video = link.value("v")
    if video is None or not _YOUTUBE_ID.fullmatch(video):
        return link
    return Link("youtube.com", path="/watch", query=(f"v={video}",))


def _read_parameters() -> tuple[frozenset[str], tuple[str, ...], dict[str, frozenset[str]]]:
    names, prefixes, by_host = set(), [], {}
    text = files("unisono.clean").joinpath("tracking_parameters.txt").read_text("utf-8")
    for line in filter(None, (line.partition("# ")[0].strip() for line in text.splitlines())):
        host, colon, of_host = line.partition(": ")
        if colon:
            by_host[host] = frozenset(of_host.split())
        elif line.endswith("*"):
            prefixes.append(line[:-1])
        else:
            names.add(line)
    return frozenset(names), tuple(prefixes), by_host


_NAMES, _PREFIXES, _BY_HOST = _read_parameters()


def is_tracking(parameter: str, host: str) -> bool:
    """Whether a "name=value" part of a query only says how the link travelled (tracking_parameters.txt)."""
    parameter = unquote(parameter).lower()
    name = parameter.partition("=")[0]
    if name in _NAMES or parameter in _NAMES or name.startswith(_PREFIXES):
        return True
    return any(name in names for site, names in _BY_HOST.items() if f".{host}".endswith(f".{site}"))
