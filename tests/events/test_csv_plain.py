"""Records read many at once are those that the strict parser reads one by one, whatever the bytes are."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.events.test_hostile import Bytes, noise
from unisono.events.fields.whose import prefix_of
from unisono.events.files import csv_rows
from unisono.events.files.batch import RawBatch, row_sha256
from unisono.events.files.csv_plain import plain_records
from unisono.events.files.csv_rows import CsvRows
from unisono.study import Limits, UserError

HEADER = b"user,at,text\n"
LIMITS = Limits(line_bytes=400, field_chars=5_000)
_cells = st.lists(
    st.sampled_from(["", "a", "ann", 'say "hi"', "two\nlines", "a\r\nb", "1,5", "ا", "\x00", '"', " x ", "b" * 300]),
    min_size=3, max_size=3,
)  # fmt: skip


@st.composite
def _written(draw: st.DrawFn) -> bytes:
    out = io.StringIO(newline="")
    ends = draw(st.sampled_from(["\n", "\r\n"]))
    quoting: Any = draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    csv.writer(out, lineterminator=ends, quoting=quoting).writerows(draw(st.lists(_cells, max_size=12)))
    return out.getvalue().encode()


_files = st.lists(_written() | _written() | noise, max_size=5).map(b"".join)
Rows = list[tuple[tuple[int, int], list[Any], str]]


def found(batches: list[RawBatch]) -> tuple[Rows, set[tuple[int, str, str | None]]]:
    """Rows with their lines and their bytes' hash, and rejects."""
    rows: Rows = []
    for b in batches:
        cells = [b.values(c) for c in ("user", "text")]
        assert b.raw is not None
        places = zip(b.rows.tolist(), b.lines.tolist(), strict=True)
        rows += zip(places, map(list, zip(*cells, strict=True)), map(row_sha256, b.raw), strict=True)
    return rows, {r for b in batches for r in b.rejects}


def notes(batches: list[RawBatch]) -> Counter[str]:
    return sum((b.notes for b in batches), Counter())


def opened(data: bytes, limits: Limits) -> CsvRows | None:
    try:
        return CsvRows(Bytes(data), "p.csv", ",", limits)
    except UserError:
        return None


@given(_files, st.sampled_from([30, 100, 4 << 20]), st.sampled_from([LIMITS, Limits(line_bytes=200, field_chars=40)]))
def test_any_file(data: bytes, size: int, limits: Limits) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_rows, "_BLOCK", size)
        rows, strict = opened(HEADER + data, limits), opened(HEADER + data, limits)
        if rows is None or strict is None:
            return
        expected = list(strict._one_by_one(strict._strict(1 << 40), {"user": 0, "text": 2}, 0))
        got = list(rows.batches(["user", "text"]))
        assert found(got) == found(expected)
        assert notes(got) == notes(expected)


@given(_files)
def test_every_line_is_in_one_record(data: bytes) -> None:
    """Nothing is swallowed: the lines of the records, each from where it is said to begin, are those of the file."""
    rows = opened(HEADER + data, Limits())
    assert rows is not None
    left = re.findall(rb"[^\n]*\n|[^\n]+", HEADER + data)[1:]
    for _, raw, line in rows._strict(1 << 40):
        at = line - 2
        while raw:
            assert left[at]
            assert raw.startswith(left[at])
            raw, left[at], at = raw[len(left[at]) :], b"", at + 1
    assert not b"".join(left).strip(b"\r\n")


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (b'a,1,"x" y\nb,2,z\n', ["b"]),
        (b'a,1,"x\nb,2,z\nc,3,"y\n', ["b"]),
        (b'a,1,"x\nb,2,z\nc,3,"y\nd,4,z"\n', ["b", "c"]),
        (b'a,1,"x\r\nb,2,z\r\nc,3,"y"\r\n', ["b", "c"]),
        (b'a,1,"x\nb,2,"",z\n"c","3",z\n', ["c"]),
    ],
)
def test_what_a_wrong_quote_would_swallow_is_read(data: bytes, read: list[str]) -> None:
    rows = opened(HEADER + data, Limits())
    assert rows is not None
    assert [u for b in rows.batches(["user"]) for u in b.values("user")] == read


@given(_written(), st.sampled_from([[0, 2], [2], []]))
def test_what_a_writer_writes_is_plain(data: bytes, wanted: list[int]) -> None:
    plain = plain_records(data, ",", 3, wanted, 10_000)
    expected = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert plain.end == len(data)
    assert len(plain.raws) == len(expected)
    assert b"".join(plain.raws) == data
    assert [c.to_pylist() for c in plain.columns] == [[row[i] for row in expected] for i in wanted]


@pytest.mark.parametrize(
    "odd",
    [b'"a"b,2,3\n', b"1,2\n", b"1,2,3,4\n", b"1,2\r3,4\n", b'1,2,"open\n', b"1,2,3", b"\xff,2,3\n", b'1,2,"x" \n',
     b"1,2," + b"x" * 50 + b"\n", b'1,2,"', b"1,2,3\r"],
)  # fmt: skip
def test_what_is_not_plain_ends_it(odd: bytes) -> None:
    plain = plain_records(b"a,b,c\n\nd,e,f\r\n" + odd + b"g,h,i\n" * odd.endswith(b"\n"), ",", 3, [1], 40)
    assert plain.columns[0].to_pylist() == ["b", "e"]
    assert plain.end == 14
    assert plain.raws[1] == b"d,e,f\r\n"
    assert list(plain.raws[1:]) == [b"d,e,f\r\n"]


def test_odd_records_here_and_there_do_not_make_many_batches() -> None:
    row, odd = b"ann,2021-03-04T05:06:07Z,hello\n", b"ann,\xff,x\n"
    rows = opened(HEADER + (row * 20 + odd) * 3_000, Limits())
    assert rows is not None
    batches = list(rows.batches(["user"]))
    assert sum(len(b) + len(b.rejects) for b in batches) == 63_000
    assert len(batches) < 40


def test_a_platform_cannot_make_ids_that_look_like_ours() -> None:
    assert [prefix_of(p) for p in (None, "", "x", "row", "row/ab", "rows")] == ["", "", "x/", None, None, "rows/"]
