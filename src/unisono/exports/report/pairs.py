"""Links: the strongest pairs of accounts of each group, and the posts behind them."""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from unisono.exports.report.database import Database
from unisono.exports.report.groups import DRAWN, STILL
from unisono.traces import meaning
from unisono.words import links
from unisono.words.links import Link

PAIRS = 40
"""Pairs of a group that are shown with their posts."""
POSTS = 5
"""Post pairs that are shown of each."""
STRONGEST = 10
"""Pieces of evidence of a group that stand in print."""
LINES = 600
"""Lines in a still drawing of a network."""
OUTSIDE = 20
"""Links outside any group that are shown with their posts; they go under the group id NO_GROUP."""
NO_GROUP = ""
ALL_ROWS = 100_000
"""More than a pair has evidence: of each trace at each window there are at most a thousand rows."""

_PLACED = """
CREATE TEMP TABLE placed AS
SELECT i.* FROM inside i JOIN groups g ON g.group_id = i.group_id WHERE g.rank <= $drawn
UNION ALL
SELECT $no_group AS group_id, l.* FROM links l ANTI JOIN inside i USING (account_a, account_b)
"""
_STRENGTHS = """
CREATE TEMP TABLE strengths AS
SELECT group_id, account_a, account_b, CAST(sum(most) AS BIGINT) AS strength,
       row_number() OVER (PARTITION BY group_id ORDER BY sum(most) DESC, account_a, account_b) AS place
FROM (
  SELECT group_id, account_a, account_b, trace, max(n_objects) AS most FROM placed GROUP BY 1, 2, 3, 4
) GROUP BY 1, 2, 3
"""
# The strongest lines of each account come first, else the weakest members would float without any.
_LINES = """
WITH among AS (
  SELECT s.* FROM strengths s
  JOIN nodes a ON a.group_id = s.group_id AND a.account_id = s.account_a AND a.place <= $still
  JOIN nodes b ON b.group_id = s.group_id AND b.account_id = s.account_b AND b.place <= $still
), turns AS (
  SELECT group_id, place, row_number() OVER (PARTITION BY group_id, account ORDER BY place) AS turn
  FROM (SELECT *, unnest([account_a, account_b]) AS account FROM among)
), ordered AS (
  SELECT *, row_number() OVER (PARTITION BY group_id ORDER BY turn, place) AS line
  FROM among JOIN (SELECT group_id, place, min(turn) AS turn FROM turns GROUP BY 1, 2) USING (group_id, place)
)
SELECT group_id, account_a, account_b, strength FROM ordered WHERE line <= $lines ORDER BY group_id, line
"""
_PAIRS = "SELECT * FROM strengths WHERE place <= $pairs ORDER BY group_id, place"
_LINKS = """
SELECT s.group_id, s.place, i.trace, i.window_us, i.n_objects, i.n_first, i.n_occasions, i.n_meetings, i.n_days,
       i.median_lag_us, i.expected, i.expected_timing, i.p_joint, i.p_timing, i.p_selection, i.p_reference, i.q,
       i.basis, i.is_edge, i.status
FROM strengths s JOIN placed i USING (group_id, account_a, account_b)
WHERE s.place <= $pairs ORDER BY 1, 2, 3, 4
"""
# Two posts that share a link, a tag and a text are one occasion: shown once, with a count of the rest.
_COACTIONS = """
WITH seen AS (
  SELECT s.group_id, s.place, e.event_a, e.event_b, e.trace, e.object_id,
         min(e.t_a) AS t_a, min(e.t_b) AS t_b, min(e.lag_us) AS lag_us, min(e.q_o) AS q_o
  FROM strengths s
  JOIN placed i USING (group_id, account_a, account_b)
  JOIN evidence e USING (trace, window_us, account_a, account_b)
  WHERE s.place <= $pairs GROUP BY 1, 2, 3, 4, 5, 6
), occasions AS (
  SELECT *, count(*) OVER one AS n_common,
         row_number() OVER (one ORDER BY q_o NULLS LAST, trace, object_id) AS first_of_it
  FROM seen WINDOW one AS (PARTITION BY group_id, place, act(event_a, t_a), act(event_b, t_b))
), ordered AS (
  SELECT *, count(*) OVER pair AS n_occasions,
         row_number() OVER (pair ORDER BY q_o NULLS LAST, n_common DESC, abs(lag_us), t_a, event_a, event_b)
         AS turn
  FROM occasions WHERE first_of_it = 1 WINDOW pair AS (PARTITION BY group_id, place)
)
SELECT * FROM ordered WHERE turn <= $posts ORDER BY group_id, place, turn
"""


@dataclass(frozen=True)
class Coaction:
    """Two posts of one pair: times in microseconds UTC, lag t_b - t_a, the least likely common object."""

    event_a: str
    event_b: str
    t_a: int
    t_b: int
    lag_us: int
    trace: str
    object_id: str
    q_o: float | None
    n_common: int


@dataclass(frozen=True)
class Pair:
    """Two linked accounts; `strength` sums their common objects over kinds of trace (widest window).

    links: their edges, one row per kind of trace and window, with what each test says.
    """

    account_a: str
    account_b: str
    strength: int
    links: list[dict[str, Any]]
    coactions: list[Coaction]
    n_occasions: int

    @property
    def best(self) -> dict[str, Any]:
        """The edge that chance explains least."""
        return min(self.links, key=lambda r: (1.0 if r["q"] is None else r["q"], r["trace"], r["window_us"]))

    @property
    def command(self) -> str:
        """What shows all evidence of the pair in the terminal."""
        pair = shlex.join([self.account_a, self.account_b])
        return f"unisono show STUDY evidence --pair {pair} --limit {ALL_ROWS}"


@dataclass(frozen=True)
class Lines:
    """What a drawing joins, (account, account, strength), and the strongest pairs with their posts."""

    lines: list[tuple[str, str, int]]
    pairs: list[Pair]

    @property
    def strongest(self) -> list[tuple[Pair, Coaction]]:
        """The STRONGEST pieces of evidence, the least likely first; every object once before any comes again."""
        ranked = sorted(
            ((p, c) for p in self.pairs for c in p.coactions),
            key=lambda x: (1.0 if x[1].q_o is None else x[1].q_o, -x[0].strength, x[1].t_a, x[1].event_a, x[1].event_b),
        )
        seen: Counter[tuple[str, str]] = Counter()
        turns: list[tuple[int, int, Pair, Coaction]] = []
        for pair, c in ranked:
            seen[c.trace, c.object_id] += 1
            turns.append((seen[c.trace, c.object_id], len(turns), pair, c))
        return [(pair, c) for *_, pair, c in sorted(turns, key=lambda x: x[:2])[:STRONGEST]]


def verdict(row: Mapping[str, Any]) -> str:
    """What the tests say of one link; a row of `edges`."""
    return links.verdict(Link.of(row, meaning(row["trace"])))


def gather(db: Database) -> dict[str, Lines]:
    """What every drawn group, and NO_GROUP, shows of its links. Needs `nodes` (groups.gather)."""
    db.run(_PLACED, drawn=DRAWN, no_group=NO_GROUP)
    db.run(_STRENGTHS)
    links = _by_pair(db.rows(_LINKS, pairs=PAIRS))
    shown = _by_pair(db.rows(_COACTIONS, pairs=PAIRS, posts=POSTS))
    found: dict[str, Lines] = defaultdict(lambda: Lines([], []))
    for row in db.rows(_LINES, lines=LINES, still=STILL):
        found[row["group_id"]].lines.append((row["account_a"], row["account_b"], row["strength"]))
    for row in db.rows(_PAIRS, pairs=PAIRS):
        key = row["group_id"], row.pop("place")
        posts = [Coaction(**{k: r[k] for k in Coaction.__dataclass_fields__}) for r in shown[key]]
        n = shown[key][0]["n_occasions"] if posts else 0
        found[row.pop("group_id")].pairs.append(Pair(**row, links=links[key], coactions=posts, n_occasions=n))
    return found


def _by_pair(rows: list[dict[str, Any]]) -> dict[tuple[str, int], list[dict[str, Any]]]:
    pairs: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        pairs[row["group_id"], row["place"]].append(row)
    return pairs
