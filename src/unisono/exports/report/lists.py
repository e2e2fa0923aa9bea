"""Lists that accounts worked through in the same order, as the report and the terminal tell them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median_low
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from unisono.study import Study
from unisono.words import sequences as words

SHOWN = 20
"""Lists that are told, those of most accounts first; the sheet has all."""
ACCOUNTS = 50
"""Accounts of a list that are named, by id."""


@dataclass(frozen=True)
class Worked:
    """One list. told: a sentence without its full stop; objects: in the order of the pair that shares most, and whose
    order is the likeliest to be the list's; q: the smallest."""

    trace: str
    told: str
    accounts: list[str]
    objects: list[str]
    q: float
    first_us: int

    @property
    def listed(self) -> list[str]:
        """Accounts that are named."""
        return self.accounts[:ACCOUNTS]


@dataclass(frozen=True)
class AllLists:
    """n: lists; n_accounts: accounts that worked through them; n_tests: accounts tested."""

    n: int
    n_accounts: int
    n_tests: int
    shown: list[Worked]

    @property
    def named(self) -> set[str]:
        """Accounts that are named."""
        return {a for x in self.shown for a in x.listed}


def gather(study: Study) -> AllLists | None:
    """None where no account could be tested."""
    stage = study.manifest.stages.get("test")
    n_tests = int(stage.facts.get("sequences", 0)) if stage else 0
    if not n_tests or not study.has("sequences"):
        return None
    rows = study.read("sequences", where=pc.field("is_called"))
    keys = rows.group_by(["trace", "list"], use_threads=False).aggregate([]).to_pylist()
    lists = [_list(rows, k["trace"], k["list"]) for k in keys]
    lists.sort(key=lambda x: (-len(x.accounts), x.q, x.trace, x.first_us))
    accounts = {a for x in lists for a in x.accounts}
    return AllLists(len(lists), len(accounts), n_tests, lists[:SHOWN])


def _list(rows: pa.Table, trace: str, number: int) -> Worked:
    own = rows.filter(pc.and_(pc.equal(rows["trace"], trace), pc.equal(rows["list"], number))).to_pylist()
    accounts = sorted({a for r in own for a in (r["account_a"], r["account_b"])}, key=str.encode)
    sizes = [r["n_objects"] for r in own]
    exact = all(r["n_same_order"] == r["n_pairs"] for r in own)
    lag = median_low(abs(r["begin_a_us"] - r["begin_b_us"]) for r in own)
    best: dict[str, Any] = max(own, key=lambda r: (r["n_objects"], r["n_same_order"], -r["begin_a_us"]))
    told = words.worked(len(accounts), trace, min(sizes), max(sizes), exact, lag)
    first = min(min(r["begin_a_us"], r["begin_b_us"]) for r in own)
    return Worked(trace, told, accounts, best["objects"], min(r["q"] for r in own), first)
