"""Row 10: groups that act in unison and are no operation. Does the report say what else could explain them?

A group carries a sentence where a finding of the profile `lookalike` has the status found: that sentence, and no other,
stands in the group's section of the report under "What else could explain it". For a look-alike only the sentence of
its own kind counts (a newsroom taken for a fan call is misled about); for an operation any sentence counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc
from scipy import stats

from lab.measure.analysis import FDR, SECOND
from lab.measure.row import Record, Row
from lab.measure.worlds import FIRST_SEED, PLANS
from lab.simulator import (
    Causes,
    Plan,
    StrongExposure,
    World,
    add_fan_call,
    add_newsrooms,
    add_rss,
    add_strong_exposure,
    plant,
    simulate,
)
from unisono import edges as tests
from unisono.edges.rows import ALL
from unisono.groups.stage import gather
from unisono.maths.types import I64
from unisono.nulls.meetings import LEAST
from unisono.pairs import pair_table
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.sittings import sittings_in
from unisono.pairs.twins import encode_once
from unisono.profiles.stage import USED, explanations
from unisono.study import Quiet
from unisono.tables import EVENTS, EVIDENCE

CARRIED, MISTAKEN = 0.90, 0.05
MINUTE = 60 * SECOND
TRACE = "repost"
Planted = Callable[[World, int], World]
"""A world and a seed to the same world with something planted in it, under one label and perhaps parts of it."""
LOOK_ALIKES: dict[str, tuple[Planted, str, str, int]] = {
    "newsrooms": (lambda w, s: add_newsrooms(w, seed=s), "newsrooms", "newsroom_syndication", 10 * MINUTE),
    "feed relays": (lambda w, s: add_rss(w, seed=s), "rss", "feed_relay", MINUTE),
    "fan call": (lambda w, s: add_fan_call(w, seed=s), "fan_call", "fan_call", MINUTE),
    "strong exposure": (
        lambda w, s: add_strong_exposure(w, StrongExposure(n_hubs=4), s), "strong_exposure", "shared_exposure", MINUTE,
    ),
}  # fmt: skip
"""What is planted, its label, the finding that is right for it, and the window, microseconds."""
OPERATIONS: dict[str, tuple[Plan, int]] = PLANS | {"20 viral, 60 s, fresh accounts": (Plan(cover=False), MINUTE)}


def one(cell: str, seed: int) -> Record:
    """Groups of what was planted in world number `seed`, and what each is said to look like."""
    return seen_in(cell, FIRST_SEED + seed)


def seen_in(cell: str, seed: int) -> Record:
    """groups: those with half of their members or more under the label; any, right: how many of them carry a sentence,
    and their own kind's (0 for operations, which have none); findings: how often each; others: groups of other people.
    """
    world = simulate(Causes(), seed)
    if cell in LOOK_ALIKES:
        add, label, right, window_us = LOOK_ALIKES[cell]
        world = add(world, seed)
    else:
        plan, window_us = OPERATIONS[cell]
        world, label, right = plant(world, plan, seed), "planted", ""
    members, rows = likenesses(world.table(TRACE), window_us)
    ids = set(world.arrays().account_ids.take(pa.array(world.labels[label])).to_pylist())
    teams: dict[str, list[bool]] = {}
    for group, account in zip(members["group_id"].to_pylist(), members["account_id"].to_pylist(), strict=True):
        teams.setdefault(group, []).append(account in ids)
    found: dict[str, set[str]] = {g: set() for g, mine in teams.items() if 2 * sum(mine) >= len(mine)}
    for row in rows.to_pylist():
        if row["group_id"] in found and row["status"] == "found":
            found[row["group_id"]].add(row["finding"])
    return {
        "groups": len(found), "any": sum(map(bool, found.values())), "right": sum(right in f for f in found.values()),
        "findings": dict(sorted(Counter(x for f in found.values() for x in f).items())),
        "others": len(teams) - len(found), "members": [len(teams[g]) for g in sorted(found)],
    }  # fmt: skip


def likenesses(traces: pa.Table, window_us: int) -> tuple[pa.Table, pa.Table]:
    """`members`, and the rows of `profiles` on what else could explain each group: the stages of a study on tables.

    traces: of the kind TRACE alone, whose posts are not known (no row of `events`).
    """
    (arrays, resolution), sittings = encode_once(traces), sittings_in(traces)
    pairs = pair_table(arrays, TRACE, window_us, LEAST)
    candidates = pairs.filter(pc.greater_equal(pairs["n_first"], LEAST))
    load = partial(_given, (arrays, resolution))
    layers = tests.assess_layers(candidates, {TRACE: [window_us]}, load, sittings, 0, lambda what, n: None)
    verdict = tests.judge(layers, FDR, 0)
    edges = pa.concat_tables(tests.edge_rows(pairs.to_batches(), verdict, {ALL: verdict.combined}))
    members = gather(edges, load, sittings, FDR, verdict.facts, seed=0).members
    links = edges.filter(pc.and_(edges["is_edge"], pc.not_equal(edges["trace"], ALL)))
    met = pa.concat_tables([EVIDENCE.schema.empty_table(), *tests.all_evidence(links, load, Quiet())])
    among = [pc.is_in(met[c], pc.unique(members["account_id"])) for c in ("account_a", "account_b")]
    there = {"traces": traces, "events": EVENTS.schema.empty_table()}

    def read(table: str, columns: list[str], where: pc.Expression) -> pa.Table:
        return there[table].filter(where).select(columns)

    return members, explanations(members, met.filter(pc.and_(*among)).select(USED), read)


def judge(records: Sequence[Record]) -> tuple[Record, bool | None]:
    """Shares of groups by cell and pooled, against 99 % binomial limits for the groups that there are.

    Pooled shares are the bar; each look-alike must keep the limit for its own groups too, since one of them plants four
    groups in a world and would hide the others. None where either kind has no group.
    """
    seen: Record = {}
    holds = True
    for cell in (*LOOK_ALIKES, *OPERATIONS):
        if own := [r for r in records if r["cell"] == cell]:
            seen[cell] = _pooled(own)
            seen[cell]["worlds_without_a_group"] = sum(r["groups"] == 0 for r in own)
            holds &= cell in OPERATIONS or seen[cell]["right"] >= fewest(seen[cell]["groups"])
    alike = seen["look-alikes, pooled"] = _pooled([r for r in records if r["cell"] in LOOK_ALIKES])
    planned = seen["operations, pooled"] = _pooled([r for r in records if r["cell"] in OPERATIONS])
    alike["fewest_allowed"], planned["most_allowed"] = fewest(alike["groups"]), most(planned["groups"])
    if not alike["groups"] or not planned["groups"]:
        return seen, None
    return seen, bool(holds and alike["right"] >= alike["fewest_allowed"] and planned["any"] <= planned["most_allowed"])


def fewest(n: int) -> int:
    """Fewest of n look-alike groups with their sentence: 99 % binomial limit of 90 %."""
    return int(stats.binom.ppf(0.01, n, CARRIED)) if n else 0


def most(n: int) -> int:
    """Most of n groups of operations with any sentence: 99 % binomial limit of 5 %."""
    return int(stats.binom.ppf(0.99, n, MISTAKEN)) if n else 0


def _pooled(records: Sequence[Record]) -> Record:
    findings: Counter[str] = Counter()
    for r in records:
        findings.update(r["findings"])
    counts = {k: sum(r[k] for r in records) for k in ("groups", "any", "right", "others")}
    return {"worlds": len(records), **counts, "findings": dict(sorted(findings.items()))}


def _given(loaded: tuple[TraceArrays, I64], trace: str) -> tuple[TraceArrays, I64]:
    """What `load` gives where there is one trace only."""
    return loaded


ROW = Row(
    10, "what else could explain a group: newsrooms, feed relays, a fan call, strong exposure; and planted operations",
    "simulated, all causes on", ">= 90 % of groups of look-alikes carry their own sentence, <= 5 % of operations any",
    (*LOOK_ALIKES, *OPERATIONS), 20, one, judge,
)  # fmt: skip
