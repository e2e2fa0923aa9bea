"""Named formats, how they are found, and each on a file written by hand."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import shared
from tests.events.conftest import MAP, Reader, read_paths
from tests.events.reading import FIXTURES, LOOSE, fixture, mapped, read_tables
from unisono.events import formats, plan
from unisono.events.formats.x_disclosure import COLUMNS
from unisono.study import UserError

T_US = 1_614_834_367_000_000
CNT = "message_id,user_id,username,repost_id,reply_id,message,timestamp,urls\n"
COORTWEET = "object_id,account_id,content_id,timestamp_share\n"


def test_every_format_is_whole_and_can_be_named() -> None:
    assert {"table", "traces", "coortweet", "cnt", "x-disclosure"} <= set(formats())
    for name, fmt in formats().items():
        assert name == fmt.name
        assert fmt.summary
        assert fmt.about
        assert fmt.claims(fmt.columns) == bool(fmt.columns)
        assert not fmt.claims(fmt.columns[1:])
        assert all(fmt.claims(known) for known in fmt.known_by)


def test_no_two_formats_claim_one_file() -> None:
    for name, fmt in formats().items():
        for known in fmt.known_by:
            keys = {k[:i] for k in known for i in range(1, len(k) + 1) if k[i : i + 1] in ("", ".", "[")} | set(known)
            assert [n for n, f in formats().items() if f.claims(keys)] == [name]


@pytest.mark.parametrize("name", [f.name for f in sorted(FIXTURES.iterdir())])
def test_no_two_formats_claim_a_fixture_and_its_first_row_is_enough(name: str) -> None:
    data = fixture(name)
    first = data if name.endswith(".json") else b"\n".join(data.splitlines()[: 1 + name.endswith(".csv")])
    settings = {"limits": LOOSE}
    whole, one = (read_tables(name, d, **settings).sources[name] for d in (data, first))
    assert one.format == whole.format
    assert one.rows == 1 or name.endswith(".json")


@pytest.mark.parametrize("name", [n for n, f in formats().items() if f.records])
def test_an_empty_file_and_one_of_something_else_are_refused_or_rejected(name: str) -> None:
    for data in (b"", b"\n\n", b"[]", b"{}", b"null", b"7", b'{"a": 1}', b"[[1]]", b'["x"]'):
        for file in ("p.json", "p.ndjson"):
            kept: list[Any] = []
            with suppress(UserError):
                kept, _, _ = mapped(file, data, format=name)
            assert kept == []


@pytest.mark.parametrize("name", ["coortweet", "cnt", "x-disclosure"])
def test_a_named_format_takes_no_map(read: Reader, name: str) -> None:
    with pytest.raises(UserError, match="leave out `map`"):
        read({"p.csv": CNT}, format=name, map=MAP)


def test_cnt(read: Reader) -> None:
    rows = '1,10,Ann,,,"hi, see",1614834367,http://a.example/ http://b.example/\n2,11,Bob,1,,RT,1614834368.0,\n'
    result = read({"p.csv": CNT + rows}, map=None, **{"as": None})
    a, b = result.events
    assert (a["event_id"], a["account_id"], a["text"], a["t_us"]) == ("1", "10", "hi, see", T_US)
    assert a["urls"] == ["http://a.example/", "http://b.example/"]
    assert (b["kind"], b["repost_of"], b["t_us"]) == ("repost", "1", T_US + 1_000_000)
    assert result.sources["p.csv"].format == "cnt"
    assert [x["handle"] for x in result.rows("accounts")] == ["Ann", "Bob"]


def test_coortweet(read: Reader) -> None:
    result = read({"p.csv": COORTWEET + "o1,ann,c1,1614834367\no1,bob,c2,1614834377\n"}, map=None, **{"as": None})
    assert [(t["trace"], t["object_id"], t["account_id"], t["event_id"], t["t_us"]) for t in result.rows("traces")] == [
        ("object", "o1", "ann", "c1", T_US),
        ("object", "o1", "bob", "c2", T_US + 10_000_000),
    ]
    assert result.sources["p.csv"].format == "coortweet"


def disclosure(**cells: str) -> str:
    """One row of a release."""
    row = dict.fromkeys(COLUMNS, "") | {
        "userid": "aGFzaA==", "user_screen_name": "aGFzaA==", "tweet_time": "2021-03-04 05:06", "tweet_text": "x",
        "is_retweet": "False", "follower_count": "12", "account_creation_date": "2019-01-02",
    } | cells  # fmt: skip
    return ",".join('"' + row[c].replace('"', '""') + '"' for c in COLUMNS) + "\n"


def released(read: Reader, *rows: str) -> Any:
    header = ",".join(f'"{c}"' for c in COLUMNS) + "\n"
    return read({"ira.csv": header + "".join(rows)}, map=None, **{"as": None})


def test_x_disclosure_time_is_that_of_the_id(read: Reader) -> None:
    exact_us = (1367338200123456789 >> 22) * 1000 + 1_288_834_974_657_000
    result = released(read, disclosure(tweetid="1367338200123456789"), disclosure(tweetid="123456"))
    old, new = result.events
    assert new["event_id"] == "x/1367338200123456789"
    assert (new["t_us"], new["t_basis"], new["t_resolution_us"]) == (exact_us, "id", 1_000)
    assert (old["t_us"], old["t_basis"], old["t_resolution_us"]) == (T_US - 7_000_000, "platform", 60_000_000)
    (account,) = result.rows("accounts")
    assert account["account_id"] == "x/aGFzaA=="
    assert (account["followers"], account["created_us"]) == (12, 1_546_387_200_000_000)


def test_x_disclosure_lists_and_nulls(read: Reader) -> None:
    result = released(
        read,
        disclosure(
            tweetid="1", urls="['http://a.example/', 'http://b.example/it\\'s']", hashtags="[one, two]",
            user_mentions="[]", retweet_tweetid="0.0", in_reply_to_tweetid="absent", quoted_tweet_tweetid="",
            tweet_client_name="absent",
        ),
        disclosure(tweetid="2", urls="", hashtags="['it, is']", user_mentions='["dQ=="]', is_retweet="True"),
        disclosure(tweetid="3", retweet_tweetid="77"),
        disclosure(tweetid="4", in_reply_to_tweetid="78"),
        disclosure(tweetid="5", quoted_tweet_tweetid="79"),
        disclosure(tweetid="6", userid="absent", user_screen_name=""),
    )  # fmt: skip
    a, b, c, d, e = result.events
    assert a["urls"] == ["http://a.example/", "http://b.example/it's"]
    assert (a["hashtags"], a["mentions"], a["kind"], a["client"]) == (["one", "two"], [], "post", None)
    assert (b["hashtags"], b["mentions"], b["kind"]) == (["it, is"], ["x/dQ=="], "repost")
    assert [(x["kind"], x["repost_of"] or x["reply_to"] or x["quote_of"]) for x in (c, d, e)] == [
        ("repost", "x/77"),
        ("reply", "x/78"),
        ("quote", "x/79"),
    ]
    assert result.reasons == [(7, "no_account")]


def test_sources_of_several_formats_each_find_their_own(read: Reader) -> None:
    header = ",".join(COLUMNS) + "\n"
    files = {"a.csv": CNT + "1,10,Ann,,,hi,1614834367,\n", "b.csv": header + disclosure(tweetid="1")}
    result = read(files, map=None, **{"as": None})
    assert {n: s.format for n, s in result.sources.items()} == {"a.csv": "cnt", "b.csv": "x-disclosure"}
    with pytest.raises(UserError, match=r"a.csv is cnt and c.csv coortweet.*\n.*two studies"):
        read({"a.csv": CNT, "c.csv": COORTWEET}, map=None, **{"as": None})


def test_a_file_that_no_format_claims(read: Reader) -> None:
    with pytest.raises(UserError) as e:
        read({"p.csv": "Author,Created_At,content\n"}, map=None, **{"as": None})
    assert "Author, Created_At, content" in e.value.what
    assert 'map="account=Author,time=Created_At,text=content"' in e.value.remedy
    with pytest.raises(UserError, match=r'map="account=COLUMN,time=COLUMN"$'):
        read({"p.csv": "x,y\n"}, map=None, **{"as": None})


def test_a_file_that_two_formats_claim(read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = replace(formats()["cnt"], name="twin", known_by=(("message_id",),))
    monkeypatch.setattr(plan, "formats", lambda: {**formats(), "twin": twin})
    with pytest.raises(UserError, match=r"p.csv could be cnt and twin\n.*as_=.cnt"):
        read({"p.csv": CNT}, map=None, **{"as": None})


def test_a_named_format_on_another_file(read: Reader) -> None:
    with pytest.raises(UserError, match=r"p\.csv has no column 'account_id'"):
        read({"p.csv": CNT}, format="coortweet")


def test_header_only_files_of_named_formats(read: Reader) -> None:
    assert released(read).events == []
    assert read({"p.csv": CNT}, map=None, **{"as": None}).events == []


@pytest.mark.data
def test_the_reference_data(tmp_path: Path) -> None:
    result = read_paths(tmp_path, [shared("reference/coortweet_russian.parquet")])
    source = result.sources["coortweet_russian.parquet"]
    assert (source.rows, source.kept, source.rejects) == (35_125, 35_124, {"duplicate": 1})


@pytest.mark.data
def test_every_share_carries_the_id_of_its_source(tmp_path: Path) -> None:
    mapping = "account=account,time=created,text=text,id=tweet_id"
    path = shared("organic/airline_tweets.parquet")
    result = read_paths(tmp_path, [path], map=mapping, zone="UTC", time_format="%d-%m-%Y %H.%M")
    assert all(e["event_id"].startswith("row/") for e in result.events)
    assert any("14,640 event ids in scientific notation" in n for n in result.out.notes)
