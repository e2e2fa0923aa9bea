"""Names of people, posts and topics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.clean.handle import (
    account_id,
    canonical_hashtag,
    event_id,
    extract_hashtags,
    extract_mentions,
    is_mangled,
    is_sentinel,
)

ANY = st.text(st.characters(codec=None, categories=None) | st.sampled_from("#＃@＠ a1._-/&\u200c\ud800"))
ZWNJ = "\u200c"


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#One and #two, #One.", ["One", "two", "One"]),
        ("#a#b", ["a", "b"]),
        ("##double", ["double"]),
        ("＃全角 #日本語。", ["全角", "日本語"]),
        (f"#می{ZWNJ}خواهم!", [f"می{ZWNJ}خواهم"]),
        (f"#tag{ZWNJ} x", ["tag"]),
        ("#हिन्दी #Москва #café #cafe\u0301", ["हिन्दी", "Москва", "café", "cafe\u0301"]),
        ("#2020 #2020vision #_ #", ["2020vision"]),
        ("https://example.com/a#frag #real", ["real"]),
        ("example.com/#frag", []),
        ("it&#39;s word#no C#", []),
        ("#️⃣ #", []),
        ("(#in) “#quoted”", ["in", "quoted"]),
        ("", []),
    ],
)
def test_hashtags(text: str, tags: list[str]) -> None:
    assert extract_hashtags(text) == tags


@pytest.mark.parametrize(
    ("tag", "key"),
    [
        ("#Tag", "tag"), ("＃ＴＡＧ", "tag"), ("tag", "tag"), ("", ""), ("#", ""), (" # ", ""),
        (f"می{ZWNJ}خواهم", "میخواهم"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("\u200b", ""),
    ],
)  # fmt: skip
def test_canonical_hashtag(tag: str, key: str) -> None:
    assert canonical_hashtag(tag) == key
    assert canonical_hashtag(key) == key


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("RT @One: hi @two @ONE", ["one", "two"]),
        ("mail me@example.com or @me", ["me"]),
        ("@user@mastodon.example hi", ["user@mastodon.example"]),
        ("@name.bsky.social.", ["name.bsky.social"]),
        ("https://t.me/@x and medium.com/@y", []),
        ("＠wide (@in) .@dot", ["wide", "in"]),
        ("@ alone @", []),
        ("@@twice", []),
        ("", []),
    ],
)
def test_mentions(text: str, handles: list[str]) -> None:
    assert extract_mentions(text) == handles


def test_on_x_a_handle_ends_at_the_first_other_character() -> None:
    assert extract_mentions("@one.two @Three-four @پنج", "x") == ["one", "three"]


@given(ANY)
def test_names_are_found_in_any_text(s: str) -> None:
    assert all(t and t in s and "#" not in t for t in extract_hashtags(s))
    assert all(m and not m.startswith("@") for m in extract_mentions(s))
    key = canonical_hashtag(s)
    assert canonical_hashtag(key) == key


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("x", "44196397"), "x/44196397"),
        (("X ", " 44196397 "), "x/44196397"),
        (("x", None, "@Some_One"), "x/@some_one"),
        (("x", "1", "Some_One"), "x/1"),
        (("x", "nan", "Some_One"), "x/@some_one"),
        ((None, "AbC"), "AbC"),
        ((None, None, "AbC"), "@abc"),
        ((None, None, None), None),
        (("x", "", ""), None),
        (("x", "absent", "null"), None),
        (("reddit", "[deleted]"), None),
        (("reddit", None, "[removed]"), None),
        (("reddit", "t2_abc", "AutoModerator"), None),
        (("bsky", "did:plc:AbC"), "bsky/did:plc:AbC"),
        (("x", "\ud800"), "x/\ufffd"),
    ],
)
def test_account_id(arguments: tuple[str | None, ...], expected: str | None) -> None:
    assert account_id(*arguments) == expected  # type: ignore[arg-type]


def test_event_id() -> None:
    assert event_id("x", "1") == "x/1"
    assert event_id(None, "1") == "1"


@pytest.mark.parametrize("name", ["", " ", "null", "NaN", "None", "absent", "[Deleted]", "[removed]", "automoderator"])
def test_sentinels(name: str) -> None:
    assert is_sentinel(name)


@pytest.mark.parametrize("name", ["0", "nancy", "deleted", "removed", "nobody", "[x]"])
def test_no_sentinels(name: str) -> None:
    assert not is_sentinel(name)


@pytest.mark.parametrize("native", ["8.01E+17", "5,7E+17", "8E+17", "8.e17", "-1.5e+09", " 8.01e17 "])
def test_mangled(native: str) -> None:
    assert is_mangled(native)


@pytest.mark.parametrize("native", ["8e17", "801000000000000000", "1.5", "", "e", "did:plc:1e+5", "8.01E+17x", "12e45"])
def test_not_mangled(native: str) -> None:
    assert not is_mangled(native)
