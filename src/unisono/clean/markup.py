"""HTML that a platform delivers as the body of a post: its text and its links, and nothing else of it."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

# A tag ends at the next bracket, whatever stands in it: no text makes this read anything twice.
_TAG = re.compile(r"<(/?)([A-Za-z!?][A-Za-z0-9-]*)([^<>]*)>")
_ATTRIBUTE = re.compile(r"""([A-Za-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_BREAKS = {"br": "\n", "p": "\n\n", "div": "\n", "li": "\n", "blockquote": "\n\n", "pre": "\n\n"}
_BLANK_LINES = re.compile(r"\n{3,}")


class Anchor(NamedTuple):
    """A link: where it leads, and its classes."""

    href: str
    classes: frozenset[str]


def plain_text(html: str) -> tuple[str, list[Anchor]]:
    """Return (text, links) of a piece of HTML; entities become characters, paragraphs and breaks become lines.

    What looks like a tag and is none stays as text; the text may hold < and > and is never to be shown as HTML.
    Never raises, and takes time in proportion to the length.
    """
    parts: list[str] = []
    anchors: list[Anchor] = []
    end = 0
    for tag in _TAG.finditer(html):
        parts.append(unescape(html[end : tag.start()]))
        end = tag.end()
        name, closes = tag[2].lower(), bool(tag[1])
        if name in _BREAKS and (closes or name == "br"):
            parts.append(_BREAKS[name])
        elif name == "a" and not closes:
            anchors += _anchor(tag[3])
    parts.append(unescape(html[end:]))
    return _BLANK_LINES.sub("\n\n", "".join(parts)).strip(), anchors


def _anchor(attributes: str) -> list[Anchor]:
    found = {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(attributes)}
    return [Anchor(found["href"], frozenset(found.get("class", "").split()))] if found.get("href") else []
