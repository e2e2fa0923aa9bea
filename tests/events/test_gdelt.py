"""GDELT's knowledge graph: rows without a header, and each trap by name."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.events.reading import accounts, events, mapped, read_tables, reasons
from unisono.events.files.bare_rows import NO_UTF8
from unisono.events.formats.gdelt_gkg import BARE, QUARTER_US, SEEN
from unisono.study import UserError

NAME, GKG = "20210304050600.gkg.csv", "gdelt-gkg"
T_US = 1_614_834_900_000_000
EXTRAS = "<PAGE_LINKS>https://b.example/</PAGE_LINKS><PAGE_TITLE>Q&amp;A: &#x201C;why&#x201D;</PAGE_TITLE>"


def row(**cells: str) -> str:
    """One article; names of cells with points and capitals as the codebook has them, in `_`."""
    own = dict.fromkeys(BARE.columns, "") | {
        "GKGRECORDID": "20210304051500-1", "V2.1DATE": "20210304051500", "V2SourceCollectionIdentifier": "1",
        "V2SourceCommonName": "News.example", "V2DocumentIdentifier": "https://news.example/a",
        "V1Themes": "TAX_FNCACT;", "V2.1SharingImage": "https://news.example/a.jpg",
        "V2.1TranslationInfo": "srclc:fra; eng:Moses 2.1.1", "V2ExtrasXML": EXTRAS,
    }  # fmt: skip
    return "\t".join((own | cells).values())


def test_fields() -> None:
    (first,) = events(NAME, row() + "\n", format=GKG)
    assert first == first | {
        "event_id": "news/20210304051500-1", "account_id": "news/news.example", "t_us": T_US, "lang": "fra",
        "text": "Q&A: “why”", "urls": ["https://news.example/a"], "permalink": "https://news.example/a",
        "kind": "post", "hashtags": [], "mentions": [],
        "media": [{"kind": "photo", "url": "https://news.example/a.jpg", "hash": None, "hash_kind": None}],
    }  # fmt: skip
    assert accounts(NAME, row(), format=GKG)["news/news.example"]["kind"] == "media_account"


def test_the_time_is_the_collectors_quarter_of_an_hour() -> None:
    (first,) = events(NAME, row(), format=GKG)
    assert (first["t_resolution_us"], first["t_basis"]) == (QUARTER_US, "collector")
    assert f"{NAME}: 1 {SEEN}" in read_tables(NAME, row(), format=GKG).out.notes


def test_the_first_line_is_a_row_and_needs_no_end() -> None:
    assert len(events(NAME, row() + "\r\n" + row(GKGRECORDID="2"), format=GKG)) == 2


def test_a_quote_parts_nothing() -> None:
    (first,) = events(NAME, row(V2ExtrasXML='<PAGE_TITLE>"open</PAGE_TITLE>'), format=GKG)
    assert first["text"] == '"open'


def test_bytes_that_are_no_utf8_are_read_as_latin_1_and_counted() -> None:
    data = row(V2ExtrasXML="<PAGE_TITLE>caf\xe9</PAGE_TITLE>").encode("latin-1") + b"\n" + row(GKGRECORDID="2").encode()
    found = read_tables(NAME, data, format=GKG)
    assert sorted(e["text"] for e in found.out.facts["events"]) == ["Q&A: “why”", "café"]
    assert f"{NAME}: 1 {NO_UTF8}" in found.out.notes


def test_what_is_no_address_is_no_link() -> None:
    (first,) = events(NAME, row(V2DocumentIdentifier="BBC Monitoring 12"), format=GKG)
    assert (first["urls"], first["permalink"]) == ([], None)


def test_rejects() -> None:
    data = "\n".join(["a\tb", row(**{"V2.1DATE": "2021"}), row(V2SourceCommonName=""), row()])
    assert reasons(NAME, data, format=GKG) == [(1, "bad_row"), (2, "bad_time"), (3, "no_account")]


def test_it_is_chosen_by_as_alone_and_read_as_text_alone() -> None:
    with pytest.raises(UserError, match="in no format"):
        read_tables("p.tsv", row() + "\n")
    with pytest.raises(UserError, match="is a text table"):
        read_tables("p.ndjson", "{}", format=GKG)
    with pytest.raises(UserError, match="is empty"):
        read_tables(NAME, "", format=GKG)


@given(st.lists(st.lists(st.text(max_size=6), min_size=26, max_size=28), max_size=4), st.binary(max_size=40))
def test_nothing_breaks_and_nothing_is_lost(rows: list[list[str]], tail: bytes) -> None:
    data = "\n".join("\t".join(r) for r in rows).encode("utf-8", "replace") + tail
    try:
        kept, lost, n = mapped(NAME, data, format=GKG)
    except UserError:
        return
    lines = [x for x in re.split(rb"\n", data.removeprefix(b"\xef\xbb\xbf")) if x.strip(b"\r")]
    assert len(kept) + lost == n == len(lines)
