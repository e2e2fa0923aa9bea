"""A row of the table: what is measured, on what, against which bar; and its run, which may be broken off."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from unisono.version import __version__

Record = dict[str, Any]
"""What one seed of one cell gave: cell, seed, seconds, code, and numbers (or lists and dicts of numbers) by name."""
MEASURED = (
    "src/unisono/maths", "src/unisono/pairs", "src/unisono/nulls", "src/unisono/certify", "src/unisono/edges",
    "src/unisono/co_actors", "src/unisono/sequences",
    "src/unisono/synchrony", "src/unisono/moments", "src/unisono/reactions", "src/unisono/groups",
    "src/unisono/calibration", "src/unisono/profiles", "lab/simulator", "lab/rivals",
)  # fmt: skip
"""Folders of sources whose change changes `code`; this one is left to the version."""


@dataclass(frozen=True)
class Row:
    """number: of the row in the table; cells: parts with seeds of their own, by name, `seeds` of each as the bar asks.

    one(cell, seed): numbers of one seed. judge(records): what was seen, and whether the bar holds (None where too
    little was measured). reads: rows whose records this one reads as they are, instead of measuring its own.
    needs: files of the shared data without which it cannot be measured.
    """

    number: int
    what: str
    input: str
    bar: str
    cells: tuple[str, ...]
    seeds: int
    one: Callable[[str, int], Record]
    judge: Callable[[Sequence[Record]], tuple[Record, bool | None]]
    reads: tuple[int, ...] = ()
    needs: tuple[str, ...] = ()


def measure(row: Row, out: Path, seeds: int, workers: int, until: float | None = None) -> Record:
    """Run what is missing of the first `seeds` seeds, writing row_NN.json after every seed; the report as written.

    until: seconds since the epoch at which no further seed is begun. Seeds that an earlier run of the same version
    wrote are kept; each says by `code` which sources it was made with.
    """
    done = {(r["cell"], r["seed"]): r for r in earlier(path_of(out, row.number))}
    if row.reads:
        done = {(r["cell"], r["seed"]): r for n in row.reads for r in earlier(path_of(out, n))}
    tasks = [(c, s) for s in range(min(seeds, row.seeds)) for c in row.cells if (c, s) not in done and not row.reads]
    for record in _results(row, tasks, workers, until):
        done[record["cell"], record["seed"]] = record
        write(row, list(done.values()), out)
        print(f"row {row.number}: {record['cell']} seed {record['seed']}, {record['seconds']} s", file=sys.stderr)
    return write(row, list(done.values()), out)


def write(row: Row, records: list[Record], out: Path) -> Record:
    """The row's JSON, replaced whole, so that a run that is broken off leaves a file that can be read."""
    place = {cell: k for k, cell in enumerate(row.cells)}
    records = sorted(records, key=lambda r: (place.get(r["cell"], 0), r["seed"]))
    seen, holds = row.judge(records) if records else ({}, None)
    seeds = {cell: sum(r["cell"] == cell for r in records) for cell in row.cells}
    if holds and not min(seeds.values()):
        holds = None  # a part was not measured at all
    report = {
        "row": row.number, "what": row.what, "input": row.input, "version": __version__, "seeds_asked": row.seeds,
        "seeds": seeds, "bar": row.bar, "seen": seen, "holds": holds,
        "per_seed": [] if row.reads else records,  # others' records stay in their files
    }  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    path = path_of(out, row.number)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY) + b"\n")
    fresh.replace(path)
    return report


def earlier(path: Path) -> list[Record]:
    """Records of an earlier run; none where there is no file, or where another version wrote it."""
    if not path.is_file():
        return []
    report = orjson.loads(path.read_bytes())
    return list(report["per_seed"]) if report["version"] == __version__ else []


def path_of(out: Path, number: int) -> Path:
    """Where a row's JSON is."""
    return out / f"row_{number:02d}.json"


def record_of(row: Row, cell: str, seed: int) -> Record:
    """One seed of one cell, timed."""
    begin = time.monotonic()
    numbers = row.one(cell, seed)
    return {"cell": cell, "seed": seed, **numbers, "seconds": round(time.monotonic() - begin, 1), "code": code()}


@cache
def code() -> str:
    """Eight digits that change with the sources on which the numbers depend."""
    root, digest = Path(__file__).parents[2], hashlib.sha256()
    for path in sorted(p for name in MEASURED for p in (root / name).rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:8]


def _results(row: Row, tasks: list[tuple[str, int]], workers: int, until: float | None) -> Iterator[Record]:
    if workers == 1:
        for cell, seed in tasks:
            if until is None or time.time() < until:
                yield record_of(row, cell, seed)
        return
    os.environ["NUMBA_NUM_THREADS"] = "1"  # the workers are the threads
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for k in range(0, len(tasks), workers):
            if until is None or time.time() < until:
                batch = [pool.submit(record_of, row, *task) for task in tasks[k : k + workers]]
                yield from (future.result() for future in as_completed(batch))
