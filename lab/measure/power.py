"""Rows 4 to 7: fifteen accounts planted among four thousand. And what row 13 needs of the same runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

import numpy as np

from lab.measure.analysis import FDR, Findings, find
from lab.measure.row import Record, Row
from lab.measure.worlds import ROW_OF_PLAN, planted
from lab.simulator import World
from unisono.maths.hommel import hommel_value, true_discoveries_at_least
from unisono.maths.types import I64
from unisono.pairs.arrays import Flags

BARS: dict[int, dict[str, float]] = {
    4: {"edge_precision": 0.95, "edge_recall": 0.90, "account_precision": 0.95, "account_recall": 0.98},
    5: {"account_precision": 0.95, "account_recall": 0.90},
    6: {"account_precision": 0.95, "account_recall": 0.80},
    7: {"account_precision": 0.95, "account_recall": 0.95},
}
"""Means over seeds; precision over the seeds in which anything is found."""
Links = set[tuple[int, int]]
_TOP = 300
"""Sets of the smallest p-values looked at for row 13, from 1 to so many pairs."""


def one(name: str, seed: int) -> Record:
    """Counts of one planted world: edges and accounts reported, and bounds on true links."""
    world, window_us, found = find_planted(name, seed)
    return scores(found, world.labels["planted"].astype(np.int64)) | bounds(found, true_links(world, window_us))


@lru_cache(maxsize=4)
def find_planted(name: str, seed: int) -> tuple[World, int, Findings]:
    """A planted world, the plan's window and what is found; the last few are kept, since two rows look at them."""
    world, window_us = planted(name, seed)
    return world, window_us, find(world.arrays(), window_us)


def scores(found: Findings, accounts: I64) -> Record:
    """How many edges and accounts are reported, and how many of them are among the planted `accounts`."""
    t, edge = found.layer.tested, found.called.is_edge
    true = np.isin(t.a, accounts) & np.isin(t.b, accounts)
    return {
        "planted": len(accounts), "edges": int(edge.sum()), "true_edges": int((edge & true).sum()),
        "accounts": len(found.accounts), "true_accounts": int(np.isin(found.accounts, accounts).sum()),
        "core": len(found.core), "true_core": int(np.isin(found.core, accounts).sum()),
    }  # fmt: skip


def true_links(world: World, window_us: int) -> Links:
    """Pairs a < b of planted accounts that acted on one of the plan's objects within the window."""
    use = np.isin(world.account, world.labels["planted"]) & np.isin(world.object, world.targets["planted"])
    account, obj, t = world.account[use].astype(np.int64), world.object[use], world.t[use]
    i, j = np.triu_indices(len(t), 1)
    near = (obj[i] == obj[j]) & (np.abs(t[i] - t[j]) <= window_us) & (account[i] != account[j])
    low, high = np.minimum(account[i], account[j])[near], np.maximum(account[i], account[j])[near]
    return set(zip(low.tolist(), high.tolist(), strict=True))


def bounds(found: Findings, links: Links) -> Record:
    """The lower bound on true links of the planted group, and whether any bound is above the truth.

    bound_above: for the planted accounts, the reported groups, or the k pairs of smallest p, k up to _TOP: the bound
    claims to hold for all sets at once.
    """
    v = found.verdicts
    p = np.exp(v.log_p)
    h = hommel_value(p, v.n_tests, FDR)
    true = np.array([(a, b) in links for a, b in zip(v.a.tolist(), v.b.tolist(), strict=True)], np.bool_)
    group = np.unique(np.array(sorted(links), np.int64))
    best = np.argsort(p, kind="stable")
    sets = [_inside(v.a, v.b, accounts) for accounts in (group, *found.groups)]
    sets += [np.isin(np.arange(len(p)), best[:k]) for k in range(1, min(_TOP, len(p)) + 1)]
    lower = [true_discoveries_at_least(p[s], h, FDR) for s in sets]
    above = any(low > int(true[s].sum()) for low, s in zip(lower, sets, strict=True))
    return {"links": len(links), "bound": lower[0], "bound_above": above}


def judge(number: int) -> Callable[[Sequence[Record]], tuple[Record, bool | None]]:
    """Means over seeds against the bar of row 4, 5, 6 or 7."""
    return partial(_judge, BARS[number])


def means(records: Sequence[Record]) -> Record:
    """Precision (over seeds with anything found) and recall, means over seeds; 105 true edges for 15 accounts."""
    n = np.array([r["planted"] for r in records], np.float64)
    out: Record = {}
    for kind, true, possible in (("edge", "edges", n * (n - 1) / 2), ("account", "accounts", n), ("core", "core", n)):
        called = np.array([r[true] for r in records], np.float64)
        right = np.array([r[f"true_{true}"] for r in records], np.float64)
        some = called > 0
        out[f"{kind}_precision"] = float((right[some] / called[some]).mean()) if some.any() else None
        out[f"{kind}_recall"] = float((right / possible).mean())
    return out | {"seeds": len(records), "nothing_found": sum(r["accounts"] == 0 for r in records)}


def _judge(bar: dict[str, float], records: Sequence[Record]) -> tuple[Record, bool | None]:
    seen = means(records)
    return seen, all(seen[name] is not None and seen[name] >= least for name, least in bar.items())


def _inside(a: I64, b: I64, accounts: I64) -> Flags:
    inside: Flags = np.isin(a, accounts) & np.isin(b, accounts)
    return inside


def _row(number: int) -> Row:
    name = ROW_OF_PLAN[number]
    bar = ", ".join(f"{key.replace('_', ' ')} >= {least}" for key, least in BARS[number].items())
    return Row(
        number, f"15 accounts planted in 4,000: {name} jitter, fidelity 0.6", "simulated, all causes on", bar,
        (name,), 50, one, judge(number),
    )  # fmt: skip


ROWS = tuple(_row(number) for number in ROW_OF_PLAN)
