"""Text as a key and text for people: what counts as the same text, and what an eye must be able to see."""

from __future__ import annotations

import re
import unicodedata

from unisono.clean.patterns import MENTION, URL

MIN_TEXT_CHARS = 20
"""A normalised text shorter than this is no object: short greetings coincide by themselves."""

MOST_MARKS = 30
"""Of combining marks in a row; as in the Stream-Safe Text Format of Unicode's TR15."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_XML_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Unicode's Default_Ignorable_Code_Point beyond the category Cf: joiners, fillers, variation selectors.
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0"
_FORMAT = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROL = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_UNSEEN = re.compile(f"[{_CONTROL}{_FORMAT}{_FILLERS}]")

# Characters that NFKC sorts: those with a combining class, and five that are made of such (a test looks at all).
_BLOCKS = (
    (0x300, 0x3100),
    (0xA66F, 0xABEE),
    (0xFB1E, 0x11FFF),
    (0x16AF0, 0x16B40),
    (0x16FF0, 0x16FF2),
    (0x1BC9E, 0x1E950),
)
_MARKS = "\u0f73\u0f75\u0f81\uff9e\uff9f" + "".join(
    c for begin, end in _BLOCKS for c in map(chr, range(begin, end)) if unicodedata.combining(c)
)
_PILE = re.compile(f"([{_MARKS}]{{{MOST_MARKS}}})[{_MARKS}]++")
_MARK = re.compile(f"[{_MARKS}]")

_RETWEET = re.compile(r"\s*(?:rt\s+[@＠]\w+\s*:?\s*)+")

# What `visible` writes out: all unseen but variation selectors 1-16, which only style an emoji.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_NAMES = {
    0xAD: "SHY", 0x61C: "ALM", 0x200B: "ZWSP", 0x200C: "ZWNJ", 0x200D: "ZWJ", 0x200E: "LRM", 0x200F: "RLM",
    0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO", 0x2060: "WJ",
    0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0xFEFF: "BOM",
}  # fmt: skip


def well_formed(s: str) -> str:
    """Return `s` with every surrogate code point as U+FFFD, so that it is valid UTF-8; else unchanged."""
    if s.isascii() or _SURROGATE.search(s) is None:
        return s
    return _SURROGATE.sub("\ufffd", s)


def fold(s: str) -> str:
    """Return the key by which two spellings are one: unseen characters removed, NFKC, case folded.

    Unseen are controls, format characters (bidi controls, zero-widths, tags), fillers and the stroke that
    stretches Arabic words (tatweel). ZWNJ and ZWJ go as well: a Persian word typed with and without its ZWNJ
    has one key (typed with a space it has another). Letters are otherwise left alone: Arabic and Persian yeh
    are two. Of a pile of more than 30 combining marks, which no language writes, the first 30 count.
    """
    if s.isascii():
        return _UNSEEN.sub("", s).lower()
    # Tatweel goes second: presentation forms of vowel signs hide one until NFKC takes them apart.
    s = _composed(_UNSEEN.sub("", well_formed(s))).replace("\u0640", "")
    # Folding can undo composition; three rounds of it are stable for every character (tested).
    once = _composed(s.casefold())
    twice = once.casefold()
    return once if twice == once else _composed(twice)


def _composed(s: str) -> str:
    """NFKC, in which marks of a pile are sorted: in time that grows with the square of its height."""
    short = _cut(s)
    composed = unicodedata.normalize("NFKC", short)
    return composed if composed == short else _cut(composed)


def _cut(s: str) -> str:
    """Piles of marks cut to MOST_MARKS. A higher one holds one of every MOST_MARKS + 1 letters, so a look at these
    alone tells nearly all texts, which hold none."""
    return _PILE.sub(r"\1", s) if _MARK.search(s[MOST_MARKS :: MOST_MARKS + 1]) else s


def normalise_text(s: str) -> str:
    """Return the key of the `text` trace: two posts say the same when their keys are equal.

    1. Unseen characters removed, NFKC, case folded (see `fold`).
    2. A leading "rt @name:" removed, as often as it stands there.
    3. Links and @mentions replaced by a space (links first; an e-mail address is no mention).
    4. White space of any kind collapsed to one space, none at the ends.

    Punctuation, emoji, digits, hashtags and diacritics stay. "" when nothing is left. Applying it twice
    changes nothing. Source: Unicode 15, TR15 (NFKC) and TR31 (ignorable characters).
    """
    s = fold(s)
    if "@" in s:
        leading = _RETWEET.match(s)
        s = s[leading.end() :] if leading else s
    if "://" in s or "www." in s:
        s = URL.sub(" ", s)
    if "@" in s:
        s = MENTION.sub(" ", s)
    return " ".join(s.split())


def visible(s: str) -> str:
    r"""Return `s` as a person reads it undeceived: what has no shape of its own is written out.

    C0 controls become their pictures (NUL is U+2400), other controls, bidi controls and zero-widths a name
    or number in brackets (⟨RLO⟩, ⟨U+0085⟩). Newline and tab stay, CR LF becomes a newline. ZWNJ and ZWJ stay
    where they do their work, between two characters beyond ASCII that are no space: Persian words and
    family emoji read as they were written. Surrogates become U+FFFD.
    """
    return "".join(seen_and_unseen(s))


def seen_and_unseen(s: str) -> list[str]:
    """The parts of `visible(s)`: text, a written-out character, text, ...; the odd places hold what has no shape."""
    s = well_formed(s).replace("\r\n", "\n")
    if s.isprintable():
        return [s]
    parts, at = [], 0
    for match in _HIDDEN.finditer(s):
        written = _shown(match)
        if written != match[0]:
            parts += [s[at : match.start()], written]
            at = match.end()
    return [*parts, s[at:]]


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if code in (0x200C, 0x200D) and _joins(match.string, match.start()):
        return match[0]
    return f"⟨{_NAMES.get(code) or f'U+{code:04X}'}⟩"


def _joins(s: str, at: int) -> bool:
    around = s[at - 1 : at] + s[at + 1 : at + 2]
    return len(around) == 2 and not any(c.isascii() or c.isspace() or _HIDDEN.match(c) for c in around)


def xml_text(s: str) -> str:
    """Return `s` without the characters that XML 1.0 forbids (controls, surrogates, U+FFFE, U+FFFF)."""
    return _XML_ILLEGAL.sub("", s)
