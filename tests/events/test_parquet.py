"""Parquet: types as declared, ids exact, times as instants."""

from __future__ import annotations

import base64
import io
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.events.conftest import MAP, Reader
from unisono.study import Limits, UserError

T_US = 1_614_834_367_000_000


def file(**columns: Any) -> bytes:
    n = len(next(iter(columns.values())))
    base = {
        "user": [f"u{i}" for i in range(n)], "id": [str(i) for i in range(n)], "text": ["x"] * n,
        "at": pa.array([T_US] * n, pa.timestamp("us", "UTC")),
    }  # fmt: skip
    sink = io.BytesIO()
    pq.write_table(pa.table(base | columns), sink)
    return sink.getvalue()


def test_ids_are_exact_or_mangled(read: Reader) -> None:
    result = read(
        {
            "int.parquet": file(user=["a", "b"], id=pa.array([2**63 - 1, None], pa.int64())),
            "unsigned.parquet": file(user=["c"], id=pa.array([2**64 - 1], pa.uint64())),
            "float.parquet": file(user=["d", "e", "f"], id=pa.array([12.0, 1.2e18, float("nan")], pa.float64())),
            "code.parquet": file(user=["g"], id=pa.array(["z9"]).dictionary_encode()),
        }
    )
    ids = {e["account_id"]: e["event_id"] for e in result.events}
    assert ids["a"] == str(2**63 - 1)
    assert ids["c"] == str(2**64 - 1)
    assert ids["d"] == "12"
    assert ids["g"] == "z9"
    assert all(ids[a].startswith("row/") for a in "bef")
    assert any(n.startswith("float.parquet: 1 event ids in scientific notation") for n in result.out.notes)


@pytest.mark.parametrize(
    ("kind", "value", "step"),
    [("ms", T_US // 1000, 1000), ("us", T_US, 1), ("ns", T_US * 1000 + 7, 1)],
)
def test_timestamps_with_a_zone_are_instants(read: Reader, kind: str, value: int, step: int) -> None:
    at = pa.array([value, None], pa.timestamp(kind, "Europe/Moscow"))
    result = read({"p.parquet": file(user=["a", "b"], at=at)})
    assert [(e["t_us"], e["t_resolution_us"]) for e in result.events] == [(T_US, step)]
    assert result.reasons == [(2, "no_time")]


def test_timestamps_without_a_zone_need_one(read: Reader) -> None:
    data = file(at=pa.array([None, datetime(2021, 3, 4, 5, 6, 7)], pa.timestamp("us")))
    with pytest.raises(UserError, match=r"p.parquet: times carry no zone \(line 2.*\n.*zone=.UTC"):
        read({"p.parquet": data})
    assert read({"p.parquet": data}, zone="UTC").events[0]["t_us"] == T_US
    assert read({"p.parquet": data}, zone="Europe/Moscow").events[0]["t_us"] == T_US - 3 * 3600 * 10**6
    assert read({"p.parquet": data}, zone="-01:00").events[0]["t_us"] == T_US + 3600 * 10**6


@pytest.mark.parametrize(
    ("cells", "settings", "times"),
    [
        (pa.array([1614834367, None, 5]), {}, [T_US]),
        (pa.array([1614834367.0, 1614834367.25]), {}, [T_US, T_US + 250_000]),
        (pa.array([1614834367000]), {"time_format": "unix_ms"}, [T_US]),
        (pa.array([20210304]), {"time_format": "%Y%m%d", "zone": "UTC"}, [T_US - 18_367 * 10**6]),
        (pa.array([date(2021, 3, 4)]), {"zone": "UTC"}, [T_US - 18_367 * 10**6]),
        (pa.array(["2021-03-04T05:06:07Z", "", "no"]), {}, [T_US]),
    ],
)
def test_other_types_of_time(read: Reader, cells: Any, settings: dict[str, Any], times: list[int]) -> None:
    result = read({"p.parquet": file(at=cells)}, limits=Limits(rejects_share=1), **settings)
    assert sorted(e["t_us"] for e in result.events) == times


def test_native_lists_and_nested_columns(read: Reader) -> None:
    data = file(
        links=pa.array([["http://a.example/"], None], pa.list_(pa.string())),
        who=pa.array([{"name": "A", "in": {"n": 5}}, {"name": "B", "in": None}]),
        followers=pa.array([5, None], pa.int32()),
    )
    result = read({"p.parquet": data}, map=f"{MAP},urls=links,name=who.name,followers=followers,reach=who.in.n")
    assert [e["urls"] for e in result.events] == [["http://a.example/"], []]
    assert [(a["name"], a["followers"]) for a in result.rows("accounts")] == [("A", 5), ("B", None)]
    assert [e["reach"] for e in result.events] == [5, None]


def test_a_text_that_is_no_utf8_is_a_reject(read: Reader) -> None:
    text = pa.array([b"ok", b"\xff", b"fine"]).view(pa.string())
    result = read({"p.parquet": file(text=text)})
    assert result.reasons == [(2, "bad_utf8")]
    assert [e["text"] for e in result.events] == ["ok", "fine"]


def test_a_long_text_is_a_reject(read: Reader) -> None:
    links = [["a"], None, ["b", "z" * 101], []]
    inner = [{"a": "é" * 100}, None, None, {"a": "y" * 101}]
    data = file(text=["é" * 100, "y" * 101, "x", "x"], links=links, inner=inner)
    result = read({"p.parquet": data}, map=f"{MAP},urls=links,name=inner.a", limits=Limits(field_chars=100))
    assert result.reasons == [(2, "field_too_long"), (3, "field_too_long"), (4, "field_too_long")]


def test_no_rows_and_no_parquet(read: Reader) -> None:
    assert read({"p.parquet": file(user=pa.array([], pa.string()))}).events == []
    for data in (b"", b"PAR1", b"hello" * 100, file(user=["a"])[:-20]):
        with pytest.raises(UserError, match=r"p\.parquet is no Parquet file"):
            read({"p.parquet": data})


def test_a_file_that_is_damaged_inside(read: Reader) -> None:
    data = bytearray(file(text=[f"{i * 7919 % 10007:050}" for i in range(5_000)]))
    data[200:2_000] = b"\xff" * 1_800
    with pytest.raises(UserError, match=r"p\.parquet is no Parquet file that can be read"):
        read({"p.parquet": bytes(data)})


def test_two_columns_of_one_name(read: Reader) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_arrays([pa.array(["a"])] * 2, names=["user", "user"]), sink)
    with pytest.raises(UserError, match=r"p\.parquet has more than one column 'user'"):
        read({"p.parquet": sink.getvalue()})


def test_values_of_every_type_can_be_hashed(read: Reader) -> None:
    data = file(
        user=[""], more=pa.array([[{"a": b"\xff", "b": [None]}]]), day=pa.array([date(2021, 3, 4)]),
        bad=pa.array([b"\xff"]).view(pa.string()), deep=pa.array([[b"\xff"]], pa.list_(pa.binary())),
        big=pa.array([2**64 - 1], pa.uint64()), map=pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int8())),
    )  # fmt: skip
    assert read({"p.parquet": data}).reasons == [(1, "no_account")]


def test_hashes_of_rejects_depend_on_the_row_alone(read: Reader) -> None:
    one = read({"p.parquet": file(user=["", "b"])}).rows("rejects")
    two = read({"p.parquet": file(user=["c", ""], id=["1", "0"])}).rows("rejects")
    assert [(one[0]["line"], one[0]["reason"]), (two[0]["line"], two[0]["reason"])] == [
        (1, "no_account"),
        (2, "no_account"),
    ]
    assert one[0]["sha256"] == two[0]["sha256"]


@pytest.mark.parametrize(
    "kind", [pa.timestamp("us"), pa.timestamp("ms", "UTC"), pa.date64(), pa.duration("s"), pa.time64("us")]
)
def test_times_beyond_any_calendar_are_no_times(read: Reader, kind: pa.DataType) -> None:
    far = pa.array([1 << 62, 1_614_834_367_000, None], pa.int64()).view(kind)
    sink = io.BytesIO()
    users = ["ann", "bob", "cid"]
    pq.write_table(pa.table({"user": users, "at": pa.array([1_614_834_367] * 3), "l": far, "t": far}), sink)
    files = {"p.parquet": sink.getvalue()}
    loose = Limits(rejects_share=1)
    result = read(files, map="account=user,time=t,lang=l,account_created=l", zone="Asia/Tehran", limits=loose)
    assert (1, "bad_time") in result.reasons
    result = read(files, map="account=user,time=at,id=l,lang=l,urls=l,reach=l,account_created=l", zone="Asia/Tehran")
    assert [e["lang"] is None for e in sorted(result.events, key=lambda e: e["source_line"])] == [False, False, True]


def test_halves_of_floats_are_no_times(read: Reader) -> None:
    sink = io.BytesIO()
    halves = pa.array([60_000.0, 1.5, None], pa.float16())
    pq.write_table(pa.table({"user": ["ann", "bob", "cid"], "at": halves}), sink)
    result = read({"p.parquet": sink.getvalue()}, map="account=user,time=at", limits=Limits(rejects_share=1))
    assert result.reasons == [(1, "bad_time"), (2, "bad_time"), (3, "no_time")]


def test_lists_of_texts_that_are_no_utf8_are_rejects_of_their_own(read: Reader) -> None:
    inner = pa.Array.from_buffers(pa.string(), 3, pa.array([b"ok", b"\xff", b"x"], pa.binary()).buffers())
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 2, 3], pa.int32()), inner)
    sink = io.BytesIO()
    pq.write_table(pa.table({"user": ["ann", "bob", "cid"], "at": [1_614_834_367] * 3, "u": lists}), sink)
    result = read({"p.parquet": sink.getvalue()}, map="account=user,time=at,urls=u", limits=Limits(rejects_share=1))
    assert result.reasons == [(2, "bad_utf8")]
    assert [e["urls"] for e in result.events] == [["ok"], ["x"]]
    again = read({"p.parquet": sink.getvalue()}, map="account=user,time=at,urls=u", limits=Limits(rejects_share=1))
    assert again.rows("rejects") == result.rows("rejects")


def test_far_times_in_lists_are_hashed_too(read: Reader) -> None:
    far = pa.array([[1 << 62], None], pa.list_(pa.int64())).cast(pa.list_(pa.timestamp("us")))
    sink = io.BytesIO()
    pq.write_table(pa.table({"user": ["ann", "bob"], "at": ["?", "?"], "x": far}), sink)
    result = read({"p.parquet": sink.getvalue()}, map="account=user,time=at,lang=x", limits=Limits(rejects_share=1))
    assert result.reasons == [(1, "bad_time"), (2, "bad_time")]


@pytest.mark.parametrize(
    "ids", [pa.array([1, 2], pa.timestamp("ns")), pa.array([2932897, 2932898], pa.int32()).cast(pa.date32())]
)
def test_times_as_ids_stay_different(read: Reader, ids: pa.Array) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"user": ["ann", "ann"], "at": [1_614_834_367] * 2, "i": ids}), sink)
    assert len(read({"p.parquet": sink.getvalue()}, map="account=user,time=at,id=i").events) == 2


# From the tests of parquet-go (Apache-2.0): a struct that holds a struct that holds nothing, which Arrow cannot write.
EMPTY_GROUP = (
    "UEFSMRUGFRQVFBWssvXKB0wVAhUAFQIVABUEFQASHBgIAQAAAAAAAAAYCAEAAAAAAAAAFgAoCAEAAAAAAAAAGAgBAAAAAAAAAAAAAAIBAQAAAA"
    "AAAAAVBhUMFQwVmKXy0g5MFQIVABUCFQAVBBUAEhwYBGQAAAAYBGQAAAAWACgEZAAAABgEZAAAAAAAAAIBZAAAABkSABkYCAEAAAAAAAAAGRgI"
    "AQAAAAAAAAAVABkWACkmAAIAGRIAGRgEZAAAABkYBGQAAAAVABkWACkmAAIAGRwWCBWkARYAAAAZHBasARV8FgAAABUEGVxIA1JvdxUGABUEFY"
    "ABFQIYAmlkJSRMrBNAEQAAADUCGAZuZXN0ZWQVAgA1AhgFaW5uZXIVAAAVAhVAFQIYDW9wdGlvbmFsX2RhdGElIkysEyARAAAAFgIZHBksJgAc"
    "FQQZJQAGGRgCaWQVABYCFqQBFqQBJgg8NgAoCAEAAAAAAAAAGAgBAAAAAAAAAAAZHBUGFQAVAgA8OSYAAgAAFqQDFRYWqAIVRgAmABwVAhklAA"
    "YZGA1vcHRpb25hbF9kYXRhFQAWAhZ8FnwmrAE8NgAoBGQAAAAYBGQAAAAAGRwVBhUAFQIAPDkmAAIAABa6AxUWFu4CFTYAFqACFgIZDBYIFqAC"
    "ABkMGENnaXRodWIuY29tL3BhcnF1ZXQtZ28vcGFycXVldC1nbyB2ZXJzaW9uIDAuMjYuMihidWlsZCA4OGYyYTdmMGNlMTcpGSwcAAAcAAAAWA"
    "EAAFBBUjE="
)


def test_a_struct_without_fields_is_no_column(read: Reader) -> None:
    data = base64.b64decode(EMPTY_GROUP)
    for column in ("nested", "nested.inner"):
        with pytest.raises(UserError, match=rf"no column '{column}'; it has: id, optional_data\n"):
            read({"p.parquet": data}, map=f"account={column},time=id")
    result = read({"p.parquet": data}, map="account=id,time=id", time_format="unix", limits=Limits(rejects_share=1))
    assert sum(source.rows for source in result.sources.values()) == 1
