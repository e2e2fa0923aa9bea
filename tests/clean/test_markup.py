"""HTML becomes text and links, and nothing of it stays HTML."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.clean.markup import Anchor, plain_text, unescape_basic


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two<br>three<br />four</p>", "one\n\ntwo\nthree\nfour"),
        ("no tags &amp; &#39;entities&#39; &lt;b&gt;", "no tags & 'entities' <b>"),
        ('<span class="invisible">https://</span><span>a.example</span>', "https://a.example"),
        ("a < b and c > d", "a < b and c > d"),
        ("<script>alert(1)</script><!-- x --><![CDATA[y]]>", "alert(1)"),
        ("<p>&#xD800;\x00</p>", "\ufffd\x00"),
        ("<p", "<p"),
        ("", ""),
    ],
)
def test_text(html: str, text: str) -> None:
    assert plain_text(html)[0] == text


@pytest.mark.parametrize(
    ("html", "text", "links"),
    [
        ('<p class="quote-inline">RE: <a href="https://a/">x</a></p><p>mine</p>', "mine", []),
        ('mine<span class="a quote-inline"><br/>RT: https://a/</span> too', "mine too", []),
        ('<p class="quote-inline"><p>RE</p>mine', "mine", []),
        ('one <p class="quote-inline">never ends <a href="https://a/">x</a>', "one never ends x", []),
        ('<p class="quote-inlined">RE</p>', "RE", []),
    ],
)
def test_elements_of_a_class_are_left_out_where_they_end(html: str, text: str, links: list[str]) -> None:
    found, anchors = plain_text(html, without="quote-inline")
    assert (found, [a.href for a in anchors]) == (text, links)


@pytest.mark.parametrize(
    ("written", "typed"), [("a &amp; b", "a & b"), ("&amp;lt;", "&lt;"), ("&#39;&quot;", "&#39;&quot;"), ("x", "x")]
)
def test_three_characters_alone(written: str, typed: str) -> None:
    assert unescape_basic(written) == typed


def test_links() -> None:
    html = '<a href="https://a.example/?x=1&amp;y=2" class="mention hashtag">x</a><A HREF=\'b\'>y</A><a name="z">z</a>'
    assert plain_text(html)[1] == [
        Anchor("https://a.example/?x=1&y=2", frozenset({"mention", "hashtag"})),
        Anchor("b", frozenset()),
    ]


@given(st.text(st.sampled_from("<>a/\"'= !-&;p\n"), max_size=60) | st.text(max_size=20))
def test_anything(html: str) -> None:
    text, anchors = plain_text(html)
    assert len(text) <= len(html) + html.count("<")
    assert all(a.href for a in anchors)


@pytest.mark.parametrize("piece", ["<a ", "<!--", '<a href="', "<p>", "a=", "&"])
def test_time_is_in_proportion_to_length(piece: str) -> None:
    begun = time.perf_counter()
    plain_text(piece * 100_000)
    plain_text("<a " + piece.replace("<", "") * 100_000 + ">")
    assert time.perf_counter() - begun < 5
