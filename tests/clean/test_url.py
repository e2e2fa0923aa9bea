"""Links: one address per thing, the same on every run, from any input."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unisono.clean.sites import is_tracking
from unisono.clean.url import _by_the_rules, canonical_url, defang, extract_urls, registrable_domain

_HOSTS = """example.com www.example.com m.amp.example.com a.blogspot.com youtu.be m.youtube.com x.com t.me
    google.com l.facebook.com x.cdn.ampproject.org en.m.wikipedia.org [::1] 1.2.3.4 münchen.de EXAMPLE.com.
    user:p@vk.com"""
_PATHS = """/ /a /watch /abcdefghijk /a/status/12 /url /amp/s/ /l.php /redirect /c/s/ /s/ /amp .amp.html
    /../ /./ //
    ; .. @ [ ] é \u200c \u202e \x00 \ud800 。 \\ % %2 %41 %2e %2F %25 %3A
    ;jsessionid=1 :80 :8080"""
_QUERY = """? & &amp; = # #! + q=https://example.com/ u=https%3A%2F%2Fm.x.com%2F v=abcdefghijk url=http to=
    utm_source=1 a=2 b=1 %26 %3D %2B %20 a=%2526b si=1"""
HOSTS = _HOSTS.split()
PIECES = st.sampled_from(HOSTS + _PATHS.split() + _QUERY.split()) | st.text(
    st.characters(codec=None, categories=None), max_size=2
)
BEGIN = st.sampled_from(["https://", "HTTP://", "//", "", " https:///", "https://google.com/url?q=http://"])
LINKS = st.builds(
    lambda begin, host, rest: begin + host + "".join(rest),
    BEGIN,
    st.sampled_from(HOSTS),
    st.lists(PIECES, max_size=10),
)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a?b=2&c=1",
        "http://example.com/a?b=2&c=1",
        "HTTP://EXAMPLE.com:80/a?b=2&c=1",
        "https://www.example.com:443/a?c=1&b=2",
        "https://m.example.com/a/?c=1&b=2",
        "https://www.mobile.example.com/a?c=1&b=2#part",
        "https://user:word@example.com./a?c=1&b=2",
        "https://example.com/x/../%61?c=1&b=2&utm_source=y&fbclid=z&gclid=",
        "https://example.com/a?c=1&amp;b=2",
        "https://example.com/a;jsessionid=AB12?c=1&b=2",
        "https://example.com/a/amp?c=1&b=2",
        "https://amp.example.com/a.amp?amp=1&c=1&b=2",
        "https://example-com.cdn.ampproject.org/v/s/example.com/a?c=1&b=2&usqp=3&amp_js_v=1",
        "https://www.google.com/amp/s/www.example.com/a?c=1&b=2",
        "https://www.google.co.uk/url?sa=t&url=https%3A%2F%2Fexample.com%2Fa%3Fc%3D1%26b%3D2&usg=x",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fa%3Fc%3D1%26b%3D2%26fbclid%3Dx&h=y",
        "https://lm.facebook.com/l.php?u=http%3A%2F%2Fm.example.com%2Fa%3Fc%3D1%26b%3D2",
        "https://out.reddit.com/t3_x?url=https%3A%2F%2Fexample.com%2Fa%3Fc%3D1%26b%3D2&token=x",
        "https://t.umblr.com/redirect?z=https%3A%2F%2Fexample.com%2Fa%3Fc%3D1%26b%3D2&t=x",
        "https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fexample.com%2Fa%3Fc%3D1%26b%3D2",
        "https://vk.com/away.php?to=https%3A%2F%2Fexample.com%2Fa%3Fc%3D1%26b%3D2&cc_key=",
        "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.com%2Fa%3Fc%3D1%26b%3D2",
        "https://steamcommunity.com/linkfilter/?url=https%3A%2F%2Fexample.com%2Fa%3Fc%3D1%26b%3D2",
        "example.com/a?b=2&c=1",
        "//example.com/a?b=2&c=1",
        " https://example.com/a?b=2&c=1\n",
    ],
)
def test_all_roads_lead_to_one_address(url: str) -> None:
    assert canonical_url(url) == "https://example.com/a?b=2&c=1"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://example.com", "https://example.com/"),
        ("https://example.com:8080/", "https://example.com:8080/"),
        ("https://example.com/#!/route", "https://example.com/#!/route"),
        ("https://example.com/amp", "https://example.com/amp"),
        ("https://www.gov.uk/x", "https://www.gov.uk/x"),
        ("https://m.me/someone", "https://m.me/someone"),
        ("https://en.m.wikipedia.org/wiki/A_(b)", "https://en.wikipedia.org/wiki/A_(b)"),
        ("http://münchen.de/straße", "https://xn--mnchen-3ya.de/stra%C3%9Fe"),
        ("http://XN--MNCHEN-3YA.de/stra%c3%9fe", "https://xn--mnchen-3ya.de/stra%C3%9Fe"),
        ("https://example.com/?q=a%20b+c&d=%", "https://example.com/?d=%25&q=a+b+c"),
        ("https://example.com/?a=1&a=2&flag", "https://example.com/?a=1&a=2&flag"),
        ("https://bit.ly/AbC", "https://bit.ly/AbC"),
        ("https://t.co/AbC", "https://t.co/AbC"),
        ("https://t.me/s/channel/12?single", "https://t.me/channel/12"),
        ("https://telegram.me/channel/12", "https://t.me/channel/12"),
        (
            "http://web.archive.org/web/2020/https://a.com/b",
            "https://web.archive.org/web/2020/https://a.com/b",
        ),
        ("http://[::0:1]:8080/x", "https://[::1]:8080/x"),
        ("https://1.2.3.4/x", "https://1.2.3.4/x"),
        ("https://www.google.com/url?q=notalink", "https://google.com/url?q=notalink"),
        ("https://youtu.be/abcdefghijk?si=x&t=3", "https://youtube.com/watch?v=abcdefghijk"),
        (
            "https://m.youtube.com/watch?feature=x&v=abcdefghijk&list=y",
            "https://youtube.com/watch?v=abcdefghijk",
        ),
        ("https://www.youtube.com/shorts/abcdefghijk", "https://youtube.com/watch?v=abcdefghijk"),
        ("https://www.youtube-nocookie.com/embed/abcdefghijk", "https://youtube.com/watch?v=abcdefghijk"),
        ("https://www.youtube.com/playlist?list=PLx&si=1", "https://youtube.com/playlist?list=PLx"),
        ("https://youtube.com/embed/videoseries?list=PLx", "https://youtube.com/embed/videoseries?list=PLx"),
        ("https://twitter.com/a/status/12?s=20", "https://x.com/i/status/12"),
        ("https://mobile.twitter.com/B/statuses/12/photo/1", "https://x.com/i/status/12"),
        ("https://x.com/i/web/status/12", "https://x.com/i/status/12"),
        ("https://twitter.com/Someone", "https://x.com/Someone"),
    ],
)
def test_canonical(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


def test_different_things_stay_different() -> None:
    urls = [
        "https://example.com/a", "https://example.com/A", "https://example.com/a?x=1", "https://example.com/a?x=2",
        "https://example.com/a%2Fb", "https://example.com/a/b", "https://example.org/a", "https://news.example.com/a",
        "https://youtu.be/abcdefghijk", "https://youtu.be/abcdefghijK", "https://x.com/a/status/1",
    ]  # fmt: skip
    assert len({canonical_url(u) for u in urls}) == len(urls)


@pytest.mark.parametrize(
    "url",
    [
        "", " ", "readme", "hello.", "me@example.com", "mailto:me@example.com", "javascript:alert(1)", "null",
        "data:text/html,x", "ftp://example.com/a", "https://", "https:///", "http://localhost/", "https://t",
        "https://..", "https://a..b/", "https://example.com:99999/", "https://[::1", "https://exa mple.com/",
        "https://\x00.com/", "co.uk", "https://example.com/" + "a" * 9000, "https://" + "a." * 200 + "com",
        "\ud800", "https://\ud800.com",
    ],
)  # fmt: skip
def test_no_web_link(url: str) -> None:
    assert canonical_url(url) is None
    assert registrable_domain(url) is None


def test_a_tower_of_redirects_is_no_link() -> None:
    assert canonical_url("https://www.google.com/url?q=" * 50 + "https://example.com/") is None


@given(LINKS)
@example("https://example.com/%%34%31")
@example("https://example.com/a/amp/amp.amp.html")
@example("https://example.com/?a=%2526b")
def test_canonical_is_idempotent_and_never_raises(url: str) -> None:
    canonical = canonical_url(url)
    if canonical is not None:
        assert canonical.startswith("https://")
        assert canonical.isascii()
        assert not any(c.isspace() for c in canonical)
        assert canonical_url(canonical) == canonical


@given(st.text(st.characters(codec=None, categories=None)))
def test_any_text_at_all(s: str) -> None:
    assert canonical_url(s) is None or canonical_url(s)
    assert registrable_domain(s) != ""
    assert "http:" not in defang(s).lower()
    extract_urls(s)


@given(LINKS)
def test_extracted_links_stand_in_the_text_once(text: str) -> None:
    urls = extract_urls(text)
    assert len(urls) == len(set(urls))
    assert all(u in text and u.lower().startswith("http") for u in urls)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://a.com/b, and http://c.com.", ["https://a.com/b", "http://c.com"]),
        ("(https://a.com/b_(c))", ["https://a.com/b_(c)"]),
        ("[x](https://a.com/b)", ["https://a.com/b"]),
        ("[https://a.com/b](https://a.com/b), [https://a.com/](https://b.com/…", ["https://a.com/b", "https://a.com/"]),
        ("“https://a.com/b” <https://c.com/>", ["https://a.com/b", "https://c.com/"]),
        ("https://a.com/b。続き", ["https://a.com/b"]),
        ("https://a.com/b https://a.com/b", ["https://a.com/b"]),
        ("http://t.co/abchttp://t.co/def", ["http://t.co/abc", "http://t.co/def"]),
        ("https://a.com/?u=https://b.com/", ["https://a.com/?u=https://b.com/"]),
        ("cut https://t.co/ab… and http://t… and https://a.com/long-ti... and", []),
        (
            "https://t.co/abcdefghij… http://t.co/ABCDEFGHIJ...",
            ["https://t.co/abcdefghij", "http://t.co/ABCDEFGHIJ"],
        ),
        ("http://t.co/abchttp://t.co/de…", ["http://t.co/abc"]),
        ("HTTPS://A.com/B?c=d#e!", ["HTTPS://A.com/B?c=d#e"]),
        ("http:// https://?", []),
        ("www.a.com a.com", []),
        ("", []),
    ],
)
def test_extract_urls(text: str, urls: list[str]) -> None:
    assert extract_urls(text) == urls


@pytest.mark.parametrize(
    ("url", "owner"),
    [
        ("https://news.example.co.uk/a", "example.co.uk"),
        ("http://one.blogspot.com/", "one.blogspot.com"),
        ("https://blogspot.com/", "blogspot.com"),
        ("https://a.b.github.io/x", "b.github.io"),
        ("https://1.2.3.4:80/x", "1.2.3.4"),
        ("https://[2001:DB8::1]/x", "2001:db8::1"),
        ("https://a.host.invalidtld/x", "host.invalidtld"),
        ("https://invalidtld/x", None),
        ("https://co.uk/", None),
        ("https://www.пример.рф/", "xn--e1afmkfd.xn--p1ai"),
    ],
)
def test_registrable_domain(url: str, owner: str | None) -> None:
    assert registrable_domain(url) == owner


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.com/a.html", "hxxps://example[.]com/a.html"),
        ("HTTP://A.b.com", "hxxp://A[.]b[.]com"),
        ("example.com", "example[.]com"),
        ("https://a.com/?u=http://b.com/", "hxxps://a[.]com/?u=hxxp://b[.]com/"),
        ("", ""),
    ],
)
def test_defang(url: str, safe: str) -> None:
    assert defang(url) == safe
    assert defang(safe) == safe


def test_tracking_parameters_are_dropped_where_they_track() -> None:
    assert is_tracking("utm_campaign=x", "example.com")
    assert is_tracking("UTM%5Fcampaign=x", "example.com")
    assert is_tracking("si=x", "music.youtube.com")
    assert not is_tracking("si=x", "example.com")
    assert not is_tracking("si=x", "notyoutube.com")
    assert is_tracking("outputType=amp", "example.com")
    assert not is_tracking("outputType=pdf", "example.com")
    assert not is_tracking("v=x", "youtube.com")


def test_hostile_lengths_end_soon() -> None:
    for piece in ("/amp", "m.", "/s", "(", "https://", "%", "&a", "..", "/../", ")"):
        canonical_url(f"https://example.com/{piece * 1900}"[:8000])
        canonical_url(f"https://{piece * 1900}example.com/"[:8000])
        extract_urls(f"https://example.com/{piece * 30_000}")


@given(
    st.from_regex(r"https?://(t\.co|bit\.ly|goo\.gl|ow\.ly|dlvr\.it|fb\.me|is\.gd)/[A-Za-z0-9]{1,12}", fullmatch=True)
)
def test_the_short_way_for_shorteners_equals_the_rules(url: str) -> None:
    assert canonical_url(url) == _by_the_rules(url)
