"""What a group pushes: the objects that most of its members touched together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from unisono.exports.report.database import Database
from unisono.exports.report.groups import LISTED

TOP = 10
"""Objects per group."""

# Times come from co-actions inside the group only; `outside` from all traces of the object.
_TOUCHES = """
CREATE TEMP TABLE touches AS
SELECT DISTINCT i.group_id, e.trace, e.object_id, e.account_a, e.account_b, e.event_a, e.event_b,
       e.t_a, e.t_b, e.lag_us
FROM evidence e
JOIN inside i USING (trace, window_us, account_a, account_b)
JOIN groups g ON g.group_id = i.group_id
WHERE g.rank <= $listed
"""
_TOP = """
CREATE TEMP TABLE top_objects AS
WITH sides AS (
  SELECT group_id, trace, object_id, account_a AS account_id, event_a AS event_id, t_a AS t_us FROM touches
  UNION ALL
  SELECT group_id, trace, object_id, account_b, event_b, t_b FROM touches
), sums AS (
  SELECT group_id, trace, object_id, count(DISTINCT account_id) AS members,
         min(t_us) AS first_us, max(t_us) AS last_us, min(event_id) AS example
  FROM sides GROUP BY 1, 2, 3
), lags AS (
  SELECT group_id, trace, object_id, count(*) AS n, CAST(quantile_disc(abs(lag_us), 0.5) AS BIGINT) AS lag_us
  FROM touches GROUP BY 1, 2, 3
)
SELECT *, row_number() OVER (PARTITION BY group_id ORDER BY members DESC, n DESC, trace, object_id) AS place
FROM sums JOIN lags USING (group_id, trace, object_id)
QUALIFY place <= $top
"""
_OUTSIDE = """
SELECT o.group_id, o.place, count(DISTINCT t.account_id) AS outside
FROM top_objects o
JOIN traces t ON t.trace = o.trace AND t.object_id = o.object_id
LEFT JOIN members m ON m.group_id = o.group_id AND m.account_id = t.account_id
WHERE m.account_id IS NULL
GROUP BY 1, 2
"""
_ROWS = "SELECT * FROM top_objects ORDER BY group_id, place"


@dataclass(frozen=True)
class TopObject:
    """One object: how many members touched it together, in how many co-actions, and how popular it is.

    `lag_us` is the median distance of the co-actions, `outside` the accounts that touched it and are no
    members, `example` the event in which a member did.
    """

    trace: str
    object_id: str
    members: int
    n: int
    lag_us: int
    first_us: int
    last_us: int
    outside: int
    example: str


def gather(db: Database) -> dict[str, list[TopObject]]:
    """The TOP objects of every listed group, most members first. Leaves `touches` in the database."""
    db.run(_TOUCHES, listed=LISTED)
    db.run(_TOP, top=TOP)
    outside = {(r["group_id"], r["place"]): r["outside"] for r in db.rows(_OUTSIDE)}
    objects: dict[str, list[TopObject]] = defaultdict(list)
    for row in db.rows(_ROWS):
        group, place = row.pop("group_id"), row.pop("place")
        objects[group].append(TopObject(**row, outside=outside.get((group, place), 0)))
    return objects
