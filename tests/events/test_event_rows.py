"""Cells become fields of events."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.events.conftest import Reader
from unisono.study import Limits, UserError

T = "2021-03-04T05:06:07Z"


def one(read: Reader, map: str, platform: str | None = None, **cells: Any) -> dict[str, Any]:
    """The event of one NDJSON row."""
    line = json.dumps({"user": "ann", "at": T} | cells)
    (event,) = read({"p.ndjson": line}, map=f"account=user,time=at,{map}", platform=platform).events
    return event


def test_links_tags_and_mentions_come_from_the_text(read: Reader) -> None:
    event = one(read, "text=t", t="see https://a.example/x, #Tag @Bob and mail a@b.example", platform="x")
    assert event["urls"] == ["https://a.example/x"]
    assert event["hashtags"] == ["Tag"]
    assert event["mentions"] == ["x/@bob"]


def test_what_is_mapped_is_not_taken_from_the_text(read: Reader) -> None:
    text = "see https://a.example/ #tag @bob"
    event = one(read, "text=t,urls=u,hashtags=h,mentions=m", t=text, u=[], h=["#One", "two"], m=["@Cid", "77"])
    assert event["urls"] == []
    assert event["hashtags"] == ["One", "two"]
    assert event["mentions"] == ["@cid", "77"]


@pytest.mark.parametrize(
    ("separator", "cell", "items"),
    [
        ("", "a b,c", ["a b,c"]),
        (":space", " a  b ", ["a", "b"]),
        (":comma", "a, b,,", ["a", "b"]),
        (":semicolon", "a;b", ["a", "b"]),
        (":pipe", "a|b c", ["a", "b c"]),
        (":json", '["a", "b"]', ["a", "b"]),
        (":json", "a b", []),
        (":json", '{"a": 1}', []),
        (":pipe", ["a|b", 3, None], ["a|b", "3"]),
    ],
)
def test_lists(read: Reader, separator: str, cell: Any, items: list[str]) -> None:
    assert one(read, f"urls=u{separator}", u=cell)["urls"] == items


def test_lists_that_are_no_json_are_counted(read: Reader) -> None:
    lines = "".join(json.dumps({"user": "ann", "at": T, "u": "no"}) + "\n" for _ in range(3))
    notes = read({"p.ndjson": lines}, map="account=user,time=at,urls=u:json").out.notes
    assert any("p.ndjson: 3 values of urls that are no JSON lists" in n for n in notes)


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({}, "post"),
        ({"rt": "1"}, "repost"),
        ({"re": "1"}, "reply"),
        ({"q": "1"}, "quote"),
        ({"re": "1", "q": "1"}, "reply"),
        ({"rt": 5, "re": "1"}, "repost"),
        ({"rt": "null"}, "post"),
    ],
)
def test_kinds_from_references(read: Reader, cells: dict[str, Any], kind: str) -> None:
    all_cells = {"rt": None, "re": None, "q": None} | cells
    assert one(read, "repost_of=rt,reply_to=re,quote_of=q", **all_cells)["kind"] == kind


def test_kinds_by_name(read: Reader) -> None:
    lines = "".join(json.dumps({"user": "a", "at": T, "k": k}) + "\n" for k in ("R", "Reply", "", None, "x", "post"))
    result = read(
        {"p.ndjson": lines}, map="account=user,time=at,kind=k:R=repost,=quote", limits=Limits(rejects_share=1)
    )
    assert {e["source_line"]: e["kind"] for e in result.events} == {
        1: "repost", 2: "reply", 3: "quote", 4: "quote", 6: "post",
    }  # fmt: skip
    assert result.reasons == [(5, "unknown_kind")]


def test_kinds_that_the_map_does_not_name_are_told(read: Reader) -> None:
    lines = [json.dumps({"user": "a", "at": T, "k": k}) + "\n" for k in ["post", *"RRQ"]]
    notes = read(
        {"p.ndjson": "".join(lines)}, map="account=user,time=at,kind=k", limits=Limits(rejects_share=1)
    ).out.notes
    assert "p.ndjson: 2 rows of kind 'R', which the map does not name; not used" in notes
    many = "".join(json.dumps({"user": "a", "at": T, "k": f"k{i}"}) + "\n" for i in range(30))
    with pytest.raises(UserError, match=r"; 1 rows of kind .k3., which"):
        read({"p.ndjson": many}, map="account=user,time=at,kind=k")


def test_an_empty_kind_that_nothing_maps_is_unknown(read: Reader) -> None:
    line = json.dumps({"user": "a", "at": T, "k": ""})
    assert read({"p.ndjson": line}, map="account=user,time=at,kind=k:R=repost").reasons == [(1, "unknown_kind")]


def test_every_other_field(read: Reader) -> None:
    cells = {
        "tg": 9, "th": 8, "l": "fa", "c": "web", "re": "12.0", "p": "https://x.example/1", "h": ["AB"],
        "u": ["http://m.example/1.jpg", "http://m.example/2.jpg"], "pl": "Lens", "k": "like",
    }  # fmt: skip
    fields = "target=tg,thread=th,lang=l,client=c,reach=re,permalink=p,media_hash=h,media_url=u,platform=pl,kind=k"
    event = one(read, fields, **cells)
    assert (event["target_id"], event["thread_id"], event["kind"]) == ("lens/9", "lens/8", "like")
    assert (event["lang"], event["lang_basis"], event["client"], event["reach"]) == ("fa", "platform", "web", 12)
    assert event["permalink"] == "https://x.example/1"
    assert event["media"] == [
        {"kind": None, "url": "http://m.example/1.jpg", "hash": "AB", "hash_kind": "hash"},
        {"kind": None, "url": "http://m.example/2.jpg", "hash": None, "hash_kind": None},
    ]
    assert event["account_id"] == "lens/ann"


def test_mangled_references_are_left_empty_and_counted(read: Reader) -> None:
    line = json.dumps({"user": "a", "at": T, "rt": "8.01E+17"})
    result = read({"p.ndjson": line}, map="account=user,time=at,repost_of=rt")
    assert (result.events[0]["repost_of"], result.events[0]["kind"]) == (None, "post")
    assert any("1 values of repost_of in scientific notation" in n for n in result.out.notes)


def test_account_creation_that_is_no_time_is_counted(read: Reader) -> None:
    lines = "".join(json.dumps({"user": u, "at": T, "c": c}) + "\n" for u, c in (("a", T), ("b", "?"), ("c", None)))
    result = read({"p.ndjson": lines}, map="account=user,time=at,account_created=c")
    created = {a["account_id"]: a["created_us"] for a in result.rows("accounts")}
    assert created == {"a": 1_614_834_367_000_000, "b": None, "c": None}
    assert any("1 values of account_created" in n for n in result.out.notes)


def test_times(read: Reader) -> None:
    lines = "".join(json.dumps({"user": "a", "at": at}) + "\n" for at in (T, None, "", "?", 1614834367, 5))
    result = read({"p.ndjson": lines}, map="account=user,time=at", limits=Limits(rejects_share=1))
    assert [e["t_us"] for e in result.events] == [1_614_834_367_000_000] * 2
    assert result.reasons == [(2, "no_time"), (3, "no_time"), (4, "bad_time"), (6, "bad_time")]


def test_a_time_without_zone_stops_the_run(read: Reader) -> None:
    data = "user,at\nann,2021-03-04T05:06Z\nbob,2021-03-04 05:06\n"
    with pytest.raises(UserError, match=r"p.csv: times carry no zone \(line 3:") as e:
        read({"p.csv": data}, map="account=user,time=at")
    assert e.value.said("switches")[1] == "say which, such as --zone UTC"
    result = read({"p.csv": data}, map="account=user,time=at", zone="+05:00")
    assert sorted(e["t_us"] for e in result.events) == [1_614_816_360_000_000, 1_614_834_360_000_000]


@pytest.mark.parametrize("settings", [{"zone": "Mars/Phobos"}, {"time_format": "yesterday"}, {"resolution": "x"},
                                      {"resolution": "0"}])  # fmt: skip
def test_settings_that_cannot_work(read: Reader, settings: dict[str, str]) -> None:
    with pytest.raises(UserError) as e:
        read({"p.csv": f"user,at\nann,{T}\n"}, map="account=user,time=at", **settings)
    assert e.value.remedy


def minutes(n: int) -> str:
    return "user,at\n" + "".join(f"u{i},2021-03-04T05:{i:02}:00Z\n" for i in range(n))


def test_resolution_is_measured_where_there_are_enough_times(read: Reader) -> None:
    result = read({"p.csv": minutes(20)}, map="account=user,time=at")
    assert {e["t_resolution_us"] for e in result.events} == {60_000_000}
    assert result.sources["p.csv"].resolution_us == 60_000_000
    assert any("times of p.csv are whole minutes" in n and "2 min" in n for n in result.out.notes)
    result = read({"p.csv": minutes(19)}, map="account=user,time=at")
    assert {e["t_resolution_us"] for e in result.events} == {1_000_000}
    result = read({"p.csv": minutes(20) + "v,2021-03-04T05:00:01Z\n"}, map="account=user,time=at")
    assert {e["t_resolution_us"] for e in result.events} == {1_000_000}
    assert result.out.notes == []


def test_a_declared_resolution_wins(read: Reader) -> None:
    result = read({"p.csv": minutes(20)}, map="account=user,time=at", resolution="5m")
    assert {e["t_resolution_us"] for e in result.events} == {300_000_000}
    assert result.sources["p.csv"].resolution_us == 300_000_000
    assert result.out.notes == []


def test_times_that_are_written_coarsely_stay_so(read: Reader) -> None:
    result = read({"p.csv": "user,at\nann,2021-03-04 05:07Z\nbob,2021-03-04T05:07:01.5Z\n"}, map="account=user,time=at")
    assert sorted(e["t_resolution_us"] for e in result.events) == [100_000, 60_000_000]


def test_a_column_may_be_called_what_a_field_is_called(read: Reader) -> None:
    result = read(
        {"p.csv": "user,at,media,urls\na,2021-03-04T05:06:07Z,Some Paper,x\n"}, map="account=user,time=at,place=media"
    )
    (event,) = result.events
    assert (event["place"], event["media"], event["urls"]) == ("Some Paper", None, [])
