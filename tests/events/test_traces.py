"""Rows of (account, object, time) become traces directly."""

from __future__ import annotations

import io
import json
import random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.events.conftest import Reader
from unisono.study import UserError

MAP = "account=user,time=at,event=id,object=page"
T_US = 1_614_834_367_000_000


def csv(*rows: str) -> str:
    return "user,at,id,page\n" + "\n".join(rows) + "\n"


def test_plain_rows(read: Reader) -> None:
    data = csv("bob,1614834368,2,wiki/A", "ann,1614834367,1,wiki/A", "ann,1614834367,3, ", ",1614834367,4,x")
    result = read({"p.csv": data}, format="traces", map=MAP)
    assert result.rows("traces") == [
        {"trace": "object", "account_id": a, "object_id": "wiki/A", "t_us": t, "t_resolution_us": None, "event_id": e}
        for a, t, e in (("ann", T_US, "1"), ("bob", T_US + 1_000_000, "2"))
    ]
    assert result.reasons == [(4, "no_object"), (5, "no_account")]
    assert result.events == []
    assert [(a["account_id"], a["observed_us"], a["kind"]) for a in result.rows("accounts")] == [
        ("ann", T_US, "unknown"),
        ("bob", T_US + 1_000_000, "unknown"),
    ]
    assert (result.sources["p.csv"].format, result.sources["p.csv"].kept) == ("traces", 2)


def test_platform_and_resolution(read: Reader) -> None:
    data = csv("ann,1614834367,1,wiki/A")
    result = read({"p.csv": data}, format="traces", map=MAP, platform="Wiki", resolution="1s")
    (trace,) = result.rows("traces")
    assert (trace["account_id"], trace["event_id"], trace["object_id"]) == ("wiki/ann", "wiki/1", "wiki/A")
    assert trace["t_resolution_us"] == 1_000_000
    assert result.rows("accounts")[0]["platform"] == "wiki"


def test_a_wide_table(read: Reader) -> None:
    rows = [("ann", 5, None), ("bob", 5, 7), ("cid", None, None), ("bob", 5, 7), ("bob", 6, 7)]
    sink = io.BytesIO()
    names = ["user", "url_id", "tag_id"]
    table = pa.table({n: [r[i] for r in rows] for i, n in enumerate(names)})
    pq.write_table(table.append_column("at", pa.array([1614834367.0] * 5)), sink)
    result = read(
        {"p.parquet": sink.getvalue()},
        format="traces",
        map="account=user,time=at,object:url=url_id,object:hashtag=tag_id",
    )
    assert [(t["trace"], t["object_id"], t["account_id"], t["event_id"][-2:]) for t in result.rows("traces")] == [
        ("hashtag", "7", "bob", "/2"),
        ("hashtag", "7", "bob", "/4"),
        ("hashtag", "7", "bob", "/5"),
        ("url", "5", "ann", "/1"),
        ("url", "5", "bob", "/2"),
        ("url", "5", "bob", "/4"),
        ("url", "6", "bob", "/5"),
    ]
    assert result.reasons == [(3, "no_object")]


def test_rows_that_add_nothing_are_duplicates(read: Reader) -> None:
    rows = [
        {"user": "ann", "at": 1614834367, "id": 1, "u": "a", "h": "x"},
        {"user": "ann", "at": 1614834367, "id": 1, "u": "a", "h": "y"},
        {"user": "ann", "at": 1614834367, "id": 1, "u": "a", "h": "y"},
        {"user": "ann", "at": 1614834367, "id": 1, "u": "a", "h": None},
    ]
    mapping = "account=user,time=at,event=id,object:url=u,object:hashtag=h"
    result = read({"p.ndjson": "".join(json.dumps(r) + "\n" for r in rows)}, format="traces", map=mapping)
    assert [(t["trace"], t["object_id"]) for t in result.rows("traces")] == [
        ("hashtag", "x"),
        ("hashtag", "y"),
        ("url", "a"),
    ]
    assert result.reasons == [(3, "duplicate"), (4, "duplicate")]
    assert result.sources["p.ndjson"].kept == 2


def test_lists_are_several_objects(read: Reader) -> None:
    lines = json.dumps({"user": "ann", "at": 1614834367, "tags": ["b", "a", "b", ""]}) + "\n"
    lines += json.dumps({"user": "bob", "at": 1614834367, "tags": []})
    result = read({"p.ndjson": lines}, format="traces", map="account=user,time=at,object=tags")
    assert [t["object_id"] for t in result.rows("traces")] == ["a", "b"]
    assert result.reasons == [(2, "no_object")]
    sink = io.BytesIO()
    pq.write_table(pa.table({"user": ["ann", "bob"], "at": [1614834367] * 2, "tags": [["b", "a"], None]}), sink)
    result = read({"p.parquet": sink.getvalue()}, format="traces", map="account=user,time=at,object=tags")
    assert [t["object_id"] for t in result.rows("traces")] == ["a", "b"]


def test_without_objects_the_trace_is_synchrony(read: Reader) -> None:
    result = read({"p.csv": "user,at\nann,1614834367\n"}, format="traces", map="account=user,time=at")
    (trace,) = result.rows("traces")
    assert (trace["trace"], trace["object_id"]) == ("synchrony", "*")


def test_ids_of_two_accounts_and_mangled_ids(read: Reader) -> None:
    data = csv("ann,1614834367,1,a", "bob,1614834367,1,b", "ann,1614834367,1,b", "cid,1614834367,8.1E+17,a",
               "dan,1614834367,5,8.1E+17")  # fmt: skip
    result = read({"p.csv": data}, format="traces", map=MAP)
    assert all(t["event_id"].startswith("row/") for t in result.rows("traces"))
    assert len(result.rows("traces")) == 4
    assert result.reasons == [(6, "no_object")]
    notes = "\n".join(result.out.notes)
    assert "3 rows carry an event id that two accounts use" in notes
    assert "1 event ids in scientific notation" in notes
    assert "1 objects in scientific notation" in notes


def test_sentinels_are_neither_account_nor_object(read: Reader) -> None:
    data = csv("[deleted],1614834367,1,a", "ann,1614834367,2,NULL", "ann,,3,a", "8.1E+17,1614834367,3,a", "ann,x,3,a")
    result = read({"p.csv": data}, format="traces", map=MAP)
    assert result.reasons == [
        (2, "sentinel_account"), (3, "no_object"), (4, "no_time"), (5, "mangled_account"), (6, "bad_time"),
    ]  # fmt: skip


def test_the_same_rows_in_two_files(read: Reader) -> None:
    data = csv("ann,1614834367,1,a", "bob,1614834367,,a")
    result = read({"a.csv": data, "b.csv": data}, format="traces", map=MAP)
    assert result.rejects == [("b.csv", 2, "duplicate"), ("b.csv", 3, "duplicate")]


def test_random_rows_against_brute_force(read: Reader) -> None:
    rng = random.Random(3)
    rows: list[dict[str, Any]] = [
        {"user": rng.choice("abcd"), "at": rng.choice([1614834367, 1614834368]), "id": rng.choice([None, *range(40)]),
         "u": rng.choice([None, "p", "q"]), "h": rng.choice([None, "p"])}
        for _ in range(300)
    ]  # fmt: skip
    users: dict[int, set[str]] = {}
    for r in (r for r in rows if r["u"] or r["h"]):
        users.setdefault(r["id"], set()).add(r["user"])
    seen: set[tuple[Any, ...]] = set()
    reasons = {}
    for i, r in enumerate(rows, 1):
        event = r["id"] if r["id"] is not None and len(users[r["id"]]) == 1 else f"row{i}"
        left = {(t, r[c], r["user"], r["at"], event) for t, c in (("url", "u"), ("hashtag", "h")) if r[c]}
        if not left - seen:
            reasons[i] = "duplicate" if left else "no_object"
        seen |= left
    lines = "".join(json.dumps(r) + "\n" for r in rows)
    mapping = "account=user,time=at,event=id,object:url=u,object:hashtag=h"
    result = read({"p.ndjson": lines}, format="traces", map=mapping)
    assert dict(result.reasons) == reasons
    got = [(t["trace"], t["object_id"], t["account_id"], t["t_us"] // 10**6) for t in result.rows("traces")]
    assert sorted(got) == sorted(s[:4] for s in seen)


def test_more_rows_than_a_batch_in_key_order(read: Reader) -> None:
    n = 150_000
    rng = random.Random(1)
    sink = io.BytesIO()
    table = pa.table(
        {
            "user": [f"u{rng.randrange(500)}" for _ in range(n)],
            "page": [rng.choice(["z", "é", "a", "aa", "Z"]) for _ in range(n)],
            "at": pa.array([T_US // 10**6 + rng.randrange(10**6) for _ in range(n)], pa.timestamp("s", "UTC")),
        }
    )
    pq.write_table(table, sink)
    result = read({"p.parquet": sink.getvalue()}, format="traces", map="account=user,time=at,object=page")
    keys = [(t["object_id"].encode(), t["t_us"], t["account_id"], t["event_id"]) for t in result.rows("traces")]
    assert len(keys) == n
    assert keys == sorted(keys)


@pytest.mark.parametrize("name", ["traces", "table"])
def test_a_map_is_needed(read: Reader, name: str) -> None:
    with pytest.raises(UserError, match=f'as_="{name}" needs `map`'):
        read({"p.csv": csv("ann,1614834367,1,a")}, format=name)
