"""One event, one row; an id that is none is no identity."""

from __future__ import annotations

import hashlib
import random
from typing import Any

import pytest

from tests.events.conftest import HEADER, Reader
from unisono.events import rejects
from unisono.study import UserError

T1, T2 = "2021-03-04T05:06:07Z", "2021-03-04T05:06:08Z"


def csv(*rows: str) -> str:
    return HEADER + "\n".join(rows) + "\n"


def test_a_row_without_id_gets_one_from_file_and_line(read: Reader) -> None:
    data = csv(f"ann,{T1},,x", f"ann,{T1},null,x")
    sha = hashlib.sha256(data.encode()).hexdigest()[:12]
    assert [e["event_id"] for e in read({"p.csv": data}, platform="x").events] == [f"row/{sha}/1", f"row/{sha}/2"]


def test_a_platform_is_the_prefix_of_every_id(read: Reader) -> None:
    data = f"user,at,id,text,rt,where\nann,{T1},1,hi @Bob,7,wall\nann,{T1},2,x,,ann\n"
    a, b = read(
        {"p.csv": data}, map="account=user,time=at,id=id,text=text,repost_of=rt,place=where", platform="X"
    ).events
    assert (a["event_id"], a["account_id"], a["repost_of"], a["mentions"]) == ("x/1", "x/ann", "x/7", ["x/@bob"])
    assert (a["platform"], a["place"], b["place"]) == ("x", "x/wall", None)


def test_mangled_ids_are_synthetic_and_counted(read: Reader) -> None:
    result = read({"p.csv": csv(f"ann,{T1},8.01E+17,x", f"bob,{T1},8.01E+17,y")})
    assert all(e["event_id"].startswith("row/") for e in result.events)
    assert any("2 event ids in scientific notation" in n for n in result.out.notes)


def test_an_id_of_two_accounts_is_none(read: Reader) -> None:
    result = read({"p.csv": csv(f"ann,{T1},1,x", f"bob,{T2},1,x", f"ann,{T1},1,x", f"cid,{T1},2,x")})
    assert [e["event_id"][:4] for e in result.events] == ["2", "row/", "row/", "row/"]
    assert any("3 rows carry an event id that two accounts use" in n for n in result.out.notes)


def test_ids_that_look_like_ours_are_not_believed(read: Reader) -> None:
    result = read({"p.csv": csv(f"ann,{T1},row/000000000000/1,x")})
    assert result.events[0]["event_id"].endswith("/1")
    assert "000000000000" not in result.events[0]["event_id"]


def test_duplicate_and_superseded(read: Reader) -> None:
    result = read(
        {
            "a.csv": csv(f"ann,{T1},1,x", f"ann,{T1},1,x", f"bob,{T1},2,old", f"cid,{T1},3,"),
            "b.csv": csv(f"bob,{T1},2,new", f"ann,{T1},1,x", f"cid,{T2},3,", f"dan,{T1},4,y"),
        }
    )
    assert [(e["event_id"], e["source_file"], e["source_line"], e["text"]) for e in result.events] == [
        ("1", "a.csv", 2, "x"),
        ("2", "b.csv", 2, "new"),
        ("3", "b.csv", 4, None),
        ("4", "b.csv", 5, "y"),
    ]
    assert result.rejects == [
        ("a.csv", 3, "duplicate"),
        ("a.csv", 4, "superseded"),
        ("a.csv", 5, "superseded"),
        ("b.csv", 3, "duplicate"),
    ]
    late = {(r["source_file"], r["line"]): r["sha256"] for r in result.rows("rejects")}
    assert late["a.csv", 4] == hashlib.sha256(f"bob,{T1},2,old".encode()).hexdigest()


def test_the_content_read_last_stays_where_it_was_read_first(read: Reader) -> None:
    result = read({"a.csv": csv(f"ann,{T1},1,x", f"ann,{T1},1,y", f"ann,{T1},1,x")})
    assert [(e["source_line"], e["text"]) for e in result.events] == [(2, "x")]
    assert result.reasons == [(3, "superseded"), (4, "duplicate")]


def test_the_same_file_under_two_names(read: Reader) -> None:
    data = csv(f"ann,{T1},,x", f"ann,{T1},5,x", f"bob,{T1},5,x")
    result = read({"a.csv": data, "b.csv": data})
    assert [r for r in result.rejects if r[2] == "duplicate"] == [("b.csv", i, "duplicate") for i in (2, 3, 4)]
    assert len(result.events) == 3


@pytest.mark.parametrize(
    ("user", "reason"),
    [("", "no_account"), (" ", "no_account"), ("[deleted]", "sentinel_account"), ("AutoModerator", "sentinel_account"),
     ("8.01E+17", "mangled_account"), ("nan", "sentinel_account")],
)  # fmt: skip
def test_rows_of_nobody(read: Reader, user: str, reason: str) -> None:
    assert read({"p.csv": csv(f"{user},{T1},1,x")}).reasons == [(2, reason)]


def test_an_account_known_by_its_handle_only(read: Reader) -> None:
    data = f"user,name,at\n,@Ann,{T1}\n7,Bob,{T1}\n"
    result = read({"p.csv": data}, map="account=user,handle=name,time=at", platform="x")
    assert sorted(e["account_id"] for e in result.events) == ["x/7", "x/@ann"]
    assert {a["account_id"]: a["handle"] for a in result.rows("accounts")} == {"x/7": "Bob", "x/@ann": "Ann"}


def test_accounts_are_versions_with_the_time_that_first_shows_them(read: Reader) -> None:
    data = f"user,at,n,k\nann,{T2},5,Page\nann,{T1},4,page\nann,{T2},4,page\nbob,{T1},x,robot\nbob,{T1},,robot\n"
    result = read({"p.csv": data}, map="account=user,time=at,followers=n,account_kind=k")
    t = 1_614_834_367_000_000
    assert [(a["account_id"], a["observed_us"], a["followers"], a["kind"]) for a in result.rows("accounts")] == [
        ("ann", t, 4, "page"),
        ("ann", t + 1_000_000, 5, "page"),
        ("bob", t, None, "unknown"),
    ]
    assert any("1 values of followers that are no whole numbers" in n for n in result.out.notes)
    assert any("2 account kinds" in n for n in result.out.notes)


def test_two_versions_at_one_time_are_one_whatever_the_order(read: Reader) -> None:
    rows = [f"ann,{T1},{n}" for n in "321"]
    shown = []
    for order in (rows, rows[::-1]):
        result = read({"p.csv": "user,at,n\n" + "\n".join(order)}, map="account=user,time=at,followers=n")
        shown.append([a["followers"] for a in result.rows("accounts")])
    assert shown == [[1], [1]]


def brute(rows: list[tuple[str, str, str, str]]) -> tuple[set[int], dict[int, str]]:
    """The identity rules, row by row: kept rows and reasons of the others."""
    users: dict[str, set[str]] = {}
    for user, _, native, _ in rows:
        users.setdefault(native, set()).add(user)
    contents: dict[tuple[str, str], dict[tuple[str, str], list[int]]] = {}
    for i, (user, at, native, text) in enumerate(rows):
        own = native and len(users[native]) == 1
        contents.setdefault((native if own else f"row{i}", user), {}).setdefault((at, text), []).append(i)
    kept, reasons = set(), {}
    for versions in contents.values():
        last = max(versions.values(), key=max)
        for seen in versions.values():
            reasons |= dict.fromkeys(seen[1:], "duplicate")
            if seen is not last:
                reasons[seen[0]] = "superseded"
        kept.add(last[0])
    return kept, reasons


def test_random_rows_against_brute_force(read: Reader) -> None:
    rng = random.Random(7)
    rows = [
        (rng.choice("abc"), rng.choice([T1, T2]), rng.choice(["", *map(str, range(60))]), rng.choice(["x", "y"]))
        for _ in range(200)
    ]
    kept, reasons = brute(rows)
    lines = [",".join(r) for r in rows]
    files: dict[str, bytes | str] = {"a.csv": csv(*lines[:90]), "b.csv": csv(*lines[90:])}
    result: Any = read(files)
    place = {"a.csv": -2, "b.csv": 88}
    assert {e["source_line"] + place[e["source_file"]] for e in result.events} == kept
    assert {line + place[name]: reason for name, line, reason in result.rejects} == reasons


def test_a_source_that_changes_meanwhile(read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejects, "_hashes", lambda *_: iter(()))
    with pytest.raises(UserError, match=r"p\.csv changed while it was read"):
        read({"p.csv": csv(f"ann,{T1},1,x", f"ann,{T1},1,x")})


def test_little_memory_changes_no_result(read: Reader) -> None:
    lines = [f"u{i % 97},{T1},{i % 1900},{'y' * (i % 300)}" for i in range(2_000)]
    few, many = (read({"p.csv": csv(*lines)}, memory=m, threads=t).out for m, t in (("50MB", 1), ("1GB", 2)))
    assert {n: t.content_hash for n, t in few.tables.items()} == {n: t.content_hash for n, t in many.tables.items()}
