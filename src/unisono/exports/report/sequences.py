"""Lists that accounts work through, as the report and the terminal tell them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from unisono.study import Study

SHOWN = 20
"""Accounts that are listed, by list; the sheet has all."""


@dataclass(frozen=True)
class InOrder:
    """n: accounts called, of n_tests compared; lists: over all kinds; shown: rows of `sequences`."""

    n: int
    n_tests: int
    lists: int
    shown: list[dict[str, Any]]

    @property
    def named(self) -> set[str]:
        """Accounts that are listed."""
        return {r[c] for r in self.shown for c in ("account_id", "partner_id")}


def gather(study: Study) -> InOrder | None:
    """None where the stage did not run, or no two sittings could be compared."""
    stage = study.manifest.stages.get("sequence")
    n_tests = sum(n for _, n in stage.facts["tested"]) if stage else 0
    if not n_tests or not study.has("sequences"):
        return None
    rows = study.read("sequences", where=pc.field("is_called"))
    numbered = rows.filter(pc.is_valid(rows["list"])).group_by(["trace", "list"]).aggregate([])
    order = [("trace", "ascending"), ("list", "ascending"), ("q", "ascending"), ("account_id", "ascending")]
    n = pc.count_distinct(rows["account_id"]).as_py()
    return InOrder(n, n_tests, numbered.num_rows, rows.sort_by(order).slice(0, SHOWN).to_pylist())
