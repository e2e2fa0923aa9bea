"""When everybody touched an object: the curve on which two posts are marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from unisono.exports.report.database import Database

STEPS = 40

_CURVES = """
WITH touched AS (
  SELECT o.number, t.account_id, t.t_us
  FROM traces t JOIN curve_objects o ON o.trace = t.trace AND o.object_id = t.object_id
), spans AS (
  SELECT number, min(t_us) AS t0, CAST(floor((CAST(max(t_us) AS DOUBLE) - min(t_us)) / $steps) AS BIGINT) + 1 AS width,
         count(DISTINCT account_id) AS accounts
  FROM touched GROUP BY 1
)
SELECT number, t0, width, accounts,
       least(CAST(floor((CAST(t_us AS DOUBLE) - t0) / width) AS BIGINT), $steps - 1) AS step, count(*) AS n
FROM touched JOIN spans USING (number) GROUP BY ALL ORDER BY number, step
"""


@dataclass(frozen=True)
class Curve:
    """Touches of one object by anybody, in steps of `width_us` from `t0_us` (microseconds UTC); accounts: distinct."""

    t0_us: int
    width_us: int
    accounts: int
    counts: dict[int, int]


def gather(db: Database, objects: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Curve]:
    """The curve of each (trace, object); those that nobody touched, as with synchrony, are absent."""
    wanted = sorted(set(objects))
    columns = [
        pa.array(range(len(wanted)), pa.int64()),
        *(pa.array([o[i] for o in wanted], pa.string()) for i in (0, 1)),
    ]
    db.make("curve_objects", pa.table(columns, names=["number", "trace", "object_id"]))
    found: dict[tuple[str, str], Curve] = {}
    steps: dict[int, dict[int, int]] = defaultdict(dict)
    for r in db.rows(_CURVES, steps=STEPS):
        counts = steps[r["number"]]
        counts[r["step"]] = r["n"]
        found[wanted[r["number"]]] = Curve(r["t0"], r["width"], r["accounts"], counts)
    return found
