"""Rows 8 and 9: the cascades with a plan injected, and as they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow.compute as pc

from lab.measure.analysis import SECOND, Findings, candidates, components, find, find_in
from lab.measure.power import BARS
from lab.measure.real import CASCADE_CLOCK, CASCADES, traces
from lab.measure.row import Record, Row
from lab.measure.worlds import FIRST_SEED, PLANS, ROW_OF_PLAN
from lab.simulator import inject
from unisono.calibration import by_slots, keeping_latency
from unisono.maths.types import I64
from unisono.nulls.touches import first_touches

SET = "cascades, shares"
INJECTED = tuple(ROW_OF_PLAN[n] for n in (4, 5, 7))
_BAR = {ROW_OF_PLAN[n]: BARS[n]["account_recall"] for n in (4, 5, 7)}
NEW_PRECISION = 0.90
WINDOW = 60 * SECOND


@cache
def uninjected(window_us: int) -> Findings:
    """What is found in the cascades as they are."""
    return find(traces(SET), window_us)


def one_injected(name: str, seed: int) -> Record:
    """Accounts found that are planted, and those found that are neither planted nor found without the plan."""
    plan, window_us = PLANS[name]
    arrays, ids = inject(traces(SET), plan, FIRST_SEED + seed, CASCADE_CLOCK)
    planted = np.asarray(pc.index_in(ids, arrays.account_ids), dtype=np.int64)
    before = uninjected(window_us)
    found = find(arrays, window_us)
    new = np.setdiff1d(found.accounts, before.accounts)
    t, edge = found.layer.tested, found.called.is_edge
    true = np.isin(t.a, planted) & np.isin(t.b, planted)
    return {
        "planted": len(planted), "true_accounts": int(np.isin(planted, found.accounts).sum()), "new": len(new),
        "true_new": int(np.isin(new, planted).sum()), "accounts": len(found.accounts),
        "before": len(before.accounts), "edges": int(edge.sum()), "true_edges": int((edge & true).sum()),
    }  # fmt: skip


def judge_injected(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Mean recall, and mean precision among new accounts over the seeds with any."""
    seen: Record = {}
    holds = True
    for name in INJECTED:
        own = [r for r in records if r["cell"] == name]
        if own:
            recall = float(np.mean([r["true_accounts"] / r["planted"] for r in own]))
            some = [r["true_new"] / r["new"] for r in own if r["new"]]
            precision = float(np.mean(some)) if some else 0.0
            seen[name] = {"seeds": len(own), "account_recall": recall, "precision_of_new": precision}
            holds &= recall >= _BAR[name] and precision >= NEW_PRECISION
    return seen, holds


def one_as_is(cell: str, seed: int) -> Record:
    """Groups and edges of the cascades as they are, or permuted; no account is named."""
    arrays = traces(SET)
    first, rng = first_touches(arrays), np.random.default_rng(seed)
    if cell == "as it is":
        found = uninjected(WINDOW)
        ring, in_step = ring_of(found)
        groups = [_group(found, k, in_step) for k in range(len(found.groups))]
        return _summary(found) | {"ring": len(ring), "in_step": len(in_step), "groups": groups}
    control = by_slots if cell == "permuted" else keeping_latency
    return _summary(find_in(control(first, rng), arrays, WINDOW))


def ring_of(found: Findings) -> tuple[I64, I64]:
    """The ring: accounts with three or more of the objects on which the two largest groups act; and those of them that
    were in step, that is, in a component of pairs with three first touches within the window or more."""
    first = found.layer.ground.first
    n = len(first.n_sharers)
    largest = sorted(found.groups, key=len)[-2:]
    counts = [np.bincount(first.object[np.isin(first.account, group)], minlength=n) for group in largest]
    theirs = np.any([2 * c >= len(group) for c, group in zip(counts, largest, strict=True)], axis=0)
    ring = np.flatnonzero(np.bincount(first.account[theirs[first.object]], minlength=first.n_accounts) >= 3)
    a, b = candidates(first, traces(SET), WINDOW, 3)
    inside = np.isin(a, ring) & np.isin(b, ring)
    parts = components(a[inside], b[inside], first.n_accounts)
    return ring, np.concatenate([np.empty(0, np.int64), *parts])


def judge_as_is(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Whether the ring is one group or two, and whether anything is found where times are permuted."""
    seen: Record = {}
    real = [r for r in records if r["cell"] == "as it is"]
    for cell in CELLS[1:]:
        own = [r for r in records if r["cell"] == cell]
        found = {k: sum(r[k] for r in own) for k in ("edges", "accounts")}
        seen[cell] = {"runs": len(own), **found}
    if not real:
        return seen, None
    largest = sorted((g["of_ring"] for g in real[0]["groups"]), reverse=True)[:2]
    other = [g for g in real[0]["groups"] if not g["of_ring"]]
    seen |= {
        "edges": real[0]["edges"], "accounts": real[0]["accounts"], "groups": len(real[0]["groups"]),
        "ring": real[0]["ring"], "ring_in_step": real[0]["in_step"], "in_step_in_two_groups": largest,
        "other_groups": other,
    }  # fmt: skip
    quiet = all(seen[cell]["accounts"] == 0 for cell in CELLS[1:])
    return seen, sum(largest) >= 0.95 * real[0]["in_step"] > 0 and quiet


def _summary(found: Findings) -> Record:
    edges, groups = int(found.called.is_edge.sum()), len(found.groups)
    return {"edges": edges, "accounts": len(found.accounts), "n_groups": groups}


def _group(found: Findings, k: int, ring: I64) -> Record:
    """One group in numbers: what speaks for it, and what else might explain it."""
    core, added = found.groups[k], found.extended[k]
    first, t = found.layer.ground.first, found.layer.tested
    inside = found.called.is_edge & np.isin(t.a, core) & np.isin(t.b, core)
    use = np.isin(first.account, core)
    sharers = np.bincount(first.object[use], minlength=len(first.n_sharers))
    return {
        "accounts": len(core), "added": len(added), "of_ring": int(np.isin(ring, np.r_[core, added]).sum()),
        "edges": int(inside.sum()), "by_group_alone": int((inside & found.called.by_group).sum()),
        "objects_of_two_or_more": int((sharers >= 2).sum()),
        "median_occasions": float(np.median(t.observed.meetings[inside])),
        "median_expected": float(np.nanmedian(t.expected[inside])),
        "largest_q": float(np.minimum(found.called.q, found.called.q_timing)[inside].max()),
        "median_speed_class": float(np.median(found.layer.ground.speed[core])),
    }  # fmt: skip


CELLS = ("as it is", "permuted", "permuted, keeping speed")
ROWS = (
    Row(
        8, "rows 4, 5 and 7 injected into real cascades", "twitter_cascades, shares",
        "account recall >= 0.98, 0.90, 0.95; precision >= 0.90 of accounts that are new against the un-injected run",
        INJECTED, 50, one_injected, judge_injected, needs=(CASCADES,),
    ),
    Row(
        9, "real cascades as they are", "twitter_cascades, shares, window 60 s",
        "the ring, where in step, is one group or two (>= 95 %); others listed; nothing on permuted times",
        CELLS, 20, one_as_is, judge_as_is, needs=(CASCADES,),
    ),
)  # fmt: skip
