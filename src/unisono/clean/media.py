"""Media as objects: the same file is the same hash."""

from __future__ import annotations

import re
from collections.abc import Mapping

from unisono.clean.handle import is_sentinel
from unisono.clean.text import well_formed

_HEX = re.compile(r"[0-9a-fA-F]+")
# MD5, SHA-1 and SHA-256 of no bytes at all: a failed download, which all accounts share.
_EMPTY_FILE = frozenset(
    {
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }
)


def media_object(item: Mapping[str, str | None]) -> str | None:
    """Return the object of the `media` trace, `hash_kind:hash`, from a row of `events.media`.

    None without a hash (the address of a file is none), for the hash of an empty file and for one of zeros
    only (a blank picture). Hexadecimal hashes are compared in lower case; others (base64, base58) as written.
    A hash of unknown kind has the kind `hash`.
    """
    value = well_formed(item.get("hash") or "").strip()
    if _HEX.fullmatch(value):
        value = value.lower()
    if is_sentinel(value) or value in _EMPTY_FILE or not value.strip("0"):
        return None
    kind = well_formed(item.get("hash_kind") or "").strip().lower() or "hash"
    return f"{kind}:{value}"
