"""What all objects of X share: where a post can be seen, and which of its links are more than links to itself."""

from __future__ import annotations

import re

_HANDLE = re.compile(r"\w{1,50}", re.ASCII)
_STATUS = re.compile(r"https?://(?:mobile\.)?(?:twitter|x)\.com/[^/]+/status/(\d+)(?:/(?:photo|video)/\d+)?/?(?:\?.*)?")
_RETWEET = re.compile(r"RT @\w{1,50}: ", re.ASCII)


def permalink(handle: str | None, post: str | None) -> str | None:
    """Where a post can be seen; without a handle by its id alone, None where the id is no number."""
    if not post or not (post.isascii() and post.isdigit()):
        return None
    who = handle if handle and _HANDLE.fullmatch(handle) else "i/web"
    return f"https://x.com/{who}/status/{post}"


def leads_to(url: str, *posts: str | None) -> bool:
    """Whether a link only leads to one of these posts, such as the one that its author quotes."""
    found = _STATUS.fullmatch(url) if "/status/" in url else None
    return found is not None and found[1] in posts


def completed(text: str | None, original: str | None) -> str | None:
    """The text of a retweet, cut off by the platform, with all that the original says."""
    if not original:
        return text
    begin = _RETWEET.match(text or "")
    return f"{begin[0] if begin else ''}{original}"
