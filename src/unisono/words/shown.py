"""Anybody's text as it may be shown: cut, inert, its hidden characters seen."""

from __future__ import annotations

import re

from unisono.clean.text import seen_and_unseen
from unisono.words.numbers import count

TEXT_CHARS = 600
LABEL_CHARS = 40
LINK_CHARS = 2000

_LINK = re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,20}://\S+")
_OPENABLE = re.compile(r"(?i)https?://[a-z0-9\[][a-z0-9.:\[\]-]*([/?#][a-z0-9!#$%&()*+,./:;=?@\[\]_~-]*)?")
# Letters carry one to three marks; piles of them run over the lines above and below.
_MARKS = "[\\u0300-\\u036f\\u0483-\\u0489\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f]"
_PILE = re.compile(f"({_MARKS}{{4}})({_MARKS}+)")


def cut(text: str, limit: int = TEXT_CHARS) -> str:
    """The text, shortened to `limit` characters with a mark that says how much is missing."""
    over = len(text) - limit
    return text if over <= 0 else f"{text[:limit]} … [cut, {count(over, 'more character')}]"


def shown(text: str, limit: int = TEXT_CHARS) -> str:
    """Anybody's text as it may be shown: cut, links inert, hidden characters seen, no piles of marks."""
    return "".join(segments(text, limit))


def segments(text: str, limit: int = TEXT_CHARS) -> list[str]:
    """`shown` in parts: the odd ones are hidden characters written out, which a reader may want out of the way."""
    from unisono.clean.url import defang  # its table of the world's domains is long to read

    flat = _PILE.sub(lambda m: f"{m[1]}[+{count(len(m[2]), 'mark')}]", cut(text, limit))
    return seen_and_unseen(_LINK.sub(lambda m: defang(m[0]), flat))


def openable(link: str | None) -> str | None:
    """A link that a reader may open after asking for it: http or https, plain characters only; else None."""
    return link if link and len(link) <= LINK_CHARS and _OPENABLE.fullmatch(link) else None


def short(text: str, limit: int = LABEL_CHARS) -> str:
    """Anybody's text as a label of at most `limit` characters on one line."""
    line = " ".join(text.split())
    return shown(line if len(line) <= limit else line[: limit - 1] + "…")


def opening(text: str, limit: int) -> str:
    """How a text begins, on one line: whole words, as many as fit, where it has words at all."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return shown(line)
    whole, space, _ = line[:limit].rpartition(" ")
    return shown(f"{whole if space and len(whole) > limit // 2 else line[: limit - 1]} …")


def account_label(account_id: str, handle: str | None, name: str | None) -> str:
    """What people call an account: its handle, else its name, else its id."""
    return short(f"@{handle}" if handle else name or account_id)
