"""The first screen: what was read, what was found, what was compared."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from unisono.exports.report.database import Database
from unisono.nulls.meetings import LEAST
from unisono.study import Settings, Study

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
SELECT trace, window_us, count(*) AS pairs, count(expected_timing) AS candidates, count(*) FILTER (is_edge) AS edges,
       count(*) FILTER (status = 'insufficient_data') AS insufficient,
       count(*) FILTER (status = 'selection_driven') AS driven, max(n_objects) AS most
FROM edges WHERE trace <> 'all' GROUP BY 1, 2 ORDER BY 1, 2
"""
_BASES = """
SELECT basis, count(*) AS n FROM (
  SELECT account_a, account_b, arg_min(basis, coalesce(q, 1.0)) AS basis
  FROM links WHERE basis IS NOT NULL GROUP BY 1, 2
) GROUP BY 1 ORDER BY n DESC, 1
"""
_FOUND = """
SELECT (SELECT count(*) FROM (SELECT DISTINCT account_a, account_b FROM links)) AS links,
       (SELECT count(*) FROM (SELECT DISTINCT account_a, account_b FROM inside)) AS inside,
       (SELECT count(DISTINCT account_id) FROM members) AS accounts,
       (SELECT count(DISTINCT account_id) FROM members WHERE always_first) AS first,
       (SELECT count(DISTINCT account_id) FROM members WHERE q <= $fdr) AS sure_accounts,
       (SELECT count(*) FROM groups) AS groups,
       (SELECT count(*) FROM groups WHERE q <= $fdr) AS sure_groups,
       (SELECT count(*) FROM (SELECT DISTINCT account_a, account_b FROM edges
                              WHERE status = 'insufficient_data' AND NOT coalesce(is_edge, false)
                              EXCEPT SELECT account_a, account_b FROM links)) AS insufficient,
       (SELECT max(n_tests) FROM edges WHERE trace = 'all') AS most_tests
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
    """Counts of the whole study; times in microseconds UTC, None where there is no row.

    n_tests: pairs of accounts that could have been linked, the family of the tests; fdr: share of false findings
    grouped_first: accounts in groups that are always first, of grouped_accounts
    sure_groups, sure_accounts: those whose own q is at most fdr
    bases: (test that called it, linked pairs), by the edge of the pair that chance explains least
    insufficient: pairs whose common objects hardly anybody else touched, so that they could not be judged
    """

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
    sure_groups: int
    grouped_accounts: int
    grouped_first: int
    sure_accounts: int
    links: int
    links_outside: int
    bases: list[tuple[str, int]]
    insufficient: int
    n_tests: int
    fdr: float

    @property
    def able(self) -> int:
        """Most accounts, over the kinds of trace, that touched enough objects to be linked at all."""
        return max((c["able"] for c in self.compared), default=0)

    @property
    def false_links(self) -> int:
        """Links that chance alone is expected to explain, at most."""
        return math.ceil(self.fdr * self.links)

    @property
    def most(self) -> int:
        """Most common objects that any pair had within a window."""
        return max((t["most"] for t in self.tested), default=0)


def gather(study: Study, settings: Settings, db: Database) -> Facts:
    """Count what the first screen says."""
    records = sorted(study.manifest.sources.items())
    sources = [Source(n, s.rows, s.kept, _ranked(Counter(s.rejects))) for n, s in records]
    posts, traces = db.row(_POSTS), db.row(_TRACES)
    when = posts if posts["n"] else traces
    platforms = [(r["platform"], r["n"]) for r in db.rows(_ACCOUNTS)]
    stage = study.manifest.stages.get("test")
    fdr = stage.facts.get("fdr", settings.fdr) if stage else settings.fdr
    found = db.row(_FOUND, fdr=fdr)
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
        compared=db.rows(_COMPARED, least=LEAST),
        tested=db.rows(_TESTED),
        groups=found["groups"],
        sure_groups=found["sure_groups"],
        grouped_accounts=found["accounts"],
        grouped_first=found["first"],
        sure_accounts=found["sure_accounts"],
        links=found["links"],
        links_outside=found["links"] - found["inside"],
        bases=[(r["basis"], r["n"]) for r in db.rows(_BASES)],
        insufficient=found["insufficient"],
        n_tests=(stage.facts.get("n_tests") if stage else None) or found["most_tests"] or 0,
        fdr=fdr,
    )


def _ranked(reasons: Counter[str]) -> list[tuple[str, int]]:
    return sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
