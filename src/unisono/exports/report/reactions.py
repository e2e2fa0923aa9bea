"""Reactions as the report lists them: who answers whom within seconds, and what was only a lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from unisono.exports.report.database import Database
from unisono.study import Settings, Study

SHOWN = 100
"""Reactions in the table."""
LEADS = 50
"""Leads in theirs."""

# Accounts behind one author stand together, the author with most of them first.
_CALLED = """
SELECT *, count(*) OVER (PARTITION BY trace, author_id) AS together FROM reactions WHERE is_reaction
ORDER BY together DESC, trace, author_id, q, account_id LIMIT $most
"""
_LEADS = """
SELECT * FROM reactions WHERE status = 'followers_only' AND q <= $fdr
ORDER BY q, trace, author_id, account_id LIMIT $most
"""
_COUNTS = """
SELECT count(*) FILTER (is_reaction) AS n,
       count(DISTINCT account_id) FILTER (is_reaction) AS accounts,
       count(DISTINCT author_id) FILTER (is_reaction) AS authors,
       count(*) FILTER (status = 'tested') AS tested,
       count(*) FILTER (status = 'followers_only') AS followers_only,
       count(*) FILTER (status = 'followers_only' AND q <= $fdr) AS leads
FROM reactions
"""


@dataclass(frozen=True)
class Reactions:
    """All that the section of reactions needs: counts, the rows shown (as in the table `reactions`), and notes."""

    n: int
    accounts: int
    authors: int
    tested: int
    followers_only: int
    leads: int
    shown: list[dict[str, Any]]
    shown_leads: list[dict[str, Any]]
    fdr: float
    notes: list[str]

    @property
    def named(self) -> set[str]:
        """Every account that stands in the section."""
        return {r[c] for r in (*self.shown, *self.shown_leads) for c in ("account_id", "author_id")}


def gather(db: Database, study: Study, settings: Settings) -> Reactions:
    """Count and list the reactions of the study."""
    stage = study.manifest.stages.get("react")
    fdr = stage.facts.get("fdr", settings.fdr) if stage else settings.fdr
    return Reactions(
        **db.row(_COUNTS, fdr=fdr), shown=db.rows(_CALLED, most=SHOWN),
        shown_leads=db.rows(_LEADS, fdr=fdr, most=LEADS), fdr=fdr, notes=stage.notes if stage else [],
    )  # fmt: skip
