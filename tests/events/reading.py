"""Reads a fixture, or bytes, as one format: through the rows, the reader and the mapper, or to the written tables."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.events.conftest import Result, read_files
from unisono.events.files.rows import open_rows
from unisono.events.files.sources import find_sources
from unisono.events.plan import make_plans
from unisono.study import Limits, Settings

FIXTURES = Path(__file__).parent / "fixtures"
LOOSE = Limits(rejects_share=1)


def fixture(name: str) -> bytes:
    """The bytes of a fixture."""
    return (FIXTURES / name).read_bytes()


def read_tables(name: str, data: bytes | str, **settings: Any) -> Result:
    """The written tables of one file, whose format must be found by its marks unless `format` names it."""
    with tempfile.TemporaryDirectory() as folder:
        result = read_files(Path(folder), {name: data}, **settings)
        for table in ("events", "accounts", "rejects"):
            result.out.facts[table] = result.rows(table)
    return result


def events(name: str, data: bytes | str, **settings: Any) -> list[dict[str, Any]]:
    """Events in the order of their records."""
    found = read_tables(name, data, **settings).out.facts["events"]
    return sorted(found, key=lambda e: e["source_line"])


def accounts(name: str, data: bytes | str, **settings: Any) -> dict[str, dict[str, Any]]:
    """Accounts by id; of several versions the last."""
    return {a["account_id"]: a for a in read_tables(name, data, **settings).out.facts["accounts"]}


def reasons(name: str, data: bytes | str, **settings: Any) -> list[tuple[int, str]]:
    """Rejects as (record, reason)."""
    settings.setdefault("limits", LOOSE)
    return [(r["line"], r["reason"]) for r in read_tables(name, data, **settings).out.facts["rejects"]]


def mapped(name: str, data: bytes, limits: Limits = LOOSE, **settings: Any) -> tuple[list[dict[str, Any]], int, int]:
    """Staged events, rejects and rows, without the tables: for tests of many inputs. Raises what the reader raises."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        given = Settings(limits=limits, **settings)
        (plan,) = make_plans(find_sources([path], given, print), given, Path(folder))
        mapper, kept, lost, rows = plan.mapper(), [], 0, 0
        with open_rows(plan.source, given.limits, Path(folder), pages=plan.pages, bare=plan.bare) as opened:
            for raw in opened.batches(plan.wanted):
                prepared = plan.format.prepare(raw)
                table, why = mapper.map(prepared)
                kept += table.to_pylist()
                lost += len(why) + len(prepared.rejects)
                rows += len(raw) + len(raw.rejects)
        return kept, lost, rows
