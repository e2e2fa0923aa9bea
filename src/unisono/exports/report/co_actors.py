"""Accounts in company, as the report and the terminal tell them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from unisono.study import Study

SHOWN = 20
"""Accounts that are listed, the least likely first; the sheet has all."""


@dataclass(frozen=True)
class InCompany:
    """n: accounts called; outside: of these in no group; gatherings: parts in which they are with one another, over
    kinds and windows; shown: rows of `co_actors`."""

    n: int
    n_tests: int
    outside: int
    gatherings: int
    shown: list[dict[str, Any]]

    @property
    def named(self) -> set[str]:
        """Accounts that are listed."""
        return {r["account_id"] for r in self.shown}


def gather(study: Study) -> InCompany | None:
    """None where the stage did not run, or no account could be tested."""
    stage = study.manifest.stages.get("coact")
    n_tests = sum(n for _, _, n in stage.facts["tested"]) if stage else 0
    if not n_tests or not study.has("co_actors"):
        return None
    rows = study.read("co_actors", where=pc.field("is_called"))
    accounts = rows["account_id"].unique()
    outside = len(accounts)
    if study.has("members"):
        members = study.read("members", ["account_id"])["account_id"].unique()
        outside = int(pc.sum(pc.invert(pc.is_in(accounts, members))).as_py() or 0)
    parts = rows.filter(pc.is_valid(rows["gathering"])).group_by(["trace", "window_us", "gathering"]).aggregate([])
    order = [("q", "ascending"), ("observed", "descending"), ("account_id", "ascending"), ("window_us", "ascending")]
    return InCompany(len(accounts), n_tests, outside, parts.num_rows, rows.sort_by(order).slice(0, SHOWN).to_pylist())
