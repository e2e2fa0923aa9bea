"""Who and which post: columns of written ids become account and event ids."""

from __future__ import annotations

from functools import lru_cache

from unisono.clean.handle import account_id, event_id, is_mangled, is_sentinel
from unisono.clean.text import well_formed

MANGLED_IDS = "event ids in scientific notation or beyond what their number type holds; their rows keep synthetic ids"
OUR_IDS = "event ids that begin with row/, which is how synthetic ids are written; their rows get new ones"
MANGLED_OBJECTS = "objects in scientific notation or beyond what their number type holds; taken as no object"
MANGLED = "in scientific notation; left empty"


@lru_cache(maxsize=1 << 17)
def account(platform: str | None, native: str | None, handle: str | None = None) -> tuple[str | None, str]:
    """(account id, "") or (None, reason): no_account, mangled_account, sentinel_account."""
    if not (native or "").strip() and not (handle or "").strip(" @"):
        return None, "no_account"
    if native is not None and is_mangled(native):
        return None, "mangled_account"
    found = account_id(platform, native, handle)
    return (found, "") if found else (None, "sentinel_account")


def mention(platform: str | None, written: str | None) -> tuple[str | None, str]:
    """(account id of a mapped mention or None, ""): a handle where it begins with @, else the platform's own id."""
    is_handle = written is not None and written.lstrip().startswith("@")
    return account(platform, None, written)[0] if is_handle else account(platform, written)[0], ""


def own_id(platform: str | None, native: str | None) -> tuple[str | None, str]:
    """(a row's own event id or None, "" or why an id that is there cannot be believed)."""
    if native is None:
        return None, ""
    if not (native.isdecimal() and native.isascii()):  # which most are, and neither nobody nor mangled
        if is_sentinel(native):
            return None, ""
        if is_mangled(native):
            return None, MANGLED_IDS
    found = event_id(platform, native)
    return (None, OUR_IDS) if found.startswith("row/") else (found, "")


def reference(platform: str | None, native: str | None) -> tuple[str | None, str]:
    """(event id that a row points at or None, "" or that it is mangled)."""
    if native is None or is_sentinel(native):
        return None, ""
    return (None, MANGLED) if is_mangled(native) else (event_id(platform, native), "")


def object_id(written: str | None) -> tuple[str | None, str]:
    """(object of a trace or None, "" or why it is none): a mangled id would make one object of many."""
    if written is None or is_sentinel(written):
        return None, ""
    return (None, MANGLED_OBJECTS) if is_mangled(written) else (well_formed(written.strip()), "")
