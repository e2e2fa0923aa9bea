"""HTML that a platform delivers as the body of a post: its text and its links, and nothing else of it."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

# A tag ends at the next bracket, whatever stands in it: no text makes this read anything twice.
_TAG = re.compile(r"<(/?)([A-Za-z!?][A-Za-z0-9-]*+)([^<>]*+)>")
_ATTRIBUTE = re.compile(r"""(?<![A-Za-z-])([A-Za-z-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""")
_BREAKS = {"br": "\n", "p": "\n\n", "div": "\n", "li": "\n", "blockquote": "\n\n", "pre": "\n\n"}
_BLANK_LINES = re.compile(r"\n{3,}")


class Anchor(NamedTuple):
    """A link: where it leads, and its classes."""

    href: str
    classes: frozenset[str]


def unescape_basic(text: str) -> str:
    """Return a text in which a platform writes <, > and & as HTML does, and nothing else so, as it was typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if "&" in text else text


def plain_text(html: str, without: str = "") -> tuple[str, list[Anchor]]:
    """Return (text, links) of a piece of HTML; entities become characters, paragraphs and breaks become lines.

    without: elements of this class are left out, up to the next end of an element of their name. What looks like a tag
    and is none stays as text; the text may hold < and > and is never to be shown as HTML.
    Never raises, and takes time in proportion to the length.
    """
    parts: list[str] = []
    anchors: list[Anchor] = []
    end, skipped = 0, ""
    for tag in _TAG.finditer(html):
        name, closes = tag[2].lower(), bool(tag[1])
        if skipped:
            if closes and name == skipped:
                end, skipped = tag.end(), ""
            continue
        parts.append(unescape(html[end : tag.start()]))
        end = tag.end()
        if without and not closes and without in _attributes(tag[3]).get("class", "").split():
            skipped = name
            continue
        if name in _BREAKS and (closes or name == "br"):
            parts.append(_BREAKS[name])
        elif name == "a" and not closes:
            anchors += _anchor(tag[3])
    parts.append(plain_text(html[end:])[0] if skipped else unescape(html[end:]))  # what never ends hides nothing
    return _BLANK_LINES.sub("\n\n", "".join(parts)).strip(), anchors


def _attributes(written: str) -> dict[str, str]:
    return {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(written)}


def _anchor(written: str) -> list[Anchor]:
    found = _attributes(written)
    return [Anchor(found["href"], frozenset(found.get("class", "").split()))] if found.get("href") else []
