"""Texts that make a careless pattern or parser slow: made of the pattern itself, and of what has hurt others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

PIECES = (
    "#", "＃", "@", "＠", ".", "/", "-", "_", ":", "&", ";", ",", "'", '"', "\\", '\\"', "%", "%25", "%2", "[", "]",
    "{", "}", "(", ")", "<", ">", "<a ", "<p>", "</", "&amp;", "&#", " ", "\n", "\r", "\t", "\x00", "a", "1", "+",
    "=", "?", "RT @a: ", "rt @a ", "http://", "https://a.b/", "www.", "www.a", "://", "](", "...", "a.", "a-",
    "a@", "@a", "#a", "1,", "e", "E+", "/amp", ".amp", "/..", "/.", "?a=b&", ";sid=", "\u0301", "\u0301\u0316",
    "\u0344\u0316", "\u200d", "\u200b", "\ud800", "\u0640", "é", "ﷺ", "ß", "İ", "👩\u200d", "[a](http://b.c)",
    "[[", "{}", "[{", "'a',", "\\u0301", "\\x4", "00", "-0", "1e", " a", "\u3000", "\ufeff", "\r\n", '""', '","',
    '"\n', "``", "*", "|", "~", "^",
)  # fmt: skip
"""What is repeated."""
ENDS = ("", "!", "\n", "\x00", "a", '"', "]")
"""What a repetition ends in, so that what looked like a match is none."""
_MANY = 8
_SHOWN = {
    sre.CATEGORY_DIGIT: "7", sre.CATEGORY_NOT_DIGIT: "x", sre.CATEGORY_SPACE: " ", sre.CATEGORY_NOT_SPACE: "x",
    sre.CATEGORY_WORD: "a", sre.CATEGORY_NOT_WORD: "!",
}  # fmt: skip
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


class Attack(NamedTuple):
    """A text of any length: `head`, then `pump` again and again, then `tail`."""

    head: str
    pump: str
    tail: str

    def text(self, n: int) -> str:
        """About `n` characters."""
        return self.head + self.pump * (n // len(self.pump)) + self.tail


def zoo() -> list[Attack]:
    """What has hurt others, by itself and behind what often begins a match."""
    return [Attack(head, p, tail) for p in PIECES for head, tail in (("", ""), ("a", "!"), ("http://a.b/", '"'))]


def of_pattern(pattern: re.Pattern[Any]) -> list[Attack]:
    """Every part of the pattern that may repeat, and every two of them, repeated behind what leads to them."""
    text, flags = pattern.pattern, pattern.flags
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    tree = parser.parse(text, flags)
    pumps = {(head, s) for head, body in _repeats(tree, "") for s in islice(_samples(body), _MANY) if s}
    firsts = [s for s in islice(_samples(tree), _MANY) if s]
    found = {Attack(begin, s, end) for head, p in pumps for begin, s in ((head, p), ("", head + p)) for end in ENDS}
    found |= {Attack(head, one + two, "\x00") for (head, one), (_, two) in product(pumps, pumps)}
    found |= {Attack("", s, end) for first in firsts for s in (first, first[:1]) for end in ENDS[:3]}
    return sorted(found)


def _repeats(tree: Any, head: str) -> Iterator[tuple[str, Any]]:
    """Parts that may stand many times, each with a text that leads to it."""
    for op, arg in tree:
        for inner in _inner(op, arg):
            yield from _repeats(inner, head)
        if op in _REPEATS and arg[1] > _MANY:
            yield head, arg[2]
        head += next(_samples([(op, arg)]), "")


def _inner(op: Any, arg: Any) -> list[Any]:
    if op in _REPEATS:
        return [arg[2]]
    if op is sre.SUBPATTERN:
        return [arg[3]]
    if op is sre.BRANCH:
        return list(arg[1])
    return [arg] if op is sre.ATOMIC_GROUP else []


def _samples(tree: Any) -> Iterator[str]:
    """Texts that match, as far as that can be said without looking round; the later the rarer their letters."""
    parts = [list(islice(_part(op, arg), _MANY)) for op, arg in tree]
    if all(parts):
        for i in range(max(map(len, parts), default=1)):
            yield "".join(p[min(i, len(p) - 1)] for p in parts)


def _part(op: Any, arg: Any) -> Iterator[str]:
    if op is sre.LITERAL:
        yield chr(arg)
    elif op is sre.NOT_LITERAL:
        yield "b" if arg == ord("a") else "a"
    elif op is sre.ANY:
        yield from "a. /"
    elif op is sre.IN:
        yield from _one_of(arg)
    elif op is sre.BRANCH:
        yield from (next(_samples(branch), "") for branch in arg[1])
    elif op is sre.SUBPATTERN:
        yield from _samples(arg[3])
    elif op is sre.ATOMIC_GROUP:
        yield from _samples(arg)
    elif op in _REPEATS:
        yield from (s * max(arg[0], 1) for s in islice(_samples(arg[2]), _MANY))
        if arg[0] == 0:
            yield ""
    else:  # a place, a look round, a group said again
        yield ""


def _one_of(items: Any) -> Iterator[str]:
    if items[0][0] is sre.NEGATE:
        refused = re.compile("[" + "".join(_written(*i) for i in items[1:]) + "]")
        yield from (c for c in "a7 .-/@#<&\\\"'[,:\u0301" if not refused.match(c))
        return
    for op, arg in items:
        yield chr(arg) if op is sre.LITERAL else chr(arg[0]) if op is sre.RANGE else _SHOWN[arg]


def _written(op: Any, arg: Any) -> str:
    if op is sre.CATEGORY:
        return {sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_WORD: r"\w"}.get(arg, r"\W")
    low, high = (arg, arg) if op is sre.LITERAL else arg
    return f"\\U{low:08x}-\\U{high:08x}"
