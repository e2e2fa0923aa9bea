"""The fast forms of the patterns find what their plain forms find."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from unisono.clean import patterns, url
from unisono.clean.url import extract_urls

LINK = re.compile(rf"(?:https?://|(?<![\w.@/-])www\.)[^{patterns._ENDS}]+", re.IGNORECASE)
TAGS = re.compile(
    rf"(?<![\w&/{patterns._MARKS}])(?:[#＃]+[\w{patterns._MARKS}{patterns._JOINTS}]+)+"
)  # fmt: skip
PIECES = st.lists(
    st.sampled_from([
        "http", "HTTPS", "httpſ", "http\u017f", "://", "www.", "wWw.", "w", "W", "h", "a.b/c", ".", "@", "-", "/", " ",
        "#", "＃", "##", "&", "tag", "é", "e\u0301", "\u200c", "_", "9", "K", "\n", "»", "ش", "\ufe0f\u20e3",
    ])
    | st.text(max_size=3),
    max_size=12,
).map("".join)  # fmt: skip


@given(PIECES)
def test_links(text: str) -> None:
    assert [m.span() for m in patterns.URL.finditer(text)] == [m.span() for m in LINK.finditer(text)]


@given(PIECES)
def test_links_that_touch_are_parted_where_the_split_parts_them(text: str) -> None:
    parts = [p for m in LINK.finditer(text) for p in url._GLUED.split(m[0])]
    whole = [u for u in extract_urls(text) if u.isalnum() or u[-1].isalnum()]
    assert all(any(p.startswith(u) for p in parts) for u in whole)
    begun = [p for p in parts if url._BEGIN.match(p) and p[-1].isalnum() and "…" not in text and "..." not in text]
    assert set(begun) <= set(extract_urls(text))


@given(PIECES)
def test_hashtags(text: str) -> None:
    assert tags_in(patterns.HASHTAGS, text) == tags_in(TAGS, text)


def tags_in(pattern: re.Pattern[str], text: str) -> list[str]:
    """Runs of tags, parted at their signs."""
    return [tag for m in pattern.finditer(text) for tag in re.split("[#＃]+", m[0]) if tag]
