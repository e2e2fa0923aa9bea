"""Row 15: plans among the things that look like plans: a live event, push users and circles live in the same world."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from lab.measure.analysis import FDR, Findings, find
from lab.measure.cases import PLANNED, named
from lab.measure.power import bounds, true_links
from lab.measure.row import Record, Row
from lab.simulator import World
from unisono.co_actors import find_company
from unisono.maths.multiplicity import benjamini_hochberg
from unisono.maths.types import I32, I64
from unisono.nulls.touches import FirstTouches

BARS: dict[str, tuple[float, float] | None] = {
    "20 viral, 60 s": (0.95, 0.98), "8 viral, 60 s": (0.95, 0.85), "10 niche, 60 s": (0.95, 0.95),
    "20 viral, 600 s": (0.95, 0.95), "cell of 3": (0.95, 0.98), "cell of 5": (0.95, 0.98),
    "one object a day": (0.95, 0.98), "rotation, 20 of 60": (0.95, 0.95), "farm of 300": (0.95, 0.85),
    "log-normal 120 s, 15 objects": (0.95, 0.85), "log-normal 120 s, 10 objects, fidelity .4": (0.95, 0.40),
    "farm of 300, one session": None, "jitter 2 h": None,
}  # fmt: skip
"""Precision and recall of accounts, means over seeds; None where they are reported without a bar."""
FDP = 0.05
BOUND_SHARE = 0.70


def one(name: str, seed: int) -> Record:
    """Who is called in one world of a plan, by what they are; how many links and groups are wrong; and the bound."""
    world, (_, label, window_us) = named(name, seed), PLANNED[name]
    found = find(world.arrays(), window_us)
    kind = kinds(world, label)
    t, edge = found.layer.tested, found.called.is_edge
    a, b = kind[t.a[edge]], kind[t.b[edge]]
    groups = [int(np.bincount(kind[g], minlength=2).argmax()) for g in found.groups]
    company = in_company(found.layer.ground.first, window_us)
    called = kind[np.union1d(found.accounts, company)]
    return {
        "by_company": int((kind[company] == 1).sum()), "false_by_company": int((kind[company] == 0).sum()),
        "planted": int((kind == 1).sum()), "true_accounts": int((called == 1).sum()),
        "look_alikes": int((called > 1).sum()), "false_accounts": int((called == 0).sum()),
        "edges": int(edge.sum()), "false_edges": int(((a != b) | (a == 0)).sum()),
        "alike_edges": int(((a == b) & (a > 1)).sum()), "groups": len(groups),
        "false_groups": groups.count(0), "alike_groups": sum(g > 1 for g in groups),
        **_bounds(found, world, window_us, label),
    }  # fmt: skip


def in_company(first: FirstTouches, window_us: int) -> I64:
    """Accounts that the co-actors test calls, sorted. first: with sittings of the window."""
    found = find_company(first, window_us, FDR)
    tested = np.flatnonzero(found.tested)
    return tested[benjamini_hochberg(found.p[tested], len(tested)) <= FDR]


def kinds(world: World, label: str) -> I32:
    """(n_accounts,) 0 for ordinary accounts, 1 for the planted, 2 and more for those that another cause moves."""
    out = np.zeros(world.n_accounts, np.int32)
    for k, other in enumerate(sorted(world.labels), 2):
        out[world.labels[other]] = k
    out[world.labels[label]] = 1
    return out


def _bounds(found: Findings, world: World, window_us: int, label: str) -> Record:
    """Of the planted alone: pairs of push users and viewers depend on one another, and no truth is known of them."""
    if label != "planted" or label not in world.targets:
        return {}
    seen = bounds(found, true_links(world, window_us))
    return {"links": seen["links"], "bound": seen["bound"]}


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Means over seeds by plan against the bars; look-alikes are counted apart."""
    seen: Record = {}
    holds = True
    for name, bar in BARS.items():
        own = [r for r in records if r["cell"] == name]
        if not own:
            continue
        seen[name] = _means(own)
        if bar is not None:
            holds &= (seen[name]["precision"] or 0.0) >= bar[0] and seen[name]["recall"] >= bar[1]
    with_bound = [r for r in records if "bound" in r]
    above = sum(r["bound"] > r["links"] for r in with_bound)
    seen["bound"] = {"runs": len(with_bound), "above_the_truth": above}
    holds &= above <= stats.binom.ppf(0.99, len(with_bound), 0.05)
    for what in ("accounts", "edges", "groups"):
        share = np.array([_fdp(r, what) for r in records])
        most = FDP + 2.3 * share.std() / np.sqrt(len(share))
        seen[f"false {what}"] = {"mean_fdp": round(float(share.mean()), 4), "largest_allowed": round(float(most), 4)}
        holds &= bool(share.mean() <= most)
    return seen, bool(holds)


def _means(own: Sequence[Record]) -> Record:
    right, wrong = (np.array([r[k] for r in own], np.float64) for k in ("true_accounts", "false_accounts"))
    some = right + wrong > 0
    out: Record = {
        "seeds": len(own),
        "precision": float((right / np.maximum(right + wrong, 1))[some].mean()) if some.any() else None,
        "recall": float(np.mean([r["true_accounts"] / r["planted"] for r in own])),
        "look_alikes": float(np.mean([r["look_alikes"] for r in own])),
    }  # fmt: skip
    if all("bound" in r for r in own):
        out["bound_over_truth"] = float(np.mean([r["bound"] / max(r["links"], 1) for r in own]))
    return out


def _fdp(r: Record, what: str) -> float:
    """Share of false among what is called, those of look-alikes left out."""
    total = {
        "accounts": r["true_accounts"] + r["false_accounts"], "edges": r["edges"] - r["alike_edges"],
        "groups": r["groups"] - r["alike_groups"],
    }[what]  # fmt: skip
    return float(r[f"false_{what}"] / max(total, 1))


ROW = Row(
    15, "plans in worlds that also hold a live event, push users and circles",
    "simulated, 2,000 accounts, 1,500 objects, each plan at the window that suits it",
    "precision and recall of accounts called by groups or co-actors: "
    + "; ".join(f"{k} {b[0]:.2f}/{b[1]:.2f}" for k, b in BARS.items() if b)
    + "; mean share of false accounts, links, groups <= 5 % + 2.3 standard errors; bound above the truth <= 5 %",
    tuple(BARS), 50, one, judge,
)  # fmt: skip
