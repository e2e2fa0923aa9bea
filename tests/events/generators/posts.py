"""Posts as a platform-free description, drawn at random: generators of formats write them, readers read them back."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

T0_US, STEP_US = 1_614_834_367_000_000, 1_000_000

_LETTERS = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs"), exclude_characters="#＃@＠<>&"
)
words = st.text(_LETTERS, min_size=1, max_size=8)
texts = st.lists(words, min_size=1, max_size=6).map(" ".join)
handles = st.from_regex(r"[a-z][a-z0-9_]{1,10}1", fullmatch=True)
numbers = st.integers(0, 2**40)
tags = st.lists(st.from_regex(r"[A-Za-z]{2,9}|سلام|日本", fullmatch=True), max_size=3)
urls = st.lists(st.from_regex(r"https://[a-z]{2,8}\.example/[a-z0-9]{1,6}", fullmatch=True), max_size=3, unique=True)
times = st.integers(0, 10**8).map(lambda s: T0_US + s * STEP_US)


@st.composite
def accounts(draw: st.DrawFn) -> dict[str, Any]:
    """A person."""
    return {
        "native": str(draw(st.integers(1, 2**62))), "handle": draw(handles), "name": draw(texts),
        "description": draw(texts), "location": draw(texts), "followers": draw(numbers), "following": draw(numbers),
        "created_us": draw(times),
    }  # fmt: skip


@st.composite
def posts(draw: st.DrawFn) -> dict[str, Any]:
    """One post: its kind, what it refers to, and everything a platform may say of it."""
    return {
        "account": draw(accounts()), "t_us": draw(times), "text": draw(texts),
        "lang": draw(st.sampled_from(["en", "fa"])),
        "kind": draw(st.sampled_from(["post", "repost", "quote", "reply"])), "refers": str(draw(st.integers(1, 2**62))),
        "thread": str(draw(st.integers(1, 2**62))), "urls": draw(urls), "hashtags": draw(tags),
        "mentions": draw(st.lists(st.integers(1, 2**62).map(str), max_size=2, unique=True)),
        "client": draw(texts), "views": draw(st.integers(1, 2**40)), "media": draw(st.booleans()),
    }  # fmt: skip


many = st.lists(
    posts(),
    min_size=1,
    max_size=6,
    unique_by=(lambda p: p["account"]["native"], lambda p: p["account"]["handle"], lambda p: p["refers"]),
)
