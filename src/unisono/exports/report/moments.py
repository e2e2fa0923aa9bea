"""When a group acted: its co-acting posts counted in equal steps of time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pyarrow as pa

from unisono.exports.report.database import Database
from unisono.exports.report.groups import Group

LANES = 24
"""Members that get a lane of their own."""
STEPS = 120
"""Most steps on a time axis."""

_S = 1_000_000
WIDTHS = {
    f"{n} {unit}": n * size
    for unit, size, ns in (
        ("s", _S, (1, 5, 15, 30)), ("min", 60 * _S, (1, 5, 15, 30)), ("h", 3600 * _S, (1, 3, 6, 12)),
        ("d", 86400 * _S, (1, 2, 7, 30, 365)),
    )
    for n in ns
}  # fmt: skip
"""Steps to choose from, microseconds."""

# A post that co-acted with several members, or on several objects, counts once.
_COUNTS = """
WITH binned AS (
  SELECT s.group_id, s.account_id, s.event_id,
         CAST(floor((CAST(s.t_us AS DOUBLE) - x.t0) / x.width) AS BIGINT) AS step
  FROM touches s JOIN spans x ON x.group_id = s.group_id
)
SELECT group_id, step, coalesce(lane, -1) AS lane, count(DISTINCT event_id) AS n
FROM binned LEFT JOIN lanes USING (group_id, account_id)
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


@dataclass(frozen=True)
class Moments:
    """Posts per step: `total[step]`, and `lanes[member][step]` for the first LANES members."""

    t0_us: int
    width_us: int
    width: str
    n_steps: int
    total: dict[int, int]
    lanes: dict[int, dict[int, int]]


def gather(db: Database, groups: list[Group]) -> dict[str, Moments]:
    """Count the co-acting posts of the given groups. Needs `touches` (objects.gather)."""
    found = {g.group_id: axis(g.first_us, g.last_us) for g in groups}
    db.make("spans", _spans(found))
    db.make("lanes", _lanes(groups))
    for row in db.rows(_COUNTS):
        moments = found[row["group_id"]]
        step = min(max(row["step"], 0), moments.n_steps - 1)
        moments.total[step] = moments.total.get(step, 0) + row["n"]
        if row["lane"] >= 0:
            moments.lanes[row["lane"]][step] = moments.lanes[row["lane"]].get(step, 0) + row["n"]
    return found


def axis(first: int, last: int) -> Moments:
    """Equal steps from first to last, in the finest width that needs fewer than STEPS of them; nothing counted yet."""
    fit = [(name, w) for name, w in WIDTHS.items() if last // w - first // w < STEPS]
    name, width = fit[0] if fit else ("", (last - first) // STEPS + 1)
    t0 = first // width * width
    return Moments(t0, width, name, (last - t0) // width + 1, {}, defaultdict(dict))


def _spans(found: dict[str, Moments]) -> pa.Table:
    columns = {
        "group_id": pa.array(list(found), pa.string()),
        "t0": pa.array([float(m.t0_us) for m in found.values()], pa.float64()),
        "width": pa.array([float(m.width_us) for m in found.values()], pa.float64()),
    }
    return pa.table(columns)


def _lanes(groups: list[Group]) -> pa.Table:
    rows = [(g.group_id, m.account_id, i) for g in groups for i, m in enumerate(g.members[:LANES])]
    kinds = {"group_id": pa.string(), "account_id": pa.string(), "lane": pa.int64()}
    return pa.table({name: pa.array([r[i] for r in rows], kind) for i, (name, kind) in enumerate(kinds.items())})
