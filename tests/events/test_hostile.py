"""Whatever the bytes are: rows add up, or a UserError says what to do. Never anything else."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.events.conftest import Result, read_files
from unisono.events.files.csv_rows import CsvRows
from unisono.events.files.json_rows import ArrayRows, NdjsonRows
from unisono.events.files.unpack import Stream
from unisono.study import Limits, UserError

T = "2021-03-04T05:06:07Z"
FEW = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(suppress_health_check=[HealthCheck.too_slow])
SMALL = Limits(line_bytes=200, field_chars=40, nesting=5)

crumbs = st.sampled_from(
    [b'"', b'""', b",", b"\n", b"\r\n", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf", b"ann", T.encode(), b"1",
     b"[deleted]", b"{", b"}", b"[", b"]", b":", b'{"user":"a","at":"2021-03-04T05:06:07Z"}', b"\\", b"\\ud800",
     "\u202e".encode(), b"8.1E+17", b"x" * 50, b"NaN", b" "]
)  # fmt: skip
noise = st.lists(st.one_of(crumbs, st.binary(max_size=6)), max_size=40).map(b"".join)
texts = st.text(st.characters(codec="utf-8"), max_size=12)


class Bytes(Stream):
    """Bytes in small pieces, as a stream."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def read(self, n: int) -> bytes:
        return self._data.read(7)


def read(name: str, data: bytes, **more: Any) -> Result | None:
    with tempfile.TemporaryDirectory() as folder:
        given = {"map": "account=user,time=at,id=id,text=text", "limits": Limits(rejects_share=1)} | more
        try:
            result = read_files(Path(folder), {name: data}, **given)
            result.out.facts["events"] = result.events
        except UserError as e:
            error = e
        else:
            return result
    assert name.split(".")[0] in error.what
    assert error.remedy
    return None


@MANY
@given(noise)
def test_any_bytes_as_csv_records(data: bytes) -> None:
    try:
        rows = CsvRows(Bytes(b"user,at,id,text\n" + data), "p.csv", ",", SMALL)
    except UserError:
        return
    batches = list(rows.batches(["user", "text"]))
    numbers = [n for b in batches for n in b.rows.tolist()]
    lines = [n for b in batches for n in b.lines.tolist()] + [r.line for b in batches for r in b.rejects]
    assert numbers == sorted(set(numbers))
    assert len(lines) == len(set(lines))
    assert set(lines) <= set(range(2, data.count(b"\n") + 3))
    for batch in batches:
        assert {len(c) for c in batch.columns.values()} == {len(batch)} == {len(batch.raw or [])}


@MANY
@given(noise)
def test_any_bytes_as_json_rows(data: bytes) -> None:
    for kind, begin in ((NdjsonRows, b""), (ArrayRows, b"[")):
        try:
            batches = list(kind(Bytes(begin + data), "p", SMALL).batches(["user", "a.b"]))
        except UserError:
            continue
        numbers = [n for b in batches for n in b.rows.tolist()]
        lines = [n for b in batches for n in b.lines.tolist()] + [r.line for b in batches for r in b.rejects]
        assert numbers == sorted(set(numbers))
        assert len(lines) == len(set(lines))
        if kind is ArrayRows:
            assert sorted(n for n in lines if n) == list(range(1, sum(n > 0 for n in lines) + 1))
        else:
            assert set(lines) <= set(range(data.count(b"\n") + 2))


@FEW
@given(noise, st.booleans())
def test_any_bytes_as_csv_file(data: bytes, header: bool) -> None:
    read("p.csv", (b"user,at,id,text\n" if header else b"") + data)


@FEW
@given(noise, st.sampled_from(["p.ndjson", "p.json"]))
def test_any_bytes_as_json_file(data: bytes, name: str) -> None:
    read(name, (b"[" if name == "p.json" else b"") + data)


@FEW
@given(st.binary(max_size=200), st.sampled_from(["p.csv.gz", "p.csv.zst", "p.zip", "p.parquet", "p.tsv"]))
def test_any_bytes_as_packed_file(data: bytes, name: str) -> None:
    read(name, data)


@FEW
@given(st.lists(st.tuples(texts, texts), max_size=8))
def test_any_text_survives_every_kind_of_file(rows: list[tuple[str, str]]) -> None:
    table = [{"user": f"u{u}", "at": T, "id": f"e{i}", "text": t} for i, (u, t) in enumerate(rows)]
    if not table:
        return
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(table[0]), lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(table)
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(table), sink)
    files = {
        "p.csv": text.getvalue().encode(),
        "p.ndjson": "".join(json.dumps(r) + "\n" for r in table).encode(),
        "p.json": json.dumps(table, ensure_ascii=False).encode(),
        "p.parquet": sink.getvalue(),
    }
    expected = sorted((f"e{i}", f"u{u}".strip(), t or None) for i, (u, t) in enumerate(rows))
    for name, data in files.items():
        result = read(name, data)
        assert result is not None
        got = sorted((e["event_id"], e["account_id"], e["text"]) for e in result.out.facts["events"])
        assert got == expected, name


@FEW
@given(st.lists(st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), texts,
                          st.lists(st.integers(), max_size=2), st.just({"a": 1})), min_size=1, max_size=8))  # fmt: skip
def test_columns_of_mixed_types(values: list[Any]) -> None:
    lines = [json.dumps({"user": v, "at": v, "id": v, "text": v, "u": v}) for v in values]
    lines += [json.dumps({"user": "ann", "at": T, "id": v, "text": v, "u": v}) for v in values]
    mapping = "account=user,time=at,id=id,text=text,urls=u,followers=u,reach=id,mentions=u,place=u,repost_of=u"
    mapping += ",kind=text:=post"
    for name in ("p.ndjson", "p.json"):
        data = "\n".join(lines) if name == "p.ndjson" else f"[{','.join(lines)}]"
        read(name, data.encode(), map=mapping)
        read(name, data.encode(), map="account=user,time=at,event=id,object=u", format="traces")


@pytest.mark.parametrize(
    "payload", ["\x00", "\u202e\u2066", "<script>alert(1)</script>", "=1+1", "\ufffe", "a" * 100_000]
)
def test_odd_texts_are_kept_as_they_are(payload: str) -> None:
    line = json.dumps({"user": "u" + payload, "at": T, "id": "i" + payload, "text": payload})
    result = read("p.ndjson", line.encode())
    assert result is not None
    (event,) = result.out.facts["events"]
    assert (event["account_id"], event["event_id"], event["text"]) == ("u" + payload, "i" + payload, payload)
