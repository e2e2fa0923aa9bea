"""Every line of the network for exploring, with the posts behind it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyarrow as pa

from unisono.exports.report.database import Database
from unisono.exports.report.pairs import NO_GROUP, POSTS

EDGES = 20_000
"""Lines of all groups together."""
OUTSIDE = 500
"""Lines outside any group."""

# Groups take turns and so do accounts in a group: what is cut off is the weakest of the best connected.
_EDGES = """
CREATE TEMP TABLE live AS
WITH among AS (
  SELECT s.* FROM strengths s
  JOIN live_groups USING (group_id)
  JOIN nodes a ON a.group_id = s.group_id AND a.account_id = s.account_a
  JOIN nodes b ON b.group_id = s.group_id AND b.account_id = s.account_b
  UNION ALL
  SELECT * FROM strengths WHERE group_id = $no_group AND place <= $outside
), turns AS (
  SELECT group_id, place, row_number() OVER (PARTITION BY group_id, account ORDER BY place) AS turn
  FROM (SELECT *, unnest([account_a, account_b]) AS account FROM among)
), firsts AS (
  SELECT group_id, place, min(turn) AS turn FROM turns GROUP BY 1, 2
)
SELECT *, row_number() OVER (ORDER BY turn, place, group_id) AS line
FROM among JOIN firsts USING (group_id, place)
QUALIFY line <= $edges
"""
_ROWS = """
WITH called AS (
  SELECT l.line, list_sort(list(DISTINCT p.trace)) AS traces, list_sort(list(DISTINCT p.basis)) AS bases
  FROM live l JOIN placed p USING (group_id, account_a, account_b) GROUP BY 1
)
SELECT l.line, l.group_id, l.account_a, l.account_b, l.strength, p.trace, p.window_us, p.n_objects, p.n_first,
       p.n_occasions, p.n_meetings, p.n_days, p.median_lag_us, p.expected, p.expected_timing, p.p_joint, p.p_timing,
       p.q, p.basis, p.is_edge, p.status, c.traces, c.bases
FROM live l JOIN placed p USING (group_id, account_a, account_b) JOIN called c USING (line)
QUALIFY row_number() OVER (PARTITION BY l.line ORDER BY coalesce(p.q, 1.0), p.trace, p.window_us) = 1
ORDER BY l.line
"""
# Two posts that share a link, a tag and a text are one occasion: shown once, with a count of the rest.
_COACTIONS = """
WITH seen AS (
  SELECT l.line, e.event_a, e.event_b, e.trace, e.object_id,
         min(e.t_a) AS t_a, min(e.t_b) AS t_b, min(e.lag_us) AS lag_us, min(e.q_o) AS q_o
  FROM live l
  JOIN placed p USING (group_id, account_a, account_b)
  JOIN evidence e USING (trace, window_us, account_a, account_b)
  GROUP BY 1, 2, 3, 4, 5
), occasions AS (
  SELECT *, count(*) OVER one AS n_common,
         row_number() OVER (one ORDER BY q_o NULLS LAST, trace, object_id) AS first_of_it
  FROM seen WINDOW one AS (PARTITION BY line, act(event_a, t_a), act(event_b, t_b))
), ordered AS (
  SELECT *, count(*) OVER pair AS n_occasions,
         row_number() OVER (pair ORDER BY q_o NULLS LAST, n_common DESC, abs(lag_us), t_a, event_a, event_b) AS turn
  FROM occasions WHERE first_of_it = 1 WINDOW pair AS (PARTITION BY line)
)
SELECT * FROM ordered WHERE turn <= $posts ORDER BY turn, line
"""


def gather(db: Database, groups: list[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Lines (their edge that chance explains least), and what they did together: the best of every line first.

    groups: ids of those that are explored; lines outside any group come besides.
    Needs `nodes` (groups.gather), `placed` and `strengths` (pairs.gather).
    """
    db.make("live_groups", pa.table({"group_id": pa.array(groups, pa.string())}))
    db.run(_EDGES, no_group=NO_GROUP, outside=OUTSIDE, edges=EDGES)
    return db.rows(_ROWS), db.rows(_COACTIONS, posts=POSTS)


def by_group(lines: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The lines of each group, in order."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        groups[line["group_id"]].append(line)
    return groups
