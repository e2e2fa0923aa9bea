"""A set of accounts that a reader picks: how sure it is, and how many of its links are real at least."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from unisono.edges.facts import Facts
from unisono.groups.strength import strength
from unisono.study import Study, UserError, either
from unisono.words import groups

TESTED = (
    "trace", "window_us", "account_a", "account_b", "p", "n_tests", "q", "is_edge", "p_timing", "p_speed", "q_timing",
    "n_tests_timing", "p_reference", "q_reference",
)  # fmt: skip
"""Columns of `edges` on which it rests."""


def bound(edges: pa.Table, accounts: Sequence[str], facts: Facts | None = None) -> tuple[int, float]:
    """(links among the accounts that are real at least, at 95 %; q of there being none), from the rows of `edges`.

    Both hold for every set at once (`docs/methods/combination.md`), so for one that was chosen after a look at the
    data. Accounts without a test count, but have no links. facts: what is known of the tests beside the rows, else what
    the table that `test()` gave took along.
    """
    if not edges.num_rows:
        return 0, 1.0
    known = facts or Facts.beside(edges) or Facts()
    sure = strength(edges.select(TESTED), known.n_accounts, known.n_layers)
    numbers = sure.numbers(pa.array(list(accounts), pa.string()))
    return sure.true_at_least(numbers), sure.q(numbers)


def bound_lines(study: Study, accounts: Sequence[str]) -> Iterator[str]:
    """The same in sentences. Raises UserError where an account is not in the study or stands twice."""
    _check(study, accounts)
    n = len(accounts)
    edges = study.read("edges", list(TESTED)) if study.has("edges") else None
    if edges is None:
        raise UserError(
            "the pairs of this study are not tested",
            either(f"say unisono test {study.path}", "make the study again, with `unisono.study`"),
        )
    least, q = bound(edges, accounts, Facts.of(study.manifest.stages["test"].facts))
    chosen = pa.array(list(accounts), pa.string())
    inside = edges.filter(pc.and_(pc.is_in(edges["account_a"], chosen), pc.is_in(edges["account_b"], chosen)))
    called = inside.filter(inside["is_edge"]).group_by(["account_a", "account_b"]).aggregate([])
    linked = pc.unique(pa.chunked_array([*called["account_a"].chunks, *called["account_b"].chunks], pa.string()))
    yield from groups.by_hand(n, called.num_rows, n - len(linked), least, q)


def _check(study: Study, accounts: Sequence[str]) -> None:
    if len(set(accounts)) < len(accounts):
        twice = next(a for a in accounts if accounts.count(a) > 1)
        raise UserError(f"{twice} is named twice", "name each account once")
    known = study.read("traces", ["account_id"], pc.field("account_id").isin(list(accounts)))
    here = set(pc.unique(known["account_id"].cast(pa.string())).to_pylist())
    if missing := [a for a in accounts if a not in here]:
        raise UserError(f"{missing[0]} left no trace in this study", "write ids as they stand in the table accounts")
