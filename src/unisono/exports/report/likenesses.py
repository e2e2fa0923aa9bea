"""What else could explain a group, as its section tells it: findings of the profile `lookalike`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from unisono.exports.report.database import Database
from unisono.exports.report.groups import LISTED

_ROWS = """
SELECT p.group_id, p.finding, p.value_text, p.status, p.alternatives
FROM profiles p JOIN groups g ON g.group_id = p.group_id
WHERE p.profile = 'lookalike' AND p.subject = 'group' AND g.rank <= $listed ORDER BY p.group_id, p.finding
"""


@dataclass(frozen=True)
class Likeness:
    """One group: what it looks like (rows of `profiles`), and how many likenesses could be looked for."""

    found: list[dict[str, Any]]
    looked_for: int


_PAIRS = """
SELECT subject_id, value_text, alternatives FROM profiles
WHERE profile = 'lookalike' AND subject = 'pair' AND status = 'found' ORDER BY subject_id, finding
"""


def of_pairs(db: Database) -> dict[str, list[dict[str, Any]]]:
    """What linked pairs outside groups may be, by both ids with a blank between."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in db.rows(_PAIRS):
        rows[row["subject_id"]].append(row)
    return dict(rows)


UNKNOWN = Likeness([], 0)


def gather(db: Database) -> dict[str, Likeness]:
    """Likenesses by group, for the groups that are listed."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in db.rows(_ROWS, listed=LISTED):
        rows[row["group_id"]].append(row)
    return {
        group: Likeness(
            [r for r in mine if r["status"] == "found"], sum(r["status"] != "insufficient_data" for r in mine)
        )
        for group, mine in rows.items()
    }
