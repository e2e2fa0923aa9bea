"""What the data itself says of how it was collected: findings that weaken or stop a test come first."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow.compute as pc

from unisono.study import Study

_ORDER = {"stops_a_test": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class Finding:
    """One finding: how severe, what was seen, what it does to the tests, what can be done."""

    severity: str
    seen: str
    effect: str
    remedy: str


@dataclass(frozen=True)
class Synchrony:
    """Accounts that keep time with others beyond their own hours, beyond common moments, and accounts tested."""

    own: int
    crowd: int
    n: int


def gather(study: Study) -> list[Finding]:
    """Findings of the table `checks`, the gravest first; none where the data was not checked."""
    if not study.has("checks"):
        return []
    rows = study.read("checks", where=pc.field("status") == "found").to_pylist()
    rows.sort(key=lambda r: (_ORDER.get(r["severity"], 2), r["check"], r["finding"], r["subject"]))
    return [Finding(r["severity"], r["seen"] or "", r["effect"] or "", r["remedy"] or "") for r in rows]


def synchrony(study: Study, fdr: float) -> Synchrony | None:
    """None where every act touches something."""
    if not study.has("synchrony"):
        return None
    rows = study.read("synchrony", ["q_own", "q_crowd"])
    own, crowd = (int(pc.sum(pc.less_equal(rows[c], fdr)).as_py() or 0) for c in ("q_own", "q_crowd"))
    return Synchrony(own, crowd, rows.num_rows)
