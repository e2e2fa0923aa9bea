"""Reads files into a folder of its own, and gives back what the read stage made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pyarrow.parquet as pq
import pytest

from unisono.events import read_sources
from unisono.study import Quiet, Settings, StageOutput
from unisono.study.manifest import SourceRecord

MAP = "account=user,time=at,id=id,text=text"
HEADER = "user,at,id,text\n"


@dataclass
class Result:
    """What a read left."""

    out: StageOutput

    def rows(self, table: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = pq.read_table(self.out.folder / f"{table}.parquet").to_pylist()
        return rows

    @property
    def events(self) -> list[dict[str, Any]]:
        return self.rows("events")

    @property
    def rejects(self) -> list[tuple[str, int, str]]:
        return [(r["source_file"], r["line"], r["reason"]) for r in self.rows("rejects")]

    @property
    def reasons(self) -> list[tuple[int, str]]:
        return [(line, reason) for _, line, reason in self.rejects]

    @property
    def sources(self) -> dict[str, SourceRecord]:
        assert self.out.sources is not None
        return self.out.sources


Reader = Callable[..., Result]


def read_files(folder: Path, files: dict[str, bytes | str], **settings: Any) -> Result:
    """Write the files and read them; every count is checked."""
    paths = []
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        paths.append(path)
    return read_paths(folder, paths, **settings)


def read_paths(folder: Path, paths: list[Path], **settings: Any) -> Result:
    stage = Path(mkdtemp(prefix="stage", dir=folder))
    out = StageOutput(stage)
    read_sources(paths, Settings(**settings), out, Quiet())
    result = Result(out)
    check(result)
    return result


def check(result: Result) -> None:
    """Counts add up, tables are in key order, and nothing else is left in the folder."""
    out = result.out
    assert {p.name for p in out.folder.iterdir()} == {f"{t}.parquet" for t in out.tables}
    for name, source in result.sources.items():
        rejects = [r for r in result.rejects if r[0] == name]
        assert source.rows == source.kept + sum(source.rejects.values())
        assert len(rejects) == sum(source.rejects.values())
        if "traces" not in out.tables:
            assert source.kept == sum(e["source_file"] == name for e in result.events)
    ids = [e["event_id"].encode() for e in result.events]
    assert ids == sorted(set(ids))
    accounts = [(a["account_id"].encode(), a["observed_us"]) for a in result.rows("accounts")]
    assert accounts == sorted(set(accounts))
    assert all(len(r["sha256"]) == 64 for r in result.rows("rejects"))


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """`read({"name.csv": data, ...}, **settings)`; `map` defaults to columns user, at, id, text."""

    def of(files: dict[str, bytes | str], **settings: Any) -> Result:
        if "format" not in settings and "as" not in settings:
            settings.setdefault("map", MAP)
        return read_files(tmp_path, files, **{k: v for k, v in settings.items() if v is not None})

    return of
