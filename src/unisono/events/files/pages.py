"""Sources that put many posts into one JSON value: how a format takes its records out of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from unisono.events.files.batch import as_text

Record = dict[str, Any]
PAGE = "\0page"
"""Key under which a record finds what its page holds for it; a key of that name in a source is overwritten."""

Unfold = Callable[[Record], Iterable[tuple[Any, Any]]]
"""Records of a page, in order, each with what its reader needs of the page. What is no page is a record itself."""


def whole(value: Record) -> Iterator[tuple[Any, Any]]:
    """A value that is a record and no page."""
    yield value, None


def as_it_is(raw: bytes) -> bytes:
    """Nothing to mend."""
    return raw


@dataclass(frozen=True)
class Pages:
    """What a format says of its pages.

    unfold: takes the records out of a page, which is an object of a `.json` file, a line or an element of an array
    arrays: paths of arrays in an object too large to be held (`messages`, `chats.list[].messages`); a `.json` that
    is an object is then read element by element, and a record's page is the head of the object around its array
    mend: applied to the bytes of each record before they are parsed
    """

    unfold: Unfold = whole
    arrays: frozenset[str] = frozenset()
    mend: Callable[[bytes], bytes] = as_it_is


NONE = Pages()


def record_bytes(record: Any) -> bytes:
    """A record of a page as compact JSON: what its sha256 is made of."""
    try:
        return orjson.dumps(record)
    except TypeError:  # a number of more than 64 bits
        return (as_text(record) or "").encode()
