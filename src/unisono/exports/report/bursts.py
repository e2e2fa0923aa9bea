"""Moments as the report lists them: windows of one burst become one, with what else could explain it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pyarrow as pa

from unisono.exports.report.database import Database
from unisono.study import Settings, Study

SHOWN = 25
"""Bursts that are told in full."""
FILLED_IN = "times_filled_in"

_MOMENTS = "SELECT * FROM moments ORDER BY trace, object_id, t0_us, width_us"
_CROWDS = """
SELECT t.trace, t.object_id, count(DISTINCT t.account_id) AS n
FROM traces t JOIN burst_objects b ON b.trace = t.trace AND b.object_id = t.object_id GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Burst:
    """One burst on one object, as its most telling window shows it.

    n: accounts in it; expected: accounts that the object's own curve puts there; crowd: accounts of the object
    n_only_here: of the n, those that touch nothing else of this kind; also: other lengths at which it was found
    """

    trace: str
    object_id: str
    t0_us: int
    width_us: int
    n: int
    expected: float
    q: float
    n_only_here: int
    filled_in: bool
    alternatives: list[str]
    also: list[int]
    crowd: int


@dataclass(frozen=True)
class Bursts:
    """All that the section of moments needs. `tested`: (trace, [(window_us, objects tested)])."""

    n: int
    n_objects: int
    n_filled_in: int
    shown: list[Burst]
    tested: list[tuple[str, list[tuple[int, int]]]]
    n_tests: int
    fdr: float
    notes: list[str]


def gather(db: Database, study: Study, settings: Settings) -> Bursts:
    """The bursts, the least likely first; those of filled-in times last."""
    stage = study.manifest.stages.get("moment")
    found = sorted(one_each(db.rows(_MOMENTS)), key=_place)
    objects = {(m["trace"], m["object_id"]) for m in found}
    crowds = _crowds(db, [(m["trace"], m["object_id"]) for m in found[:SHOWN]])
    tested = [tuple(row) for row in stage.facts["tested"]] if stage else []
    return Bursts(
        n=len(found), n_objects=len(objects), n_filled_in=sum(m["status"] == FILLED_IN for m in found),
        shown=[_burst(m, crowds.get((m["trace"], m["object_id"]), m["n"])) for m in found[:SHOWN]],
        tested=[(t, [(w, n) for _, w, n in rows]) for t, rows in groupby(tested, key=lambda row: row[0])],
        n_tests=sum(n for _, _, n in tested),
        fdr=stage.facts.get("fdr", settings.fdr) if stage else settings.fdr, notes=stage.notes if stage else [],
    )  # fmt: skip


def one_each(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One row for the overlapping windows of a burst: the smallest q, then the shortest; `also` has other lengths.

    rows: by trace, object and begin. Where times of any of the windows look filled in, such a row speaks for all.
    """
    for _, mine in groupby(rows, key=lambda m: (m["trace"], m["object_id"])):
        burst: list[dict[str, Any]] = []
        end = 0
        for row in mine:
            if burst and row["t0_us"] > end:
                yield _most_telling(burst)
                burst = []
            end = max(end, row["t0_us"] + row["width_us"]) if burst else row["t0_us"] + row["width_us"]
            burst.append(row)
        yield _most_telling(burst)


def _most_telling(burst: list[dict[str, Any]]) -> dict[str, Any]:
    best = min(burst, key=lambda m: (m["status"] != FILLED_IN, m["q"], m["width_us"], m["t0_us"]))
    return best | {"also": sorted({m["width_us"] for m in burst} - {best["width_us"]})}


def _place(m: dict[str, Any]) -> tuple[Any, ...]:
    return (m["status"] == FILLED_IN, m["q"], -m["n"], m["trace"], m["object_id"], m["t0_us"])


def _crowds(db: Database, objects: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    once = sorted(set(objects))
    columns = {name: pa.array([o[i] for o in once], pa.string()) for i, name in enumerate(("trace", "object_id"))}
    db.make("burst_objects", pa.table(columns))
    return {(r["trace"], r["object_id"]): r["n"] for r in db.rows(_CROWDS)}


def _burst(m: dict[str, Any], crowd: int) -> Burst:
    return Burst(
        m["trace"], m["object_id"], m["t0_us"], m["width_us"], m["n"], m["expected"], m["q"], m["n_only_here"],
        m["status"] == FILLED_IN, m["alternatives"] or [], m["also"], crowd,
    )  # fmt: skip
