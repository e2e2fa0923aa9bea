"""Tables of anything, in each kind of file, read by a mapping of anything."""

from __future__ import annotations

import csv
import datetime
import decimal
import io
import json
import random
import zipfile
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.utils.exceptions import IllegalCharacterError

from tests.events.breaking import ODD
from unisono.events.fields.mapping import FIELDS, LISTS, SEPARATORS
from unisono.tables import KINDS

TIMES = ("2021-03-04T05:06:07Z", "2021-03-04 05:06", "1614834367", "Thu Mar 04 05:06:07 +0000 2021", "4.3.21")
WORDS = ("ann", "@Bob", "77", "post", "R", "a,b|c;d e", '["a", 1]', "#tag", "see https://a.example/x #y @z", "فارسی")
_WORDS_OF_XML = (b"<v>", b"</c>", b' t="n"', b' t="s"', b' r="A2"', b"<row", b"sheet1", b"worksheet", b"1", b"xml")
_OTHERS = (b"", b"<v>9999", b' t="d"', b' t="e"', b' t="x"', b' r="ZZZZ9"', b"<f>1+1</f>", b"&#0;", b"&x;")
_DAY = datetime.datetime(2021, 3, 4, 5, 6, 7)
_TYPED: dict[pa.DataType, Any] = {
    pa.string(): lambda r: r.choice(WORDS), pa.large_string(): lambda r: r.choice(TIMES),
    pa.int8(): lambda r: r.randint(-9, 9), pa.uint64(): lambda r: r.randrange(1 << 64),
    pa.int64(): lambda r: r.choice([1614834367, -1, 1 << 62]), pa.float64(): lambda r: r.choice([1.5, 1e300, -0.0]),
    pa.float32(): lambda r: r.uniform(-9, 9), pa.bool_(): lambda r: r.random() < 0.5, pa.null(): lambda _: None,
    pa.timestamp("ns"): lambda _: _DAY, pa.timestamp("ms", "Asia/Tehran"): lambda _: _DAY,
    pa.date32(): lambda _: _DAY.date(), pa.map_(pa.string(), pa.int64()): lambda _: [("a", 1)],
    pa.time64("us"): lambda r: _DAY.time(), pa.duration("s"): lambda r: datetime.timedelta(r.randint(0, 9)),
    pa.decimal128(20, 3): lambda r: decimal.Decimal(r.randint(-99, 99)), pa.binary(): lambda r: r.randbytes(3),
    pa.list_(pa.string()): lambda r: r.choices([*WORDS, None, ""], k=2), pa.large_list(pa.int64()): lambda r: [1, None],
    pa.list_(pa.list_(pa.string())): lambda r: [["a"], None], pa.struct([("a", pa.string())]): lambda r: {"a": "x"},
    pa.dictionary(pa.int32(), pa.string()): lambda r: r.choice(WORDS),
}  # fmt: skip


def mutant(rng: random.Random) -> tuple[str, bytes, dict[str, Any]]:
    """Name, bytes and settings of one file."""
    fields = ["account", "time", *rng.sample([f for f in FIELDS if f not in ("account", "time")], rng.randint(0, 9))]
    n = rng.randint(0, 5)
    kind = rng.choice(("csv", "tsv", "ndjson", "json", "parquet", "xlsx"))
    if kind == "parquet":
        data = _parquet(rng, fields, n)
    else:
        rows = [{f: _cell(rng, f) for f in fields} for _ in range(n)]
        data = {"csv": _text, "tsv": _text, "ndjson": _json, "json": _json, "xlsx": _xlsx}[kind](
            rng, fields, rows, kind
        )
    if rng.random() < 0.1 and data:
        flips = bytearray(data)
        for _ in range(rng.randint(1, 4)):
            flips[rng.randrange(len(flips))] = rng.randrange(256)
        data = bytes(flips)
    zone = rng.choice([None, "UTC", "Asia/Tehran"])
    return f"p.{kind}", data, {"map": _map(rng, fields), "zone": zone, "platform": rng.choice([None, "x", "row"])}


def _map(rng: random.Random, fields: list[str]) -> str:
    made = []
    for f in fields:
        mark = f":{rng.choice(SEPARATORS)}" if f in LISTS and rng.random() < 0.5 else ""
        made.append(f"{f}={f}{mark}" if f != "kind" else f"kind=kind:R={rng.choice(KINDS)},={rng.choice(KINDS)}")
    return ",".join(made)


def _cell(rng: random.Random, field: str) -> Any:
    if rng.random() < 0.25:
        return rng.choice(ODD)
    if rng.random() < 0.1:
        return "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randint(1, 4)))
    return rng.choice(TIMES if field == "time" else ("77", "ann") if field == "account" else WORDS)


def _text(rng: random.Random, fields: list[str], rows: list[dict[str, Any]], kind: str) -> bytes:
    out = io.StringIO(newline="")
    style: Any = rng.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
    writer = csv.writer(
        out, delimiter="," if kind == "csv" else "\t", quoting=style, lineterminator=rng.choice(["\n", "\r\n"])
    )
    writer.writerow(fields)
    for row in rows:
        cells = [v if isinstance(v, str) else json.dumps(v) for v in row.values()]
        writer.writerow(cells if rng.random() < 0.95 else cells[1:])
        if rng.random() < 0.05:
            out.write('x,"y\n')
    return out.getvalue().encode("utf-8", rng.choice(["replace", "surrogatepass"]))


def _json(rng: random.Random, _: list[str], rows: list[dict[str, Any]], kind: str) -> bytes:
    kept = [{f: v for f, v in r.items() if rng.random() < 0.95} for r in rows]
    return (json.dumps(kept) if kind == "json" else "\n".join(map(json.dumps, kept))).encode()


def _xlsx(rng: random.Random, fields: list[str], rows: list[dict[str, Any]], _: str) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(fields)
    for row in rows:
        cells = [v if v is None or isinstance(v, str | int | float | bool) else json.dumps(v) for v in row.values()]
        cells = [_DAY if f == "time" and rng.random() < 0.3 else v for f, v in zip(fields, cells, strict=True)]
        try:
            sheet.append(cells)
        except (IllegalCharacterError, ValueError, OverflowError):
            continue
    out = io.BytesIO()
    try:
        book.save(out)
    except (UnicodeEncodeError, OverflowError):
        return b""
    return _other_sheet(rng, out.getvalue()) if rng.random() < 0.5 else out.getvalue()


def _other_sheet(rng: random.Random, data: bytes) -> bytes:
    """The workbook with a word of one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        parts = {n: old.read(n) for n in old.namelist()}
        name = rng.choice([n for n in parts if "sheet" in n or "shared" in n or "workbook" in n])
        word = rng.choice(
            [b"<v>", b"</c>", b' t="n"', b' t="s"', b' r="A2"', b"<row", b"sheet1", b"worksheet", b"1", b"xml"]
        )
        other = rng.choice(
            [b"", b"<v>9999", b' t="d"', b' t="e"', b' t="x"', b' r="ZZZZ9"', b"<f>1+1</f>", b"&#0;", b"&x;"]
        )
        parts[name] = parts[name].replace(word, other, rng.randint(1, 3))
        for n, part in parts.items():
            new.writestr(n, part)
    return out.getvalue()


def _parquet(rng: random.Random, fields: list[str], n: int) -> bytes:
    columns = {}
    for f in fields:
        kind = rng.choice(list(_TYPED))
        if f in ("account", "time") and rng.random() < 0.7:
            columns[f] = pa.array([_fitting(rng, f) for _ in range(n)], pa.string())
        else:
            made = [None if rng.random() < 0.2 else _TYPED[kind](rng) for _ in range(n)]
            columns[f] = pa.array(made, kind)
    for f, column in columns.items():  # some writers leave the text mark out, or lie
        if pa.types.is_binary(column.type) and rng.random() < 0.5:
            columns[f] = pa.Array.from_buffers(pa.string(), len(column), column.buffers())
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def _fitting(rng: random.Random, field: str) -> str:
    return rng.choice(TIMES if field == "time" else ("77", "ann", "@Bob"))
