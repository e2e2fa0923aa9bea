"""Who comes first in a group, as its section tells it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from unisono.exports.report.database import Database
from unisono.exports.report.groups import DRAWN

SHOWN = 10
"""Members that are named."""

_ROWS = """
SELECT p.group_id, p.subject_id, p.value_text, p.low, p.high, p.status, p.alternatives
FROM profiles p JOIN groups g ON g.group_id = p.group_id
WHERE p.profile = 'leadership' AND p.finding = 'comes_first' AND g.rank <= $drawn
ORDER BY p.group_id, p.value_num DESC NULLS LAST, p.n DESC, p.subject_id
"""


@dataclass(frozen=True)
class Leaders:
    """One group: members with enough sittings to be tested, and those that come first, the foremost first.

    found: rows of `profiles` (subject_id, value_text, low, high); alternatives: what else could explain them.
    """

    tested: int
    found: list[dict[str, Any]]
    alternatives: str

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The members that are named."""
        return self.found[:SHOWN]


NOBODY = Leaders(0, [], "")


def gather(db: Database) -> dict[str, Leaders]:
    """Leadership by group, for the groups that are drawn."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in db.rows(_ROWS, drawn=DRAWN):
        rows[row["group_id"]].append(row)
    return {
        group: Leaders(
            sum(r["status"] != "insufficient_data" for r in mine),
            [r for r in mine if r["status"] == "found"],
            mine[0]["alternatives"] or "",
        )
        for group, mine in rows.items()
    }
