"""Names: hashtags, mentions, and the ids of accounts and events."""

from __future__ import annotations

import re
from functools import lru_cache

from unisono.clean.patterns import HASHTAGS, MENTION, URL
from unisono.clean.text import fold, well_formed

_ABSENT = frozenset({"", "null", "nan", "none", "nil", "na", "n/a", "<na>", "absent", "undefined"})
"""How exports write that there is no value."""

_NOBODY = frozenset({"[deleted]", "[removed]", "[deleted user]", "deleted account", "automoderator", "u/automoderator"})
"""Names under which a platform shows many or no persons."""

_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d*[eE][+-]?|[eE][+-])\d+")
_PLAIN_HANDLE = re.compile(r"\w+", re.ASCII)
_PLAIN_PLATFORMS = frozenset({"x", "telegram"})


def extract_hashtags(text: str) -> list[str]:
    """Return the hashtags of `text` in order, as written, without the sign; repeated ones stay.

    A hashtag is letters, digits, underscores, combining marks and joints (ZWNJ inside a Persian word, the
    middle dot) after # or ＃, with at least one letter. It does not begin inside a word, a link or an HTML
    entity (&#39;); tags that touch each other (#a#b) are two.
    """
    if "#" not in text and "＃" not in text:
        return []
    tags = []
    for run in HASHTAGS.findall(URL.sub(" ", text)):
        one = run[1:]  # nearly always: a sign and one tag
        for part in re.split("[#＃]+", one) if "#" in one or "＃" in one else (one,):
            tag = part.strip("\u200c\u200d")
            if tag.isalpha() or any(c.isalpha() for c in tag):
                tags.append(tag)
    return tags


@lru_cache(maxsize=16_384)
def canonical_hashtag(tag: str) -> str:
    """Return the object of the `hashtag` trace: sign stripped and folded (see `text.fold`); "" if empty."""
    return fold(tag).strip().lstrip("#").strip()


def extract_mentions(text: str, platform: str | None = None) -> list[str]:
    """Return the handles that `text` mentions, lower case, without @, in order, each once.

    E-mail addresses and links are none; `@user@host` (Mastodon) and dotted names (Bluesky) are kept whole.
    On a platform whose handles are ASCII letters, digits and underscores (x, telegram) the handle ends there.
    """
    if "@" not in text and "＠" not in text:
        return []
    handles = MENTION.findall(URL.sub(" ", text))
    if platform in _PLAIN_PLATFORMS:
        handles = [m[0] for h in handles if (m := _PLAIN_HANDLE.match(h))]
    return list(dict.fromkeys(h.lower() for h in handles))


def account_id(platform: str | None, native: str | None, handle: str | None = None) -> str | None:
    """Return `platform/native`, or `platform/@handle` in lower case where there is no native id.

    Without a platform the part after the slash stands alone. None when both are empty or absent, or when
    either is the name of nobody ([deleted], AutoModerator). Ids are not case folded (on some platforms the
    case matters). A mangled id is returned as it is: ask `is_mangled`.
    """
    native, handle = (native or "").strip(), (handle or "").strip().lstrip("@＠").strip()
    if native.casefold() in _NOBODY or handle.casefold() in _NOBODY:
        return None
    if not is_sentinel(native):
        return event_id(platform, native)
    return None if is_sentinel(handle) else event_id(platform, f"@{handle.lower()}")


def event_id(platform: str | None, native: str) -> str:
    """Return `platform/native` with the platform in lower case, or the native id alone; valid UTF-8."""
    return well_formed(f"{platform.strip().lower()}/{native.strip()}" if platform else native.strip())


def is_sentinel(name: str) -> bool:
    """Whether `name` stands for nobody or for no value, whatever its case and the white space around it.

    No value: empty, null, nan, none, nil, na, n/a, <na>, absent, undefined. Nobody: [deleted], [removed],
    [deleted user], deleted account, AutoModerator. "0" is no sentinel: some tables count accounts from it.
    """
    key = name.strip().casefold()
    return key in _ABSENT or key in _NOBODY


def is_mangled(native: str) -> bool:
    """Whether a spreadsheet has turned the id into scientific notation: 8.01E+17, 5,7E+17, 8E+17.

    `8e17` without sign or decimals is not claimed: ids in base 36 and hashes look like that.
    """
    return _SCIENTIFIC.fullmatch(native.strip()) is not None
