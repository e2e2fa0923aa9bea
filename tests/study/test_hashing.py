"""The content hash equals its documented byte form, however the rows were cut, sliced, encoded or compressed."""

from __future__ import annotations

import hashlib
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unisono.study import hashing
from unisono.study.hashing import ContentHash, content_hash
from unisono.study.writer import TableWriter
from unisono.tables import EVENTS, MEMBERS, Table

INT, FLOAT, FLAG, TEXT = pa.int64(), pa.float64(), pa.bool_(), pa.string()
STRUCT = pa.struct([("kind", TEXT), ("size", INT)])
TYPES = [INT, FLOAT, FLAG, TEXT, pa.large_string(), pa.list_(TEXT), STRUCT, pa.list_(STRUCT), pa.list_(pa.list_(INT))]


def word(n: int) -> bytes:
    return n.to_bytes(8, "little", signed=True)


def bytes_of(value: Any, kind: pa.DataType) -> bytes:
    """The documented form of one value."""
    if value is None:
        return b"\0"
    if pa.types.is_floating(kind):
        value, kind = f"{value + 0.0:.9e}", TEXT
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return b"\1" + word(int(value))
    if pa.types.is_list(kind):
        return b"\1" + word(len(value)) + b"".join(bytes_of(v, kind.value_type) for v in value)
    if pa.types.is_struct(kind):
        return b"\1" + b"".join(bytes_of(value[f.name], f.type) for f in kind)
    data = value.encode()
    return b"\1" + word(len(data)) + data


def brute(table: pa.Table) -> str:
    sha = hashlib.sha256(("\n".join(f"{f.name}:{f.type}" for f in table.schema) + "\n").encode())
    for row in table.to_pylist():
        for field in table.schema:
            sha.update(bytes_of(row[field.name], field.type))
    return sha.hexdigest()


def values(kind: pa.DataType) -> st.SearchStrategy[Any]:
    if pa.types.is_list(kind):
        some: st.SearchStrategy[Any] = st.lists(values(kind.value_type), max_size=3)
    elif pa.types.is_struct(kind):
        some = st.fixed_dictionaries({f.name: values(f.type) for f in kind})
    elif pa.types.is_floating(kind):
        some = st.floats()
    elif pa.types.is_boolean(kind):
        some = st.booleans()
    elif pa.types.is_integer(kind):
        some = st.integers(-(1 << 63), (1 << 63) - 1)
    else:
        some = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
    return st.none() | some


COLUMNS = {f"c{k}": kind for k, kind in enumerate(TYPES)}
SCHEMA = pa.schema(list(COLUMNS.items()))
ROWS = st.lists(st.fixed_dictionaries({name: values(kind) for name, kind in COLUMNS.items()}), max_size=8)


@given(rows=ROWS)
def test_it_is_sha256_over_the_documented_bytes(rows: list[dict[str, Any]]) -> None:
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    assert content_hash(table) == brute(table)


@given(rows=ROWS, cuts=st.lists(st.integers(0, 8), max_size=4))
def test_slices_chunks_and_batches_do_not_matter(rows: list[dict[str, Any]], cuts: list[int]) -> None:
    whole = pa.Table.from_pylist(rows, schema=SCHEMA)
    around = pa.concat_tables([whole, whole, whole]).combine_chunks().slice(len(rows), len(rows))
    edges = sorted({0, len(rows), *(min(c, len(rows)) for c in cuts)})
    pieces = [around.slice(a, b - a) for a, b in pairwise(edges)]
    chunked = pa.concat_tables(pieces or [around])
    fed = ContentHash(SCHEMA)
    for piece in pieces:
        fed.update(piece)
    assert brute(whole) == content_hash(around) == content_hash(chunked) == fed.hexdigest()


def test_dictionary_columns_hash_as_what_they_stand_for() -> None:
    plain = pa.table({"a": ["x", None, "y", "x", ""]})
    fed = ContentHash(plain.schema)
    fed.update(pa.table({"a": plain.column("a").dictionary_encode()}))
    assert fed.hexdigest() == content_hash(plain) == brute(plain)


@given(rows=ROWS.filter(bool), data=st.data())
def test_a_changed_cell_changes_it(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    k, name = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.sampled_from(list(COLUMNS)))
    other = data.draw(values(COLUMNS[name]))
    changed = [*rows[:k], {**rows[k], name: other}, *rows[k + 1 :]]
    a, b = (pa.Table.from_pylist(r, schema=SCHEMA) for r in (rows, changed))
    same = bytes_of(rows[k][name], COLUMNS[name]) == bytes_of(other, COLUMNS[name])
    assert (content_hash(a) == content_hash(b)) == same


def test_values_do_not_run_into_each_other() -> None:
    def text(*columns: list[str | None]) -> str:
        return content_hash(pa.table({f"c{k}": pa.array(c, TEXT) for k, c in enumerate(columns)}))

    assert len({text(["ab"], ["c"]), text(["a"], ["bc"]), text(["abc"], [""]), text(["abc"], [None])}) == 4
    lists = [[["a"], []], [[], ["a"]], [["a", ""], None], [["a"], None]]
    assert len({content_hash(pa.table({"a": pa.array(v, pa.list_(TEXT))})) for v in lists}) == 4


def test_rows_order_names_and_types_count() -> None:
    tables = [
        pa.table({"a": [1, 2]}), pa.table({"a": [2, 1]}), pa.table({"b": [1, 2]}), pa.table({"a": [1, 2, 2]}),
        pa.table({"a": pa.array([1, 2], pa.int32())}), pa.table({"a": [1, 2]}).slice(0, 0),
    ]  # fmt: skip
    assert len({content_hash(t) for t in tables}) == len(tables)


def test_floats_agree_at_ten_digits_and_zero_has_no_sign() -> None:
    def one(x: float) -> str:
        return content_hash(pa.table({"a": [x]}))

    assert one(0.1 + 0.2) == one(0.3)
    assert one(-0.0) == one(0.0)
    assert one(0.3) != one(0.300000001)
    assert len({one(x) for x in (math.nan, math.inf, -math.inf, 0.0)}) == 4


def test_the_compiled_loops_are_the_python_that_they_were_written_in(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [dict.fromkeys(COLUMNS), {"c0": 5, "c1": 0.5, "c3": "aé", "c5": ["x", None], "c7": [{"kind": "k"}]}]
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    compiled = content_hash(table)
    for name in ("_put", "_append"):
        monkeypatch.setattr(hashing, name, getattr(hashing, name).py_func)
    assert content_hash(table) == compiled == brute(table)


def test_an_unknown_type_is_an_error() -> None:
    with pytest.raises(TypeError, match="no byte form"):
        content_hash(pa.table({"a": pa.array([b"x"], pa.binary())}))


def written(table: Table, rows: pa.Table, path: Path, cut: int) -> tuple[str, int]:
    with TableWriter(table, path) as writer:
        for k in range(0, rows.num_rows, cut):
            writer.write(rows.slice(k, cut).combine_chunks().to_batches()[0])
    assert hashlib.sha256(path.read_bytes()).hexdigest() == writer.record.files[path.name].sha256
    assert path.stat().st_size == writer.record.files[path.name].bytes
    return writer.record.content_hash, writer.record.rows


def test_a_written_table_has_the_hash_of_its_rows_however_it_is_compressed(tmp_path: Path) -> None:
    rows = pa.table({"event_id": [f"x/{k:03}" for k in range(500)], "account_id": ["x/a"] * 500, "t_us": range(500)})
    hashes = {written(EVENTS, rows, tmp_path / f"{cut}.parquet", cut) for cut in (1, 7, 500)}
    assert len(hashes) == 1
    assert len({(tmp_path / f"{cut}.parquet").read_bytes() for cut in (1, 7, 500)}) == 1
    table = pq.read_table(tmp_path / "7.parquet")
    assert hashes == {(brute(table.cast(EVENTS.schema)), 500)}
    pq.write_table(table, tmp_path / "other.parquet", compression="gzip", row_group_size=3)
    assert content_hash(pq.read_table(tmp_path / "other.parquet").cast(EVENTS.schema)) == next(iter(hashes))[0]


def test_write_sorted_sorts_by_the_key(tmp_path: Path) -> None:
    with TableWriter(MEMBERS, tmp_path / "members.parquet") as writer:
        writer.write_sorted(
            pa.table(
                {
                    "group_id": ["b", "a", "a"],
                    "account_id": ["x", "é", "z"],
                }
            )
        )
    assert pq.read_table(tmp_path / "members.parquet").column("account_id").to_pylist() == ["z", "é", "x"]
