"""Numbers, lists and hostile text in shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.traces import meaning
from unisono.words import numbers, shown


def test_counts_and_lists_read_well() -> None:
    assert [numbers.count(n, "group") for n in (0, 1, 1234)] == ["0 groups", "1 group", "1,234 groups"]
    assert numbers.count(2, "entry", "entries") == "2 entries"
    assert [numbers.listing(x) for x in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0.0 %"), (0.0004, "less than 0.1 %"), (0.0123, "1.2 %"), (0.5, "50 %"), (1.0, "100 %")],
)
def test_percent_never_rounds_something_to_nothing(share: float, text: str) -> None:
    assert numbers.percent(share) == text


def test_an_unknown_kind_of_trace_is_named() -> None:
    assert [meaning(t) for t in ("url", "starring")] == ["the same link", "the same starring"]


def test_a_long_text_says_how_much_is_missing() -> None:
    assert shown.cut("a" * 601) == "a" * 600 + " … [cut, 1 more character]"
    assert shown.cut("a" * 600) == "a" * 600


def test_links_are_inert_and_hidden_characters_visible() -> None:
    said = shown.shown("see https://evil.example/a and JAVASCRIPT://x\u202egnp.exe\u200b\x00")
    assert "https://" not in said
    assert "[.]example" in said
    assert not set("\u202e\u200b\x00") & set(said)


def test_a_pile_of_marks_is_taken_off() -> None:
    assert shown.shown("e" + "\u0301" * 10) == "e" + "\u0301" * 4 + "[+6 marks]"
    assert shown.shown("e\u0301\u0302") == "e\u0301\u0302"


@given(st.text())
def test_labels_are_one_short_line(text: str) -> None:
    assert "\n" not in shown.short(text)
    assert len(shown.short("b" * 500)) == shown.LABEL_CHARS


def test_an_opening_ends_with_a_word() -> None:
    assert shown.opening("The tram  to\nFlatro is late", 99) == "The tram to Flatro is late"
    assert shown.opening("The tram to Flatro is late", 20) == "The tram to Flatro …"
    assert shown.opening("x" * 30, 10) == "x" * 9 + " …"


def test_an_account_is_called_by_handle_then_name_then_id() -> None:
    assert shown.account_label("x/1", "ann", "Ann") == "@ann"
    assert shown.account_label("x/1", None, "Ann") == "Ann"
    assert shown.account_label("x/1", "", None) == "x/1"
