"""CSV and TSV: every record is a row or a reject, and a broken one costs only itself."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.events.conftest import HEADER, MAP, Reader
from unisono.study import Limits, UserError

T = "2021-03-04T05:06:07Z"


def test_a_plain_file(read: Reader) -> None:
    result = read({"posts.csv": f"{HEADER}ann,{T},1,hello\nbob,{T},2,\n"})
    assert [(e["event_id"], e["account_id"], e["text"], e["source_line"]) for e in result.events] == [
        ("1", "ann", "hello", 2),
        ("2", "bob", None, 3),
    ]
    event = result.events[0]
    assert event["t_us"] == 1_614_834_367_000_000
    assert (event["t_basis"], event["t_resolution_us"], event["kind"]) == ("platform", 1_000_000, "post")
    assert event["source_file"] == "posts.csv"
    assert result.sources["posts.csv"].format == "table"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_byte_order_mark_line_ends_and_last_line(read: Reader, end: str, bom: str, last: bool) -> None:
    lines = end.join(["user,at,id,text", f'ann,{T},1,"a{end}b"', f"bob,{T},2,c"])
    result = read({"posts.csv": bom + lines + (end if last else "")})
    assert [e["text"] for e in result.events] == [f"a{end}b", "c"]


def test_tab_separated(read: Reader) -> None:
    result = read({"posts.tsv": f"user\tat\tid\ttext\nann\t{T}\t1\ta,b\n"})
    assert [e["text"] for e in result.events] == ["a,b"]


def test_blank_lines_are_no_records(read: Reader) -> None:
    result = read({"posts.csv": f"{HEADER}\n\nann,{T},1,x\n\n"})
    assert [e["source_line"] for e in result.events] == [4]


def test_lines_are_those_of_the_file(read: Reader) -> None:
    """Of a record over several lines the first; blank lines, the header and lines of rejects count."""
    rows = f'ann,{T},1,"a\n\nb"\r\n\nbob,{T},2,c\nx\ncid,{T},3,"d\ne"z\ndan,{T},4,"""f"\n'
    result = read({"posts.csv": HEADER + rows})
    assert sorted((e["source_line"], e["account_id"]) for e in result.events) == [(2, "ann"), (6, "bob"), (10, "dan")]
    assert result.reasons == [(7, "bad_row"), (8, "text_after_quote"), (9, "bad_row")]
    many = "".join(f'u{i},{T},{i},"x\n{i}"\n' for i in range(3_000)) + f"ann,{T},1\n"
    assert read({"posts.csv": HEADER + many}).reasons == [(6_002, "bad_row")]
    twice = read({"posts.csv": f"{HEADER}ann,{T},1,a\n\nann,{T},1,a\n"})
    assert twice.reasons == [(4, "duplicate")]


def test_text_behind_a_closing_quote_costs_its_own_line(read: Reader) -> None:
    """A quote that is never closed would swallow its neighbours up to the next one."""
    texts = ['"hello" she said', "fine", '"unclosed quote post', "innocent d", "innocent e", '"another post', "last"]
    rows = "".join(f"{u},{T},{i},{t}\n" for i, (u, t) in enumerate(zip("abcdefg", texts, strict=True)))
    result = read({"posts.csv": HEADER + rows}, limits=Limits(rejects_share=1))
    assert sorted(e["account_id"] for e in result.events) == ["b", "d", "e", "g"]
    assert result.reasons == [(2, "text_after_quote"), (4, "text_after_quote"), (7, "unterminated_quote")]
    assert [n for n in result.out.notes if "2 rows with text behind a closing quotation mark" in n and "twice" in n]
    assert [n for n in result.out.notes if "1 rows with a quotation mark that is never closed" in n]


def test_a_row_over_several_lines_that_is_none_swallows_no_other(read: Reader) -> None:
    """The quote of `b` is closed by that of `d`, and the row has too many cells."""
    rows = f'a,{T},1,x\nb,{T},2,"open\nc,{T},3,x\nd,{T},4,",y"\ne,{T},5,x\n'
    result = read({"posts.csv": HEADER + rows}, limits=Limits(rejects_share=1))
    assert sorted((e["account_id"], e["text"]) for e in result.events) == [
        ("a", "x"), ("c", "x"), ("d", ",y"), ("e", "x"),
    ]  # fmt: skip
    assert result.reasons == [(3, "bad_row")]


def test_an_unterminated_quote_costs_its_own_line(read: Reader) -> None:
    rows = [f"u{i},{T},{i},text {i}" for i in range(30)]
    rows[3] = f'u3,{T},3,"open'
    result = read({"posts.csv": HEADER + "\n".join(rows) + "\n"})
    assert result.reasons == [(5, "unterminated_quote")]
    assert len(result.events) == 29


def test_an_unterminated_quote_does_not_swallow_more_than_a_cell_may_hold(read: Reader) -> None:
    rows = [f"u{i},{T},{i},{'x' * 50}" for i in range(400)]
    rows[0] = f'u0,{T},0,"open'
    rows[390] = f'u390,{T},390,"two\nlines"'
    result = read({"posts.csv": HEADER + "\n".join(rows) + "\n"}, limits=Limits(field_chars=5_000))
    assert result.reasons == [(2, "unterminated_quote")]
    assert [e["text"] for e in result.events if e["account_id"] == "u390"] == ["two\nlines"]


def test_a_quote_inside_an_unquoted_cell_is_a_character(read: Reader) -> None:
    result = read({"posts.csv": f'{HEADER}ann,{T},1,5" screen\nbob,{T},2,6" screen\n'})
    assert [e["text"] for e in result.events] == ['5" screen', '6" screen']
    assert [n for n in result.out.notes if "2 rows with a quotation mark inside a cell" in n]
    few = read({"posts.csv": f'{HEADER}\nann,{T},1,5" screen\ncid,{T},3\nbob,{T},2,"6"" screen"\n'})
    assert [n for n in few.out.notes if "1 rows with a quotation mark inside a cell" in n]


def test_a_file_of_open_quotes_takes_time_in_proportion(read: Reader) -> None:
    """Each of these lines opens a quote that the next one does not close."""
    line = f'u,{T},1,x"y,"abc\n'
    result = read({"posts.csv": HEADER + line * 20_000}, limits=Limits(rejects_share=1))
    assert result.sources["posts.csv"].rejects["text_after_quote"] > 19_000
    line = f'u,{T},1,"abc\n' + f"v,{T},2,d\n" * 40
    result = read({"posts.csv": HEADER + line + line.replace('"', '""') * 5_000}, limits=Limits(rejects_share=1))
    assert result.reasons[0] == (2, "unterminated_quote")


def test_reasons_of_rows_and_the_hash_of_their_bytes(read: Reader) -> None:
    bad = f"ann,{T},1".encode()
    data = HEADER.encode() + bad + b"\n" + f"a,{T},2,x,y\n".encode() + b"b,\xff,3,x\n" + f"c,{T},4,\x00z\n".encode()
    result = read({"posts.csv": data})
    assert result.reasons == [(2, "bad_row"), (3, "bad_row"), (4, "bad_utf8")]
    assert result.rows("rejects")[0]["sha256"] == hashlib.sha256(bad).hexdigest()
    assert result.events[0]["text"] == "\x00z"


def test_a_carriage_return_alone_is_a_bad_row(read: Reader) -> None:
    result = read({"posts.csv": f"{HEADER}ann,{T},1,a\rb\nbob,{T},2,c\n"})
    assert result.reasons == [(2, "bad_row")]
    assert [e["account_id"] for e in result.events] == ["bob"]


def test_limits_on_cells_and_lines(read: Reader) -> None:
    rows = f"ann,{T},1,{'x' * 101}\nbob,{T},2,{'y' * 2_000}\ncid,{T},3,z\n"
    result = read({"posts.csv": HEADER + rows}, limits=Limits(field_chars=100, line_bytes=1_000))
    assert result.reasons == [(2, "field_too_long"), (3, "line_too_long")]
    assert [e["source_line"] for e in result.events] == [4]


def test_a_huge_cell_is_one_reject(read: Reader) -> None:
    result = read({"posts.csv": f"{HEADER}ann,{T},1,{'x' * (20 << 20)}\nbob,{T},2,y\n"})
    assert result.reasons == [(2, "field_too_long")]


def test_a_line_without_end_is_skipped_in_pieces(read: Reader) -> None:
    rows = f"ann,{T},1,{'x' * (3 << 20)}\nbob,{T},2,y\n"
    result = read({"posts.csv": HEADER + rows}, limits=Limits(line_bytes=1 << 20))
    assert result.reasons == [(2, "line_too_long")]
    assert [e["source_line"] for e in result.events] == [3]


def test_header_only_is_no_error(read: Reader) -> None:
    result = read({"posts.csv": HEADER})
    assert result.events == []
    assert any("posts.csv has no rows" in n for n in result.out.notes)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "posts.csv is empty"),
        (b"\n\n", "posts.csv is empty"),
        (b"\xef\xbb\xbf", "posts.csv is empty"),
        (b"user,user,at\n", "more than one column 'user'"),
        (b"\xff\xfeu\x00s\x00", "likely written in utf-16"),
        (b'user,"at\n', "header line of posts.csv"),
        (b"user,at\rann,1\r", "header line of posts.csv"),
        (b"user;at;id;text\n", "likely parted by semicolons"),
        (b"user;at, local;id;text\n", "likely parted by semicolons"),
        (b"user\tat\tid\ttext\n", "likely parted by tabs"),
        (b"sep=;\nuser;at;id;text\n", "likely parted by semicolons"),
        (b"u" * (2 << 20) + b",at\n", "has a column whose name is longer than 1,048,576 characters"),
        (b"usr,at,id,text\n", "no column 'user'; it has: usr, at, id, text"),
    ],
)
def test_a_file_that_is_no_table(read: Reader, data: bytes, says: str) -> None:
    with pytest.raises(UserError, match=r"posts\.csv") as e:
        read({"posts.csv": data})
    assert says in e.value.what
    assert e.value.remedy


def test_a_missing_column_has_a_suggestion(read: Reader) -> None:
    with pytest.raises(UserError) as e:
        read({"posts.csv": "user,at,id,texxt\n"}, map=MAP)
    assert "did you mean texxt?" in e.value.remedy
    many = ",".join(f"{i}" + "x" * 900 for i in range(2_000))
    with pytest.raises(UserError) as e:
        read({"posts.csv": f"{many}\n"}, map=MAP)
    assert len(str(e.value)) < 6_000


def test_too_many_rejects_stop_the_run(read: Reader) -> None:
    rows = "".join(f"u{i},not a time,{i},x\n" for i in range(15)) + "".join(f"u{i},{T},{i},x\n" for i in range(10))
    with pytest.raises(UserError) as e:
        read({"posts.csv": HEADER + rows})
    assert "15 of 25 rows of posts.csv" in e.value.what
    assert "bad_time 15" in e.value.what
    assert "line 2" in e.value.what
    assert "rejects_share" in e.value.remedy
    assert len(read({"posts.csv": HEADER + rows}, limits=Limits(rejects_share=0.6)).events) == 10


NAMES = ["ann", "José", "Žižek, S."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1250"])
@pytest.mark.parametrize(("delimiter", "letter"), [("semicolon", ";"), (";", ";"), ("tab", "\t"), ("pipe", "|")])
def test_a_declared_delimiter_and_encoding(read: Reader, encoding: str, delimiter: str, letter: str) -> None:
    rows = [("user", "at", "id", "text"), *((name, T, str(i), "a,b") for i, name in enumerate(NAMES))]
    text = "\r\n".join(map(letter.join, rows))
    for before in ("", f"sep={letter}\r\n"):
        result = read({"p.csv": (before + text).encode(encoding)}, delimiter=delimiter, encoding=encoding)
        first = 3 if before else 2
        assert [(e["account_id"], e["text"], e["source_line"]) for e in result.events] == [
            (name, "a,b", first + i) for i, name in enumerate(NAMES)
        ]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("grüß dich, caf\u00e9", "windows-1252"), ("привет, как дела у тебя", "windows-1251"),
        ("привет, как дела у тебя", "koi8-r"), ("これはテストです", "shift_jis"), ("这是一个测试", "gb18030"),
        ("hello", "utf-16"), ("hello", "utf-16-le"), ("hello", "utf-16-be"),
    ],
)  # fmt: skip
def test_another_encoding_is_refused_with_its_name(read: Reader, text: str, encoding: str) -> None:
    row = {"user": "a", "at": T, "id": "1", "text": text}
    written = {"p.csv": f'{HEADER}a,{T},1,"{text}"\n', "p.ndjson": json.dumps(row, ensure_ascii=False)}
    for name, data in written.items():
        with pytest.raises(UserError, match=f"no UTF-8; it is likely written in {encoding}") as e:
            read({name: data.encode(encoding)})
        assert f'encoding="{encoding}"' in e.value.remedy
        assert [e["text"] for e in read({name: data.encode(encoding)}, encoding=encoding).events] == [text]


def test_a_file_that_is_said_to_be_utf_8_is_read_as_such(read: Reader) -> None:
    data = f"{HEADER}ann,{T},1,café\nbob,{T},2,x\n".encode("latin-1")
    assert read({"p.csv": data}, encoding="UTF8").reasons == [(2, "bad_utf8")]
    mixed = data + f"cid,{T},3,é\ndan,{T},4,é\n".encode()
    assert read({"p.csv": mixed}).reasons == [(2, "bad_utf8")]


def test_what_the_declared_encoding_cannot_say_is_a_reject(read: Reader) -> None:
    before, behind = f"{HEADER}ann,{T},1,x\nbob,{T},2,", f"y\ncid,{T},3,z\n"
    data = before.encode("utf-16-le") + b"\x00\xd8" + behind.encode("utf-16-le") + b"z"
    result = read({"p.csv": data}, encoding="utf-16-le", limits=Limits(rejects_share=1))
    assert [e["account_id"] for e in result.events] == ["ann", "cid"]
    assert result.reasons == [(3, "bad_utf8"), (5, "bad_row")]


@pytest.mark.parametrize(
    "given",
    [{"delimiter": "::"}, {"delimiter": '"'}, {"delimiter": "a"}, {"encoding": "latinx"}, {"encoding": "hex"},
     {"encoding": "utf-7"}, {"encoding": "x" * 10_000}],
)  # fmt: skip
def test_wrong_declarations(read: Reader, given: dict[str, str]) -> None:
    with pytest.raises(UserError) as e:
        read({"p.csv": HEADER}, **given)
    assert len(str(e.value)) < 300
