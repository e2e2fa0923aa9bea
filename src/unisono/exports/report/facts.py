"""The first screen: what was read, what was found, what was compared."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from unisono.edges import MIN_OBJECTS
from unisono.exports.report.database import Database
from unisono.study import Study

_POSTS = "SELECT count(*) AS n, min(t_us) AS first_us, max(t_us) AS last_us FROM events"
_TRACES = "SELECT count(*) AS n, min(t_us) AS first_us, max(t_us) AS last_us FROM traces"
_ACCOUNTS = """
SELECT coalesce(platform, '') AS platform, count(DISTINCT account_id) AS n
FROM accounts GROUP BY 1 ORDER BY n DESC, 1
"""
_COMPARED = """
WITH touched AS (
  SELECT trace, account_id, count(DISTINCT object_id) AS n FROM traces GROUP BY 1, 2
), popular AS (
  SELECT trace, object_id, count(DISTINCT account_id) AS n FROM traces GROUP BY 1, 2
), accounts_of AS (
  SELECT trace, count(*) AS accounts, count(*) FILTER (n >= $least) AS able FROM touched GROUP BY 1
), objects_of AS (
  SELECT trace, count(*) AS objects, count(*) FILTER (n >= 2) AS common FROM popular GROUP BY 1
)
SELECT * FROM accounts_of JOIN objects_of USING (trace) ORDER BY trace
"""
_TESTED = """
SELECT trace, window_us, count(*) AS pairs, count(*) FILTER (is_edge) AS edges, max(n_objects) AS most
FROM edges WHERE trace <> 'all' GROUP BY 1, 2 ORDER BY 1, 2
"""
_FOUND = """
SELECT (SELECT count(*) FROM (SELECT DISTINCT account_a, account_b FROM links)) AS links,
       (SELECT count(*) FROM (SELECT DISTINCT account_a, account_b FROM inside)) AS inside,
       (SELECT count(DISTINCT account_id) FROM members) AS accounts,
       (SELECT count(*) FROM groups) AS groups
"""


@dataclass(frozen=True)
class Source:
    """One input file: rows in it, rows kept, and rejected rows by reason (most frequent first)."""

    name: str
    rows: int
    kept: int
    rejects: list[tuple[str, int]]


@dataclass(frozen=True)
class Facts:
    """Counts of the whole study; times in microseconds UTC, None where there is no row."""

    sources: list[Source]
    rows: int
    kept: int
    rejects: list[tuple[str, int]]
    posts: int
    n_traces: int
    first_us: int | None
    last_us: int | None
    accounts: int
    platforms: list[tuple[str, int]]
    compared: list[dict[str, Any]]
    tested: list[dict[str, Any]]
    groups: int
    grouped_accounts: int
    links: int
    links_outside: int

    @property
    def able(self) -> int:
        """Most accounts, over the kinds of trace, that touched enough objects to be linked at all."""
        return max((c["able"] for c in self.compared), default=0)

    @property
    def most(self) -> int:
        """Most common objects that any pair had within a window."""
        return max((t["most"] for t in self.tested), default=0)


def gather(study: Study, db: Database) -> Facts:
    """Count what the first screen says."""
    records = sorted(study.manifest.sources.items())
    sources = [Source(n, s.rows, s.kept, _ranked(Counter(s.rejects))) for n, s in records]
    posts, traces = db.row(_POSTS), db.row(_TRACES)
    when = posts if posts["n"] else traces
    platforms = [(r["platform"], r["n"]) for r in db.rows(_ACCOUNTS)]
    found = db.row(_FOUND)
    return Facts(
        sources=sources,
        rows=sum(s.rows for s in sources),
        kept=sum(s.kept for s in sources),
        rejects=_ranked(sum((Counter(dict(s.rejects)) for s in sources), Counter())),
        posts=posts["n"],
        n_traces=traces["n"],
        first_us=when["first_us"],
        last_us=when["last_us"],
        accounts=sum(n for _, n in platforms),
        platforms=platforms,
        compared=db.rows(_COMPARED, least=MIN_OBJECTS),
        tested=db.rows(_TESTED),
        groups=found["groups"],
        grouped_accounts=found["accounts"],
        links=found["links"],
        links_outside=found["links"] - found["inside"],
    )


def _ranked(reasons: Counter[str]) -> list[tuple[str, int]]:
    return sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
