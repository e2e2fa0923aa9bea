"""What all sources of TikTok share: names of accounts, and where a video can be seen."""

from __future__ import annotations

import re

_HANDLE = re.compile(r"[\w.]{1,64}")


def handle(name: str | None) -> str | None:
    """A name without its sign; None for none."""
    return (name or "").strip().lstrip("@").strip() or None


def permalink(name: str | None, video: str | None) -> str | None:
    """Where a video can be seen."""
    if not name or not video or not _HANDLE.fullmatch(name) or not (video.isascii() and video.isdigit()):
        return None
    return f"https://www.tiktok.com/@{name}/video/{video}"
