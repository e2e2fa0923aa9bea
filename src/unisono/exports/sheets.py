"""csv/*.csv: what was found, as tables for a spreadsheet or a script. Parquet stays the truth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from unisono.study import StageOutput, Study
from unisono.tables import TABLES

SHEETS = ("edges", "groups", "members", "moments", "co_actors", "sequences", "reactions", "profiles", "calibration")
"""Tables that become CSV: of `edges` the rows that are called edges (without those that
combine all behaviours of a pair), of `reactions` those that are called and the leads
(q as small as asked for). Evidence runs to gigabytes: it stays Parquet."""

FORMULA = r"^[\s\x{00A0}\x{FEFF}\x{200B}\x{3000}]*[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]|^[\t\r\n]"
"""Cells that a spreadsheet would run: = + - @ TAB CR and full-width variants, also after blanks."""


def write_sheets(study: Study, out: StageOutput, *, safe: bool, fdr: float) -> None:
    """Write every sheet: UTF-8, `\\n` line ends, text quoted (RFC 4180), null empty, lists as JSON.

    `fdr`: largest q of a reaction. With `safe`, text that a spreadsheet would take for a formula is prefixed with an
    apostrophe.
    """
    for name in SHEETS:
        with out.file(f"csv/{name}.csv") as path:
            _write(path, _header(name), _rows(study, name, fdr), safe)


def _header(name: str) -> pa.Schema:
    return pa.schema([
        f.with_type(pa.string()) if pa.types.is_list(f.type) else f for f in TABLES[name].schema
    ])  # fmt: skip


def _rows(study: Study, name: str, fdr: float) -> Iterator[pa.RecordBatch]:
    for batch in study.batches(name, TABLES[name].names):
        if name == "edges":
            batch = batch.filter(pc.and_(batch["is_edge"], pc.not_equal(batch["trace"], "all")))
        if name == "reactions":
            batch = batch.filter(pc.less_equal(batch["q"], fdr))
        yield batch


def _write(path: Path, schema: pa.Schema, batches: Iterator[pa.RecordBatch], safe: bool) -> None:
    with pyarrow.csv.CSVWriter(path, schema) as writer:
        for batch in batches:
            columns = [_plain(c) for c in batch.columns]
            writer.write(pa.record_batch([defused(c) if safe else c for c in columns], schema=schema))


def _plain(column: pa.Array) -> pa.Array:
    if not pa.types.is_list(column.type):
        return column
    texts = [None if v is None else json.dumps(v, ensure_ascii=False) for v in column.to_pylist()]
    return pa.array(texts, pa.string())


def defused(column: pa.Array) -> pa.Array:
    """Text cells that begin like a formula get a leading apostrophe; other columns stay as they are."""
    if not pa.types.is_string(column.type):
        return column
    runs = pc.match_substring_regex(column, FORMULA)
    return pc.if_else(runs, pc.binary_join_element_wise("'", column, ""), column)
