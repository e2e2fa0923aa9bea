"""Pairs that share the same things beyond chance, of which their times make no edge: told, and not called edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from unisono.exports.report.database import Database

SHOWN = 20
"""Pairs that are listed."""

# A pair that is an edge by another behaviour or window is told there.
_DRIVEN = """
CREATE TEMP TABLE driven AS
SELECT account_a, account_b, trace, window_us, n_first, expected_timing, p_timing, q_selection
FROM edges ANTI JOIN links USING (account_a, account_b)
WHERE status = 'selection_driven' AND trace <> 'all'
QUALIFY row_number() OVER (PARTITION BY account_a, account_b ORDER BY q_selection, trace, window_us) = 1
"""
_COUNT = "SELECT count(*) AS n FROM driven"
_ROWS = "SELECT * FROM driven ORDER BY q_selection, account_a, account_b LIMIT $most"


@dataclass(frozen=True)
class Driven:
    """How many such pairs there are, and those of the smallest q with the behaviour in which it is smallest."""

    n: int
    shown: list[dict[str, Any]]

    @property
    def named(self) -> set[str]:
        """Every account that is listed."""
        return {r[c] for r in self.shown for c in ("account_a", "account_b")}


def gather(db: Database) -> Driven:
    """Count and list the pairs that selection alone drives."""
    db.run(_DRIVEN)
    return Driven(db.row(_COUNT)["n"], db.rows(_ROWS, most=SHOWN))
