"""The group stage: edges gather into groups, others join them, and each is annotated with how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from unisono.edges.call import ROUTES
from unisono.edges.facts import Facts
from unisono.edges.layers import Load
from unisono.edges.rows import ALL
from unisono.groups.build import GroupResult, find_groups
from unisono.groups.framing import Order, order_of
from unisono.groups.join import NOBODY, joining, with_joined
from unisono.groups.scan import DEFAULT_RESOLUTIONS
from unisono.groups.strength import Strength, strength
from unisono.maths.types import F64, I64
from unisono.pairs.arrays import TraceArrays
from unisono.pairs.sittings import Sittings
from unisono.pairs.stage import SYNCHRONY, load_sittings, load_traces
from unisono.study import Progress, Settings, StageOutput, Study
from unisono.tables import GROUPS, MEMBERS

_COLUMNS = (
    "trace", "window_us", "account_a", "account_b", "n_objects", "is_edge", "first_us", "last_us",
    "p", "q", "n_tests", "p_timing", "p_speed", "q_timing", "n_tests_timing",
    "p_reference", "q_reference",
)  # fmt: skip


def write_groups(study: Study, settings: Settings, out: StageOutput, progress: Progress) -> None:
    """Fill `groups` and `members` from the edges of the study, and from its traces for the accounts that join."""
    tested = (
        (pc.field("p") < 1.0) | (pc.field("q_timing") < 1.0) | (pc.field("q_reference") < 1.0) | pc.field("is_edge")
    )
    edges = study.read("edges", _COLUMNS, tested, dictionary=["trace", "account_a", "account_b"])
    resolutions = settings.resolutions or DEFAULT_RESOLUTIONS
    progress.start("groups", len(resolutions) * settings.n_seeds, "partitions")
    done = 0

    def watch(now: int, total: int) -> None:
        nonlocal done
        progress.advance(now - done)
        done = now

    def load(trace: str) -> tuple[TraceArrays, I64]:
        return load_traces(study, trace)

    facts = study.manifest.stages["test"].facts
    found = gather(
        edges, load, load_sittings(study), settings.fdr, Facts.of(facts), seed=settings.seed,
        resolutions=resolutions, n_seeds=settings.n_seeds,
        min_accounts=settings.min_accounts, threads=settings.n_threads, progress=watch,
    )  # fmt: skip
    with out.table(GROUPS) as writer:
        writer.write(found.groups)
    with out.table(MEMBERS) as writer:
        writer.write(found.members)
    out.facts.update(resolution=found.resolution, stability=found.stability, grid=[list(g) for g in found.grid])


def gather(
    edges: pa.Table,
    load: Load | None,
    sittings: Sittings | None,
    fdr: float,
    facts: Facts,
    *,
    seed: int,
    **how: Any,
) -> GroupResult:
    """Groups of the edges with the accounts that join them, their q, and at least how many links are true.

    edges: rows of `edges`, those that are none too: they are the family. load: gives a trace's arrays; without it
    nobody joins, and `sittings` are not needed. facts: what is known of the tests beside these rows. how: as for
    `find_groups`.
    """
    links = edges.filter(edges["is_edge"])
    found = find_groups(links, seed=seed, **how)
    if not found.groups.num_rows:
        return found
    groups, members = found.groups, found.members
    joined = NOBODY
    if load is not None and sittings is not None:
        joined = joining(members, _layers(links), load, sittings, fdr, seed)
    sure = strength(edges, facts.n_accounts, facts.n_layers)
    groups, members = annotated(*with_joined(groups, members, joined), sure, facts.certified)
    if load is not None and sittings is not None:
        groups, members = marked(groups, members, order_of(members, _layers(links), load, sittings))
    return replace(found, groups=groups, members=members)


def _layers(links: pa.Table) -> dict[str, list[int]]:
    """Traces and windows with edges, those without objects left out. Dictionaries of row groups differ: plain text."""
    layers: dict[str, list[int]] = {}
    plain = pa.table({"trace": links["trace"].cast(pa.string()), "window_us": links["window_us"]})
    for row in plain.group_by(["trace", "window_us"]).aggregate([]).to_pylist():
        if row["trace"] not in (ALL, SYNCHRONY):
            layers.setdefault(row["trace"], []).append(row["window_us"])
    return layers


def annotated(
    groups: pa.Table, members: pa.Table, sure: Strength, certified: Sequence[dict[str, Any]]
) -> tuple[pa.Table, pa.Table]:
    """The tables with q of groups and accounts, and the lower bound on true links filled in."""
    of_group: dict[str, list[str]] = {}
    for group, account in zip(members["group_id"].to_pylist(), members["account_id"].to_pylist(), strict=True):
        of_group.setdefault(group, []).append(account)
    bound, q = [], []
    for group in groups["group_id"].to_pylist():
        accounts = sure.numbers(pa.array(of_group[group], pa.string()))
        bound.append(sure.true_at_least(accounts))
        of_certified = [c["q"] for c in certified if _covers(c["accounts"], of_group[group])]
        q.append(min(1.0, ROUTES * min([sure.q(accounts), *of_certified])))
    own = _account_q(members, sure)
    for name, values in (("true_edges_at_least", bound), ("q", q)):
        groups = groups.set_column(GROUPS.names.index(name), GROUPS.schema.field(name), pa.array(values))
    return groups, members.set_column(MEMBERS.names.index("q"), MEMBERS.schema.field("q"), pa.array(own))


def marked(groups: pa.Table, members: pa.Table, order: Order) -> tuple[pa.Table, pa.Table]:
    """The tables with who is always first."""
    alone = order.n_first + order.n_follows == 0
    columns = {
        "n_first": pa.array(order.n_first), "n_follows": pa.array(order.n_follows),
        "p_first": pa.array(order.p, mask=alone), "always_first": pa.array(order.always_first),
    }  # fmt: skip
    for name, values in columns.items():
        members = members.set_column(MEMBERS.names.index(name), MEMBERS.schema.field(name), values)
    of = members.filter(members["always_first"]).group_by("group_id").aggregate([([], "count_all")])
    n = dict(zip(of["group_id"].to_pylist(), of["count_all"].to_pylist(), strict=True))
    number = pa.array([n.get(g, 0) for g in groups["group_id"].to_pylist()], pa.int64())
    name = "n_always_first"
    return groups.set_column(GROUPS.names.index(name), GROUPS.schema.field(name), number), members


def _covers(certified: list[str], accounts: list[str]) -> bool:
    """Whether a certificate speaks for a group: most of the group's accounts are among those that it was made of. A
    certified trio says nothing of the sixty that two of its accounts are among."""
    return 2 * len(set(certified) & set(accounts)) > len(set(accounts))


def _account_q(members: pa.Table, sure: Strength) -> F64:
    """q of the core from its links, of those who joined from their joining."""
    at = pc.index_in(members["account_id"].cast(pa.string()), sure.ids)
    core = np.append(sure.account_q, 1.0)[np.asarray(pc.fill_null(at, len(sure.ids)), dtype=np.int64)]
    joined = pc.fill_null(members["q"], 1.0).to_numpy()
    own: F64 = np.minimum(core, joined)
    return own
