"""What the same tests call on this very data with its coordination destroyed: the head of "How sure this is"."""

from __future__ import annotations

from dataclasses import dataclass

from unisono.exports.report.database import Database

_ROWS = """
SELECT "null", empirical, n FROM calibration WHERE trace = 'all' AND "null" LIKE 'edges/%' AND empirical IS NOT NULL
ORDER BY empirical DESC, "null"
"""


@dataclass(frozen=True)
class Measured:
    """Edges called per run where nothing is in unison, at most over the controls; runs of that one; controls."""

    edges: float
    runs: int
    controls: int


def gather(db: Database) -> Measured | None:
    """None where the study has no calibration, or nothing could be permuted."""
    rows = db.rows(_ROWS)
    return Measured(rows[0]["empirical"], rows[0]["n"], len(rows)) if rows else None
