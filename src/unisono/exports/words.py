"""Numbers, lists and hostile text in the words of a report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from unisono.clean.text import seen_and_unseen
from unisono.clean.time import format_duration
from unisono.clean.url import defang
from unisono.pairs.stage import SYNCHRONY
from unisono.traces import trace_kinds

TEXT_CHARS = 600
LABEL_CHARS = 40
LINK_CHARS = 2000

_LINK = re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,20}://\S+")
_OPENABLE = re.compile(r"(?i)https?://[a-z0-9\[][a-z0-9.:\[\]-]*([/?#][a-z0-9!#$%&()*+,./:;=?@\[\]_~-]*)?")
# Letters carry one to three marks; piles of them run over the lines above and below.
_MARKS = "[\\u0300-\\u036f\\u0483-\\u0489\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f]"
_PILE = re.compile(f"({_MARKS}{{4}})({_MARKS}+)")


def number(n: int) -> str:
    """1234 -> `1,234`."""
    return f"{n:,}"


def count(n: int, one: str, many: str | None = None) -> str:
    """`1 group`, `7 groups`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listing(items: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    return f" {last} ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def percent(share: float) -> str:
    """0.1234 -> `12 %`; small shares keep a digit, and none is rounded to nothing."""
    if 0 < share < 0.001:
        return "less than 0.1 %"
    return f"{share:.1%}".replace("%", " %") if share < 0.1 else f"{share:.0%}".replace("%", " %")


def rate(share: float) -> str:
    """A rate that somebody chose, as chosen: 0.05 -> `5 %`."""
    return f"{100 * share:g} %"


def small(p: float) -> str:
    """A p or q to two digits: `0.012`, `3.1e-12`; what rounds to nothing is below the smallest number there is."""
    return f"{p:.2g}" if p > 0 else "less than 1e-300"


def about(expected: float) -> str:
    """An expected number to two digits: `0.018`, `3.2`, `1,240`; next to nothing is said so."""
    if expected < 1e-4:
        return "less than 0.0001"
    return f"{expected:.2g}" if expected < 10 else f"{expected:,.0f}"


def verdict(edge: Mapping[str, Any]) -> str:
    """What one edge rests on: observed, expected by chance and q; a row of `edges`."""
    n, q = edge["n_first"], edge["q"]
    within, times = format_duration(edge["window_us"]), "once" if n == 1 else f"{n:,} times"
    seen = f"{meaning(edge['trace'])} {times} within {within}"
    if edge["trace"] == SYNCHRONY:
        seen = f"acts within {within} of each other on {count(n, 'day')}"
    sure = "" if q is None else f" (q = {small(q)})"
    if edge["basis"] == "timing" and edge["expected_timing"] is not None:
        return f"{seen}; the times of these objects predict {about(edge['expected_timing'])}{sure}"
    if edge["basis"] == "reference":
        return f"{seen}, on objects that hardly anybody else touched; others are not shared so fast{sure}"
    if edge["expected"] is None:
        return f"{seen}{sure}"
    return f"{seen}; chance predicts {about(edge['expected'])}{sure}"


def meaning(trace: str) -> str:
    """What two accounts had in common, such as `the same link`; an undescribed trace is named as it is."""
    kind = trace_kinds().get(trace)
    if trace == SYNCHRONY:
        return "the same seconds of a day"
    return kind.meaning if kind else f"the same {short(trace)}"


def cut(text: str, limit: int = TEXT_CHARS) -> str:
    """The text, shortened to `limit` characters with a mark that says how much is missing."""
    over = len(text) - limit
    return text if over <= 0 else f"{text[:limit]} … [cut, {count(over, 'more character')}]"


def shown(text: str, limit: int = TEXT_CHARS) -> str:
    """Anybody's text as it may be shown: cut, links inert, hidden characters seen, no piles of marks."""
    return "".join(segments(text, limit))


def segments(text: str, limit: int = TEXT_CHARS) -> list[str]:
    """`shown` in parts: the odd ones are hidden characters written out, which a reader may want out of the way."""
    flat = _PILE.sub(lambda m: f"{m[1]}[+{count(len(m[2]), 'mark')}]", cut(text, limit))
    return seen_and_unseen(_LINK.sub(lambda m: defang(m[0]), flat))


def openable(link: str | None) -> str | None:
    """A link that a reader may open after asking for it: http or https, plain characters only; else None."""
    return link if link and len(link) <= LINK_CHARS and _OPENABLE.fullmatch(link) else None


def short(text: str, limit: int = LABEL_CHARS) -> str:
    """Anybody's text as a label of at most `limit` characters on one line."""
    line = " ".join(text.split())
    return shown(line if len(line) <= limit else line[: limit - 1] + "…")


def account_label(account_id: str, handle: str | None, name: str | None) -> str:
    """What people call an account: its handle, else its name, else its id."""
    return short(f"@{handle}" if handle else name or account_id)
