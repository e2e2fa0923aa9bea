"""Packed files: the same rows whatever the packing, and no bomb goes off."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
import zlib
from collections import deque
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from tests.events.conftest import HEADER, MAP, Reader, read_paths
from unisono.events import source_names
from unisono.events.files import unpack
from unisono.study import Limits, UserError

T = "2021-03-04T05:06:07Z"
ROWS = [{"user": f"u{i % 7}", "at": T, "id": str(i), "text": f'q"{i}",\n\u00e9'} for i in range(500)]

ZEROS = HEADER.encode() + (f"u,{T},," + "0" * 100_000 + "\n").encode() * 300
"""30 MB that pack into very little."""


def written(kind: str) -> bytes:
    if kind == "parquet":
        sink = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(ROWS), sink)
        return sink.getvalue()
    if kind == "json":
        return json.dumps(ROWS).encode()
    if kind == "ndjson":
        return "".join(json.dumps(r) + "\n" for r in ROWS).encode()
    mark = "," if kind == "csv" else "\t"
    cells = [mark.join('"' + v.replace('"', '""') + '"' for v in r.values()) for r in ROWS]
    return ("\n".join([mark.join(ROWS[0]), *cells]) + "\n").encode()


METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def zipped(method: int = zipfile.ZIP_DEFLATED, **members: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return sink.getvalue()


def zipped_as_zstd(name: str, data: bytes) -> bytes:
    """A zip whose member is packed by zstd (method 93), which this Python cannot write."""
    packed = zstandard.ZstdCompressor().compress(data)
    out = bytearray(zipped(zipfile.ZIP_STORED, **{name: packed}))
    begin = out.rindex(b"PK\x01\x02")
    for header, method in ((0, 8), (begin, 10)):
        size = struct.pack("<L", zlib.crc32(data)), struct.pack("<L", len(data))
        out[header + method : header + method + 2] = struct.pack("<H", 93)
        out[header + method + 6 : header + method + 10] = size[0]
        out[header + method + 14 : header + method + 18] = size[1]
    return bytes(out)


PACK = {
    "": lambda d: d,
    ".gz": gzip.compress,
    ".zst": zstandard.compress,
}


@pytest.mark.parametrize("kind", ["csv", "tsv", "ndjson", "json", "parquet"])
@pytest.mark.parametrize("packing", ["", ".gz", ".zst", ".zip"])
def test_round_trip(read: Reader, kind: str, packing: str) -> None:
    data = written(kind)
    if packing == ".zip":
        result = read({"p.zip": zipped(**{f"in/p.{kind}": data, "README.txt": b"hello"})})
        assert list(result.sources) == [f"p.zip/in/p.{kind}"]
        assert any("README.txt was not read" in n for n in result.out.notes)
    else:
        result = read({f"p.{kind}{packing}": PACK[packing](data)})
    got = sorted((int(e["event_id"]), e["account_id"], e["text"], e["source_line"]) for e in result.events)
    line = {"csv": lambda i: 2 * i + 2, "tsv": lambda i: 2 * i + 2}.get(kind, lambda i: i + 1)
    assert got == [(i, r["user"], r["text"], line(i)) for i, r in enumerate(ROWS)]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_a_zip(read: Reader, method: int) -> None:
    data = written("csv")
    packed = zipped(method, **{"a.csv": data, "b.csv": HEADER.encode() + data[-4_000:]})
    assert len(read({"p.zip": packed}).sources) == 2
    for cut in (len(packed) // 4, 60):
        broken = bytearray(packed)
        broken[cut] ^= 255
        with pytest.raises(UserError, match=r"p\.zip"):
            read({"p.zip": bytes(broken)})


def test_a_zip_with_zstd(read: Reader) -> None:
    assert len(read({"p.zip": zipped_as_zstd("a.csv", written("csv"))}).events) == 500
    with pytest.raises(UserError, match="unpacks to more than"):
        read({"p.zip": zipped_as_zstd("a.csv", ZEROS)})


@pytest.mark.parametrize("method", [*METHODS[1:], 93])
def test_no_method_unpacks_much_at_once(tmp_path: Path, method: int) -> None:
    path = tmp_path / "p.zip"
    data = bytes(40 << 20)
    path.write_bytes(zipped_as_zstd("p.csv", data) if method == 93 else zipped(method, **{"p.csv": data}))
    (member,) = unpack.list_members(path)
    with unpack.open_stream(path, member, "", "p.zip/p.csv", Limits()) as stream:
        assert len(stream._unpacked.read1(1_000)) <= (50 << 20 if method == 93 else 1_000)
    again = unpack.open_stream(path, member, "", "p.zip/p.csv", Limits())
    with again, pytest.raises(UserError, match="unpacks to more than 200 times its size"):
        deque(iter(lambda: again.read(1 << 20), b""), 0)


def test_a_zip_of_many_members(read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    data = {f"{i}.csv": f"{HEADER}ann,{T},{i},x\n".encode() for i in range(30)}
    others = {f"{i}.jpg": b"x" for i in range(300)}
    opened = []
    listed = zipfile.ZipFile._RealGetContents
    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", lambda self: (opened.append(1), listed(self)))
    result = read({"p.zip": zipped(**data, **others)})
    assert len(opened) == 1
    assert len(result.events) == 30
    assert sum("not read" in n for n in result.out.notes) == 10
    assert any("291 more members" in n for n in result.out.notes)
    with pytest.raises(UserError, match=r"holds 30 tables, more than the 29 that are read") as e:
        read({"p.zip": zipped(**data)}, limits=Limits(members=29))
    assert "limits.members" in e.value.remedy


def test_members_that_overlap(read: Reader) -> None:
    data = zipped(zipfile.ZIP_STORED, **{"a.csv": written("csv"), "b.csv": written("csv")})
    second = data.rindex(b"PK\x01\x02")
    with pytest.raises(UserError, match=r"is no zip file|overlap"):
        read({"p.zip": data[: second + 42] + bytes(4) + data[second + 46 :]})


def test_lzma_that_asks_for_much_memory(read: Reader) -> None:
    data = bytearray(zipped(zipfile.ZIP_LZMA, **{"a.csv": written("csv")}))
    at = data.index(b"a.csv") + 5 + 5
    data[at : at + 4] = b"\xff\xff\xff\x7f"
    with pytest.raises(UserError, match=r"LZMA asks for 2,047 MB of memory"):
        read({"p.zip": bytes(data)})


def test_many_frames_and_members(read: Reader) -> None:
    data = written("csv")
    for name, pack in ((".gz", gzip.compress), (".zst", zstandard.compress)):
        parts = b"".join(pack(data[i : i + 1000]) for i in range(0, len(data), 1000))
        assert len(read({f"p.csv{name}": parts}).events) == 500


def test_packed_members(read: Reader) -> None:
    assert len(read({"p.zip": zipped(**{"p.csv.gz": gzip.compress(written("csv"))})}).events) == 500


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_a_file_that_breaks_off_keeps_its_whole_rows(read: Reader, packing: str) -> None:
    lines = [f"u{i},{T},{i},{i * 7919 % 10007}" for i in range(20_000)]
    data = PACK[packing]((HEADER + "\n".join(lines) + "\n").encode())
    result = read({f"p.csv{packing}": data[: len(data) // 2]})
    assert result.reasons == [(0, "truncated_file")]
    n = len(result.events)
    assert 1_000 < n < 19_999
    assert {e["source_line"] for e in result.events} == set(range(2, n + 2))
    assert all(int(e["text"]) == int(e["event_id"]) * 7919 % 10007 for e in result.events)


def test_a_short_file_that_breaks_off(read: Reader) -> None:
    data = gzip.compress(f"{HEADER}ann,{T},1,x\nbob,{T},2,y\n".encode())
    result = read({"p.csv.gz": data[:-6]})
    assert result.reasons == [(0, "truncated_file")]
    assert len(result.events) == 2


def test_a_zstd_that_is_cut_before_its_first_row(read: Reader) -> None:
    data = zstandard.compress(written("csv"))
    for size in (5, 10, len(data) // 2):
        with pytest.raises(UserError, match=r"p\.csv\.zst cannot be unpacked .*cut off"):
            read({"p.csv.zst": data[:size]})


def test_a_damaged_file(read: Reader) -> None:
    for name in ("p.csv.gz", "p.csv.zst", "p.zip"):
        with pytest.raises(UserError, match=name.replace(".", r"\.")) as e:
            read({name: b"this is no packed file at all"})
        assert e.value.remedy


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_a_bomb(read: Reader, packing: str) -> None:
    data = PACK[packing](ZEROS)
    with pytest.raises(UserError, match=f"p.csv{packing} unpacks to more than 200 times its size"):
        read({f"p.csv{packing}": data})


def test_a_bomb_in_a_zip(read: Reader) -> None:
    with pytest.raises(UserError, match=r"p\.zip/p\.csv unpacks to more than 200 times its size"):
        read({"p.zip": zipped(**{"p.csv": ZEROS})})


def test_a_ratio_that_the_user_allows(read: Reader) -> None:
    data = gzip.compress(ZEROS)
    assert read({"p.csv.gz": data}, limits=Limits(expand_ratio=2000)).sources["p.csv.gz"].kept == 300


def test_names_of_members_are_only_names(read: Reader, tmp_path: Path) -> None:
    data = f"{HEADER}ann,{T},,x\n".encode()
    result = read({"p.zip": zipped(**{"../../evil.csv": data, "__MACOSX/._a.csv": b"?", "b.csv": data + b"\n"})})
    assert sorted(result.sources) == ["p.zip/../../evil.csv", "p.zip/b.csv"]
    assert not list(tmp_path.parent.glob("evil.csv"))
    assert len({e["event_id"] for e in result.events}) == 2


def test_zips_that_cannot_be_read(read: Reader) -> None:
    for data in (zipped(**{"README.txt": b"x"}), zipped(), b"PK\x03\x04"):
        with pytest.raises(UserError, match=r"p\.zip"):
            read({"p.zip": data})
    encrypted = bytearray(zipped(**{"p.csv": b"x"}))
    encrypted[6] |= 1
    encrypted[encrypted.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UserError, match=r"p\.zip/p\.csv cannot be unpacked"):
        read({"p.zip": bytes(encrypted)})


def test_endings(read: Reader, tmp_path: Path) -> None:
    data = f"{HEADER}ann,{T},1,x\n"
    with pytest.raises(UserError, match=r"p\.txt has no ending.*\n.*file_format"):
        read({"p.txt": data})
    assert len(read({"p.txt": data}, file_format="csv").events) == 1
    assert len(read({"P.CSV": data}).events) == 1
    for path in (tmp_path / "not.csv", tmp_path):
        with pytest.raises(UserError) as e:
            read_paths(tmp_path, [path], map=MAP)
        assert str(path) in e.value.what
    with pytest.raises(UserError, match="named twice"):
        read_paths(tmp_path, [tmp_path / "P.CSV"] * 2, map=MAP)


def test_source_names() -> None:
    assert source_names([Path("a/x.csv"), Path("b/x.csv"), Path("b/y.csv")]) == ["a/x.csv", "b/x.csv", "y.csv"]


def test_limits_hold_for_parquet(read: Reader) -> None:
    sink = io.BytesIO()
    text = [f"{i % 50:0600}" for i in range(120_000)]
    table = pa.table({"user": ["a"] * len(text), "at": [T] * len(text), "id": text, "text": text})
    pq.write_table(table, sink, use_dictionary=False, compression="zstd")
    with pytest.raises(UserError, match=r"p\.parquet unpacks to more than 200 times"):
        read({"p.parquet": sink.getvalue()}, limits=Limits(expand_ratio=200))
