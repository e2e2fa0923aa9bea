"""Text keys: equal where people read the same, different where they do not, and stable."""

from __future__ import annotations

import os
import sys
import unicodedata
from pathlib import Path
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.clean import text
from unisono.clean.text import MIN_TEXT_CHARS, fold, normalise_text, visible, well_formed, xml_text

ANY = st.text(st.characters(codec=None, categories=None) | st.sampled_from("\ud800\udc00\u200c\u202e @#:./rtRT"))
ZWNJ, ZWSP, RLO = "\u200c", "\u200b", "\u202e"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("RT @one: Good   morning\n all", "good morning all"),
        ("RT @one: RT @two good", "good"),
        ("rt @one good", "good"),
        ("start RT @one good", "start rt good"),
        ("see https://example.com/a?b=1 now", "see now"),
        ("see www.example.com now", "see now"),
        ("HTTPS://EXAMPLE.COM", ""),
        ("@one @two hello", "hello"),
        ("write to me@example.com", "write to me@example.com"),
        ("ＦＵＬＬ ｗｉｄｔｈ", "full width"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        (f"in{ZWSP}visi{RLO}ble\u00ad", "invisible"),
        ("nul\x00 and \x1f bell\x07", "nul and bell"),
        (f"می{ZWNJ}خواهم", "میخواهم"),
        ("رایـگان", "رایگان"),
        ("cafe\u0301", "café"),
        ("a\u2028b\u00a0c", "a b c"),
        ("", ""),
        (" \t\r\n", ""),
        ("#tag 😀!", "#tag 😀!"),
    ],
)
def test_normalised_text(written: str, key: str) -> None:
    assert normalise_text(written) == key


def test_hidden_characters_do_not_protect_a_link_or_a_mention() -> None:
    assert normalise_text(f"look ht{ZWSP}tps://example.com/a") == "look"
    assert normalise_text(f"look @{ZWSP}one") == "look"


@pytest.mark.parametrize("other", ["good mornings all", "good morning, all", "góod morning all", "#good morning all"])
def test_other_texts_stay_other(other: str) -> None:
    assert normalise_text(other) != normalise_text("good morning all")


@given(ANY)
def test_normalising_twice_changes_nothing(s: str) -> None:
    key = normalise_text(s)
    assert normalise_text(key) == key
    key.encode("utf-8")


def test_fold_is_stable_for_every_character_and_hides_no_format_character() -> None:
    for char in map(chr, range(sys.maxunicode + 1)):
        key = fold(char)
        assert fold(key) == key
        assert unicodedata.category(char) != "Cf" or key == ""


def test_ascii_and_unicode_paths_agree() -> None:
    # The ASCII short cut of `fold` must be what the long way gives.
    for char in map(chr, range(128)):
        assert fold(char) + "é" == fold(char + "é")


@given(ANY)
def test_well_formed_is_utf8_and_touches_only_surrogates(s: str) -> None:
    out = well_formed(s)
    out.encode("utf-8")
    assert len(out) == len(s)
    assert all(a == b or (b == "\ufffd" and "\ud800" <= a <= "\udfff") for a, b in zip(s, out, strict=True))


@pytest.mark.parametrize(
    ("s", "shown"),
    [
        ("a\nb\tc", "a\nb\tc"),
        ("a\r\nb\rc", "a\nb␍c"),
        ("nul\x00", "nul␀"),
        ("\x7f\x85", "␡⟨U+0085⟩"),
        (f"abc{RLO}def", "abc⟨RLO⟩def"),
        (f"a{ZWSP}b", "a⟨ZWSP⟩b"),
        (f"a{ZWNJ}b", "a⟨ZWNJ⟩b"),
        (f"می{ZWNJ}خواهم", f"می{ZWNJ}خواهم"),
        (f"{ZWNJ}خواهم", "⟨ZWNJ⟩خواهم"),
        (f"می{ZWNJ}{ZWNJ}خو", "می⟨ZWNJ⟩⟨ZWNJ⟩خو"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("\ud800", "\ufffd"),
    ],
)
def test_visible(s: str, shown: str) -> None:
    assert visible(s) == shown


@given(ANY)
def test_visible_leaves_no_control_that_deceives(s: str) -> None:
    out = visible(s)
    assert visible(out) == out
    deceiving = set("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
    assert not deceiving & set(out)
    assert all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") for c in out)


@given(ANY)
def test_xml_text_is_what_a_parser_takes(s: str) -> None:
    body = xml_text(s).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    assert (ElementTree.fromstring(f"<a>{body}</a>").text or "") == xml_text(s)


def test_xml_text_keeps_what_is_legal() -> None:
    assert xml_text("a\t\n\r\x00\x0b\ufffe\uffff\ud800é😀") == "a\t\n\ré😀"


def test_a_huge_field_is_no_trouble() -> None:
    huge = "RT @a: " + " " * 500_000 + "@" * 100_000 + "(" * 100_000 + "https://" * 20_000
    assert normalise_text(huge)
    assert visible(huge) == huge


@pytest.mark.data
def test_keys_of_real_texts_are_stable() -> None:
    """Real Persian and Russian posts, where the data is at hand."""
    folder = Path(os.environ.get("UNISONO_DATA", "../shared/data"))
    name = folder / "organic" / "persian_x_digest.parquet"
    if not name.exists():
        pytest.skip(f"needs {name}, which does not come with the project")
    texts = pq.read_table(name, columns=["text"])["text"].to_pylist()[:3000]
    keys = [normalise_text(t or "") for t in texts]
    assert keys == [normalise_text(k) for k in keys]
    assert not any("\u200c" in k or "http" in k for k in keys)
    assert sum(len(k) >= MIN_TEXT_CHARS for k in keys) > len(keys) / 2


def test_piles_of_marks_are_cut_and_no_others() -> None:
    marks = [c for c in map(chr, range(0x110000)) if all(map(unicodedata.combining, unicodedata.normalize("NFKD", c)))]
    assert all(text._PILE.fullmatch(c * 31) for c in marks if not "\ud800" <= c <= "\udfff")
    assert fold("a" + "\u0301" * 29) == fold("á" + "\u0301" * 28)
    assert fold("x" + "\u0316\u0301" * 15) == fold("x" + "\u0301\u0316" * 15 + "\u0301" * 100)
    assert fold("يَوْمٌ سَعِيدٌ") == "يَوْمٌ سَعِيدٌ"


@given(st.text(st.sampled_from("aǰΐ\u0301\u0316\u0344\u0345\u0f73\u0640\u200d한"), max_size=200))
def test_folding_piles_twice_changes_nothing(s: str) -> None:
    assert fold(fold(s)) == fold(s)
