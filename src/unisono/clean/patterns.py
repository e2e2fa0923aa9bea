"""The regular expressions that several parts share: what in a text is a link, a mention, a hashtag."""

from __future__ import annotations

import re
import unicodedata

# Quotation marks and full-width stops end a link: raw they hardly stand in one, after one they often do.
_ENDS = '\\s\x00-\x20<>"«»“”„‘’…。，、！？；：（）「」『』【】《》'

# What a pattern can begin with stands first and alone, with what must not stand before it behind: so the engine
# leaps from one such letter to the next instead of trying every place. "\u017f" is what re.IGNORECASE takes for an s.
URL = re.compile(rf"[hHwW](?:(?<=[hH])[tT][tT][pP][sS\u017f]?://|(?<=[wW])(?<![\w.@/-][wW])[wW][wW]\.)[^{_ENDS}]+")
"""A link (https?:// or www., in letters of any case) as it stands in a text, with ASCII punctuation that follows it."""

# Python's \w knows no combining marks, without which Hindi words and vocalised Arabic fall apart.
# Enclosing marks (Me) stay out: "#" with a keycap mark is an emoji. Variation selectors likewise.
_MARKS = "".join(
    c for c in map(chr, range(0x300, 0x11FFF))
    if unicodedata.category(c) in ("Mn", "Mc") and not "\ufe00" <= c <= "\ufe0f"
)  # fmt: skip
# ZWNJ, ZWJ, Hebrew geresh and gershayim, middle dots: inside a word they belong to it (as X has it).
_JOINTS = "\u200c\u200d\u05be\u05f3\u05f4\u00b7\u30fb\u30a0"

_WORD = rf"[\w{_MARKS}{_JOINTS}]++"
HASHTAGS = re.compile(rf"[#＃](?<![\w&/{_MARKS}][#＃])[#＃]*+(?:{_WORD}[#＃]*+)*+")
"""A run of signs and words that begins with a sign: hashtags that touch each other ("#a#b"), or none ("##"). Nothing of
it is read twice, so that a post of signs is read as fast as any other."""

MENTION = re.compile(r"(?<![\w@＠/.+-])[@＠](\w+(?:[.-]+\w+)*(?:@\w+(?:[.-]+\w+)*)?)")
"""A mention; group 1 is the handle: name, dotted name (Bluesky) or name@host (Mastodon)."""
